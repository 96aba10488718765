//! Lists of plain types that values in requests may be of.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyListOfTypesChangedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-list-of-types-widened",
            "request-property-list-of-types-widened",
        ],
        purpose: "A value in a request may be of more plain types.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string}\nrevision: {oneOf: [{type: string}, {type: integer}]}",
        safe: "base: {oneOf: [{type: string}, {type: integer}]}\nrevision: {type: string}",
    },
    Text {
        ids: &[
            "request-body-list-of-types-narrowed",
            "request-property-list-of-types-narrowed",
        ],
        purpose: "A value in a request may be of fewer plain types.",
        why: "Requests with a value of that type are refused.",
        safely: "Keep taking all types.",
        breaking: "base: {oneOf: [{type: string}, {type: integer}]}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {oneOf: [{type: string}, {type: integer}]}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let widened = pair.pick(
        "request-body-list-of-types-widened",
        "request-property-list-of-types-widened",
    );
    let narrowed = pair.pick(
        "request-body-list-of-types-narrowed",
        "request-property-list-of-types-narrowed",
    );
    shared::list_of_types(pair, report, widened, narrowed, shared::First::Narrowed);
}
