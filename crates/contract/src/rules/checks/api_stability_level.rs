//! Operations that moved to another stage of their life.

use std::cmp::Ordering;

use crate::diff::fact::OperationFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::model::operation::Operation;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::lifecycle;

pub(super) const CHECK: Check = Check {
    name: "StabilityCheck",
    texts: TEXTS,
    run: Run::Operation(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["api-stability-decreased"],
        purpose: "An operation promises less than before: its `x-stability-level` went back.",
        why: "Consumers relied on a promise that is withdrawn.",
        safely: "Keep the stage; offer the less stable behaviour as a new operation.",
        breaking: "base: {responses: {}, x-stability-level: stable}\nrevision: {responses: {}, x-stability-level: alpha}",
        safe: "base: {responses: {}, x-stability-level: alpha}\nrevision: {responses: {}, x-stability-level: stable}",
    },
    Text {
        ids: &["api-stability-increased"],
        purpose: "An operation promises more than before: its `x-stability-level` went up.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {responses: {}, x-stability-level: beta}\nrevision: {responses: {}, x-stability-level: stable}",
        safe: "base: {responses: {}, x-stability-level: stable}\nrevision: {responses: {}, x-stability-level: beta}",
    },
];

/// Asks the base alone whether its stage is compared: an operation that leaves that stage is told of.
fn check<'t>(fact: &OperationFact<'_, 't>, report: &mut Report<'t>) {
    let Some((base, revision)) = fact.base.zip(fact.revision) else {
        return;
    };
    if base.stability() < report.options.stability_min {
        return;
    }
    let level = |operation: &Operation<'t>| operation.node.get("x-stability-level");
    let (old, new) = (level(base), level(revision));
    // A stage that does not exist is told by itself.
    let (Ok(from), Ok(to)) = (lifecycle::stage(old), lifecycle::stage(new)) else {
        return;
    };
    let id = match to.cmp(&from) {
        Ordering::Less => "api-stability-decreased",
        Ordering::Greater => "api-stability-increased",
        Ordering::Equal => return,
    };
    let (was, is) = (lifecycle::stage_name(from), lifecycle::stage_name(to));
    let message = format!("the stage of the operation changed from `{was}` to `{is}`");
    let found = Found::new(id, message)
        .base(old.unwrap_or(base.key))
        .revision(new.unwrap_or(revision.key));
    fact.report(report, found.tail("x-stability-level").value(was).value(is));
}
