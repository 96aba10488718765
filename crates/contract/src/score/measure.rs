//! Measures a contract: every rule over one survey, summed into the two numbers.

use std::borrow::Cow;

use super::findability;
use super::places::{Place, places};
use super::result::*;
use super::rule::{Family, Number, Rule};
use super::rules::rules;
use super::survey::{Survey, survey};
use super::tally::{Failure, Fix, Tally};
use super::task::Task;
use super::tokens::TOKENIZER;
use crate::finding::{Finding, OverlayAction, OverlayEffect};
use crate::fingerprint;
use crate::source::Source;

/// How ready `source` is for agents. `tasks` may be empty; they change [`Score::findability`] alone, so that two scores
/// compare whatever tasks they were given.
///
/// Reads nothing but its arguments: the same document gives the same score on every machine.
pub fn score(source: &Source, tasks: &[Task]) -> Score {
    let survey = survey(source.root());
    let tallies: Vec<Tally<'_>> = rules()
        .iter()
        .map(|rule| {
            let mut tally = Tally::default();
            (rule.check)(&survey, &mut tally);
            tally
        })
        .collect();
    let scores = rule_scores(&tallies);
    let number = |number, family| match survey.operations.is_empty() {
        true => Some(0.0),
        false => weighted(&scores, number, family),
    };
    Score {
        schema_version: SCORE_SCHEMA_VERSION,
        file: source.file.clone(),
        readability: number(Number::Readability, None).unwrap_or(0.0),
        safety: number(Number::Safety, None).unwrap_or(0.0),
        families: Family::ALL
            .map(|family| FamilyScore {
                family,
                readability: weighted(&scores, Number::Readability, Some(family)),
                safety: weighted(&scores, Number::Safety, Some(family)),
                findings: failed_in(&scores, family),
            })
            .into(),
        tokens: token_summary(&survey.tool_tokens),
        tools: tools(&survey),
        ambiguous: ambiguous(&survey),
        hotspots: hotspots(&survey, &tallies),
        findability: findability::measure(&survey.operations, tasks),
        findings: findings(source, &survey, tallies),
        rules: scores,
    }
}

fn rule_scores(tallies: &[Tally<'_>]) -> Vec<RuleScore> {
    let both = rules().iter().zip(tallies);
    both.map(|(rule, tally)| RuleScore {
        id: rule.id,
        checked: tally.checked,
        failed: tally.failed,
    })
    .collect()
}

/// One of the numbers, of one family or of all; `None` when none of its rules had anything to check.
fn weighted(scores: &[RuleScore], number: Number, family: Option<Family>) -> Option<f64> {
    let counted = rules().iter().zip(scores).filter(|(rule, score)| {
        rule.counts_for == number
            && family.is_none_or(|family| rule.family == family)
            && score.checked > 0
    });
    let (mut sum, mut weights) = (0.0, 0.0);
    for (rule, score) in counted {
        let weight = f64::from(rule.weight());
        sum += weight * (score.checked - score.failed) as f64 / score.checked as f64;
        weights += weight;
    }
    (weights > 0.0).then(|| (sum / weights * 1000.0).round() / 10.0)
}

fn failed_in(scores: &[RuleScore], family: Family) -> u64 {
    let both = rules().iter().zip(scores);
    both.filter(|(rule, _)| rule.family == family)
        .map(|(_, score)| score.failed)
        .sum()
}

fn token_summary(tokens: &[u64]) -> TokenSummary {
    let mut sorted = tokens.to_vec();
    sorted.sort_unstable();
    let at = |share: usize| match sorted.len() {
        0 => 0,
        count => sorted[(count - 1) * share / 100],
    };
    TokenSummary {
        tokenizer: TOKENIZER,
        total: sorted.iter().sum(),
        median: at(50),
        p90: at(90),
        max: at(100),
    }
}

fn tools(survey: &Survey<'_>) -> Vec<ToolScore> {
    let operations = survey.operations.iter().enumerate();
    operations
        .map(|(at, operation)| ToolScore {
            name: survey.tools[at].name.clone(),
            operation: operation.named(),
            tokens: survey.tool_tokens[at],
            response_tokens: survey.response_tokens[at],
        })
        .collect()
}

fn ambiguous(survey: &Survey<'_>) -> Vec<AmbiguousPair> {
    let pairs = survey.alike.pairs.iter();
    pairs
        .map(|(a, b, similarity)| AmbiguousPair {
            operations: [a, b].map(|at| survey.operations[*at].named()),
            similarity: f64::from(*similarity) / 1000.0,
        })
        .collect()
}

fn hotspots(survey: &Survey<'_>, tallies: &[Tally<'_>]) -> Vec<Hotspot> {
    let mut sums = vec![(0, 0); survey.operations.len()];
    for (rule, tally) in rules().iter().zip(tallies) {
        for at in tally
            .failures
            .iter()
            .filter_map(|failure| failure.operation)
        {
            sums[at].0 += u64::from(rule.weight());
            sums[at].1 += 1;
        }
    }
    let mut heaviest: Vec<(usize, (u64, u64))> = sums.into_iter().enumerate().collect();
    heaviest.retain(|(_, (_, findings))| *findings > 0);
    heaviest.sort_by_key(|(at, (weight, _))| (std::cmp::Reverse(*weight), *at));
    heaviest.truncate(HOTSPOTS_MAX);
    heaviest
        .into_iter()
        .map(|(at, (weight, findings))| Hotspot {
            operation: survey.operations[at].named(),
            weight,
            findings,
        })
        .collect()
}

fn findings(source: &Source, survey: &Survey<'_>, tallies: Vec<Tally<'_>>) -> Vec<ScoreFinding> {
    let failures = || tallies.iter().flat_map(|tally| &tally.failures);
    let targets = failures().filter_map(|failure| failure.fix.as_ref());
    let targets = targets.map(|fix| fix.target.id());
    let wanted = failures().map(|failure| failure.at.id()).chain(targets);
    let places = places(source, wanted.collect());

    let mut found: Vec<(u32, usize, ScoreFinding)> = Vec::new();
    for (at, (rule, tally)) in rules().iter().zip(tallies).enumerate() {
        for failure in tally.failures {
            // A node behind a key that a later one replaces has no place; the rules never get there.
            let Some(place) = places.get(&failure.at.id()) else {
                continue;
            };
            let target = failure
                .fix
                .as_ref()
                .and_then(|fix| places.get(&fix.target.id()));
            let start = failure.at.span().start;
            found.push((start, at, finding(rule, failure, place, target, survey)));
        }
    }
    found.sort_by(|a, b| (a.0, a.1, &a.2.finding.message).cmp(&(b.0, b.1, &b.2.finding.message)));
    found.into_iter().map(|(_, _, finding)| finding).collect()
}

fn finding(
    rule: &Rule,
    failure: Failure<'_>,
    place: &Place,
    target: Option<&Place>,
    survey: &Survey<'_>,
) -> ScoreFinding {
    let both = failure.fix.zip(target);
    ScoreFinding {
        family: rule.family,
        operation: failure.operation.map(|at| survey.operations[at].named()),
        fingerprint: fingerprint::of(&[rule.id.as_bytes(), place.identity.as_bytes()]),
        finding: Finding {
            id: Cow::Borrowed(rule.id),
            level: rule.level,
            message: failure.message,
            site: place.site.clone(),
            fix: both.map(|(fix, target)| action(fix, target)),
        },
    }
}

fn action(fix: Fix<'_>, target: &Place) -> OverlayAction {
    OverlayAction {
        target: target.json_path.clone(),
        description: Some(fix.why.to_owned()),
        effect: match fix.update {
            Some(update) => OverlayEffect::Update(update),
            None => OverlayEffect::Remove(true),
        },
    }
}
