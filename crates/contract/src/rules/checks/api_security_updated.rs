//! Ways to be let in that operations gained or lost.

use crate::diff::fact::OperationPair;
use crate::diff::report::Report;
use crate::model::operation::Operation;
use crate::model::security;
use crate::model::security::Requirement;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::requirements;

pub(super) const CHECK: Check = Check {
    name: "APISecurityUpdatedCheck",
    texts: TEXTS,
    run: Run::OperationPair(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["api-security-removed"],
        purpose: "An operation no longer accepts a way to be let in.",
        why: "Clients that come that way may be refused; where it was the only one, anyone gets in.",
        safely: "Accept both ways until nobody comes the old one.",
        breaking: "base: {responses: {}, security: [{a: []}, {b: []}]}\nrevision: {responses: {}, security: [{b: []}]}",
        safe: "base: {responses: {}, security: [{b: []}]}\nrevision: {responses: {}, security: [{a: []}, {b: []}]}",
    },
    Text {
        ids: &["api-security-added"],
        purpose: "An operation accepts one more way to be let in, or asks for one.",
        why: "Where it is the first, clients without credentials are refused; where it is one more, nobody is.",
        safely: "Accept requests without it until all consumers send it.",
        breaking: "base: {responses: {}, security: [{b: []}]}\nrevision: {responses: {}, security: [{a: []}, {b: []}]}",
        safe: "base: {responses: {}, security: [{a: []}, {b: []}]}\nrevision: {responses: {}, security: [{b: []}]}",
    },
    Text {
        ids: &["api-security-scope-added"],
        purpose: "An operation asks for one more scope.",
        why: "Tokens without the scope are refused.",
        safely: "Grant the scope to all consumers first.",
        breaking: "base: {responses: {}, security: [{a: [read]}]}\nrevision: {responses: {}, security: [{a: [read, write]}]}",
        safe: "base: {responses: {}, security: [{a: [read, write]}]}\nrevision: {responses: {}, security: [{a: [read]}]}",
    },
    Text {
        ids: &["api-security-scope-removed"],
        purpose: "An operation asks for one scope less.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {responses: {}, security: [{a: [read, write]}]}\nrevision: {responses: {}, security: [{a: [read]}]}",
        safe: "base: {responses: {}, security: [{a: [read]}]}\nrevision: {responses: {}, security: [{a: [read, write]}]}",
    },
];

const IDS: requirements::Ids = requirements::Ids {
    added: "api-security-added",
    removed: "api-security-removed",
    scope_added: "api-security-scope-added",
    scope_removed: "api-security-scope-removed",
};

fn check<'t>(pair: &OperationPair<'_, 't>, report: &mut Report<'t>) {
    let (old, new) = (schemes(pair.base), schemes(pair.revision));
    for found in requirements::changes(&old, &new, &IDS) {
        pair.report(report, "/security", found);
    }
}

/// Those of the operation itself that name a scheme; the way in for anyone is not one that can come or go.
fn schemes<'t>(operation: &Operation<'t>) -> Vec<Requirement<'t>> {
    let mut list = security::requirements(operation.node).unwrap_or_default();
    list.retain(|requirement| !requirement.schemes.is_empty());
    list
}
