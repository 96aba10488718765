//! Known properties of responses that became required.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::response_properties::{self, Presence, SentIds};

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyBecameRequiredCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-property-became-required"],
        purpose: "A property of a response became required.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, properties: {a: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}}}",
        safe: "base: {type: object, required: [a], properties: {a: {type: string}}}\nrevision: {type: object, properties: {a: {type: string}}}",
    },
    Text {
        ids: &["response-write-only-property-became-required"],
        purpose: "A write-only property of a response schema became required.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, properties: {a: {type: string, writeOnly: true}}}\nrevision: {type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}",
        safe: "base: {type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}\nrevision: {type: object, properties: {a: {type: string, writeOnly: true}}}",
    },
];

const IDS: SentIds = SentIds {
    sent: "response-property-became-required",
    write_only: "response-write-only-property-became-required",
};

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    response_properties::became(pair, report, Presence::Required, IDS);
}
