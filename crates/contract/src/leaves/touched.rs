//! Which calls a change touches, as conditions on leaves.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::change::ChangedOperation;

/// What evidence decides whether a change touches a consumer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    /// As the change names it; `None` when the change is one of the whole contract.
    pub operation: Option<Arc<ChangedOperation>>,
    pub evidence: Evidence,
}

/// The calls that a change touches. Where leaves cannot decide, it is every call: nobody is told to be unaffected who
/// is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Every call of the operation; without an operation, every call of the surface.
    AnyCall(Certainty),
    /// Calls that meet any of these; never empty, each once.
    Calls(Vec<Condition>),
    /// No call tells: webhooks and callbacks go the other way.
    NoCall,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// The request has the leaf: exact.
    Sends { key: String, certainty: Certainty },
    /// The request lacks the leaf `key`, although it has the leaf `under`; without `under`, any request that lacks it.
    /// A key that the base does not have is one that no call is known to send. Since whoever has `key` has `under`, a
    /// consumer is untouched when as many of its calls have `key` as have `under`: count calls per leaf for this, the
    /// union of what a day's calls had does not decide it.
    Lacks {
        key: String,
        under: Option<String>,
        certainty: Certainty,
    },
    /// The response had the leaf: it was delivered, which is not use.
    Receives { key: String },
}

/// What meeting a condition means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// It depends on something that leaves do not show, such as the length of a value.
    MayBreak,
    Breaks,
}
