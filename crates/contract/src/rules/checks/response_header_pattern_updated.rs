//! Patterns of response headers.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::everywhere::Everywhere;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "ResponseHeaderPatternUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-header-pattern-added"],
        purpose: "A response header got a pattern.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string}\nrevision: {type: string, pattern: '^a'}",
        safe: "base: {type: string, pattern: '^a'}\nrevision: {type: string, pattern: '^a'}",
    },
    Text {
        ids: &["response-header-pattern-removed"],
        purpose: "A response header lost its pattern.",
        why: "A client that relied on it meets values it does not expect.",
        safely: "Keep what was promised until every consumer is ready for the new values.",
        breaking: "base: {type: string, pattern: '^a'}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string}",
    },
    Text {
        ids: &["response-header-pattern-changed"],
        purpose: "The pattern of a response header changed.",
        why: "A client that takes the value apart by the old pattern may fail; whether it does, the document cannot tell.",
        safely: "Let the old pattern match all that the new one does.",
        breaking: "base: {type: string, pattern: '^a'}\nrevision: {type: string, pattern: '^b'}",
        safe: "base: {type: string, pattern: '^a'}\nrevision: {type: string, pattern: '^a'}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let ids = KeywordIds {
        added: ADDED.ids(pair.place),
        removed: REMOVED.ids(pair.place),
        changed: CHANGED.ids(pair.place),
    };
    keywords::value(pair, report, (Keyword::Pattern, "pattern"), &ids);
}

const ADDED: Everywhere = Everywhere {
    header: "response-header-pattern-added",
    ..Everywhere::NONE
};
const REMOVED: Everywhere = Everywhere {
    header: "response-header-pattern-removed",
    ..Everywhere::NONE
};
const CHANGED: Everywhere = Everywhere {
    header: "response-header-pattern-changed",
    ..Everywhere::NONE
};
