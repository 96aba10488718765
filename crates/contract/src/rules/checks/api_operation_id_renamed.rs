//! Operations that have another id than before.

use crate::diff::fact::OperationPair;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::tree::Node;

pub(super) const CHECK: Check = Check {
    name: "APIOperationIdRenamedCheck",
    texts: TEXTS,
    run: Run::OperationPair(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["api-operation-id-renamed"],
    purpose: "An operation has another id.",
    why: "Nothing changes on the wire; generated methods have another name, and agents look for a tool that is gone.",
    safely: "Keep the id for as long as the operation is the same; a better name can stand in the summary.",
    breaking: "base: {operationId: a, responses: {}}\nrevision: {operationId: b, responses: {}}",
    safe: "base: {operationId: a, responses: {}}\nrevision: {responses: {}}",
}];

fn check<'t>(pair: &OperationPair<'_, 't>, report: &mut Report<'t>) {
    let id = |node: Node<'t>| {
        let id = node.get("operationId")?;
        Some((id, id.scalar_text().filter(|text| !text.is_empty())?))
    };
    let (Some((old, from)), Some((new, to))) = (id(pair.base.node), id(pair.revision.node)) else {
        return;
    };
    if from != to {
        let message = format!("operation id `{from}` was renamed to `{to}`");
        let found = Found::new("api-operation-id-renamed", message)
            .base(old)
            .revision(new);
        pair.report(report, "/operationId", found.value(from).value(to));
    }
}
