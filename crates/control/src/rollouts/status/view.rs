//! How a rollout stands, as it is shown: the burn-down, what lies ahead with its bands, each consumer with its state.

use adoption::rollout::day;
use adoption::rollout::forecast::{
    Band, Basis, BurnDownDay, DateBand, Experience, Forecast, Reach,
};
use adoption::{ConsumerId, Micros};
use jiff::civil::Date;

use crate::consumers::Contact;
use crate::rollouts::{BrownoutCourse, RolloutSummary};

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
    pub brownouts: Vec<BrownoutCourse>,
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
    /// When everybody has cut over.
    pub done: DateBandView,
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

/// A date with its band; `None` for not up to the horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DateBandView {
    pub p10: Option<Date>,
    pub p50: Option<Date>,
    pub p90: Option<Date>,
    /// The probability that it is reached by the sunset.
    pub by_sunset: f64,
}

/// When a part of all consumers has cut over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MilestoneView {
    /// In thousandths.
    pub permille: u64,
    pub date: DateBandView,
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

impl DaySoFar {
    pub(super) fn of(day: &BurnDownDay) -> Self {
        Self {
            date: date(day.day),
            remaining: day.remaining.into(),
            volume_ppm: day.volume_ppm.into(),
            calls: day.calls,
        }
    }
}

impl OutlookView {
    pub(super) fn of(made: &Forecast, experience: &Experience) -> Self {
        let (basis, rollouts) = match made.basis {
            Basis::Prior { rollouts } => ("prior", rollouts),
            Basis::Pooled { rollouts } => ("pooled", rollouts),
        };
        let rows = &experience.back_test().rows;
        let held = rows.iter().filter(|row| row.held).count() as f64;
        Self {
            basis,
            rollouts: rollouts as u64,
            coverage90: (!rows.is_empty()).then(|| held / rows.len() as f64),
            sunset: date(made.sunset),
            horizon: date(made.horizon),
            done: DateBandView::of(&made.completion),
            milestones: made
                .milestones
                .iter()
                .map(|one| MilestoneView {
                    permille: one.permille.into(),
                    date: DateBandView::of(&one.date),
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

impl DateBandView {
    fn of(band: &DateBand) -> Self {
        Self {
            p10: reached(band.p10),
            p50: reached(band.p50),
            p90: reached(band.p90),
            by_sunset: band.by_sunset,
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

/// The date of a day since the epoch.
pub(super) fn date(days: i64) -> Date {
    day::plus_days(day::date_of(Micros(0)), days)
}
