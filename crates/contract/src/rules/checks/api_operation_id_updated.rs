//! Operation ids that came, went or changed.

use crate::diff::fact::OperationPair;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::tree::Node;

pub(super) const CHECK: Check = Check {
    name: "APIOperationIdUpdatedCheck",
    texts: TEXTS,
    run: Run::OperationPair(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["api-operation-id-removed"],
        purpose: "An operation lost its id or has another one.",
        why: "Nothing changes on the wire; generated methods and tools have another name.",
        safely: "Keep the id for as long as the operation is the same.",
        breaking: "base: {operationId: a, responses: {}}\nrevision: {operationId: b, responses: {}}",
        safe: "base: {responses: {}}\nrevision: {operationId: b, responses: {}}",
    },
    Text {
        ids: &["api-operation-id-added"],
        purpose: "An operation got an id.",
        why: "Nothing changes on the wire; generated methods and tools may have another name.",
        safely: "Choose the name that the generators had made up.",
        breaking: "base: {responses: {}}\nrevision: {operationId: b, responses: {}}",
        safe: "base: {operationId: b, responses: {}}\nrevision: {responses: {}}",
    },
];

fn check<'t>(pair: &OperationPair<'_, 't>, report: &mut Report<'t>) {
    let old = pair.base.node.get("operationId");
    let new = pair.revision.node.get("operationId");
    let text = |node: Option<Node<'t>>| node.and_then(Node::scalar_text).unwrap_or("");
    let (from, to) = (text(old), text(new));
    if from == to {
        return;
    }
    if !from.is_empty() {
        let message = format!("operation id `{from}` was removed");
        pair.report(
            report,
            "/operationId",
            Found::new("api-operation-id-removed", message)
                .base(old)
                .revision(new)
                .value(from),
        );
    } else {
        let message = format!("operation id `{to}` was added");
        pair.report(
            report,
            "/operationId",
            Found::new("api-operation-id-added", message)
                .revision(new)
                .value(to),
        );
    }
}
