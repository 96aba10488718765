//! Enum values that properties of requests gained or lost.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyEnumValueUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-property-enum-value-removed"],
        purpose: "A property of a request no longer takes one of its values.",
        why: "Requests with that value are refused.",
        safely: "Keep taking the value, and translate it on the server.",
        breaking: "base: {type: string, enum: [a, b]}\nrevision: {type: string, enum: [a]}",
        safe: "base: {type: string, enum: [a]}\nrevision: {type: string, enum: [a, b]}",
    },
    Text {
        ids: &["request-property-enum-value-added"],
        purpose: "A property of a request takes one more value.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, enum: [a]}\nrevision: {type: string, enum: [a, b]}",
        safe: "base: {type: string, enum: [a, b]}\nrevision: {type: string, enum: [a]}",
    },
    Text {
        ids: &["request-read-only-property-enum-value-removed"],
        purpose: "A read-only property lost a value in a request schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, readOnly: true, enum: [a, b]}\nrevision: {type: string, readOnly: true, enum: [a]}",
        safe: "base: {type: string, enum: [a, b]}\nrevision: {type: string, enum: [a]}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    if pair.is_root() {
        return;
    }
    let removed = match pair.revision().flag(Keyword::ReadOnly) {
        true => "request-read-only-property-enum-value-removed",
        false => "request-property-enum-value-removed",
    };
    shared::enum_values(pair, report, "request-property-enum-value-added", removed);
}
