//! Headers that responses may newly leave out.

use crate::diff::fact::NamedFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::model::body::Named;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "ResponseHeaderBecameOptionalCheck",
    texts: TEXTS,
    run: Run::Header(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["response-header-became-optional"],
    purpose: "A response may leave out a header that it always had.",
    why: "Clients that rely on the header fail without it.",
    safely: "Keep sending it.",
    breaking: "base: {responses: {200: {headers: {X-A: {required: true}}}}}\nrevision: {responses: {200: {headers: {X-A: {}}}}}",
    safe: "base: {responses: {200: {headers: {X-A: {}}}}}\nrevision: {responses: {200: {headers: {X-A: {required: true}}}}}",
}];

fn check<'t>(fact: &NamedFact<'_, 't>, report: &mut Report<'t>) {
    let Some((old, new)) = fact.both() else {
        return;
    };
    if !shared::is_required(old.node) || shared::is_required(new.node) {
        return;
    }
    let message = format!(
        "header `{}` of response `{}` became optional",
        new.name, fact.status
    );
    let written = |header: &Named<'t>| header.node.get("required").unwrap_or(header.key);
    let found = Found::new("response-header-became-optional", message)
        .base(written(old))
        .revision(written(new));
    fact.report(report, found);
}
