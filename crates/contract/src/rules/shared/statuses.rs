//! Responses of one class of statuses that came or went.

use super::is_success;
use crate::diff::fact::NamedFact;
use crate::diff::found::Found;
use crate::diff::report::Report;

/// The class that a check is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Success,
    Failure,
}

/// `default` is of neither class.
pub(crate) fn updated<'t>(
    fact: &NamedFact<'_, 't>,
    report: &mut Report<'t>,
    wanted: Outcome,
    (added_id, removed_id): (&'static str, &'static str),
) {
    if is_success(fact.status) != Some(wanted == Outcome::Success) {
        return;
    }
    let status = fact.status;
    if let Some(old) = fact.removed() {
        let message = format!("response `{status}` was removed");
        fact.report(report, Found::new(removed_id, message).base(old.key));
    }
    if let Some(new) = fact.added() {
        let message = format!("response `{status}` was added");
        fact.report(report, Found::new(added_id, message).revision(new.key));
    }
}
