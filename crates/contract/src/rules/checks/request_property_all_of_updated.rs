//! Members of `allOf` that came or went in requests.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, AllOfIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyAllOfUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-body-all-of-added", "request-property-all-of-added"],
        purpose: "A value in a request must fit one more schema.",
        why: "Requests must fit one more schema, and some do not.",
        safely: "Add what is new as optional properties of a schema that is there.",
        breaking: "base: {allOf: [{type: object, title: a}]}\nrevision: {allOf: [{type: object, title: a}, {type: object, title: b}]}",
        safe: "base: {allOf: [{type: object, title: a}]}\nrevision: {allOf: [{type: object, title: a}, {title: n}]}",
    },
    Text {
        ids: &[
            "request-body-all-of-removed",
            "request-property-all-of-removed",
        ],
        purpose: "A value in a request must fit one schema less.",
        why: "Requests that relied on the schema may mean something else; whether they are still taken the document cannot tell.",
        safely: "Keep the schema until nobody sends what it describes.",
        breaking: "base: {allOf: [{type: object, title: a}, {type: object, title: b}]}\nrevision: {allOf: [{type: object, title: a}]}",
        safe: "base: {allOf: [{type: object, title: a}, {title: n}]}\nrevision: {allOf: [{type: object, title: a}]}",
    },
    Text {
        ids: &[
            "request-body-all-of-added-annotation-only",
            "request-property-all-of-added-annotation-only",
        ],
        purpose: "A schema in a request got a member of `allOf` that constrains nothing.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {allOf: [{type: object, title: a}]}\nrevision: {allOf: [{type: object, title: a}, {title: n}]}",
        safe: "base: {allOf: [{type: object, title: a}]}\nrevision: {allOf: [{type: object, title: a}, {type: object, title: b}]}",
    },
    Text {
        ids: &[
            "request-body-all-of-removed-annotation-only",
            "request-property-all-of-removed-annotation-only",
        ],
        purpose: "A schema in a request lost a member of `allOf` that constrained nothing.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {allOf: [{type: object, title: a}, {title: n}]}\nrevision: {allOf: [{type: object, title: a}]}",
        safe: "base: {allOf: [{type: object, title: a}, {type: object, title: b}]}\nrevision: {allOf: [{type: object, title: a}]}",
    },
];

const IDS: AllOfIds = AllOfIds {
    added: ("request-body-all-of-added", "request-property-all-of-added"),
    removed: (
        "request-body-all-of-removed",
        "request-property-all-of-removed",
    ),
    note_added: (
        "request-body-all-of-added-annotation-only",
        "request-property-all-of-added-annotation-only",
    ),
    note_removed: (
        "request-body-all-of-removed-annotation-only",
        "request-property-all-of-removed-annotation-only",
    ),
};

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if pair.is_request_body() {
        shared::all_of(pair, report, &IDS);
    }
}
