//! What an operation says of itself: that it says something, that it is not only its name, that it is no stopgap.

use std::collections::BTreeSet;

use crate::level::Level;
use crate::score::rule::{Family, Number, Rule};
use crate::score::rules::each::{self, Verdict, failure};
use crate::score::rules::{prose, verbs};
use crate::score::survey::{Operation, Survey};
use crate::score::tally::Tally;
use crate::score::words::{stem, term_set, words};

pub(in crate::score::rules) const MISSING: Rule = Rule {
    id: "op-description-missing",
    family: Family::Description,
    counts_for: Number::Readability,
    level: Level::Error,
    purpose: "Every operation says what it does.",
    measure: "Operations; one fails with neither summary nor description.",
    explain: "The description is all that an agent knows of a tool besides its name and arguments.",
    repair: "Write a summary: one sentence with verb and object.",
    check: missing,
};

fn missing<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        Verdict::fail_if(operation.text().is_empty(), || {
            failure(
                at,
                operation,
                format!("{} has neither summary nor description", operation.label()),
            )
        })
    });
}

pub(in crate::score::rules) const TOO_SHORT: Rule = Rule {
    id: "op-description-too-short",
    family: Family::Description,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "The text of an operation says more than a label.",
    measure: "Operations with a text; one fails when summary and description have fewer than 4 words together.",
    explain: "Three words name a thing; they do not say what comes back or what changes.",
    repair: "Say what it does, to what, and what comes back, in one sentence.",
    check: too_short,
};

fn too_short<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let text = operation.text();
        let count = words(&text).len();
        match count {
            0 => Verdict::Skip,
            _ => Verdict::fail_if(count < 4, || {
                failure(
                    at,
                    operation,
                    format!("{} describes itself in {count} words", operation.label()),
                )
            }),
        }
    });
}

pub(in crate::score::rules) const RESTATES_NAME: Rule = Rule {
    id: "op-description-restates-name",
    family: Family::Description,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "The text of an operation adds to its name.",
    measure: "Operations with a text of 4 words or more; one fails when every word of it is in the id, the path or a list of fillers.",
    explain: "A description that repeats the name costs tokens and decides nothing.",
    repair: "Say what the name cannot: which ones, in which order, with what effect.",
    check: restates_name,
};

const FILLERS: [&str; 22] = [
    "api",
    "by",
    "call",
    "create",
    "delete",
    "endpoint",
    "existing",
    "fetch",
    "get",
    "id",
    "identifier",
    "list",
    "new",
    "operation",
    "request",
    "resource",
    "retrieve",
    "return",
    "single",
    "specific",
    "specified",
    "update",
];

fn restates_name<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let fillers: BTreeSet<String> = FILLERS.iter().map(|word| stem(word)).collect();
    each::operation(survey, tally, |at, operation| {
        let text = operation.text();
        if words(&text).len() < 4 {
            return Verdict::Skip;
        }
        let mut name = term_set(operation.path);
        name.extend(term_set(operation.id.unwrap_or_default()));
        let says = term_set(&text);
        let adds = says
            .iter()
            .any(|term| !name.contains(term) && !fillers.contains(term));
        Verdict::fail_if(!adds, || {
            failure(
                at,
                operation,
                format!(
                    "the description of {} only repeats its name",
                    operation.label()
                ),
            )
        })
    });
}

pub(in crate::score::rules) const PLACEHOLDER: Rule = Rule {
    id: "op-description-placeholder",
    family: Family::Description,
    counts_for: Number::Readability,
    level: Level::Error,
    purpose: "No text is a stopgap.",
    measure: "Operations with a text; one fails when summary or description is `TBD`, `lorem ipsum`, `description` and the like.",
    explain: "An agent takes a stopgap for a fact.",
    repair: "Write the text, or remove it.",
    check: placeholder,
};

fn placeholder<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let texts = [operation.summary, operation.description];
        match texts.iter().all(|text| text.is_empty()) {
            true => Verdict::Skip,
            false => {
                let is_wrong = texts
                    .iter()
                    .any(|text| !text.is_empty() && prose::is_placeholder(text));
                Verdict::fail_if(is_wrong, || {
                    failure(
                        at,
                        operation,
                        format!(
                            "a text of {} stands in for one that was never written",
                            operation.label()
                        ),
                    )
                })
            }
        }
    });
}

pub(in crate::score::rules) const EFFECT_UNSTATED: Rule = Rule {
    id: "write-effect-unstated",
    family: Family::Description,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "An operation that writes says what changes.",
    measure: "POST, PUT, PATCH and DELETE operations with a text; one fails when the text has no verb of change, unless it only looks something up.",
    explain: "An agent that does not know what a call changes either does not dare or does not care.",
    repair: "Name the effect: creates, replaces, sends, cancels, and whether it can be undone.",
    check: effect_unstated,
};

/// Verbs of change in prose beyond those in names.
const CHANGES: &[&str] = &[
    "accept",
    "acquire",
    "activate",
    "add",
    "allow",
    "append",
    "apply",
    "approve",
    "archive",
    "assign",
    "attach",
    "authorize",
    "begin",
    "block",
    "cancel",
    "capture",
    "change",
    "charge",
    "clear",
    "clone",
    "close",
    "commit",
    "complete",
    "configure",
    "confirm",
    "convert",
    "copy",
    "create",
    "deactivate",
    "decline",
    "delete",
    "deny",
    "deploy",
    "detach",
    "disable",
    "dismiss",
    "duplicate",
    "edit",
    "enable",
    "end",
    "enqueue",
    "execute",
    "expire",
    "finalize",
    "fork",
    "generate",
    "give",
    "grant",
    "import",
    "initiate",
    "insert",
    "install",
    "invalidate",
    "invite",
    "issue",
    "join",
    "leave",
    "link",
    "lock",
    "make",
    "mark",
    "merge",
    "migrate",
    "modify",
    "move",
    "open",
    "pause",
    "pin",
    "post",
    "prevent",
    "publish",
    "purge",
    "push",
    "put",
    "record",
    "redeliver",
    "refresh",
    "refund",
    "register",
    "reject",
    "release",
    "remove",
    "rename",
    "renew",
    "reopen",
    "replace",
    "request",
    "rerun",
    "reset",
    "resolve",
    "restore",
    "restrict",
    "resume",
    "retry",
    "revert",
    "revoke",
    "rotate",
    "run",
    "save",
    "schedule",
    "send",
    "set",
    "share",
    "star",
    "start",
    "stop",
    "store",
    "submit",
    "subscribe",
    "suspend",
    "sync",
    "terminate",
    "transfer",
    "trigger",
    "unassign",
    "unblock",
    "unfollow",
    "uninstall",
    "unlink",
    "unlock",
    "unpin",
    "unstar",
    "unsubscribe",
    "update",
    "upload",
    "upsert",
    "void",
    "write",
];

fn effect_unstated<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let changes: BTreeSet<String> = CHANGES.iter().map(|verb| stem(verb)).collect();
    each::operation(survey, tally, |at, operation| {
        if !writes(operation) || operation.text().is_empty() || verbs::says_look(operation) {
            return Verdict::Skip;
        }
        let says = term_set(&operation.text());
        Verdict::fail_if(says.is_disjoint(&changes), || {
            failure(
                at,
                operation,
                format!("{} does not say what it changes", operation.label()),
            )
        })
    });
}

fn writes(operation: &Operation<'_>) -> bool {
    matches!(
        operation.method.as_str(),
        "POST" | "PUT" | "PATCH" | "DELETE"
    )
}
