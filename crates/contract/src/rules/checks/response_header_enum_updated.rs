//! Response headers that got or lost a list of values.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::everywhere::Everywhere;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "ResponseHeaderEnumUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-header-enum-added"],
        purpose: "A response header got a list of values.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string}\nrevision: {type: string, enum: [a]}",
        safe: "base: {type: string, enum: [a]}\nrevision: {type: string, enum: [a, b]}",
    },
    Text {
        ids: &["response-header-enum-removed"],
        purpose: "A response header lost its list of values.",
        why: "A client that knows the listed values only meets others.",
        safely: "Keep the list, and add to it.",
        breaking: "base: {type: string, enum: [a]}\nrevision: {type: string}",
        safe: "base: {type: string, enum: [a, b]}\nrevision: {type: string, enum: [a]}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let ids = KeywordIds {
        added: ADDED.ids(pair.place),
        removed: REMOVED.ids(pair.place),
        ..KeywordIds::NONE
    };
    keywords::value(pair, report, (Keyword::Enum, "enum"), &ids);
}

const ADDED: Everywhere = Everywhere {
    header: "response-header-enum-added",
    ..Everywhere::NONE
};
const REMOVED: Everywhere = Everywhere {
    header: "response-header-enum-removed",
    ..Everywhere::NONE
};
