//! One difference between two contracts, classified: the rule, the level, who breaks, and the place on both sides.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::level::{Breaks, Level};
use crate::site::Site;

/// One difference. Serialises to the shape that `towpath diff --format json` prints. Places, operations and sentences
/// are shared: a schema that five hundred operations use has its place once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The id of the rule, as oasdiff names it where it has one.
    pub id: &'static str,
    pub level: Level,
    /// In the order of [`Breaks`]; empty for what breaks nobody.
    pub breaks: Vec<Breaks>,
    /// `None` for what belongs to no operation (info, security schemes, tags).
    pub operation: Option<Arc<ChangedOperation>>,
    /// Where the thing is in the base; `None` when it is new.
    pub base: Option<Arc<Site>>,
    /// Where the thing is in the revision; `None` when it is gone.
    pub revision: Option<Arc<Site>>,
    /// One sentence for people, with the names and values in backquotes; lower case, without full stop.
    pub message: Arc<str>,
    /// Of id, operation, pointers and normalised values, not of wording: the same change has the same fingerprint in
    /// every run and every release. 16 hexadecimal digits.
    pub fingerprint: String,
    /// Equal in changes that are one difference of a shared part, told of each operation that has the part: of rule,
    /// level, values and places, not of operation or way. 0 for a change on its own.
    #[serde(skip)]
    pub cause: u64,
}

/// The operation that a change belongs to, as the base names it, or the revision for a new one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChangedOperation {
    /// Upper case.
    pub method: String,
    pub path: String,
    pub operation_id: Option<String>,
}
