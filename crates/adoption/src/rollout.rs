//! Rollouts: the laws by which a breaking change reaches every consumer without breaking one. No IO, no clock.

pub mod bar;
pub mod brownout;
pub mod day;
mod event;
mod evidence;
pub mod forecast;
mod freeze;
mod impact;
mod item;
pub mod law;
mod notice;
mod plan;
mod policy;
mod refusal;
mod release;
mod rhythm;
mod segment;
mod state;
mod transition;
mod verdict;
mod window;

pub use bar::judge::judge;
pub use bar::strengthen::strengthened;
pub use bar::{Bar, Covers, Dimension, Edit, Fix, Judgement, Override, Place, Strength};
pub use brownout::{Health, NoRoom, lay_out, turns};
pub use event::{
    BrownoutInterval, Command, Effect, Event, Facts, GatewayPolicy, Gone, Live, Notice, NoticeKind,
    Recipient, Warn,
};
pub use evidence::{Evidence, Found, Statement, window_gaps};
pub use freeze::{Freeze, FreezeScope, Frozen};
pub use impact::{ConsumerImpact, Impact, ItemVerdict, share_ppm};
pub use item::{Breaks, BridgeSlot, Item, ItemImpact, Touch};
pub use law::{Law, TooEarly};
pub use notice::Told;
pub use plan::{
    Beta, BrownoutRules, Channel, Commitment, Communication, ExitRule, Plan, Policy, Segmentation,
    SunsetRules,
};
pub use refusal::{InUse, Refusal};
pub use release::{Seen, release_cycle_days};
pub use rhythm::{BILLING_MONTH_DAYS, Rhythm, Silence, UNKNOWN_DAYS};
pub use segment::{Segment, Thresholds};
pub use state::{Brownout, BrownoutOutcome, Friction, Phase, Rollout, State, Step};
pub use transition::transition;
pub use verdict::{Gap, Grade, Verdict};
pub use window::{Cause, DateName, Dates, Milestone, Reason, Window};

#[cfg(test)]
mod tests;
