//! Operations whose stage is none that exists.

use crate::diff::fact::OperationFact;
use crate::diff::found::{Found, shown};
use crate::diff::report::Report;
use crate::model::operation::Operation;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::lifecycle;
use crate::tree::Node;

pub(super) const CHECK: Check = Check {
    name: "APIDeprecationCheck",
    texts: TEXTS,
    run: Run::Operation(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["api-invalid-stability-level"],
    purpose: "The stage of an operation, its `x-stability-level`, is none of draft, alpha, beta and stable.",
    why: "Nobody can tell what the operation promises, so the deprecation policy cannot be applied.",
    safely: "Write one of the four stages.",
    breaking: "base: {responses: {}}\nrevision: {responses: {}, x-stability-level: gamma}",
    safe: "base: {responses: {}}\nrevision: {responses: {}, x-stability-level: stable}",
}];

fn check<'t>(fact: &OperationFact<'_, 't>, report: &mut Report<'t>) {
    // What is new promises nothing yet.
    let Some(base) = fact.base else { return };
    let old = unknown_stage(base);
    let new = fact.revision.and_then(unknown_stage);
    // Where nothing changed there is nothing to tell, however wrong it is.
    let is_as_before = |new: &Operation<'t>| new.node.same_value(base.node);
    if old.is_some() && fact.revision.is_some_and(is_as_before) {
        return;
    }
    for (node, is_base) in [(old, true), (new, false)] {
        let Some(node) = node else { continue };
        let text = shown(Some(node));
        let message = format!("stage `{text}` is none of draft, alpha, beta and stable");
        let found = Found::new("api-invalid-stability-level", message).tail("x-stability-level");
        let found = match is_base {
            true => found.base(node),
            false => found.revision(node),
        };
        fact.report(report, found.value(text));
    }
}

fn unknown_stage<'t>(operation: &Operation<'t>) -> Option<Node<'t>> {
    lifecycle::stage(operation.node.get("x-stability-level")).err()
}
