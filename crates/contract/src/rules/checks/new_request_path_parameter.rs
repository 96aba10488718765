//! Path parameters that were not declared before.

use crate::diff::fact::ParameterFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;

pub(super) const CHECK: Check = Check {
    name: "NewRequestPathParameterCheck",
    texts: TEXTS,
    run: Run::Parameter(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["new-request-path-parameter"],
    purpose: "An operation declares a new path parameter.",
    why: "Generated code wants a value that it was not asked for before.",
    safely: "Offer a new path, and keep the old one.",
    breaking: "base: {paths: {'/a/{b}': {get: {responses: {}}}}}\nrevision: {paths: {'/a/{b}': {get: {responses: {}, parameters: [{in: path, name: b, required: true}]}}}}",
    safe: "base: {paths: {'/a/{b}': {get: {responses: {}, parameters: [{in: path, name: b, required: true}]}}}}\nrevision: {paths: {'/a/{c}': {get: {responses: {}, parameters: [{in: path, name: c, required: true}]}}}}",
}];

fn check<'t>(fact: &ParameterFact<'_, 't>, report: &mut Report<'t>) {
    let Some(new) = fact.added().filter(|new| new.location == "path") else {
        return;
    };
    let message = format!("path parameter `{}` was added", new.name);
    let found = Found::new("new-request-path-parameter", message);
    fact.report(report, found.revision(new.node));
}
