//! Tool names: legal, short enough, each of one operation, and not too much like another.

use std::collections::BTreeMap;

use serde_json::json;

use crate::level::Level;
use crate::score::rule::{Family, Number, Rule};
use crate::score::rules::each::{self, Verdict, failure};
use crate::score::survey::Survey;
use crate::score::tally::{Fix, Tally};
use crate::score::tool::{self, TOOL_NAME_LEN_MAX};

pub(in crate::score::rules) const ILLEGAL: Rule = Rule {
    id: "tool-name-illegal",
    family: Family::Identity,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "An operation id can be a tool name as it is.",
    measure: "Operations with an id; one fails when the id has characters other than letters, digits, `_` and `-`.",
    explain: "Tool callers accept `[a-zA-Z0-9_-]` only. Each exposure then invents its own spelling, and logs, docs and prompts no longer agree.",
    repair: "Write the id in those characters.",
    check: illegal,
};

fn illegal<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let Some(id) = operation.id else {
            return Verdict::Skip;
        };
        Verdict::fail_if(!id.chars().all(tool::is_legal), || {
            let name = tool::tool_name(operation);
            failure(
                at,
                operation,
                format!("`{id}` is no tool name; a caller sees `{name}`"),
            )
            .fixed(Fix::update(
                operation.node,
                json!({ "operationId": name }),
                "the name in the characters that callers accept",
            ))
        })
    });
}

pub(in crate::score::rules) const TOO_LONG: Rule = Rule {
    id: "tool-name-too-long",
    family: Family::Identity,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "An operation id fits into a tool name.",
    measure: "Operations with an id; one fails when the id is longer than 64 characters.",
    explain: "Longer names are cut by the callers, and what tells two of them apart is often at the end.",
    repair: "Shorten it: leave out what the path and the tag say already.",
    check: too_long,
};

fn too_long<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let Some(id) = operation.id else {
            return Verdict::Skip;
        };
        let len = id.chars().count();
        Verdict::fail_if(len > TOOL_NAME_LEN_MAX, || {
            failure(
                at,
                operation,
                format!("`{id}` has {len} characters; tool names end at {TOOL_NAME_LEN_MAX}"),
            )
        })
    });
}

pub(in crate::score::rules) const COLLISION: Rule = Rule {
    id: "tool-name-collision",
    family: Family::Identity,
    counts_for: Number::Readability,
    level: Level::Error,
    purpose: "No two operations have the same tool name.",
    measure: "Operations; one fails when its tool name, in lower case, is also another's.",
    explain: "Of two tools with one name a caller sees one, or sees a number that says nothing.",
    repair: "Give them ids that differ in more than punctuation and case.",
    check: collision,
};

fn collision<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let name = |at: usize| tool::tool_name(&survey.operations[at]).to_ascii_lowercase();
    let names: Vec<String> = (0..survey.operations.len()).map(name).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in &names {
        *counts.entry(name).or_default() += 1;
    }
    each::operation(survey, tally, |at, operation| {
        let count = counts[names[at].as_str()];
        Verdict::fail_if(count > 1, || {
            let name = tool::tool_name(operation);
            failure(
                at,
                operation,
                format!("{} operations are called `{name}` as tools", count),
            )
        })
    });
}

pub(in crate::score::rules) const AMBIGUOUS: Rule = Rule {
    id: "tool-ambiguous",
    family: Family::Identity,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "An agent can tell each operation from all others.",
    measure: "Operations; one that is not deprecated fails when the TF-IDF cosine of its name, summary and parameter names with another such of the same kind of method is 0.85 or more.",
    explain: "Half of the failures of agents with many tools are calls of the wrong one. Near-equal words are where it happens.",
    repair: "Say in name and summary what only this one does, or fold the two into one with a parameter.",
    check: ambiguous,
};

fn ambiguous<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        match survey.alike.closest.get(&at) {
            None => Verdict::Pass,
            Some((other, similarity)) => {
                let other = survey.operations[*other].label();
                let share = f64::from(*similarity) / 1000.0;
                let message = format!(
                    "{} reads like {other} (similarity {share})",
                    operation.label()
                );
                Verdict::Fail(failure(at, operation, message))
            }
        }
    });
}

pub(in crate::score::rules) const WHEN_TO_USE: Rule = Rule {
    id: "op-when-to-use-missing",
    family: Family::Description,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "Where two operations are alike, each says when to use it.",
    measure: "Operations that are ambiguous; one fails when its text has no cue such as `use`, `when`, `only`, `instead`.",
    explain: "Similar operations may have good reasons. One half-sentence on when to take which is the cheapest repair there is.",
    repair: "Add one sentence: use this when …; for … use the other.",
    check: when_to_use,
};

const CUES: [&str; 10] = [
    "instead",
    "only ",
    "unlike",
    "use ",
    "use this",
    "used to",
    "when ",
    "whereas",
    "rather than",
    "to find",
];

fn when_to_use<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        if !survey.alike.closest.contains_key(&at) {
            return Verdict::Skip;
        }
        let text = operation.text().to_lowercase();
        let is_wrong = !CUES.iter().any(|cue| text.contains(cue));
        Verdict::fail_if(is_wrong, || {
            failure(
                at,
                operation,
                format!("{} does not say when to use it", operation.label()),
            )
        })
    });
}
