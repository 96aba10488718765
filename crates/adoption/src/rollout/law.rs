//! The law of the window: what each date must wait for, in words with figures, and the earliest window that obeys it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::brownout::{NoRoom, lay_out, turns};
use super::day::{date_of, plus_days};
use super::freeze::{Freeze, FreezeScope, Frozen};
use super::impact::{ConsumerImpact, Impact};
use super::plan::Plan;
use super::window::{Cause, DateName, Dates, Milestone, Reason, Window};
use crate::clock::Micros;

/// Release cycles told of one date: the longest ones; the others cannot force it.
const CYCLES_TOLD_MAX: usize = 5;

/// A date that is earlier than one of its reasons allows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} on {asked} is too early: {}; the earliest date allowed is {earliest}", name.as_str(), reason.text)]
pub struct TooEarly {
    pub name: DateName,
    pub asked: Date,
    /// The earliest date that every reason allows, while the dates before it stay.
    pub earliest: Date,
    /// The reason that forbids it; of several the one that forbids most.
    pub reason: Reason,
}

/// The law for one plan, with what is known today.
#[derive(Debug)]
pub struct Law<'a> {
    plan: &'a Plan,
    impact: &'a Impact,
    now: Micros,
    /// When the public was told; `None` before.
    announced: Option<Date>,
    frozen: Frozen<'a>,
    concerned: Vec<&'a ConsumerImpact>,
}

impl<'a> Law<'a> {
    /// `announced` is the day on which the public was told, `None` before.
    pub fn new(plan: &'a Plan, impact: &'a Impact, now: Micros, announced: Option<Date>) -> Self {
        let concerned = impact.concerned();
        let ids: std::collections::BTreeSet<_> = concerned.iter().map(|c| c.consumer).collect();
        let holds = |freeze: &&Freeze| match freeze.scope {
            FreezeScope::All | FreezeScope::Segment(_) => true,
            FreezeScope::Consumer(id) => ids.contains(&id),
        };
        Self {
            plan,
            impact,
            now,
            announced,
            frozen: Frozen::of(plan.freezes.iter().filter(holds)),
            concerned,
        }
    }

    /// The earliest lawful window; where `keep` has a later date, that one, with its other dates pushed as far as it
    /// needs. The sequence is that of `keep`, else 0.
    ///
    /// # Errors
    /// [`NoRoom`] when freezes leave no days for the brownouts.
    pub fn window(&self, keep: Option<&Window>) -> Result<Window, NoRoom> {
        let mut dates = all(self.today());
        let mut milestones = BTreeMap::new();
        for name in DateName::ALL {
            let mut reasons = self.bounds(name, &dates)?;
            let mut date = latest(&reasons);
            match keep.map(|keep| keep.get(name)) {
                Some(milestone) => date = keep_date(milestone, date, &mut reasons),
                None => {
                    let wish = self.wish(name, &dates).filter(|wish| wish.earliest > date);
                    date = wish.as_ref().map_or(date, |wish| wish.earliest);
                    reasons.extend(wish);
                }
            }
            if let Some(freeze) = self.freeze(name, date) {
                date = freeze.earliest;
                reasons.push(freeze);
            }
            reasons.sort_by_key(|reason| Reverse(reason.earliest));
            *dates.get_mut(name) = date;
            milestones.insert(name, Milestone { date, reasons });
        }
        let mut take = |name| {
            milestones
                .remove(&name)
                .expect("each name was computed above")
        };
        Ok(Window {
            sequence: keep.map_or(0, |keep| keep.sequence),
            announce: take(DateName::Announce),
            deprecate: take(DateName::Deprecate),
            close: take(DateName::Close),
            brownouts: take(DateName::Brownouts),
            sunset: take(DateName::Sunset),
            remove: take(DateName::Remove),
        })
    }

    /// Every date of `window` that is too early, in order; empty when it is lawful.
    ///
    /// # Errors
    /// [`NoRoom`] when freezes leave no days for the brownouts.
    pub fn breaches(&self, window: &Window) -> Result<Vec<TooEarly>, NoRoom> {
        let mut dates = window.dates();
        if self.announced.is_none() {
            // Told later than planned, the notice is as much shorter.
            dates.announce = dates.announce.max(self.today());
        }
        let mut breaches = Vec::new();
        for name in DateName::ALL {
            let asked = dates.get(name);
            let mut reasons = self.bounds(name, &dates)?;
            let bound = latest(&reasons);
            reasons.extend(self.freeze(name, bound.max(asked)));
            let earliest = latest(&reasons);
            reasons.sort_by_key(|reason| Reverse(reason.earliest));
            let binding = reasons.into_iter().find(|reason| reason.earliest > asked);
            breaches.extend(binding.map(|reason| TooEarly {
                name,
                asked,
                earliest,
                reason,
            }));
        }
        Ok(breaches)
    }

    /// The first day from `day` on that no freeze of a concerned consumer holds, and the freeze that held it back.
    pub fn free_from(&self, day: Date) -> (Date, Option<&'a Freeze>) {
        self.frozen.free_from(day)
    }

    fn today(&self) -> Date {
        date_of(self.now)
    }

    /// What `name` must wait for, given the dates before it; never empty. Freezes are asked apart.
    fn bounds(&self, name: DateName, dates: &Dates) -> Result<Vec<Reason>, NoRoom> {
        let policy = &self.plan.policy;
        Ok(match name {
            DateName::Announce => self.before_announcement(),
            DateName::Deprecate => vec![after(
                Cause::Policy,
                dates.announce,
                policy.deprecate_after_days,
                format!(
                    "the policy deprecates {} days after the announcement",
                    policy.deprecate_after_days
                ),
            )],
            DateName::Close => vec![after(
                Cause::Order,
                dates.deprecate,
                0,
                "only what is deprecated is closed to new consumers".to_owned(),
            )],
            DateName::Brownouts => vec![after(
                Cause::Order,
                dates.close,
                0,
                "brownouts start when nobody new can come".to_owned(),
            )],
            DateName::Sunset => self.before_sunset(dates)?,
            DateName::Remove => vec![after(
                Cause::Policy,
                dates.sunset,
                policy.remove_after_days,
                format!(
                    "the policy removes {} days after the sunset",
                    policy.remove_after_days
                ),
            )],
        })
    }

    fn before_announcement(&self) -> Vec<Reason> {
        if let Some(announced) = self.announced {
            return vec![after(
                Cause::Announced,
                announced,
                0,
                format!("it was announced on {announced}"),
            )];
        }
        let mut reasons = vec![after(
            Cause::Order,
            self.today(),
            0,
            "nothing is announced in the past".to_owned(),
        )];
        if let Some(beta) = &self.plan.beta {
            let days = self.plan.policy.beta_days;
            reasons.push(after(
                Cause::Policy,
                beta.opens,
                days,
                format!(
                    "the beta opens on {} and the policy gives it {days} days",
                    beta.opens
                ),
            ));
        }
        reasons
    }

    fn before_sunset(&self, dates: &Dates) -> Result<Vec<Reason>, NoRoom> {
        let mut reasons = self.notice(dates.announce);
        let days = self.plan.policy.brownout_days;
        reasons.push(after(
            Cause::Policy,
            dates.brownouts,
            days,
            format!("the policy gives the brownouts {days} days"),
        ));
        let turns = turns(self.plan, self.impact, self.now);
        let brownouts = lay_out(self.plan, self.impact, self.now, &turns, dates.brownouts)?;
        if let Some(last) = brownouts.last() {
            let earliest = plus_days(date_of(Micros(last.until.0 - 1)), 1);
            let text = format!(
                "{} brownouts, one a day outside the freezes, end on {}",
                brownouts.len(),
                date_of(last.until)
            );
            reasons.push(Reason {
                cause: Cause::Brownouts,
                earliest,
                text,
            });
        }
        Ok(reasons)
    }

    /// What the notice period must be, from `announce` on: policy, promises, release cycles, past rollouts.
    fn notice(&self, announce: Date) -> Vec<Reason> {
        let floor = self.plan.policy.floor_days;
        let mut reasons = vec![after(
            Cause::Policy,
            announce,
            floor,
            format!("the policy gives at least {floor} days"),
        )];
        reasons.extend(self.promises(announce));
        reasons.extend(self.cycles(announce));
        reasons.extend(percentile90(&self.impact.cut_over_days).map(|days| {
            let count = self.impact.cut_over_days.len();
            after(Cause::CutOver, announce, days, format!("nine of ten of {count} consumers in finished rollouts had moved after {days} days"))
        }));
        reasons
    }

    fn promises(&self, announce: Date) -> Vec<Reason> {
        let mut heaviest: BTreeMap<&str, (&ConsumerImpact, u32)> = BTreeMap::new();
        for consumer in &self.concerned {
            for name in consumer.commitments() {
                heaviest.entry(name).or_insert((consumer, 0)).1 += 1;
            }
        }
        let promise = |(name, (consumer, count)): (&str, (&ConsumerImpact, u32))| {
            let days = self.plan.sla.get(name)?.notice_days;
            let text = format!(
                "`{name}` promises {days} days of notice; it holds for {count} concerned consumers, the heaviest is `{}`",
                consumer.name
            );
            Some(after(Cause::Sla, announce, days, text))
        };
        heaviest.into_iter().filter_map(promise).collect()
    }

    fn cycles(&self, announce: Date) -> Vec<Reason> {
        let thresholds = self.plan.thresholds();
        let window_days = self.impact.window_days();
        let major = self
            .concerned
            .iter()
            .filter(|c| thresholds.is_major(c, window_days));
        let mut cycles: Vec<_> = major
            .filter_map(|c| Some((c.release_cycle_days?, *c)))
            .collect();
        cycles.sort_by_key(|(days, c)| (Reverse(*days), c.consumer));
        cycles.truncate(CYCLES_TOLD_MAX);
        let reason = |(days, consumer): (u32, &ConsumerImpact)| {
            let text = format!(
                "`{}` releases every {days} days and makes {} of the calls",
                consumer.name,
                percent(consumer.share_ppm)
            );
            after(Cause::ReleaseCycle, announce, days, text)
        };
        cycles.into_iter().map(reason).collect()
    }

    /// Where a date goes that nothing binds: closed half way, brownouts just before the sunset.
    fn wish(&self, name: DateName, dates: &Dates) -> Option<Reason> {
        let notice = self.notice(dates.announce);
        let sunset = latest(&notice);
        let days = super::day::days_between(dates.announce, sunset);
        let (earliest, text) = match name {
            DateName::Close => (
                plus_days(dates.announce, days / 2),
                format!("half of the {days} days of notice remain to those who stay"),
            ),
            DateName::Brownouts => {
                let days = self.plan.policy.brownout_days;
                (
                    plus_days(sunset, -i64::from(days)),
                    format!("the last {days} days before the sunset are for brownouts"),
                )
            }
            _ => return None,
        };
        Some(Reason {
            cause: Cause::Policy,
            earliest,
            text,
        })
    }

    /// Why `name`, which takes something away, cannot be on `date`.
    fn freeze(&self, name: DateName, date: Date) -> Option<Reason> {
        if !matches!(name, DateName::Close | DateName::Sunset | DateName::Remove) {
            return None;
        }
        let (earliest, held) = self.frozen.free_from(date);
        let freeze = held?;
        Some(Reason {
            cause: Cause::Freeze,
            earliest,
            text: format!("a freeze ({}) holds until {}", freeze.reason, freeze.until),
        })
    }
}

/// The later one of `bound` and what the plan says, with what people said of it.
fn keep_date(milestone: &Milestone, bound: Date, reasons: &mut Vec<Reason>) -> Date {
    let date = milestone.date.max(bound);
    let said = |reason: &&Reason| reason.cause == Cause::Person && reason.earliest == date;
    let said: Vec<Reason> = milestone.reasons.iter().filter(said).cloned().collect();
    if said.is_empty() && date > bound {
        reasons.push(Reason {
            cause: Cause::Person,
            earliest: date,
            text: format!("the plan says {date}"),
        });
    }
    reasons.extend(said);
    date
}

fn after(cause: Cause, from: Date, days: u32, text: String) -> Reason {
    Reason {
        cause,
        earliest: plus_days(from, i64::from(days)),
        text,
    }
}

fn latest(reasons: &[Reason]) -> Date {
    reasons
        .iter()
        .map(|r| r.earliest)
        .max()
        .unwrap_or(Date::MIN)
}

fn all(date: Date) -> Dates {
    Dates {
        announce: date,
        deprecate: date,
        close: date,
        brownouts: date,
        sunset: date,
        remove: date,
    }
}

/// The value that nine of ten do not exceed (nearest rank); `None` of nothing.
pub fn percentile90(days: &[u32]) -> Option<u32> {
    let mut days = days.to_vec();
    days.sort_unstable();
    let rank = (days.len() * 9).div_ceil(10);
    days.get(rank.checked_sub(1)?).copied()
}

/// Millionths as per cent with one decimal, such as `12.3 %`.
pub fn percent(ppm: u32) -> String {
    format!("{}.{} %", ppm / 10_000, ppm / 1_000 % 10)
}
