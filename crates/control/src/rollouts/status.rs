//! How a rollout under way stands: who is left, whether the rest will make it, and whom to call.

mod view;

use std::collections::{BTreeMap, BTreeSet};

use adoption::rollout::forecast::{
    BurnDown, Course, EventKind, Experience, Forecast, Reason, Risk, Silences, Standing, burn_down,
    forecast,
};
use adoption::rollout::{ConsumerImpact, DateName, Phase, Segment, State};
use adoption::{ConsumerId, Micros};
use store::Tx;
use store::consumer::ConsumerRow;

use super::course::{Span, course, days_of};
use super::live::{Followed, follow};
use super::uses::Uses;
use super::{Stored, find, surface_name};
use crate::control::Control;
use crate::error::ControlError;

use view::date;
pub use view::{
    BandView, ComebackView, ConsumerStatus, DateBandView, DayAhead, DaySoFar, DaysLeft, HealthView,
    MilestoneView, Outlook, OutlookView, RolloutStatus,
};

/// Consumers of which all is told: those at risk first.
const CONSUMERS_TOLD_MAX: usize = 10_000;
/// Days over which calls per day are averaged: whole weeks, since many consumers rest on Sundays.
const RATE_DAYS: i64 = 7;
/// Whoever made less than one of so many of its recent calls on the new is testing.
const TESTING_PART: u64 = 5;
/// Days that count as recent for this.
const RECENT_DAYS: i64 = 28;
/// Minutes over which failures are counted.
const HEALTH_MINUTES: i64 = 60;

/// What a person asks of a consumer's state, in order of progress.
const STATES: [&str; 6] = [
    "untouched",
    "testing",
    "dual",
    "silent",
    "cut_over",
    "stable",
];

impl Control {
    /// How the rollout with this id, or the newest one of this surface, stands now.
    pub async fn rollout_status(&self, rollout: &str) -> Result<RolloutStatus, ControlError> {
        self.freshen_usage().await;
        let mut tx = self.store().read().await?;
        let stored = find(&mut tx, rollout).await?;
        let surface = surface_name(&mut tx, &stored).await?;
        let experience = self.experience(&mut tx).await?;
        let now = self.now();
        let span = Span::of(&stored, now);
        let uses = Uses::of(&mut tx, &stored, now).await?;
        let followed = follow(&mut tx, &uses, &stored.impact).await?;
        let health = health(&mut tx, &stored, now).await?;
        let rows = store::consumer::list(&mut tx, None, u32::MAX).await?;
        drop(tx);
        let rows: BTreeMap<ConsumerId, ConsumerRow> =
            rows.into_iter().map(|row| (row.id, row)).collect();
        let made = move || {
            let course = course(&stored, &span, &followed);
            let impact = &stored.impact.consumers;
            let status = Status {
                made: made(&stored, &course, &experience),
                burnt: burn_down(&course),
                followed: followed
                    .iter()
                    .map(|one| (one.live.consumer, one))
                    .collect(),
                impact: impact.iter().map(|one| (one.consumer, one)).collect(),
                stored: &stored,
                course: &course,
                rows: &rows,
                now,
            };
            status.view(surface, health, &experience)
        };
        // A forecast of ten thousand consumers takes most of a second.
        let made = tokio::task::spawn_blocking(made).await;
        Ok(made.expect("a forecast does not panic"))
    }
}

async fn health(tx: &mut Tx, stored: &Stored, now: Micros) -> Result<HealthView, ControlError> {
    let until = now.minute() + 1;
    let surface = stored.row.surface;
    let minutes = (until - HEALTH_MINUTES, until);
    let found = store::brownout::calls_failed(tx, surface, minutes).await?;
    Ok(HealthView {
        calls: found.calls,
        failed: found.failed,
        failed_ppm: adoption::rollout::share_ppm(found.failed, found.calls).into(),
        budget_ppm: stored.rollout.plan.brownouts.error_budget_ppm.into(),
    })
}

fn made(stored: &Stored, course: &Course, experience: &Experience) -> Result<Forecast, String> {
    let rollout = &stored.rollout;
    let why = match &rollout.state {
        State::Aborted { .. } => "it was aborted",
        State::Running { phase } | State::Paused { phase, .. } => match phase {
            Phase::Draft | Phase::Beta => {
                "it is not announced yet: there is nothing to forecast from"
            }
            Phase::Removed => "it is finished",
            _ if rollout.plan.window.is_none() => "it has no dates",
            _ => return Ok(forecast(course, experience, stored.row.id.raw())),
        },
    };
    Err(why.to_owned())
}

/// Everything that the view is made of.
struct Status<'a> {
    stored: &'a Stored,
    course: &'a Course,
    followed: BTreeMap<ConsumerId, &'a Followed>,
    impact: BTreeMap<ConsumerId, &'a ConsumerImpact>,
    burnt: BurnDown,
    made: Result<Forecast, String>,
    rows: &'a BTreeMap<ConsumerId, ConsumerRow>,
    now: Micros,
}

impl Status<'_> {
    fn view(&self, surface: String, health: HealthView, experience: &Experience) -> RolloutStatus {
        let last = self.burnt.days.last();
        let states = self.states();
        let count = |state: &&'static str| states.values().filter(|own| own == &state).count();
        RolloutStatus {
            summary: self.stored.summary(surface, self.now),
            today: date(self.course.today()),
            since: date(self.course.announced()),
            next: self.next(),
            consumers: self.burnt.consumers.into(),
            remaining: last.map_or(0, |day| day.remaining.into()),
            states: STATES
                .iter()
                .map(|state| (*state, count(state) as u64))
                .collect(),
            old_calls_per_day: self.old_calls_per_day(),
            volume_ppm: last.map_or(0, |day| day.volume_ppm.into()),
            days: self.burnt.days.iter().map(DaySoFar::of).collect(),
            outlook: match &self.made {
                Ok(made) => Outlook::Made(Box::new(OutlookView::of(made, experience))),
                Err(why) => Outlook::NotMade(why.clone()),
            },
            comebacks: self.comebacks(),
            people: self.people(&states),
            brownouts: self.stored.brownouts(),
            health,
        }
    }

    /// Steps that were not taken yet, with their dates.
    fn next(&self) -> Vec<DaysLeft> {
        let rollout = &self.stored.rollout;
        let Some(window) = &rollout.plan.window else {
            return Vec::new();
        };
        let phase = rollout.state.phase();
        if matches!(rollout.state, State::Aborted { .. }) {
            return Vec::new();
        }
        let to_come = DateName::ALL
            .into_iter()
            .filter(|name| phase_of(*name) > phase);
        to_come
            .map(|name| {
                let date = window.get(name).date;
                DaysLeft {
                    name: name.as_str(),
                    date,
                    days: days_of(date) - self.now.day(),
                }
            })
            .collect()
    }

    fn old_calls_per_day(&self) -> u64 {
        let today = self.course.today();
        let whole = today - RATE_DAYS..today;
        let days = self
            .burnt
            .days
            .iter()
            .filter(|day| whole.contains(&day.day));
        let (count, calls) = days.fold((0, 0_u64), |(count, calls), day| {
            (count + 1, calls.saturating_add(day.calls))
        });
        match count {
            // Nothing but today is known.
            0 => self.burnt.days.last().map_or(0, |day| day.calls),
            days => calls.div_ceil(days),
        }
    }

    fn states(&self) -> BTreeMap<ConsumerId, &'static str> {
        let consumers = self.course.consumers().iter();
        consumers
            .map(|one| {
                let standing = Silences::of(self.course, one).standing(self.course.today());
                let gap_days = i64::from(one.rhythm_days.max(1));
                let followed = self.followed.get(&one.consumer).copied();
                let state = match standing {
                    Standing::CutOver { on } => {
                        let silent = self.course.today() - on + 1;
                        let settled = silent >= 2 * gap_days.max(i64::from(one.explained_days));
                        if settled { "stable" } else { "cut_over" }
                    }
                    Standing::Silent { days, .. } if i64::from(days) > gap_days => "silent",
                    Standing::Silent { .. } | Standing::Calling => {
                        calling(followed, self.course.today())
                    }
                };
                (one.consumer, state)
            })
            .collect()
    }

    fn comebacks(&self) -> Vec<ComebackView> {
        let events = self.burnt.events.iter().rev();
        events
            .filter(|event| event.kind == EventKind::CameBack)
            .map(|event| ComebackView {
                consumer: event.consumer,
                name: self.name(event.consumer),
                came_back_on: date(event.day),
            })
            .collect()
    }

    fn people(&self, states: &BTreeMap<ConsumerId, &'static str>) -> Vec<ConsumerStatus> {
        let risks = match &self.made {
            Ok(made) => made.risks.as_slice(),
            Err(_) => &[],
        };
        let told: Vec<ConsumerId> = risks.iter().map(|risk| risk.consumer).collect();
        let rank = |id: &ConsumerId| {
            STATES
                .iter()
                .position(|state| Some(state) == states.get(id))
        };
        let known: BTreeSet<ConsumerId> = told.iter().copied().collect();
        let mut rest: Vec<_> = self
            .course
            .consumers()
            .iter()
            .filter(|one| !known.contains(&one.consumer))
            .collect();
        rest.sort_by_key(|one| {
            let calls = std::cmp::Reverse(one.traits.calls_before);
            (rank(&one.consumer), calls, one.consumer)
        });
        let risky = risks.iter().map(|risk| (risk.consumer, Some(risk)));
        let rest = rest.into_iter().map(|one| (one.consumer, None));
        risky
            .chain(rest)
            .take(CONSUMERS_TOLD_MAX)
            .map(|(id, risk)| self.person(id, risk, states[&id]))
            .collect()
    }

    fn person(&self, id: ConsumerId, risk: Option<&Risk>, state: &'static str) -> ConsumerStatus {
        let impact = self.impact.get(&id).copied();
        let row = self.rows.get(&id);
        let live = self.followed.get(&id).map(|one| one.live);
        let segment = impact.map_or(Segment::LongTail, |impact| {
            let days = self.stored.impact.window_days();
            let plan = &self.stored.rollout.plan;
            plan.segment_of(impact, days, self.stored.impact_at())
        });
        let contacts = row.and_then(|row| serde_json::from_str(&row.contacts).ok());
        ConsumerStatus {
            id,
            name: self.name(id),
            segment: segment.as_str(),
            state,
            plan: row.and_then(|row| row.plan.clone()),
            contacts: contacts.unwrap_or_default(),
            calls_before: impact.map_or(0, |impact| impact.calls),
            old_last: live.and_then(|live| live.old_success),
            new_last: live.and_then(|live| live.new_success),
            at_risk: risk.is_some_and(|risk| risk.at_risk),
            late: risk.map(|risk| risk.late),
            reasons: risk.map_or(Vec::new(), |risk| {
                risk.reasons.iter().map(reason_text).collect()
            }),
        }
    }

    fn name(&self, id: ConsumerId) -> String {
        match self.rows.get(&id) {
            Some(row) => row.name.clone(),
            None => super::evidence::reserved_name(id),
        }
    }
}

/// The state of a consumer that still uses the old.
fn calling(followed: Option<&Followed>, today: i64) -> &'static str {
    let days = followed.map_or(&[][..], |one| &one.days);
    let recent = days.iter().filter(|day| day.day > today - RECENT_DAYS);
    let (old, new) = recent.fold((0_u64, 0_u64), |(old, new), day| {
        (old.saturating_add(day.old), new.saturating_add(day.new))
    });
    if !days.iter().any(|day| day.new > 0) {
        "untouched"
    } else if new.saturating_mul(TESTING_PART) < old.saturating_add(new) || new == 0 {
        "testing"
    } else {
        "dual"
    }
}

const fn phase_of(name: DateName) -> Phase {
    match name {
        DateName::Announce => Phase::Announced,
        DateName::Deprecate => Phase::Deprecated,
        DateName::Close => Phase::Closed,
        DateName::Brownouts => Phase::Brownouts,
        DateName::Sunset => Phase::Sunset,
        DateName::Remove => Phase::Removed,
    }
}

fn reason_text(reason: &Reason) -> String {
    match reason {
        Reason::NoTestCall => "no call of the new yet".to_owned(),
        Reason::SilentWithinRhythm {
            days,
            explained_days,
        } => {
            format!("silent for {days} days, which its own rhythm explains up to {explained_days}")
        }
        Reason::ReleaseCycleTooLong {
            cycle_days,
            days_left,
        } => format!("releases every {cycle_days} days, and {days_left} are left"),
        Reason::HighVolume { .. } => "among the tenth with the most calls".to_owned(),
        Reason::CameBack { times: 1 } => "had cut over and came back".to_owned(),
        Reason::CameBack { times } => format!("had cut over and came back {times} times"),
    }
}
