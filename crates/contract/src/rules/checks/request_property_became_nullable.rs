//! Values of requests that may newly, or no longer, be null.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyBecameNotNullableCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-became-nullable",
            "request-property-became-nullable",
        ],
        purpose: "A value in a request may be null.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string}\nrevision: {type: string, nullable: true}",
        safe: "base: {type: string, nullable: true}\nrevision: {type: string}",
    },
    Text {
        ids: &[
            "request-body-became-not-nullable",
            "request-property-became-not-nullable",
        ],
        purpose: "A value in a request may no longer be null.",
        why: "Requests with `null` are refused.",
        safely: "Keep taking `null`.",
        breaking: "base: {type: string, nullable: true}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string, nullable: true}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let nullable = pair.pick(
        "request-body-became-nullable",
        "request-property-became-nullable",
    );
    let not_nullable = pair.pick(
        "request-body-became-not-nullable",
        "request-property-became-not-nullable",
    );
    shared::nullability(pair, report, nullable, not_nullable);
}
