//! Descriptions of parameters.

use crate::diff::fact::ParameterFact;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::prose::{self, ProseIds};

pub(super) const CHECK: Check = Check {
    name: "RequestParameterDescriptionUpdatedCheck",
    texts: TEXTS,
    run: Run::Parameter(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-description-added"],
        purpose: "A parameter got a description.",
        why: "It breaks nobody: people and agents have more to go by.",
        safely: "Nothing needs to be done.",
        breaking: "base: {parameters: [{in: query, name: q}]}\nrevision: {parameters: [{in: query, name: q, description: What to look for.}]}",
        safe: "base: {parameters: []}\nrevision: {parameters: [{in: query, name: q, description: What to look for.}]}",
    },
    Text {
        ids: &["request-parameter-description-removed"],
        purpose: "A parameter lost its description, or it became blank.",
        why: "Nothing changes on the wire; agents fill in arguments by their descriptions, and have the name only.",
        safely: "Keep a description that says what the parameter means and how it is written.",
        breaking: "base: {parameters: [{in: query, name: q, description: What to look for.}]}\nrevision: {parameters: [{in: query, name: q, description: ''}]}",
        safe: "base: {parameters: [{in: query, name: q, description: What to look for.}]}\nrevision: {parameters: []}",
    },
    Text {
        ids: &["request-parameter-description-changed"],
        purpose: "The description of a parameter says something else.",
        why: "Nothing changes on the wire; agents may fill in other values.",
        safely: "Try the tasks of your consumers with the new words.",
        breaking: "base: {parameters: [{in: query, name: q, description: What to look for.}]}\nrevision: {parameters: [{in: query, name: q, description: Words of the title.}]}",
        safe: "base: {parameters: [{in: query, name: q, description: What to look for.}]}\nrevision: {parameters: [{in: query, name: q, description: 'What to  look for.'}]}",
    },
];

const IDS: ProseIds = ProseIds {
    added: "request-parameter-description-added",
    removed: "request-parameter-description-removed",
    changed: "request-parameter-description-changed",
};

fn check<'t>(fact: &ParameterFact<'_, 't>, report: &mut Report<'t>) {
    let Some((old, new)) = fact.both() else {
        return;
    };
    let subject = format!("{} parameter `{}`", new.location, new.name);
    let sides = (old.node, new.node);
    if let Some(found) = prose::change(sides, "description", &subject, &IDS) {
        fact.report(report, found);
    }
}
