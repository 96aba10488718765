//! Enum values that properties of responses lost.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "ResponseParameterEnumValueRemovedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["response-property-enum-value-removed"],
    purpose: "A property of a response no longer has one of its values.",
    why: "It breaks nobody: everything that was valid before still is.",
    safely: "Nothing needs to be done.",
    breaking: "base: {type: string, enum: [a, b]}\nrevision: {type: string, enum: [a]}",
    safe: "base: {type: string, enum: [a]}\nrevision: {type: string, enum: [a, b]}",
}];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    if !pair.is_root() {
        shared::enum_values(pair, report, "", "response-property-enum-value-removed");
    }
}
