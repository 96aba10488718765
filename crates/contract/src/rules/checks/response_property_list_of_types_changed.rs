//! Lists of plain types that values in responses may be of.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyListOfTypesChangedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "response-body-list-of-types-widened",
            "response-property-list-of-types-widened",
        ],
        purpose: "A value in a response may be of more plain types.",
        why: "Clients meet a value of a type that they do not know.",
        safely: "Send the new type in a new property.",
        breaking: "base: {type: string}\nrevision: {oneOf: [{type: string}, {type: integer}]}",
        safe: "base: {oneOf: [{type: string}, {type: integer}]}\nrevision: {type: string}",
    },
    Text {
        ids: &[
            "response-body-list-of-types-narrowed",
            "response-property-list-of-types-narrowed",
        ],
        purpose: "A value in a response may be of fewer plain types.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {oneOf: [{type: string}, {type: integer}]}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {oneOf: [{type: string}, {type: integer}]}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    let widened = pair.pick(
        "response-body-list-of-types-widened",
        "response-property-list-of-types-widened",
    );
    let narrowed = pair.pick(
        "response-body-list-of-types-narrowed",
        "response-property-list-of-types-narrowed",
    );
    shared::list_of_types(pair, report, widened, narrowed, shared::First::Widened);
}
