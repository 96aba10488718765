//! Parameters other than of the path that an operation newly takes.

use crate::diff::fact::ParameterFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::model::parameter::Holder;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;

pub(super) const CHECK: Check = Check {
    name: "NewRequestNonPathParameterCheck",
    texts: TEXTS,
    run: Run::Parameter(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["new-required-request-parameter"],
        purpose: "An operation must be given a new parameter.",
        why: "Requests without it are refused.",
        safely: "Make it optional, with a default on the server.",
        breaking: "base: {responses: {}}\nrevision: {responses: {}, parameters: [{in: query, name: q, required: true}]}",
        safe: "base: {responses: {}}\nrevision: {responses: {}, parameters: [{in: query, name: q}]}",
    },
    Text {
        ids: &["new-optional-request-parameter"],
        purpose: "An operation may be given a new parameter.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {responses: {}}\nrevision: {responses: {}, parameters: [{in: query, name: q}]}",
        safe: "base: {responses: {}, parameters: [{in: query, name: q}]}\nrevision: {responses: {}}",
    },
];

fn check<'t>(fact: &ParameterFact<'_, 't>, report: &mut Report<'t>) {
    let Some(new) = fact.added() else { return };
    if new.location == "path" || new.holder != Holder::Operation {
        return;
    }
    let (id, word) = match new.is_required() {
        true => ("new-required-request-parameter", "required"),
        false => ("new-optional-request-parameter", "optional"),
    };
    let message = format!("{word} {} parameter `{}` was added", new.location, new.name);
    fact.report(report, Found::new(id, message).revision(new.node));
}
