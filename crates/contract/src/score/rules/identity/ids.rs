//! Operation ids: that there is one, that it says what is done to what, and that all are written alike.

use std::collections::BTreeMap;

use serde_json::json;

use crate::level::Level;
use crate::score::rule::{Family, Number, Rule};
use crate::score::rules::each::{self, Verdict, failure};
use crate::score::rules::verbs;
use crate::score::survey::Survey;
use crate::score::tally::{Fix, Tally};
use crate::score::tool;
use crate::score::words::words;

pub(in crate::score::rules) const MISSING: Rule = Rule {
    id: "op-id-missing",
    family: Family::Identity,
    counts_for: Number::Readability,
    level: Level::Error,
    purpose: "Every operation has a name of its own.",
    measure: "Operations; one fails without an `operationId`.",
    explain: "The operation id becomes the name of the tool. Without one the name is made of method and path, and changes when the path does.",
    repair: "Give it an `operationId` of verb and object.",
    check: missing,
};

fn missing<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let is_wrong = operation.id.is_none_or(|id| id.trim().is_empty());
        Verdict::fail_if(is_wrong, || {
            let id = tool::derived_id(operation);
            failure(
                at,
                operation,
                format!("{} has no `operationId`", operation.label()),
            )
            .fixed(Fix::update(
                operation.node,
                json!({ "operationId": id }),
                "a name made of method and path",
            ))
        })
    });
}

pub(in crate::score::rules) const VERB_OBJECT: Rule = Rule {
    id: "op-id-verb-object",
    family: Family::Identity,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "An operation id says what is done to what.",
    measure: "Operations with an id; one fails when the id has no known verb or nothing beside it.",
    explain: "An agent chooses between tools by name first. A noun alone leaves open whether the tool lists, creates or deletes.",
    repair: "Rename it to verb and object, such as `listPets`, and announce it: the name is part of generated code.",
    check: verb_object,
};

fn verb_object<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let Some(id) = operation.id else {
            return Verdict::Skip;
        };
        let is_wrong = verbs::id_verb(operation).is_none() || words(id).len() < 2;
        Verdict::fail_if(is_wrong, || {
            failure(
                at,
                operation,
                format!("`{id}` does not name a verb and an object"),
            )
        })
    });
}

pub(in crate::score::rules) const MIXED_CASE: Rule = Rule {
    id: "op-id-mixed-case",
    family: Family::Identity,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "All operation ids are written in one style.",
    measure: "Operations whose id shows a style; one fails when most of the contract uses another.",
    explain: "Agents complete names by pattern. Two styles in one list make them call tools that do not exist.",
    repair: "Write the id in the style of the others.",
    check: mixed_case,
};

/// How the words of an id are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Style {
    Camel,
    Kebab,
    Pascal,
    Snake,
    Mixed,
}

impl Style {
    const fn described(self) -> &'static str {
        match self {
            Self::Camel => "camelCase",
            Self::Kebab => "kebab-case",
            Self::Pascal => "PascalCase",
            Self::Snake => "snake_case",
            Self::Mixed => "no one style",
        }
    }
}

/// `None` for one word in lower case, which fits every style.
fn style(id: &str) -> Option<Style> {
    let has_upper = id.contains(|c: char| c.is_uppercase());
    match (id.contains('-'), id.contains('_'), has_upper) {
        (true, false, false) => Some(Style::Kebab),
        (false, true, false) => Some(Style::Snake),
        (false, false, true) if id.starts_with(|c: char| c.is_uppercase()) => Some(Style::Pascal),
        (false, false, true) => Some(Style::Camel),
        (false, false, false) => None,
        _ => Some(Style::Mixed),
    }
}

fn mixed_case<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let mut counts: BTreeMap<Style, usize> = BTreeMap::new();
    for style in survey.operations.iter().filter_map(|o| style(o.id?)) {
        *counts.entry(style).or_default() += 1;
    }
    let usual = counts
        .into_iter()
        .max_by_key(|(style, n)| (*n, std::cmp::Reverse(*style)));
    let Some((usual, _)) = usual else { return };
    each::operation(survey, tally, |at, operation| {
        let Some((id, own)) = operation.id.and_then(|id| Some((id, style(id)?))) else {
            return Verdict::Skip;
        };
        Verdict::fail_if(own != usual, || {
            let (own, usual) = (own.described(), usual.described());
            failure(
                at,
                operation,
                format!("`{id}` is written in {own}, while most operation ids are in {usual}"),
            )
        })
    });
}

pub(in crate::score::rules) const SYNONYM_SPLIT: Rule = Rule {
    id: "synonym-split",
    family: Family::Identity,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "One verb has one meaning, and one meaning one verb.",
    measure: "Operations whose id has a verb with common synonyms; one fails when most of the contract uses another of them.",
    explain: "When some tools `get` and others `fetch`, an agent looks for a difference that is not there.",
    repair: "Use the verb of the others.",
    check: synonym_split,
};

fn synonym_split<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let verbs: Vec<Option<String>> = survey.operations.iter().map(verbs::id_verb).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for verb in verbs.iter().flatten() {
        *counts.entry(verb).or_default() += 1;
    }
    let count = |verb: &str| counts.get(verb).copied().unwrap_or(0);
    each::operation(survey, tally, |at, operation| {
        let verb = verbs[at].as_deref();
        let row = verbs::SYNONYMS
            .iter()
            .find(|row| verb.is_some_and(|verb| row.contains(&verb)));
        let (Some(verb), Some(row)) = (verb, row) else {
            return Verdict::Skip;
        };
        let most = row.iter().map(|synonym| count(synonym)).max().unwrap_or(0);
        let usual = row.iter().find(|synonym| count(synonym) == most);
        let usual = usual.copied().unwrap_or(verb);
        Verdict::fail_if(count(verb) < most, || {
            failure(
                at,
                operation,
                format!(
                    "{} says `{verb}` where most operations say `{usual}`",
                    operation.label()
                ),
            )
        })
    });
}
