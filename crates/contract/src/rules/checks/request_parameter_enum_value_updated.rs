//! Enum values that parameters gained or lost.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, place};

pub(super) const CHECK: Check = Check {
    name: "RequestParameterEnumValueUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-parameter-enum-value-removed",
            "request-parameter-property-enum-value-removed",
        ],
        purpose: "A parameter, or a value inside it, no longer takes one of its values.",
        why: "Requests with that value are refused.",
        safely: "Keep taking the value, and translate it on the server.",
        breaking: "base: {type: string, enum: [a, b]}\nrevision: {type: string, enum: [a]}",
        safe: "base: {type: string, enum: [a]}\nrevision: {type: string, enum: [a, b]}",
    },
    Text {
        ids: &[
            "request-parameter-enum-value-added",
            "request-parameter-property-enum-value-added",
        ],
        purpose: "A parameter, or a value inside it, takes one more value.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, enum: [a]}\nrevision: {type: string, enum: [a, b]}",
        safe: "base: {type: string, enum: [a, b]}\nrevision: {type: string, enum: [a]}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !place::is_parameter(pair) {
        return;
    }
    let added = pair.pick(
        "request-parameter-enum-value-added",
        "request-parameter-property-enum-value-added",
    );
    let removed = pair.pick(
        "request-parameter-enum-value-removed",
        "request-parameter-property-enum-value-removed",
    );
    shared::enum_values(pair, report, added, removed);
}
