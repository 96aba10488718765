//! Alternatives of `oneOf` that came or went in responses.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyOneOfUpdated",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "response-body-one-of-added",
            "response-property-one-of-added",
        ],
        purpose: "A value in a response may take one more shape.",
        why: "Clients meet a shape that they have no code for.",
        safely: "Send the new shape only to consumers who ask for it, with a parameter or a new version.",
        breaking: "base: {oneOf: [{type: object, title: a}]}\nrevision: {oneOf: [{type: object, title: a}, {type: object, title: b}]}",
        safe: "base: {oneOf: [{type: object, title: a}, {type: object, title: b}]}\nrevision: {oneOf: [{type: object, title: a}]}",
    },
    Text {
        ids: &[
            "response-body-one-of-removed",
            "response-property-one-of-removed",
        ],
        purpose: "A value in a response may no longer take one of its shapes.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {oneOf: [{type: object, title: a}, {type: object, title: b}]}\nrevision: {oneOf: [{type: object, title: a}]}",
        safe: "base: {oneOf: [{type: object, title: a}]}\nrevision: {oneOf: [{type: object, title: a}, {type: object, title: b}]}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    let list = &pair.data.lists[0];
    let added = pair.pick(
        "response-body-one-of-added",
        "response-property-one-of-added",
    );
    let removed = pair.pick(
        "response-body-one-of-removed",
        "response-property-one-of-removed",
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
