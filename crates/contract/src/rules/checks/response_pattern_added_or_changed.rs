//! Patterns of texts in responses.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::pattern::{self, PatternIds};

pub(super) const CHECK: Check = Check {
    name: "ResponsePatternAddedOrChangedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-property-pattern-added"],
        purpose: "A text in a response got a pattern.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string}\nrevision: {type: string, pattern: '^a'}",
        safe: "base: {type: string, pattern: '^a'}\nrevision: {type: string}",
    },
    Text {
        ids: &["response-property-pattern-removed"],
        purpose: "A text in a response lost its pattern.",
        why: "A value that the pattern did not match may come now; oasdiff holds this to be compatible, since few clients check what they receive.",
        safely: "Keep the pattern while it holds, or tell consumers what else the value may look like.",
        breaking: "base: {type: string, pattern: '^a'}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string, pattern: '^a'}",
    },
    Text {
        ids: &["response-property-pattern-changed"],
        purpose: "The pattern of a text in a response changed.",
        why: "A value that the old pattern did not match may come now; oasdiff holds this to be compatible, since few clients check what they receive.",
        safely: "Let the new pattern match no more than the old one.",
        breaking: "base: {type: string, pattern: '^a'}\nrevision: {type: string, pattern: '^b'}",
        safe: "base: {type: string, pattern: '^a'}\nrevision: {type: string, pattern: '^a'}",
    },
];

const IDS: PatternIds = PatternIds {
    added: "response-property-pattern-added",
    removed: "response-property-pattern-removed",
    changed: "response-property-pattern-changed",
    generalized: "",
};

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if pair.is_response() {
        pattern::of_property(pair, report, &IDS);
    }
}
