//! Request bodies that are gone.

use crate::diff::fact::NamedFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;

pub(super) const CHECK: Check = Check {
    name: "RequestBodyRemovedCheck",
    texts: TEXTS,
    run: Run::RequestBody(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["request-body-removed"],
    purpose: "A request has no body any more.",
    why: "Clients that send one may be refused, and what they sent has no effect.",
    safely: "Keep taking the body, deprecate what it was for, and remove it when nobody sends it.",
    breaking: "base: {requestBody: {content: {}}}\nrevision: {}",
    safe: "base: {}\nrevision: {requestBody: {content: {}}}",
}];

fn check<'t>(fact: &NamedFact<'_, 't>, report: &mut Report<'t>) {
    let Some(old) = fact.removed() else { return };
    let message = "the request body was removed".to_owned();
    fact.report(
        report,
        Found::new("request-body-removed", message).base(old.key),
    );
}
