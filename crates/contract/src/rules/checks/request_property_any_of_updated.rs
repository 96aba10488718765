//! Alternatives of `anyOf` that came or went in requests.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyAnyOfUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-body-any-of-added", "request-property-any-of-added"],
        purpose: "A value in a request may take one more shape.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {anyOf: [{type: object, title: a}]}\nrevision: {anyOf: [{type: object, title: a}, {type: object, title: b}]}",
        safe: "base: {anyOf: [{type: object, title: a}, {type: object, title: b}]}\nrevision: {anyOf: [{type: object, title: a}]}",
    },
    Text {
        ids: &[
            "request-body-any-of-removed",
            "request-property-any-of-removed",
        ],
        purpose: "A value in a request may no longer take one of its shapes.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {anyOf: [{type: object, title: a}, {type: object, title: b}]}\nrevision: {anyOf: [{type: object, title: a}]}",
        safe: "base: {anyOf: [{type: object, title: a}]}\nrevision: {anyOf: [{type: object, title: a}, {type: object, title: b}]}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let list = &pair.data.lists[1];
    let added = pair.pick("request-body-any-of-added", "request-property-any-of-added");
    let removed = pair.pick(
        "request-body-any-of-removed",
        "request-property-any-of-removed",
    );
    shared::list(
        pair,
        report,
        "anyOf",
        &list.added,
        &list.removed,
        (added, removed),
    );
}
