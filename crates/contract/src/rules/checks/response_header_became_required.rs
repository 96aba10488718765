//! Headers that responses always have from now on.

use crate::diff::fact::NamedFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "ResponseHeaderBecameRequiredCheck",
    texts: TEXTS,
    run: Run::Header(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["response-header-became-required"],
    purpose: "A response always has a header that it might leave out before.",
    why: "It breaks nobody: everything that was valid before still is.",
    safely: "Nothing needs to be done.",
    breaking: "base: {responses: {200: {headers: {X-A: {}}}}}\nrevision: {responses: {200: {headers: {X-A: {required: true}}}}}",
    safe: "base: {responses: {200: {headers: {X-A: {required: true}}}}}\nrevision: {responses: {200: {headers: {X-A: {}}}}}",
}];

fn check<'t>(fact: &NamedFact<'_, 't>, report: &mut Report<'t>) {
    let Some((old, new)) = fact.both() else {
        return;
    };
    if shared::is_required(old.node) || !shared::is_required(new.node) {
        return;
    }
    let message = format!(
        "header `{}` of response `{}` became required",
        new.name, fact.status
    );
    let found = Found::new("response-header-became-required", message)
        .base(old.key)
        .revision(new.node.get("required"));
    fact.report(report, found);
}
