//! Values of responses that may newly, or no longer, be null.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyBecameNullableCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "response-body-became-nullable",
            "response-property-became-nullable",
        ],
        purpose: "A value in a response may be null.",
        why: "Clients that do not expect `null` fail on it.",
        safely: "Leave the property out instead of sending `null`, or offer it in a new version.",
        breaking: "base: {type: string}\nrevision: {type: string, nullable: true}",
        safe: "base: {type: string, nullable: true}\nrevision: {type: string}",
    },
    Text {
        ids: &[
            "response-body-became-not-nullable",
            "response-property-became-not-nullable",
        ],
        purpose: "A value in a response may no longer be null.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, nullable: true}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string, nullable: true}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    let nullable = pair.pick(
        "response-body-became-nullable",
        "response-property-became-nullable",
    );
    let not_nullable = pair.pick(
        "response-body-became-not-nullable",
        "response-property-became-not-nullable",
    );
    shared::nullability(pair, report, nullable, not_nullable);
}
