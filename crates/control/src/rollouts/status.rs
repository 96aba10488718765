//! How a rollout under way stands: who is left, whether the rest will make it, and whom to call.

use std::collections::BTreeMap;

use adoption::rollout::forecast::{
    Band, Basis, BurnDown, Course, EventKind, Experience, Forecast, Reach, Reason, Risk, Silences,
    Standing, burn_down, forecast,
};
use adoption::rollout::{BrownoutOutcome, ConsumerImpact, DateName, Phase, Segment, State, day};
use adoption::{ConsumerId, Micros};
use jiff::civil::Date;
use store::Tx;
use store::consumer::ConsumerRow;

use super::course::{Span, course, days_of};
use super::live::{Followed, follow};
use super::uses::Uses;
use super::{RolloutSummary, Stored, find, surface_name};
use crate::consumers::Contact;
use crate::control::Control;
use crate::error::ControlError;

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

/// A rollout under way.
#[derive(Debug, Clone, PartialEq)]
pub struct RolloutStatus {
    pub summary: RolloutSummary,
    pub today: Date,
    /// Since when the burn-down counts: the announcement, or before it the beta or the draft.
    pub since: Date,
    /// Dates that are still to come, in order.
    pub next: Vec<DaysLeft>,
    /// Everybody that the rollout concerns.
    pub consumers: u64,
    /// Of these, the ones that are not proven to have cut over.
    pub remaining: u64,
    /// By state, in order of progress; all six.
    pub states: Vec<(&'static str, u64)>,
    /// Calls of the old per day over the last seven whole days, rounded up.
    pub old_calls_per_day: u64,
    /// The part of all consumers' calls before the announcement that those who remain made, in millionths.
    pub volume_ppm: u64,
    /// From `since` to today.
    pub days: Vec<DaySoFar>,
    pub outlook: Outlook,
    /// Consumers that had cut over and use the old again, the latest first.
    pub comebacks: Vec<ComebackView>,
    /// Those at risk first, then by the volume expected to be late, then those that have cut over.
    pub people: Vec<ConsumerStatus>,
    /// As laid out and as they went, in order of time.
    pub brownouts: Vec<BrownoutView>,
    pub health: HealthView,
}

/// A date to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaysLeft {
    pub name: &'static str,
    pub date: Date,
    /// Negative when the date has passed and the step was not taken.
    pub days: i64,
}

/// One day of the burn-down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaySoFar {
    pub date: Date,
    pub remaining: u64,
    pub volume_ppm: u64,
    /// Calls of the old.
    pub calls: u64,
}

/// What lies ahead.
#[derive(Debug, Clone, PartialEq)]
pub enum Outlook {
    Made(Box<OutlookView>),
    /// And why.
    NotMade(String),
}

#[derive(Debug, Clone, PartialEq)]
pub struct OutlookView {
    /// `prior` before the third finished rollout, then `pooled`.
    pub basis: &'static str,
    /// Finished rollouts that it rests on.
    pub rollouts: u64,
    /// How forecasts of those would have done: the part whose 90 % interval held what came; `None` before the third.
    pub coverage90: Option<f64>,
    pub sunset: Date,
    /// The last day looked at; a date after it is `None`.
    pub horizon: Date,
    pub done_p10: Option<Date>,
    pub done_p50: Option<Date>,
    pub done_p90: Option<Date>,
    /// The probability that everybody has cut over by the sunset.
    pub done_by_sunset: f64,
    /// When parts of all consumers have.
    pub milestones: Vec<MilestoneView>,
    /// Consumers not cut over at the sunset.
    pub left_at_sunset: BandView,
    pub days: Vec<DayAhead>,
}

/// Nine of ten futures lie between `p05` and `p95`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BandView {
    pub p05: u64,
    pub p10: u64,
    pub p50: u64,
    pub p90: u64,
    pub p95: u64,
}

/// When a part of all consumers has cut over; `None` for not up to the horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MilestoneView {
    /// In thousandths.
    pub permille: u64,
    pub p10: Option<Date>,
    pub p50: Option<Date>,
    pub p90: Option<Date>,
    pub by_sunset: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayAhead {
    pub date: Date,
    pub remaining: BandView,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComebackView {
    pub consumer: ConsumerId,
    pub name: String,
    pub came_back_on: Date,
}

/// One consumer of a rollout.
#[derive(Debug, Clone, PartialEq)]
pub struct ConsumerStatus {
    pub id: ConsumerId,
    pub name: String,
    pub segment: &'static str,
    /// `untouched`, `testing`, `dual`, `silent` (not proven), `cut_over` or `stable`.
    pub state: &'static str,
    pub plan: Option<String>,
    pub contacts: Vec<Contact>,
    /// Calls on what the rollout touches, in the evidence window.
    pub calls_before: u64,
    pub old_last: Option<Micros>,
    pub new_last: Option<Micros>,
    pub at_risk: bool,
    /// The probability that it is not cut over at the sunset; `None` where it has cut over or nothing is forecast.
    pub late: Option<f64>,
    /// What speaks against its being in time, in words.
    pub reasons: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrownoutView {
    pub segment: &'static str,
    /// From 1.
    pub stage: u64,
    pub from: Micros,
    pub until: Micros,
    /// `planned`, `running`, `completed` or `aborted`.
    pub outcome: &'static str,
    /// Why it was broken off.
    pub reason: Option<String>,
}

/// Failures of the last hour against what a brownout may go with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthView {
    /// Calls that no brownout refused.
    pub calls: u64,
    /// Of these, the ones that failed on the owner's side.
    pub failed: u64,
    /// In millionths.
    pub failed_ppm: u64,
    pub budget_ppm: u64,
}

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
            brownouts: self.brownouts(),
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
        let known: std::collections::BTreeSet<ConsumerId> = told.iter().copied().collect();
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

    fn brownouts(&self) -> Vec<BrownoutView> {
        let all = self.stored.rollout.brownouts.iter();
        all.map(|one| {
            let is_running = one.from <= self.now && self.now < one.until;
            let (outcome, reason) = match &one.outcome {
                BrownoutOutcome::Planned if is_running => ("running", None),
                BrownoutOutcome::Planned => ("planned", None),
                BrownoutOutcome::Completed => ("completed", None),
                BrownoutOutcome::Aborted { reason } => ("aborted", Some(reason.clone())),
            };
            BrownoutView {
                segment: one.segment.as_str(),
                stage: u64::from(one.stage) + 1,
                from: one.from,
                until: one.until,
                outcome,
                reason,
            }
        })
        .collect()
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

impl DaySoFar {
    fn of(day: &adoption::rollout::forecast::BurnDownDay) -> Self {
        Self {
            date: date(day.day),
            remaining: day.remaining.into(),
            volume_ppm: day.volume_ppm.into(),
            calls: day.calls,
        }
    }
}

impl OutlookView {
    fn of(made: &Forecast, experience: &Experience) -> Self {
        let (basis, rollouts) = match made.basis {
            Basis::Prior { rollouts } => ("prior", rollouts),
            Basis::Pooled { rollouts } => ("pooled", rollouts),
        };
        let rows = &experience.back_test().rows;
        let held = rows.iter().filter(|row| row.held).count() as f64;
        let done = &made.completion;
        Self {
            basis,
            rollouts: rollouts as u64,
            coverage90: (!rows.is_empty()).then(|| held / rows.len() as f64),
            sunset: date(made.sunset),
            horizon: date(made.horizon),
            done_p10: reached(done.p10),
            done_p50: reached(done.p50),
            done_p90: reached(done.p90),
            done_by_sunset: done.by_sunset,
            milestones: made
                .milestones
                .iter()
                .map(|one| MilestoneView {
                    permille: one.permille.into(),
                    p10: reached(one.date.p10),
                    p50: reached(one.date.p50),
                    p90: reached(one.date.p90),
                    by_sunset: one.date.by_sunset,
                })
                .collect(),
            left_at_sunset: BandView::of(made.left_at_sunset),
            days: made
                .days
                .iter()
                .map(|day| DayAhead {
                    date: date(day.day),
                    remaining: BandView::of(day.remaining),
                })
                .collect(),
        }
    }
}

impl BandView {
    fn of(band: Band) -> Self {
        Self {
            p05: band.p05.into(),
            p10: band.p10.into(),
            p50: band.p50.into(),
            p90: band.p90.into(),
            p95: band.p95.into(),
        }
    }
}

fn reached(reach: Reach) -> Option<Date> {
    match reach {
        Reach::On(day) => Some(date(day)),
        Reach::Never => None,
    }
}

fn date(days: i64) -> Date {
    day::plus_days(day::date_of(Micros(0)), days)
}
