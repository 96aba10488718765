//! Why a rollout does not do what was asked: which evidence or date is missing, and whose word would be needed.

use jiff::civil::Date;

use super::bar::{Bar, Covers};
use super::brownout::NoRoom;
use super::law::TooEarly;
use super::segment::Segment;
use super::state::Phase;
use super::window::Cause;
use crate::clock::Micros;
use crate::ids::ConsumerId;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{} does not follow {}: no step is skipped", to.as_str(), from.as_str())]
    Skips { from: Phase, to: Phase },
    #[error("{} is planned for {earliest}, today is {today}", to.as_str())]
    NotYet {
        to: Phase,
        earliest: Date,
        today: Date,
    },
    #[error("a freeze ({reason}) holds back {} until {free}", to.as_str())]
    Frozen {
        to: Phase,
        free: Date,
        reason: String,
    },
    #[error("the plan is not complete: {}", missing.join("; "))]
    Incomplete { missing: Vec<String> },
    #[error("the bar refuses: {}", dimensions(bar))]
    Bar { bar: Box<Bar> },
    #[error("the beta has not ended: {evidence}")]
    BetaUnfinished { evidence: String },
    #[error("{} brownouts have not run, the first is stage {} of {}", left.len(), left[0].1 + 1, left[0].0.as_str())]
    BrownoutsUnfinished {
        /// Segment and stage; never empty.
        left: Vec<(Segment, u32)>,
    },
    #[error("the brownouts would end on {last}, after the sunset on {sunset}: extend the sunset")]
    NoTimeForBrownouts { last: Date, sunset: Date },
    #[error("calls of {} consumers still succeed on the old, the latest of {}", in_use.len(), in_use[0].consumer)]
    InUse {
        /// Latest success first; never empty.
        in_use: Vec<InUse>,
    },
    #[error(transparent)]
    TooEarly(#[from] TooEarly),
    #[error(transparent)]
    NoRoom(#[from] NoRoom),
    #[error(
        "after the announcement the items and the surface of a plan stay; start another rollout for others"
    )]
    ItemsChanged,
    #[error("it is paused by {by} ({reason}); resume it first")]
    Paused { by: String, reason: String },
    #[error("it has ended: it is {state}")]
    Ended { state: &'static str },
    #[error("{consumer} is not in the cohort of the beta")]
    NotInCohort { consumer: ConsumerId },
    #[error("{what} is not possible in {}", phase.as_str())]
    WrongPhase { what: &'static str, phase: Phase },
    #[error("there is no {what} `{id}`")]
    Unknown { what: &'static str, id: String },
    #[error("the brownout runs until {} seconds after 1970", until.seconds())]
    StillRunning { until: Micros },
    #[error("an override needs a name, a reason and an expiry after {today}")]
    VoidOverride { today: Date },
}

/// A consumer whose calls still succeed on the old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InUse {
    pub consumer: ConsumerId,
    pub last_success: Micros,
    /// The first day on which its silence would be long enough to be believed.
    pub quiet_on: Date,
}

impl Refusal {
    /// The overrides that would let it pass, each with a name, a reason and an expiry; empty when nobody's word can.
    pub fn needs(&self) -> Vec<Covers> {
        match self {
            Self::Bar { bar } => bar.refused().iter().map(|j| j.dimension.covers()).collect(),
            Self::BetaUnfinished { .. } => vec![Covers::BetaExit],
            Self::BrownoutsUnfinished { .. } => vec![Covers::BrownoutsUnfinished],
            Self::InUse { .. } => vec![Covers::RemovalInUse],
            // A promise to consumers is nobody's to break.
            Self::TooEarly(early) if early.reason.cause != Cause::Announced => {
                vec![Covers::Timeline]
            }
            _ => Vec::new(),
        }
    }

    /// What would let it pass all the same, as a sentence; `None` when nothing but what is missing can.
    pub fn way_round(&self) -> Option<String> {
        let names: Vec<_> = self
            .needs()
            .iter()
            .map(|covers| format!("`{}`", covers.as_str()))
            .collect();
        (!names.is_empty()).then(|| {
            format!(
                "or a named person stands for it: an entry in `[[overrides]]` for {} with who, reason and expires",
                names.join(" and for ")
            )
        })
    }

    /// A stable name for machines.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Skips { .. } => "skips",
            Self::NotYet { .. } => "not_yet",
            Self::Frozen { .. } => "frozen",
            Self::Incomplete { .. } => "incomplete",
            Self::Bar { .. } => "bar",
            Self::BetaUnfinished { .. } => "beta_unfinished",
            Self::BrownoutsUnfinished { .. } => "brownouts_unfinished",
            Self::NoTimeForBrownouts { .. } => "no_time_for_brownouts",
            Self::InUse { .. } => "in_use",
            Self::TooEarly(_) => "too_early",
            Self::NoRoom(_) => "no_room",
            Self::ItemsChanged => "items_changed",
            Self::Paused { .. } => "paused",
            Self::Ended { .. } => "ended",
            Self::NotInCohort { .. } => "not_in_cohort",
            Self::WrongPhase { .. } => "wrong_phase",
            Self::Unknown { .. } => "unknown",
            Self::StillRunning { .. } => "still_running",
            Self::VoidOverride { .. } => "void_override",
        }
    }
}

fn dimensions(bar: &Bar) -> String {
    let told = bar.refused().into_iter().map(|judgement| {
        format!(
            "{} is {} ({})",
            judgement.dimension.as_str(),
            judgement.strength.as_str(),
            judgement.reasons.join("; ")
        )
    });
    told.collect::<Vec<_>>().join("; ")
}
