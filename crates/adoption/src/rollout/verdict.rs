//! From evidence to a verdict: whether one item breaks one consumer, and how well that is known.

use serde::{Deserialize, Serialize};

/// Whether one item breaks one consumer. Ordered from none to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every call of a long enough window was seen, and none of them breaks.
    UnaffectedProven,
    /// It cannot be excluded.
    Possible,
    /// More speaks for it than delivery alone, and nothing proves it.
    Likely,
    /// Seen in what it sends, or said by itself.
    Affected,
}

impl Verdict {
    pub const ALL: [Self; 4] = [
        Self::Affected,
        Self::Likely,
        Self::Possible,
        Self::UnaffectedProven,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Affected => "affected",
            Self::Likely => "likely",
            Self::Possible => "possible",
            Self::UnaffectedProven => "unaffected_proven",
        }
    }
}

/// How a use is known. Ordered from E0 to E3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// E0: seen in what the consumer sends; exact.
    Requested,
    /// E1: was in what the consumer is given; never called use.
    Delivered,
    /// E2: the consumer uploaded a statement of what it uses.
    Declared,
    /// E3: the consumer's client reports what it reads.
    Reported,
}

impl Grade {
    /// `E0` to `E3`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Requested => "E0",
            Self::Delivered => "E1",
            Self::Declared => "E2",
            Self::Reported => "E3",
        }
    }
}

/// Why use may have gone unseen. Any one of them makes [`Verdict::UnaffectedProven`] impossible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gap {
    /// Some contents were not read (compressed, cut off, of another media type, over the bound).
    NotParsed,
    /// Entries of the journal are missing.
    Journal,
    /// Evidence was kept for a shorter time than the window.
    Retention,
    /// The window is shorter than the consumer's own rhythm.
    WindowTooShort,
    /// The consumer was active on too few days to show a rhythm.
    RhythmUnknown,
    /// The leaf was not observed for the whole window (a new contract version, a new observer).
    NotObserved,
    /// Calls within the window belong to nobody known, this consumer perhaps.
    Unattributed,
}
