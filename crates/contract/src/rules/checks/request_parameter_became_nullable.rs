//! Parameters that may newly, or no longer, be null.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, place};

pub(super) const CHECK: Check = Check {
    name: "RequestParameterBecameNullableCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-parameter-became-nullable",
            "request-parameter-property-became-nullable",
        ],
        purpose: "A parameter, or a value inside it, may be null.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string}\nrevision: {type: string, nullable: true}",
        safe: "base: {type: string, nullable: true}\nrevision: {type: string}",
    },
    Text {
        ids: &[
            "request-parameter-became-not-nullable",
            "request-parameter-property-became-not-nullable",
        ],
        purpose: "A parameter, or a value inside it, may no longer be null.",
        why: "Requests with `null` are refused.",
        safely: "Keep taking `null`.",
        breaking: "base: {type: string, nullable: true}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string, nullable: true}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !place::is_parameter(pair) {
        return;
    }
    let nullable = pair.pick(
        "request-parameter-became-nullable",
        "request-parameter-property-became-nullable",
    );
    let not_nullable = pair.pick(
        "request-parameter-became-not-nullable",
        "request-parameter-property-became-not-nullable",
    );
    shared::nullability(pair, report, nullable, not_nullable);
}
