//! Whether a request body must be there.

use crate::diff::fact::NamedFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "RequestBodyRequiredUpdatedCheck",
    texts: TEXTS,
    run: Run::RequestBody(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-body-became-required"],
        purpose: "A request must have the body that it could leave out.",
        why: "Requests without a body are refused.",
        safely: "Keep the body optional.",
        breaking: "base: {requestBody: {content: {}}}\nrevision: {requestBody: {required: true, content: {}}}",
        safe: "base: {requestBody: {required: true, content: {}}}\nrevision: {requestBody: {content: {}}}",
    },
    Text {
        ids: &["request-body-became-optional"],
        purpose: "A request may leave out the body that it had to have.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {requestBody: {required: true, content: {}}}\nrevision: {requestBody: {content: {}}}",
        safe: "base: {requestBody: {content: {}}}\nrevision: {requestBody: {required: true, content: {}}}",
    },
];

fn check<'t>(fact: &NamedFact<'_, 't>, report: &mut Report<'t>) {
    let Some((old, new)) = fact.both() else {
        return;
    };
    let (was, is) = (shared::is_required(old.node), shared::is_required(new.node));
    if was == is {
        return;
    }
    let (id, word) = match is {
        true => ("request-body-became-required", "required"),
        false => ("request-body-became-optional", "optional"),
    };
    let message = format!("the request body became {word}");
    let found = Found::new(id, message);
    fact.report(
        report,
        found
            .base(old.node.get("required").unwrap_or(old.key))
            .revision(new.node.get("required").unwrap_or(new.key)),
    );
}
