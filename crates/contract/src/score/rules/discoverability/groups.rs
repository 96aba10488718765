//! Groups: tags that make a long list of operations a short list of subjects.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::level::Level;
use crate::score::rule::{Family, Number, Rule};
use crate::score::rules::each::{self, Verdict, failure};
use crate::score::survey::Survey;
use crate::score::tally::{Failure, Fix, Tally};
use crate::tree::Node;

/// From here on a list without groups is not read to the end.
const UNGROUPED_MAX: usize = 50;
const UNTAGGED_FROM: usize = 10;
/// What an agent can keep in view at once.
const GROUP_TOKENS_MAX: u64 = 20_000;

pub(in crate::score::rules) const UNTAGGED: Rule = Rule {
    id: "op-untagged",
    family: Family::Discoverability,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "Every operation belongs to a subject.",
    measure: "Operations of a contract with more than 10; one fails without a tag.",
    explain: "Toolsets are cut by tag. What has none is in all of them or in none.",
    repair: "Tag it with its subject.",
    check: untagged,
};

fn untagged<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let is_long = survey.operations.len() > UNTAGGED_FROM;
    each::operation(survey, tally, |at, operation| match is_long {
        false => Verdict::Skip,
        true => Verdict::fail_if(operation.tags.is_empty(), || {
            failure(
                at,
                operation,
                format!("{} belongs to no tag", operation.label()),
            )
        }),
    });
}

pub(in crate::score::rules) const UNGROUPED: Rule = Rule {
    id: "contract-ungrouped",
    family: Family::Discoverability,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "A long contract is grouped.",
    measure: "The document, with more than 50 operations; it fails when they share fewer than 5 tags.",
    explain: "No prompt holds fifty tools well. Groups are how an agent narrows down before it chooses.",
    repair: "Tag the operations by subject.",
    check: ungrouped,
};

fn ungrouped<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let count = survey.operations.len();
    if count <= UNGROUPED_MAX {
        return;
    }
    let tags: BTreeSet<&str> = survey
        .operations
        .iter()
        .flat_map(|o| o.tags.iter().copied())
        .collect();
    tally.check((tags.len() < 5).then(|| {
        Failure::at(
            survey.root,
            None,
            format!("{count} operations share {} tags", tags.len()),
        )
    }));
}

/// The declared tags by name.
fn declared<'t>(survey: &Survey<'t>) -> BTreeMap<&'t str, Node<'t>> {
    let tags = survey.root.get("tags").into_iter().flat_map(Node::elements);
    tags.filter_map(|tag| Some((tag.get("name")?.as_str()?, tag)))
        .collect()
}

pub(in crate::score::rules) const UNDECLARED: Rule = Rule {
    id: "tag-undeclared",
    family: Family::Discoverability,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "Every subject is in the list of subjects.",
    measure: "Tags that operations use; one fails when the document does not list it.",
    explain: "The list of tags is the table of contents. What is not in it is not looked for.",
    repair: "List it under `tags`.",
    check: undeclared,
};

fn undeclared<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let declared = declared(survey);
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, operation) in survey.operations.iter().enumerate() {
        for tag in &operation.tags {
            used.entry(tag).or_insert(at);
        }
    }
    for (tag, at) in used {
        tally.check((!declared.contains_key(tag)).then(|| {
            let update = json!({ "tags": [{ "name": tag }] });
            failure(
                at,
                &survey.operations[at],
                format!("the tag `{tag}` is not listed"),
            )
            .fixed(Fix::update(
                survey.root,
                update,
                "the tag by its name; describe it",
            ))
        }));
    }
}

pub(in crate::score::rules) const UNDESCRIBED: Rule = Rule {
    id: "tag-undescribed",
    family: Family::Discoverability,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "Every subject says what it is about.",
    measure: "Tags that the document lists; one fails without a description.",
    explain: "An agent narrows down by the descriptions of groups before it sees a single operation.",
    repair: "Describe the subject in one sentence.",
    check: undescribed,
};

fn undescribed<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    for (name, tag) in declared(survey) {
        let text = tag
            .get("description")
            .and_then(Node::as_str)
            .unwrap_or_default();
        let summary = tag
            .get("summary")
            .and_then(Node::as_str)
            .unwrap_or_default();
        let is_wrong = text.trim().is_empty() && summary.trim().is_empty();
        tally.check(
            is_wrong
                .then(|| Failure::at(tag, None, format!("nothing says what `{name}` is about"))),
        );
    }
}

pub(in crate::score::rules) const OVER_BUDGET: Rule = Rule {
    id: "tag-over-budget",
    family: Family::Discoverability,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "A group fits into a prompt.",
    measure: "Tags that operations use; one fails when the tools of the tag have more than 20,000 tokens together.",
    explain: "The group is what an agent loads after it has narrowed down.",
    repair: "Split the tag by task, or shorten its largest tools.",
    check: over_budget,
};

fn over_budget<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let mut sums: BTreeMap<&str, (usize, u64)> = BTreeMap::new();
    for (at, operation) in survey.operations.iter().enumerate() {
        for tag in &operation.tags {
            sums.entry(tag).or_insert((at, 0)).1 += survey.tool_tokens[at];
        }
    }
    let declared = declared(survey);
    for (tag, (first, tokens)) in sums {
        let place = declared
            .get(tag)
            .copied()
            .unwrap_or(survey.operations[first].key);
        tally.check((tokens > GROUP_TOKENS_MAX).then(|| {
            Failure::at(
                place,
                None,
                format!("the tools of `{tag}` have {tokens} tokens"),
            )
        }));
    }
}
