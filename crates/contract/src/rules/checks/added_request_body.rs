//! Request bodies where there was none.

use crate::diff::fact::NamedFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "AddedRequestBodyCheck",
    texts: TEXTS,
    run: Run::RequestBody(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-body-added-required"],
        purpose: "A request needs a body where it had none.",
        why: "Every request of today lacks it and is refused.",
        safely: "Make the body optional.",
        breaking: "base: {}\nrevision: {requestBody: {required: true, content: {}}}",
        safe: "base: {}\nrevision: {requestBody: {content: {}}}",
    },
    Text {
        ids: &["request-body-added-optional"],
        purpose: "A request may have a body where it had none.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {}\nrevision: {requestBody: {content: {}}}",
        safe: "base: {requestBody: {content: {}}}\nrevision: {requestBody: {content: {}}}",
    },
];

fn check<'t>(fact: &NamedFact<'_, 't>, report: &mut Report<'t>) {
    let Some(new) = fact.added() else { return };
    let (id, word) = match shared::is_required(new.node) {
        true => ("request-body-added-required", "required"),
        false => ("request-body-added-optional", "optional"),
    };
    let message = format!("a request body was added and is {word}");
    fact.report(report, Found::new(id, message).revision(new.key));
}
