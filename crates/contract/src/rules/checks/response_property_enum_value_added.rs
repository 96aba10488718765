//! Enum values that properties of responses gained.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyEnumValueAddedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-property-enum-value-added"],
        purpose: "A property of a response may have a value that clients do not know.",
        why: "A client that handles every known value has no case for the new one; whether it copes the document cannot tell.",
        safely: "Say from the start that more values may come, with `x-extensible-enum`; else tell consumers before the value is sent.",
        breaking: "base: {type: string, enum: [a]}\nrevision: {type: string, enum: [a, b]}",
        safe: "base: {type: string, enum: [a, b]}\nrevision: {type: string, enum: [a]}",
    },
    Text {
        ids: &["response-write-only-property-enum-value-added"],
        purpose: "A write-only property gained a value in a response schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, writeOnly: true, enum: [a]}\nrevision: {type: string, writeOnly: true, enum: [a, b]}",
        safe: "base: {type: string, enum: [a]}\nrevision: {type: string, enum: [a, b]}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    if pair.is_root() {
        return;
    }
    let added = match pair.revision().flag(Keyword::WriteOnly) {
        true => "response-write-only-property-enum-value-added",
        false => "response-property-enum-value-added",
    };
    shared::enum_values(pair, report, added, "");
}
