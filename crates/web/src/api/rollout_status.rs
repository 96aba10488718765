//! How a rollout stands, over HTTP: who is left, whether the rest will make it, and whom to call.

use axum::Json;
use axum::extract::State;
use control::rollouts::{self, Outlook};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::consumers::Contact;
use super::rollout_course::RolloutBrownout;
use super::rollouts::RolloutSummary;
use crate::app::App;
use crate::extract::Segments;
use crate::problem::{Problem, Refusal};
use crate::table::{CsvRow, cell};
use crate::time::Instant;

/// How a rollout stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RolloutStatus {
    pub summary: RolloutSummary,
    #[schema(example = "2027-04-24")]
    pub today: String,
    /// Since when the burn-down counts: the announcement, or before it the beta or the draft.
    pub since: String,
    /// Dates that are still to come, in order.
    pub next: Vec<RolloutDaysLeft>,
    /// Everybody that the rollout concerns.
    pub consumers: u64,
    /// Of these, the ones that are not proven to have cut over.
    pub remaining: u64,
    /// Consumers by state, in order of progress.
    pub states: Vec<RolloutStateCount>,
    /// Calls of the old per day over the last seven whole days, rounded up.
    pub old_calls_per_day: u64,
    /// The part of all consumers' calls before the announcement that those who remain made, in millionths.
    pub volume_ppm: u64,
    /// The burn-down, from `since` to today.
    pub days: Vec<RolloutDay>,
    /// Absent where nothing can be forecast.
    pub forecast: Option<RolloutForecast>,
    /// Why nothing is forecast; absent where something is.
    pub not_forecast: Option<String>,
    /// Consumers that had cut over and use the old again, the latest first.
    pub comebacks: Vec<RolloutComeback>,
    /// Those at risk first, then by the volume expected to be late, then those that have cut over; at most 10,000.
    pub people: Vec<RolloutPerson>,
    /// As laid out and as they went, in order of time.
    pub brownouts: Vec<RolloutBrownout>,
    pub health: RolloutHealth,
}

/// A date to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolloutDaysLeft {
    #[schema(example = "sunset")]
    pub name: String,
    pub date: String,
    /// Negative when the date has passed and the step was not taken.
    pub days: i64,
}

/// Consumers in one state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolloutStateCount {
    /// `untouched`, `testing`, `dual`, `silent` (not proven), `cut_over` or `stable`.
    pub state: String,
    pub consumers: u64,
}

/// One day of the burn-down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolloutDay {
    pub date: String,
    pub remaining: u64,
    pub volume_ppm: u64,
    /// Calls of the old; since the sunset, those that were refused too.
    pub calls: u64,
}

/// What lies ahead. No figure without its band.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RolloutForecast {
    /// `prior` before the third finished rollout: mostly what is assumed of any rollout. Then `pooled`.
    #[schema(example = "prior")]
    pub basis: String,
    /// Finished rollouts that it rests on.
    pub rollouts: u64,
    /// How forecasts of those would have done: the part whose 90 % interval held what came; absent before the third.
    pub coverage90: Option<f64>,
    pub sunset: String,
    /// The last day looked at; what is later is absent.
    pub horizon: String,
    /// When the last consumer has cut over.
    pub done: RolloutDateBand,
    /// When 50, 90 and 95 % have.
    pub milestones: Vec<RolloutMilestone>,
    /// Consumers not cut over at the sunset.
    pub left_at_sunset: RolloutBand,
    /// From today to the horizon.
    pub days: Vec<RolloutDayAhead>,
}

/// A date with its band; an absent one lies after the horizon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RolloutDateBand {
    pub p10: Option<String>,
    pub p50: Option<String>,
    pub p90: Option<String>,
    /// The probability that it is reached by the sunset, 0 to 1.
    pub by_sunset: f64,
}

/// When a part of all consumers has cut over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RolloutMilestone {
    /// In thousandths of all consumers.
    pub permille: u64,
    pub date: RolloutDateBand,
}

/// A figure ahead: nine of ten futures lie between `p05` and `p95`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolloutBand {
    pub p05: u64,
    pub p10: u64,
    pub p50: u64,
    pub p90: u64,
    pub p95: u64,
}

/// One day ahead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolloutDayAhead {
    pub date: String,
    /// Unlike the burn-down it counts a silence that is not proven by its probability.
    pub remaining: RolloutBand,
}

/// A consumer that had cut over and uses the old again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolloutComeback {
    pub consumer: String,
    pub name: String,
    pub came_back_on: String,
}

/// One consumer of a rollout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RolloutPerson {
    pub id: String,
    pub name: String,
    pub segment: String,
    /// `untouched`, `testing`, `dual`, `silent` (not proven), `cut_over` or `stable`.
    pub state: String,
    pub plan: Option<String>,
    pub contacts: Vec<Contact>,
    /// Calls on what the rollout touches, in the evidence window.
    pub calls_before: u64,
    /// The last use of the old that succeeded.
    pub old_last: Option<Instant>,
    /// The last use of the new.
    pub new_last: Option<Instant>,
    pub at_risk: bool,
    /// The probability that it is not cut over at the sunset; absent where it has, or nothing is forecast.
    pub late: Option<f64>,
    /// What speaks against its being in time.
    pub reasons: Vec<String>,
}

/// Failures of the last hour, against what a brownout may go with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolloutHealth {
    /// Calls of the surface that no brownout refused.
    pub calls: u64,
    /// Of these, the ones that failed on the owner's side.
    pub failed: u64,
    /// In millionths.
    pub failed_ppm: u64,
    pub budget_ppm: u64,
}

#[utoipa::path(
    get, path = "/rollouts/{rollout}/status", operation_id = "getRolloutStatus", tag = "rollouts",
    params(("rollout" = String, Path, description = "Id of a rollout; or name or id of a surface, for its newest one")),
    responses(
        (status = 200, description = "How it stands", body = RolloutStatus),
        (status = 404, description = "No such rollout (`not_found`)", body = Problem, content_type = "application/problem+json"),
    )
)]
/// Show how a rollout stands
///
/// The burn-down so far, the forecast with its bands, and every consumer with its state: those to call first.
pub async fn get_rollout_status(
    State(app): State<App>,
    Segments(rollout): Segments<String>,
) -> Result<Json<RolloutStatus>, Refusal> {
    let status = app.control()?.rollout_status(&rollout).await?;
    Ok(Json(status.into()))
}

impl From<rollouts::RolloutStatus> for RolloutStatus {
    fn from(status: rollouts::RolloutStatus) -> Self {
        let (forecast, not_forecast) = match status.outlook {
            Outlook::Made(made) => (Some((*made).into()), None),
            Outlook::NotMade(why) => (None, Some(why)),
        };
        let states = status.states.into_iter();
        Self {
            summary: status.summary.into(),
            today: status.today.to_string(),
            since: status.since.to_string(),
            next: status.next.into_iter().map(Into::into).collect(),
            consumers: status.consumers,
            remaining: status.remaining,
            states: states
                .map(|(state, consumers)| RolloutStateCount {
                    state: state.to_owned(),
                    consumers,
                })
                .collect(),
            old_calls_per_day: status.old_calls_per_day,
            volume_ppm: status.volume_ppm,
            days: status.days.into_iter().map(Into::into).collect(),
            forecast,
            not_forecast,
            comebacks: status.comebacks.into_iter().map(Into::into).collect(),
            people: status.people.into_iter().map(Into::into).collect(),
            brownouts: status.brownouts.into_iter().map(Into::into).collect(),
            health: RolloutHealth {
                calls: status.health.calls,
                failed: status.health.failed,
                failed_ppm: status.health.failed_ppm,
                budget_ppm: status.health.budget_ppm,
            },
        }
    }
}

impl From<rollouts::DaysLeft> for RolloutDaysLeft {
    fn from(left: rollouts::DaysLeft) -> Self {
        Self {
            name: left.name.to_owned(),
            date: left.date.to_string(),
            days: left.days,
        }
    }
}

impl From<rollouts::DaySoFar> for RolloutDay {
    fn from(day: rollouts::DaySoFar) -> Self {
        Self {
            date: day.date.to_string(),
            remaining: day.remaining,
            volume_ppm: day.volume_ppm,
            calls: day.calls,
        }
    }
}

impl From<rollouts::OutlookView> for RolloutForecast {
    fn from(made: rollouts::OutlookView) -> Self {
        let milestones = made.milestones.into_iter();
        Self {
            basis: made.basis.to_owned(),
            rollouts: made.rollouts,
            coverage90: made.coverage90,
            sunset: made.sunset.to_string(),
            horizon: made.horizon.to_string(),
            done: made.done.into(),
            milestones: milestones
                .map(|one| RolloutMilestone {
                    permille: one.permille,
                    date: one.date.into(),
                })
                .collect(),
            left_at_sunset: made.left_at_sunset.into(),
            days: made
                .days
                .into_iter()
                .map(|day| RolloutDayAhead {
                    date: day.date.to_string(),
                    remaining: day.remaining.into(),
                })
                .collect(),
        }
    }
}

impl From<rollouts::DateBandView> for RolloutDateBand {
    fn from(band: rollouts::DateBandView) -> Self {
        Self {
            p10: band.p10.map(|date| date.to_string()),
            p50: band.p50.map(|date| date.to_string()),
            p90: band.p90.map(|date| date.to_string()),
            by_sunset: band.by_sunset,
        }
    }
}

impl From<rollouts::BandView> for RolloutBand {
    fn from(band: rollouts::BandView) -> Self {
        Self {
            p05: band.p05,
            p10: band.p10,
            p50: band.p50,
            p90: band.p90,
            p95: band.p95,
        }
    }
}

impl From<rollouts::ComebackView> for RolloutComeback {
    fn from(one: rollouts::ComebackView) -> Self {
        Self {
            consumer: one.consumer.to_string(),
            name: one.name,
            came_back_on: one.came_back_on.to_string(),
        }
    }
}

impl From<rollouts::ConsumerStatus> for RolloutPerson {
    fn from(one: rollouts::ConsumerStatus) -> Self {
        Self {
            id: one.id.to_string(),
            name: one.name,
            segment: one.segment.to_owned(),
            state: one.state.to_owned(),
            plan: one.plan,
            contacts: one.contacts.into_iter().map(Into::into).collect(),
            calls_before: one.calls_before,
            old_last: one.old_last.map(Instant),
            new_last: one.new_last.map(Instant),
            at_risk: one.at_risk,
            late: one.late,
            reasons: one.reasons,
        }
    }
}

impl CsvRow for RolloutPerson {
    const HEADER: &'static [&'static str] = &[
        "id",
        "name",
        "segment",
        "state",
        "plan",
        "contacts",
        "calls_before",
        "old_last",
        "new_last",
        "at_risk",
        "late",
        "reasons",
    ];

    fn cells(&self) -> Vec<String> {
        let contacts = self.contacts.iter().map(|one| one.address.as_str());
        vec![
            self.id.clone(),
            self.name.clone(),
            self.segment.clone(),
            self.state.clone(),
            cell(&self.plan),
            contacts.collect::<Vec<_>>().join("; "),
            self.calls_before.to_string(),
            cell(&self.old_last),
            cell(&self.new_last),
            self.at_risk.to_string(),
            cell(&self.late.map(|late| format!("{late:.3}"))),
            self.reasons.join("; "),
        ]
    }
}
