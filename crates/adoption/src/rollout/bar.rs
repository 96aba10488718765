//! The bar: what a plan must be strong in before the public hears of it, and named overrides.

mod communication;
mod finding;
pub mod judge;
mod needs;
mod segmentation;
mod sla;
pub mod strengthen;
mod timeline;
mod tooling;

pub use communication::cohort_defects;

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a plan is judged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    Timeline,
    Segmentation,
    MigrationTooling,
    SlaCommitments,
    PriorCommunication,
}

impl Dimension {
    pub const ALL: [Self; 5] = [
        Self::Timeline,
        Self::Segmentation,
        Self::MigrationTooling,
        Self::SlaCommitments,
        Self::PriorCommunication,
    ];

    /// As the plan file writes it.
    pub const fn as_str(self) -> &'static str {
        self.covers().as_str()
    }

    /// The override that lets it pass.
    pub const fn covers(self) -> Covers {
        match self {
            Self::Timeline => Covers::Timeline,
            Self::Segmentation => Covers::Segmentation,
            Self::MigrationTooling => Covers::MigrationTooling,
            Self::SlaCommitments => Covers::SlaCommitments,
            Self::PriorCommunication => Covers::PriorCommunication,
        }
    }
}

/// How well a plan does in one dimension. Ordered from missing to strong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    Missing,
    Weak,
    Strong,
}

impl Strength {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Weak => "weak",
            Self::Strong => "strong",
        }
    }
}

/// What the bar says of one plan: one judgement per dimension, in the order of [`Dimension::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bar {
    pub judgements: Vec<Judgement>,
}

/// What the bar says of one dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judgement {
    pub dimension: Dimension,
    pub strength: Strength,
    /// Why it is not strong, each a sentence; empty when it is.
    pub reasons: Vec<String>,
    /// What to write into the plan; at least one when it is not strong.
    pub fixes: Vec<Fix>,
    /// Overrides that count today.
    pub overrides: Vec<Override>,
    /// Overrides that have expired, or name nobody or no reason: they stay visible and let nothing pass.
    pub void: Vec<Override>,
}

/// One thing to write into the plan; its display is a sentence that can be followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What it is for, and which choice there is.
    pub text: String,
    /// What to write; empty when only a person can know it.
    pub edits: Vec<Edit>,
}

/// One line of the plan file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edit {
    pub place: Place,
    /// A key of that table.
    pub key: &'static str,
    /// Its value as TOML, on one line.
    pub value: String,
}

/// A table of the plan file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Header of a table, without brackets, such as `window.sunset`.
    Table(String),
    /// The element of `[[items]]` with this id.
    Item(String),
}

impl Bar {
    /// Whether the public may hear of it: each dimension is strong, or someone stands for it.
    pub fn passes(&self) -> bool {
        self.judgements.iter().all(Judgement::passes)
    }

    /// The dimensions that hold it back; empty when it passes.
    pub fn refused(&self) -> Vec<&Judgement> {
        self.judgements.iter().filter(|j| !j.passes()).collect()
    }
}

impl Judgement {
    pub fn passes(&self) -> bool {
        self.strength == Strength::Strong || !self.overrides.is_empty()
    }
}

impl fmt::Display for Fix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, edit) in self.edits.iter().enumerate() {
            f.write_str(if i == 0 { "" } else { "; " })?;
            match &edit.place {
                Place::Table(table) => write!(f, "in `[{table}]`")?,
                Place::Item(id) => write!(f, "in the `[[items]]` with `id = {}`", quoted(id))?,
            }
            write!(f, " set `{} = {}`", edit.key, edit.value)?;
        }
        f.write_str(if self.edits.is_empty() { "" } else { ": " })?;
        f.write_str(&self.text)
    }
}

/// `text` as a TOML basic string: on one line, and without a backquote, which would end it in a sentence.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '`' => quoted.push_str("\\u0060"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// What an override lets pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Covers {
    Timeline,
    Segmentation,
    MigrationTooling,
    SlaCommitments,
    PriorCommunication,
    /// The beta ends before its exit rule holds.
    BetaExit,
    /// The sunset comes although brownouts have not all run.
    BrownoutsUnfinished,
    /// The removal comes although calls still succeed.
    RemovalInUse,
}

/// A named person lets something pass, for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    pub dimension: Covers,
    /// A person; not empty.
    pub who: String,
    /// Not empty.
    pub reason: String,
    /// The first day on which it no longer counts (UTC); it stays visible.
    pub expires: Date,
}

impl Covers {
    /// As the plan file writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Timeline => "timeline",
            Self::Segmentation => "segmentation",
            Self::MigrationTooling => "migration_tooling",
            Self::SlaCommitments => "sla_commitments",
            Self::PriorCommunication => "prior_communication",
            Self::BetaExit => "beta_exit",
            Self::BrownoutsUnfinished => "brownouts_unfinished",
            Self::RemovalInUse => "removal_in_use",
        }
    }
}

impl Override {
    /// Whether it lets something pass on `today`: it names a person and a reason, and has not expired.
    pub fn counts(&self, today: Date) -> bool {
        !self.who.trim().is_empty() && !self.reason.trim().is_empty() && today < self.expires
    }
}
