//! Where a rule's check reports: how much it looked at, and what failed, with the repair.

use serde_json::Value as Json;

use crate::tree::Node;

/// How many findings of one rule a score tells; all of them are counted.
pub const FINDINGS_PER_RULE_MAX: usize = 5_000;

/// What one rule saw.
#[derive(Debug, Default)]
pub(crate) struct Tally<'t> {
    pub(crate) checked: u64,
    pub(crate) failed: u64,
    /// The first of them, in the order of the check.
    pub(crate) failures: Vec<Failure<'t>>,
}

/// One thing that is not as the rule wants it.
#[derive(Debug)]
pub(crate) struct Failure<'t> {
    /// Where it is; a key has the place of its member.
    pub(crate) at: Node<'t>,
    /// The index of the operation in the survey; `None` for what is shared or belongs to the document.
    pub(crate) operation: Option<usize>,
    pub(crate) message: String,
    pub(crate) fix: Option<Fix<'t>>,
}

/// A repair, before the path of its target is written.
#[derive(Debug)]
pub(crate) struct Fix<'t> {
    pub(crate) target: Node<'t>,
    /// `None` removes the target.
    pub(crate) update: Option<Json>,
    pub(crate) why: &'static str,
}

impl<'t> Fix<'t> {
    pub(crate) fn update(target: Node<'t>, update: Json, why: &'static str) -> Self {
        let update = Some(update);
        Self {
            target,
            update,
            why,
        }
    }

    pub(crate) fn remove(target: Node<'t>, why: &'static str) -> Self {
        Self {
            target,
            update: None,
            why,
        }
    }
}

impl<'t> Tally<'t> {
    /// One thing looked at; `failure` tells what is wrong with it.
    pub(crate) fn check(&mut self, failure: Option<Failure<'t>>) {
        self.checked += 1;
        let Some(failure) = failure else { return };
        self.failed += 1;
        if self.failures.len() < FINDINGS_PER_RULE_MAX {
            self.failures.push(failure);
        }
    }
}

impl<'t> Failure<'t> {
    pub(crate) fn at(at: Node<'t>, operation: Option<usize>, message: impl Into<String>) -> Self {
        Self {
            at,
            operation,
            message: message.into(),
            fix: None,
        }
    }

    pub(crate) fn fixed(self, fix: Fix<'t>) -> Self {
        Self {
            fix: Some(fix),
            ..self
        }
    }
}
