//! Alternatives of `anyOf` that came or went in responses.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyAnyOfUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "response-body-any-of-added",
            "response-property-any-of-added",
        ],
        purpose: "A value in a response may take one more shape.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {anyOf: [{type: object, title: a}]}\nrevision: {anyOf: [{type: object, title: a}, {type: object, title: b}]}",
        safe: "base: {anyOf: [{type: object, title: a}, {type: object, title: b}]}\nrevision: {anyOf: [{type: object, title: a}]}",
    },
    Text {
        ids: &[
            "response-body-any-of-removed",
            "response-property-any-of-removed",
        ],
        purpose: "A value in a response may no longer take one of its shapes.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {anyOf: [{type: object, title: a}, {type: object, title: b}]}\nrevision: {anyOf: [{type: object, title: a}]}",
        safe: "base: {anyOf: [{type: object, title: a}]}\nrevision: {anyOf: [{type: object, title: a}, {type: object, title: b}]}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    let list = &pair.data.lists[1];
    let added = pair.pick(
        "response-body-any-of-added",
        "response-property-any-of-added",
    );
    let removed = pair.pick(
        "response-body-any-of-removed",
        "response-property-any-of-removed",
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
