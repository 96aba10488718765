//! Why a contract cannot be matched against, and the longest path that can.

/// Positions are bits of a `u32`.
pub(super) const SEGMENTS_MAX: usize = 32;

/// Why a path template cannot be matched against.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MatchError {
    #[error("path template {template:?} does not start with /")]
    Slash { template: String },
    #[error("path template {template:?} has braces that do not pair within one segment")]
    Braces { template: String },
    #[error("path template {template:?} has {segments} segments, more than {SEGMENTS_MAX}")]
    Segments { template: String, segments: usize },
    #[error(
        "the contract's {literals} different literal path segments are more than 65535, or made to collide"
    )]
    Literals { literals: usize },
}
