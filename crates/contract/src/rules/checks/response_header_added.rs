//! Headers that responses newly have.

use crate::diff::fact::NamedFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;

pub(super) const CHECK: Check = Check {
    name: "ResponseHeaderAddedCheck",
    texts: TEXTS,
    run: Run::Header(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["response-header-added"],
    purpose: "A response has a new header.",
    why: "It breaks nobody: everything that was valid before still is.",
    safely: "Nothing needs to be done.",
    breaking: "base: {responses: {200: {headers: {}}}}\nrevision: {responses: {200: {headers: {X-A: {}}}}}",
    safe: "base: {responses: {200: {headers: {X-A: {}}}}}\nrevision: {responses: {200: {headers: {x-a: {}}}}}",
}];

fn check<'t>(fact: &NamedFact<'_, 't>, report: &mut Report<'t>) {
    let Some(new) = fact.added() else { return };
    let message = format!(
        "header `{}` of response `{}` was added",
        new.name, fact.status
    );
    fact.report(
        report,
        Found::new("response-header-added", message).revision(new.key),
    );
}
