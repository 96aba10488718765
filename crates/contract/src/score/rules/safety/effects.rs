//! Effects: that a machine can tell what destroys, what only looks, and what pretends.

use serde_json::json;

use crate::level::Level;
use crate::score::rule::{Family, Number, Rule};
use crate::score::rules::each::{self, Verdict, failure};
use crate::score::rules::{prose, verbs};
use crate::score::survey::{Operation, Survey};
use crate::score::tally::{Fix, Tally};
use crate::tree::Node;

/// Where the hints of a tool stand, by the names that the Model Context Protocol gives them.
const ANNOTATIONS: &str = "x-mcp-annotations";

/// What the contract says by annotation; `None` where it says nothing.
fn hint(operation: &Operation<'_>, name: &str) -> Option<bool> {
    let annotations = operation.node.get(ANNOTATIONS)?;
    annotations.get(name)?.as_bool()
}

pub(in crate::score::rules) const DELETE_UNMARKED: Rule = Rule {
    id: "delete-not-marked-destructive",
    family: Family::Safety,
    counts_for: Number::Safety,
    level: Level::Warning,
    purpose: "What destroys says so, and whether it can be undone.",
    measure: "DELETE operations; one fails with neither an `x-mcp-annotations` hint, nor `x-destructive`, nor a text that says whether it is permanent.",
    explain: "Hosts ask a person before a destructive call, if they know that it is one.",
    repair: "Add `x-mcp-annotations: {destructiveHint: true}`, and say whether it can be undone.",
    check: delete_unmarked,
};

const PERMANENCE: [&str; 11] = [
    "can be undone",
    "can be restored",
    "can't be undone",
    "cannot be recovered",
    "cannot be restored",
    "cannot be undone",
    "irreversibl",
    "permanent",
    "recoverable",
    "reversible",
    "soft delete",
];

fn delete_unmarked<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        if operation.method != "DELETE" {
            return Verdict::Skip;
        }
        let is_marked = hint(operation, "destructiveHint").is_some()
            || operation.node.get("x-destructive").is_some()
            || prose::has_phrase(&operation.text(), &PERMANENCE);
        Verdict::fail_if(!is_marked, || {
            let update = json!({ ANNOTATIONS: { "destructiveHint": true } });
            failure(
                at,
                operation,
                format!("{} is not marked as destructive", operation.label()),
            )
            .fixed(Fix::update(
                operation.node,
                update,
                "a DELETE destroys unless the contract says otherwise",
            ))
        })
    });
}

pub(in crate::score::rules) const GET_WITH_EFFECT: Rule = Rule {
    id: "get-with-side-effect",
    family: Family::Safety,
    counts_for: Number::Safety,
    level: Level::Error,
    purpose: "What is safe by method is safe in fact.",
    measure: "GET, HEAD and QUERY operations; one fails when the verb of its id, or the first word of its summary, changes something.",
    explain: "Agents, crawlers and caches call GET without asking anybody.",
    repair: "Make it a POST; or correct the text, if it changes nothing.",
    check: get_with_effect,
};

fn get_with_effect<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        if !matches!(operation.method.as_str(), "GET" | "HEAD" | "QUERY") {
            return Verdict::Skip;
        }
        match verbs::says_effect(operation) {
            None => Verdict::Pass,
            Some(verb) => {
                let message = format!("{} promises no effect and says `{verb}`", operation.label());
                Verdict::Fail(failure(at, operation, message))
            }
        }
    });
}

pub(in crate::score::rules) const READ_BY_POST: Rule = Rule {
    id: "read-by-post-unmarked",
    family: Family::Safety,
    counts_for: Number::Safety,
    level: Level::Info,
    purpose: "A POST that only looks says so.",
    measure: "POST operations whose verb only looks something up; one fails without an `x-mcp-annotations` hint.",
    explain: "Hosts treat a POST as a write and ask a person each time; people who are asked too often stop reading.",
    repair: "Add `x-mcp-annotations: {readOnlyHint: true}`.",
    check: read_by_post,
};

fn read_by_post<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        if operation.method != "POST" || !verbs::says_look(operation) {
            return Verdict::Skip;
        }
        Verdict::fail_if(hint(operation, "readOnlyHint").is_none(), || {
            let update = json!({ ANNOTATIONS: { "readOnlyHint": true } });
            failure(
                at,
                operation,
                format!(
                    "{} looks like a write and says that it reads",
                    operation.label()
                ),
            )
            .fixed(Fix::update(
                operation.node,
                update,
                "its name says that it only looks; confirm that it does",
            ))
        })
    });
}

pub(in crate::score::rules) const CONTRADICTED: Rule = Rule {
    id: "annotation-contradicted",
    family: Family::Safety,
    counts_for: Number::Safety,
    level: Level::Error,
    purpose: "Annotations and method agree.",
    measure: "Operations with `x-mcp-annotations`; one fails when it calls a PUT, PATCH or DELETE read-only, a GET destructive, or itself both.",
    explain: "A host that trusts a wrong hint runs without asking what it should have asked about.",
    repair: "Correct the annotation; the method is what the server does.",
    check: contradicted,
};

fn contradicted<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let Some(annotations) = operation
            .node
            .get(ANNOTATIONS)
            .filter(|node| node.is_object())
        else {
            return Verdict::Skip;
        };
        let is = |name: &str| annotations.get(name).and_then(Node::as_bool) == Some(true);
        let writes = matches!(operation.method.as_str(), "PUT" | "PATCH" | "DELETE");
        let is_wrong = is("readOnlyHint") && (writes || is("destructiveHint"))
            || is("destructiveHint") && operation.is_safe_method();
        Verdict::fail_if(is_wrong, || {
            failure(
                at,
                operation,
                format!(
                    "the annotations of {} contradict what it is",
                    operation.label()
                ),
            )
        })
    });
}
