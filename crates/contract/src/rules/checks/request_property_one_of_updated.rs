//! Alternatives of `oneOf` that came or went in requests.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyOneOfUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-body-one-of-added", "request-property-one-of-added"],
        purpose: "A value in a request may take one more shape.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {oneOf: [{type: object, title: a}]}\nrevision: {oneOf: [{type: object, title: a}, {type: object, title: b}]}",
        safe: "base: {oneOf: [{type: object, title: a}, {type: object, title: b}]}\nrevision: {oneOf: [{type: object, title: a}]}",
    },
    Text {
        ids: &[
            "request-body-one-of-removed",
            "request-property-one-of-removed",
        ],
        purpose: "A value in a request may no longer take one of its shapes.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {oneOf: [{type: object, title: a}, {type: object, title: b}]}\nrevision: {oneOf: [{type: object, title: a}]}",
        safe: "base: {oneOf: [{type: object, title: a}]}\nrevision: {oneOf: [{type: object, title: a}, {type: object, title: b}]}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let list = &pair.data.lists[0];
    let added = pair.pick("request-body-one-of-added", "request-property-one-of-added");
    let removed = pair.pick(
        "request-body-one-of-removed",
        "request-property-one-of-removed",
    );
    shared::list(
        pair,
        report,
        "oneOf",
        &list.added,
        &list.removed,
        (added, removed),
    );
}
