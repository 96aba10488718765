//! Longer is not better: texts too long for what they say, markup, and the same prose twice.

use std::collections::BTreeMap;

use serde_json::json;

use crate::level::Level;
use crate::score::rule::{Family, Number, Rule};
use crate::score::rules::each::{self, Verdict, failure};
use crate::score::rules::prose;
use crate::score::survey::Survey;
use crate::score::tally::{Failure, Fix, Tally};
use crate::score::tokens::count_tokens;

/// A description of one screen; beyond it agents take more steps and some of them the wrong ones.
const DESCRIPTION_TOKENS_MAX: usize = 300;
/// No token of prose is shorter on average: texts below this many bytes need not be counted.
const BYTES_PER_TOKEN_MIN: usize = 1;

pub(in crate::score::rules) const TOO_LONG: Rule = Rule {
    id: "op-description-too-long",
    family: Family::Description,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "The text of an operation is as long as the choice needs.",
    measure: "Operations with a text; one fails when summary and description have more than 300 tokens.",
    explain: "Measured over many tools, longer descriptions raise the number of steps by two thirds and make one task in six worse.",
    repair: "Keep what decides and what must be known to call; move the rest behind `externalDocs`.",
    check: too_long,
};

fn too_long<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let text = operation.text();
        if text.is_empty() {
            return Verdict::Skip;
        }
        if text.len() <= DESCRIPTION_TOKENS_MAX * BYTES_PER_TOKEN_MIN {
            return Verdict::Pass;
        }
        let tokens = count_tokens(&text);
        Verdict::fail_if(tokens > DESCRIPTION_TOKENS_MAX, || {
            failure(
                at,
                operation,
                format!("the text of {} has {tokens} tokens", operation.label()),
            )
        })
    });
}

pub(in crate::score::rules) const MARKUP: Rule = Rule {
    id: "description-markup",
    family: Family::Description,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "Descriptions are text, not HTML.",
    measure: "Descriptions of operations, parameters and input properties; one fails when it has HTML tags.",
    explain: "Tags cost tokens and hide the words between them from search.",
    repair: "Write plain text or CommonMark.",
    check: markup,
};

fn markup<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let operations = survey.operations.iter().enumerate();
    let operations = operations.map(|(at, o)| (Some(at), o.node, o.description));
    let parameters = survey.parameters().into_iter();
    let parameters = parameters.map(|(at, p)| (at, p.node, p.description));
    let properties = survey.properties.iter().filter(|p| p.role.is_input);
    let properties = properties.map(|p| {
        let text = p.raw.get("description").and_then(|d| d.as_str());
        (None, p.raw, text.unwrap_or_default())
    });
    for (at, node, text) in operations.chain(parameters).chain(properties) {
        let Some(place) = node.get("description").filter(|_| !text.is_empty()) else {
            continue;
        };
        let failure = || {
            let plain = prose::without_markup(text);
            Failure::at(place, at, "the description is marked up with HTML").fixed(Fix::update(
                node,
                json!({ "description": plain }),
                "the same text without its tags",
            ))
        };
        tally.check(prose::has_markup(text).then(failure));
    }
}

pub(in crate::score::rules) const REPEATS_SUMMARY: Rule = Rule {
    id: "description-repeats-summary",
    family: Family::Description,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "The description adds to the summary.",
    measure: "Operations with both; one fails when the description is the summary again.",
    explain: "Both go into the prompt, so every word is paid for twice.",
    repair: "Remove the description, or let it say what the summary does not.",
    check: repeats_summary,
};

fn repeats_summary<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let description = operation.node.get("description");
        let Some(node) = description
            .filter(|_| !operation.summary.is_empty() && !operation.description.is_empty())
        else {
            return Verdict::Skip;
        };
        let is_wrong = bare(operation.summary) == bare(operation.description);
        Verdict::fail_if(is_wrong, || {
            failure(
                at,
                operation,
                format!(
                    "the description of {} is its summary again",
                    operation.label()
                ),
            )
            .fixed(Fix::remove(node, "it says what the summary says"))
        })
    });
}

pub(in crate::score::rules) const DUPLICATED: Rule = Rule {
    id: "description-duplicated",
    family: Family::Description,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "No two operations have the same text.",
    measure: "Operations with a text; one fails when another has the same summary and description.",
    explain: "Two tools with one text are one tool to an agent, and it takes the first.",
    repair: "Say what each does that the other does not.",
    check: duplicated,
};

fn duplicated<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let texts: Vec<String> = survey.operations.iter().map(|o| bare(&o.text())).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in &texts {
        *counts.entry(text).or_default() += 1;
    }
    each::operation(survey, tally, |at, operation| match texts[at].as_str() {
        "" => Verdict::Skip,
        text => Verdict::fail_if(counts[text] > 1, || {
            let others = counts[text] - 1;
            failure(
                at,
                operation,
                format!(
                    "{others} other operations have the text of {}",
                    operation.label()
                ),
            )
        }),
    });
}

/// In lower case, without punctuation at the end, each run of space as one.
fn bare(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ").to_lowercase();
    text.trim_end_matches(['.', '!']).to_owned()
}
