//! Links of responses that came, went or lead elsewhere.

use crate::diff::fact::NamedFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::model::body::{self, Named};
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::tree::Node;

pub(super) const CHECK: Check = Check {
    name: "ResponseLinksUpdatedCheck",
    texts: TEXTS,
    run: Run::Response(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-link-removed"],
        purpose: "A response no longer says which operation to call next.",
        why: "Nothing changes on the wire; code that is generated from links, and agents that follow them, lose the way.",
        safely: "Keep the link while the operation that it names is there.",
        breaking: "base: {responses: {200: {links: {next: {operationId: b}, last: {operationId: c}}}}}\nrevision: {responses: {200: {links: {next: {operationId: b}}}}}",
        safe: "base: {responses: {200: {links: {next: {operationId: b}}}}}\nrevision: {responses: {200: {links: {next: {operationId: b, description: more}}}}}",
    },
    Text {
        ids: &["response-link-added"],
        purpose: "A response says of one more operation that it can be called next.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {responses: {200: {}}}\nrevision: {responses: {200: {links: {next: {operationId: b}}}}}",
        safe: "base: {responses: {200: {links: {next: {operationId: b}}}}}\nrevision: {responses: {200: {links: {next: {operationId: c}}}}}",
    },
    Text {
        ids: &["response-link-changed"],
        purpose: "A link of a response leads to another operation, or hands it other values.",
        why: "Whoever follows the link arrives elsewhere; whether it serves the same purpose, the document cannot tell.",
        safely: "Add a link of another name and keep the old one.",
        breaking: "base: {responses: {200: {links: {next: {operationId: b}}}}}\nrevision: {responses: {200: {links: {next: {operationId: c}}}}}",
        safe: "base: {responses: {200: {links: {next: {operationId: b}}}}}\nrevision: {responses: {200: {links: {next: {operationId: b, description: more}}}}}",
    },
];

const FIELDS: [&str; 5] = [
    "operationId",
    "operationRef",
    "parameters",
    "requestBody",
    "server",
];

fn check<'t>(fact: &NamedFact<'_, 't>, report: &mut Report<'t>) {
    let Some((old, new)) = fact.both() else {
        return;
    };
    let old = body::named(fact.documents.base, old.node, "links");
    let new = body::named(fact.documents.revision, new.node, "links");
    for sides in body::paired(old, new, |a, b| a == b) {
        link(fact, report, sides);
    }
}

fn link<'t>(
    fact: &NamedFact<'_, 't>,
    report: &mut Report<'t>,
    (old, new): (Option<Named<'t>>, Option<Named<'t>>),
) {
    let (id, word) = match (old, new) {
        (Some(_), None) => ("response-link-removed", "was removed"),
        (None, Some(_)) => ("response-link-added", "was added"),
        (Some(old), Some(new)) if is_changed(old.node, new.node) => {
            ("response-link-changed", "changed")
        }
        _ => return,
    };
    let Some(named) = old.or(new) else { return };
    let message = format!("link `{}` of response `{}` {word}", named.name, fact.status);
    let found = Found::new(id, message)
        .base(old.map(|side| side.key))
        .revision(new.map(|side| side.key));
    fact.report(report, found.tail("links").tail(named.name));
}

fn is_changed(old: Node<'_>, new: Node<'_>) -> bool {
    FIELDS
        .iter()
        .any(|field| match (old.get(field), new.get(field)) {
            (Some(a), Some(b)) => !a.same_value(b),
            (None, None) => false,
            _ => true,
        })
}
