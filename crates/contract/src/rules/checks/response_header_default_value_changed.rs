//! What a response header means when it does not come.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::everywhere::Everywhere;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "ResponseHeaderDefaultValueChangedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-header-default-value-added"],
        purpose: "A response header got a default.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string}\nrevision: {type: string, default: a}",
        safe: "base: {type: string, default: a}\nrevision: {type: string, default: a}",
    },
    Text {
        ids: &["response-header-default-value-removed"],
        purpose: "A response header lost its default.",
        why: "A client takes the default for a header that does not come; it now takes another, or none.",
        safely: "Send the header always, then change the default.",
        breaking: "base: {type: string, default: a}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string}",
    },
    Text {
        ids: &["response-header-default-value-changed"],
        purpose: "The default of a response header became another.",
        why: "A client takes the default for a header that does not come; it now takes another, or none.",
        safely: "Send the header always, then change the default.",
        breaking: "base: {type: string, default: a}\nrevision: {type: string, default: b}",
        safe: "base: {type: string, default: a}\nrevision: {type: string, default: a}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let ids = KeywordIds {
        added: ADDED.ids(pair.place),
        removed: REMOVED.ids(pair.place),
        changed: CHANGED.ids(pair.place),
    };
    keywords::value(pair, report, (Keyword::Default, "default"), &ids);
}

const ADDED: Everywhere = Everywhere {
    header: "response-header-default-value-added",
    ..Everywhere::NONE
};
const REMOVED: Everywhere = Everywhere {
    header: "response-header-default-value-removed",
    ..Everywhere::NONE
};
const CHANGED: Everywhere = Everywhere {
    header: "response-header-default-value-changed",
    ..Everywhere::NONE
};
