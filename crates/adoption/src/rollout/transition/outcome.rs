//! What a command came to, before it is written into the history.

use crate::rollout::bar::Override;
use crate::rollout::event::NoticeKind;

/// What a command came to.
#[derive(Debug)]
pub enum Outcome {
    /// It was so already.
    Nothing,
    Done(Done),
}

/// What was done.
#[derive(Debug)]
pub struct Done {
    /// In words, past tense.
    pub what: String,
    /// What everyone hears who was told before.
    pub tell: Vec<NoticeKind>,
    /// Overrides without which it would have been refused.
    pub used: Vec<Override>,
}

impl Outcome {
    /// Done, and nobody needs to hear of it.
    pub fn quiet(what: String) -> Self {
        Self::Done(Done {
            what,
            tell: Vec::new(),
            used: Vec::new(),
        })
    }

    pub fn told(what: String, kind: NoticeKind) -> Self {
        Self::Done(Done {
            what,
            tell: vec![kind],
            used: Vec::new(),
        })
    }
}
