//! Summaries and descriptions of operations.

use crate::diff::fact::OperationPair;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::prose::{self, ProseIds};

pub(super) const CHECK: Check = Check {
    name: "APIOperationTextUpdatedCheck",
    texts: TEXTS,
    run: Run::OperationPair(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["api-operation-summary-added"],
        purpose: "An operation got a summary.",
        why: "It breaks nobody: people and agents have more to go by.",
        safely: "Nothing needs to be done.",
        breaking: "base: {responses: {}}\nrevision: {summary: Get it, responses: {}}",
        safe: "base: {summary: Get, responses: {}}\nrevision: {summary: Get it, responses: {}}",
    },
    Text {
        ids: &["api-operation-summary-removed"],
        purpose: "An operation lost its summary.",
        why: "Nothing changes on the wire; people scan summaries, and agents choose tools by them.",
        safely: "Keep a summary that says what the operation does.",
        breaking: "base: {summary: Get it, responses: {}}\nrevision: {summary: '', responses: {}}",
        safe: "base: {summary: Get it, responses: {}}\nrevision: {summary: Get  it, responses: {}}",
    },
    Text {
        ids: &["api-operation-summary-changed"],
        purpose: "The summary of an operation says something else.",
        why: "Nothing changes on the wire; agents may choose another tool for the same task.",
        safely: "Try the tasks of your consumers with the new words.",
        breaking: "base: {summary: Get it, responses: {}}\nrevision: {summary: Read it, responses: {}}",
        safe: "base: {responses: {}}\nrevision: {summary: Read it, responses: {}}",
    },
    Text {
        ids: &["api-operation-description-added"],
        purpose: "An operation got a description.",
        why: "It breaks nobody: people and agents have more to go by.",
        safely: "Nothing needs to be done.",
        breaking: "base: {responses: {}}\nrevision: {description: Gets it., responses: {}}",
        safe: "base: {description: Gets., responses: {}}\nrevision: {description: Gets it., responses: {}}",
    },
    Text {
        ids: &["api-operation-description-removed"],
        purpose: "An operation lost its description, or it became blank.",
        why: "Nothing changes on the wire; agents choose a tool and fill in its arguments by the description, and have the name only.",
        safely: "Keep a description that says when to call the operation and what comes back.",
        breaking: "base: {description: Gets it., responses: {}}\nrevision: {description: ' ', responses: {}}",
        safe: "base: {description: Gets it., responses: {}}\nrevision: {description: Gets., responses: {}}",
    },
    Text {
        ids: &["api-operation-description-changed"],
        purpose: "The description of an operation says something else.",
        why: "Nothing changes on the wire; agents may choose another tool for the same task, or fill in other arguments.",
        safely: "Try the tasks of your consumers with the new words.",
        breaking: "base: {description: Gets it., responses: {}}\nrevision: {description: Reads it., responses: {}}",
        safe: "base: {responses: {}}\nrevision: {description: Reads it., responses: {}}",
    },
];

const FIELDS: [(&str, ProseIds); 2] = [
    (
        "summary",
        ProseIds {
            added: "api-operation-summary-added",
            removed: "api-operation-summary-removed",
            changed: "api-operation-summary-changed",
        },
    ),
    (
        "description",
        ProseIds {
            added: "api-operation-description-added",
            removed: "api-operation-description-removed",
            changed: "api-operation-description-changed",
        },
    ),
];

fn check<'t>(pair: &OperationPair<'_, 't>, report: &mut Report<'t>) {
    for (field, ids) in &FIELDS {
        let sides = (pair.base.node, pair.revision.node);
        if let Some(found) = prose::change(sides, field, "the operation", ids) {
            pair.report(report, &format!("/{field}"), found);
        }
    }
}
