//! Enum values that request bodies lost.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "RequestBodyEnumValueRemovedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["request-body-enum-value-removed"],
    purpose: "A request body no longer takes one of its values.",
    why: "Requests with that value are refused.",
    safely: "Keep taking the value.",
    breaking: "base: {type: string, enum: [a, b]}\nrevision: {type: string, enum: [a]}",
    safe: "base: {type: string, enum: [a]}\nrevision: {type: string, enum: [a, b]}",
}];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    if pair.is_root() {
        shared::enum_values(pair, report, "", "request-body-enum-value-removed");
    }
}
