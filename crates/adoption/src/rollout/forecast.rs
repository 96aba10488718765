//! Burn-down and forecast of a rollout: who is left, when the rest will have cut over, and who will be late, each with its band.
//!
//! Pure: reads no clock, does no IO, and every random number comes from the seed that is passed in. Nothing here knows what
//! is being left behind; "the old version" is whatever the rollout retires.
//!
//! `docs/forecast.md` tells how the model works and how it was tested.

mod ahead;
mod backtest;
mod band;
mod burn_down;
mod course;
mod effects;
mod engine;
mod experience;
mod filter;
mod generator;
mod numbers;
mod outlook;
mod population;
mod risk;
mod standing;
mod table;
mod trail;

pub use backtest::{BackTest, BackTestLine, BackTestRow};
pub use band::{Band, DateBand, Reach};
pub use burn_down::{BurnDown, BurnDownDay, Event, EventKind, burn_down};
pub use course::{
    ConsumerCourse, Course, CourseError, Day, DayCalls, Finished, FinishedConsumer, Traits,
    WINDOW_DAYS_MAX,
};
pub use experience::{Experience, ROLLOUTS_MAX, ROLLOUTS_TO_POOL};
pub use generator::Generator;
pub use outlook::{Basis, DayOutlook, Forecast, Milestone, forecast};
pub use risk::{RECALL_AIMED, Reason, Risk};
pub use standing::{Comeback, Silences, Standing, finish};

#[cfg(test)]
mod tests;
