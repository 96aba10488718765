//! Patterns of texts in responses.

use crate::diff::found::{Found, shown};
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::pattern;

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

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    let Some((old, new)) = pattern::change(pair).filter(|_| !pair.is_root()) else {
        return;
    };
    let (id, word) = match (old, new) {
        (None, _) => ("response-property-pattern-added", "was added"),
        (_, None) => ("response-property-pattern-removed", "was removed"),
        _ => ("response-property-pattern-changed", "changed"),
    };
    let (from, to) = (shown(old), shown(new));
    let message = format!(
        "the pattern of {} {word}, from `{from}` to `{to}`",
        pair.subject()
    );
    pair.report(
        report,
        Found::new(id, message)
            .base(pair.base().get(Keyword::Pattern))
            .revision(pair.revision().get(Keyword::Pattern))
            .value(from)
            .value(to),
    );
}
