//! Values of response headers that came or went.

use crate::diff::report::Report;
use crate::diff::schema_pair::{Place, SchemaPair};
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "ResponseHeaderEnumValueUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-header-enum-value-added"],
        purpose: "A response header may have one more value.",
        why: "A client that knows the listed values only meets another; most have a way for what they do not know, the document cannot tell.",
        safely: "Ask consumers to expect values that they do not know.",
        breaking: "base: {type: string, enum: [a]}\nrevision: {type: string, enum: [a, b]}",
        safe: "base: {type: string, enum: [a, b]}\nrevision: {type: string, enum: [a]}",
    },
    Text {
        ids: &["response-header-enum-value-removed"],
        purpose: "A response header has one value less.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, enum: [a, b]}\nrevision: {type: string, enum: [a]}",
        safe: "base: {type: string, enum: [a]}\nrevision: {type: string, enum: [a, b]}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !matches!(pair.place, Place::Header { .. }) {
        return;
    }
    // From no list to a list everything but the list went; from a list to none, everything came.
    let (old, new) = (
        pair.base().get(Keyword::Enum),
        pair.revision().get(Keyword::Enum),
    );
    if old.is_some() && new.is_some() {
        let (added, removed) = (
            "response-header-enum-value-added",
            "response-header-enum-value-removed",
        );
        shared::enum_values(pair, report, added, removed);
    }
}
