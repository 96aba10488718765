//! Patterns of parameters.

use crate::diff::found::{Found, shown};
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{pattern, place};

pub(super) const CHECK: Check = Check {
    name: "RequestParameterPatternAddedOrChangedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-pattern-added"],
        purpose: "A parameter got a pattern.",
        why: "Values that the pattern does not match are refused.",
        safely: "State a pattern that the server has always enforced.",
        breaking: "base: {type: string}\nrevision: {type: string, pattern: '^a'}",
        safe: "base: {type: string, pattern: '^a'}\nrevision: {type: string}",
    },
    Text {
        ids: &["request-parameter-pattern-removed"],
        purpose: "A parameter lost its pattern.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, pattern: '^a'}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string, pattern: '^a'}",
    },
    Text {
        ids: &["request-parameter-pattern-changed"],
        purpose: "The pattern of a parameter changed.",
        why: "Values of before may not match; whether any did the document cannot tell.",
        safely: "Let the new pattern match all that the old one did.",
        breaking: "base: {type: string, pattern: '^a'}\nrevision: {type: string, pattern: '^b'}",
        safe: "base: {type: string, pattern: '^a'}\nrevision: {type: string, pattern: '.*'}",
    },
    Text {
        ids: &["request-parameter-pattern-generalized"],
        purpose: "The pattern of a parameter became one that all values match.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, pattern: '^a'}\nrevision: {type: string, pattern: '.*'}",
        safe: "base: {type: string, pattern: '^a'}\nrevision: {type: string, pattern: '^b'}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !place::is_parameter_root(pair) {
        return;
    }
    let Some((old, new)) = pattern::change(pair) else {
        return;
    };
    let (id, word) = match (old, new) {
        (None, _) => ("request-parameter-pattern-added", "was added"),
        (_, None) => ("request-parameter-pattern-removed", "was removed"),
        (Some(_), Some(new)) if new.scalar_text() == Some(".*") => {
            ("request-parameter-pattern-generalized", "changed")
        }
        _ => ("request-parameter-pattern-changed", "changed"),
    };
    let (from, to) = (shown(old), shown(new));
    let message = format!(
        "the pattern of {} {word}, from `{from}` to `{to}`",
        pair.subject()
    );
    let found = Found::new(id, message)
        .base(pair.base().get(Keyword::Pattern))
        .revision(pair.revision().get(Keyword::Pattern));
    pair.report(report, found.value(from).value(to));
}
