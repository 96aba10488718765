//! Members of `allOf` that came or went in responses.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, AllOfIds};

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyAllOfUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "response-body-all-of-added",
            "response-property-all-of-added",
        ],
        purpose: "A value in a response must fit one more schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {allOf: [{type: object, title: a}]}\nrevision: {allOf: [{type: object, title: a}, {type: object, title: b}]}",
        safe: "base: {allOf: [{type: object, title: a}]}\nrevision: {allOf: [{type: object, title: a}, {title: n}]}",
    },
    Text {
        ids: &[
            "response-body-all-of-removed",
            "response-property-all-of-removed",
        ],
        purpose: "A value in a response must fit one schema less.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {allOf: [{type: object, title: a}, {type: object, title: b}]}\nrevision: {allOf: [{type: object, title: a}]}",
        safe: "base: {allOf: [{type: object, title: a}, {title: n}]}\nrevision: {allOf: [{type: object, title: a}]}",
    },
    Text {
        ids: &[
            "response-body-all-of-added-annotation-only",
            "response-property-all-of-added-annotation-only",
        ],
        purpose: "A schema in a response got a member of `allOf` that constrains nothing.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {allOf: [{type: object, title: a}]}\nrevision: {allOf: [{type: object, title: a}, {title: n}]}",
        safe: "base: {allOf: [{type: object, title: a}]}\nrevision: {allOf: [{type: object, title: a}, {type: object, title: b}]}",
    },
    Text {
        ids: &[
            "response-body-all-of-removed-annotation-only",
            "response-property-all-of-removed-annotation-only",
        ],
        purpose: "A schema in a response lost a member of `allOf` that constrained nothing.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {allOf: [{type: object, title: a}, {title: n}]}\nrevision: {allOf: [{type: object, title: a}]}",
        safe: "base: {allOf: [{type: object, title: a}, {type: object, title: b}]}\nrevision: {allOf: [{type: object, title: a}]}",
    },
];

const IDS: AllOfIds = AllOfIds {
    added: (
        "response-body-all-of-added",
        "response-property-all-of-added",
    ),
    removed: (
        "response-body-all-of-removed",
        "response-property-all-of-removed",
    ),
    note_added: (
        "response-body-all-of-added-annotation-only",
        "response-property-all-of-added-annotation-only",
    ),
    note_removed: (
        "response-body-all-of-removed-annotation-only",
        "response-property-all-of-removed-annotation-only",
    ),
};

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if pair.is_response() {
        shared::all_of(pair, report, &IDS);
    }
}
