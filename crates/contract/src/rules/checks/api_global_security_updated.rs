//! Ways to be let in that hold for all operations without their own.

use crate::diff::fact::Documents;
use crate::diff::report::Report;
use crate::model::document::Document;
use crate::model::security;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::requirements;

pub(super) const CHECK: Check = Check {
    name: "APISecurityUpdatedCheck",
    texts: TEXTS,
    run: Run::Document(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["api-global-security-removed"],
        purpose: "The contract as a whole no longer accepts a way to be let in.",
        why: "Clients that come that way may be refused; where it was the only one, anyone gets in.",
        safely: "Accept both ways until nobody comes the old one.",
        breaking: "base: {security: [{a: []}, {b: []}], paths: {}}\nrevision: {security: [{b: []}], paths: {}}",
        safe: "base: {security: [{b: []}], paths: {}}\nrevision: {security: [{a: []}, {b: []}], paths: {}}",
    },
    Text {
        ids: &["api-global-security-added"],
        purpose: "The contract as a whole accepts one more way to be let in, or asks for one.",
        why: "Where it is the first, clients without credentials are refused; where it is one more, nobody is.",
        safely: "Accept requests without it until all consumers send it.",
        breaking: "base: {security: [{b: []}], paths: {}}\nrevision: {security: [{a: []}, {b: []}], paths: {}}",
        safe: "base: {security: [{a: []}, {b: []}], paths: {}}\nrevision: {security: [{b: []}], paths: {}}",
    },
    Text {
        ids: &["api-global-security-scope-added"],
        purpose: "The contract as a whole asks for one more scope.",
        why: "Tokens without the scope are refused.",
        safely: "Grant the scope to all consumers first.",
        breaking: "base: {security: [{a: [read]}], paths: {}}\nrevision: {security: [{a: [read, write]}], paths: {}}",
        safe: "base: {security: [{a: [read, write]}], paths: {}}\nrevision: {security: [{a: [read]}], paths: {}}",
    },
    Text {
        ids: &["api-global-security-scope-removed"],
        purpose: "The contract as a whole asks for one scope less.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {security: [{a: [read, write]}], paths: {}}\nrevision: {security: [{a: [read]}], paths: {}}",
        safe: "base: {security: [{a: [read]}], paths: {}}\nrevision: {security: [{a: [read, write]}], paths: {}}",
    },
];

const IDS: requirements::Ids = requirements::Ids {
    added: "api-global-security-added",
    removed: "api-global-security-removed",
    scope_added: "api-global-security-scope-added",
    scope_removed: "api-global-security-scope-removed",
};

fn check<'t>(documents: &Documents<'_, 't>, report: &mut Report<'t>) {
    let list = |document: &Document<'t>| security::requirements(document.root());
    let old = list(documents.base).unwrap_or_default();
    let new = list(documents.revision).unwrap_or_default();
    for found in requirements::changes(&old, &new, &IDS) {
        documents.report(report, "/security", found);
    }
}
