//! Parameters that became required or optional.

use crate::diff::fact::ParameterFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;

pub(super) const CHECK: Check = Check {
    name: "RequestParameterRequiredValueUpdatedCheck",
    texts: TEXTS,
    run: Run::Parameter(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-became-required"],
        purpose: "A request must carry a parameter that it could leave out.",
        why: "Requests without it are refused.",
        safely: "Keep it optional, with a default on the server.",
        breaking: "base: {parameters: [{in: query, name: q}]}\nrevision: {parameters: [{in: query, name: q, required: true}]}",
        safe: "base: {parameters: [{in: query, name: q, required: true}]}\nrevision: {parameters: [{in: query, name: q}]}",
    },
    Text {
        ids: &["request-parameter-became-optional"],
        purpose: "A request may leave out a parameter that it had to carry.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {parameters: [{in: query, name: q, required: true}]}\nrevision: {parameters: [{in: query, name: q}]}",
        safe: "base: {parameters: [{in: query, name: q}]}\nrevision: {parameters: [{in: query, name: q, required: true}]}",
    },
];

fn check<'t>(fact: &ParameterFact<'_, 't>, report: &mut Report<'t>) {
    let Some((old, new)) = fact.both() else {
        return;
    };
    let (id, word) = match (old.is_required(), new.is_required()) {
        (false, true) => ("request-parameter-became-required", "required"),
        (true, false) => ("request-parameter-became-optional", "optional"),
        _ => return,
    };
    let message = format!("{} parameter `{}` became {word}", new.location, new.name);
    let base = old.node.get("required").unwrap_or(old.node);
    let revision = new.node.get("required").unwrap_or(new.node);
    fact.report(
        report,
        Found::new(id, message).base(base).revision(revision),
    );
}
