//! Patterns of texts in requests.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::pattern::{self, PatternIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyPatternUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-property-pattern-added"],
        purpose: "A text in a request got a pattern.",
        why: "Texts that the pattern does not match are refused.",
        safely: "State a pattern that the server has always enforced.",
        breaking: "base: {type: string}\nrevision: {type: string, pattern: '^a'}",
        safe: "base: {type: string, pattern: '^a'}\nrevision: {type: string}",
    },
    Text {
        ids: &["request-property-pattern-removed"],
        purpose: "A text in a request lost its pattern.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, pattern: '^a'}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string, pattern: '^a'}",
    },
    Text {
        ids: &["request-property-pattern-changed"],
        purpose: "The pattern of a text in a request changed.",
        why: "Texts of before may not match; whether any did the document cannot tell.",
        safely: "Let the new pattern match all that the old one did.",
        breaking: "base: {type: string, pattern: '^a'}\nrevision: {type: string, pattern: '^b'}",
        safe: "base: {type: string, pattern: '^a'}\nrevision: {type: string, pattern: '^a'}",
    },
    Text {
        ids: &["request-property-pattern-generalized"],
        purpose: "The pattern of a text in a request became one that all texts match.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, pattern: '^a'}\nrevision: {type: string, pattern: '.*'}",
        safe: "base: {type: string, pattern: '^a'}\nrevision: {type: string, pattern: '^b'}",
    },
];

const IDS: PatternIds = PatternIds {
    added: "request-property-pattern-added",
    removed: "request-property-pattern-removed",
    changed: "request-property-pattern-changed",
    generalized: "request-property-pattern-generalized",
};

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if pair.is_request_body() {
        pattern::of_property(pair, report, &IDS);
    }
}
