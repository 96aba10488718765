//! What is to be seen of a drilled rollout at a moment, as plain data.

use jiff::civil::Date;

/// A rollout at a moment of the drill's time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Board {
    /// `None` before the consumers are registered.
    pub today: Option<Date>,
    /// Empty before the proposal.
    pub phase: &'static str,
    pub sunset: Option<Date>,
    /// Consumers that something changes for.
    pub to_move: u64,
    /// Of these, the ones that call the new version.
    pub moved: u64,
    /// As the rollout's own status says; `None` before the announcement.
    pub standing: Option<Standing>,
    pub calls: u64,
    pub brownouts: u64,
    /// Calls that an announced brownout refused.
    pub refused: u64,
    /// Calls that failed otherwise.
    pub failed: u64,
    /// What happened, each with its date in front, the latest last.
    pub events: Vec<String>,
}

/// Who is left, by the evidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Everybody that the rollout concerns.
    pub consumers: u64,
    /// Of these, the ones not proven to have cut over.
    pub remaining: u64,
    /// The part of the volume before the announcement that they made, in millionths.
    pub volume_ppm: u64,
    pub ahead: Option<Ahead>,
}

/// The forecast with its band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ahead {
    /// Consumers left at the sunset: P10, P50, P90.
    pub left: [u64; 3],
    /// When nine of ten have cut over: P10, P50, P90; `None` for not within the horizon.
    pub most: [Option<Date>; 3],
    /// The probability that everybody has by the sunset.
    pub done_by_sunset: f64,
}
