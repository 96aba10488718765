//! Response headers that may newly, or no longer, be null.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, place};

pub(super) const CHECK: Check = Check {
    name: "ResponseHeaderBecameNullableCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-header-became-nullable"],
        purpose: "A response header may be null.",
        why: "Clients that read a value may meet none.",
        safely: "Leave the header out instead, if it is optional; or keep sending a value.",
        breaking: "base: {type: string}\nrevision: {type: string, nullable: true}",
        safe: "base: {type: string, nullable: true}\nrevision: {type: string}",
    },
    Text {
        ids: &["response-header-became-not-nullable"],
        purpose: "A response header is never null any more.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, nullable: true}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string, nullable: true}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !place::is_response_header_root(pair) {
        return;
    }
    shared::nullability(
        pair,
        report,
        "response-header-became-nullable",
        "response-header-became-not-nullable",
    );
}
