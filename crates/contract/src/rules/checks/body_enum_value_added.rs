//! Enum values that bodies gained; what their properties gain is told elsewhere.

use crate::diff::report::Report;
use crate::diff::schema_pair::{Place, SchemaPair};
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "BodyEnumValueAddedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-body-enum-value-added"],
        purpose: "The body of a request may have one more value.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, enum: [a]}\nrevision: {type: string, enum: [a, b]}",
        safe: "base: {type: string}\nrevision: {type: string, enum: [a, b]}",
    },
    Text {
        ids: &["response-mediatype-enum-value-added"],
        purpose: "The body of a response may have one more value.",
        why: "A client that knows the listed values only meets another; most have a way for what they do not know, the document cannot tell.",
        safely: "Ask consumers to expect values that they do not know before one is sent.",
        breaking: "base: {type: string, enum: [a]}\nrevision: {type: string, enum: [a, b]}",
        safe: "base: {type: string}\nrevision: {type: string, enum: [a, b]}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let id = match pair.place {
        Place::RequestBody { .. } => "request-body-enum-value-added",
        Place::Response { .. } => "response-mediatype-enum-value-added",
        Place::Parameter { .. } | Place::Header { .. } => return,
    };
    // A list that is new narrows: nothing was added.
    let has_list = pair.base().get(Keyword::Enum).is_some();
    if pair.is_root() && has_list {
        shared::enum_values(pair, report, id, "");
    }
}
