//! Plants known defects into contracts and counts how many the rules find: `score_seeded [--plants N] [FILE...]`; without a
//! file into the clean contract of the tests. Prints one JSON line per contract.
//!
//! A contract of megabytes takes a while to score: the plants of one kind stand in different operations of the same
//! document, and only one that its rule does not find in its operation there has a document of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use contract::Source;
use contract::score::{Score, rules, score};
use serde_json::{Value as Json, json};

#[path = "../src/score/seeds.rs"]
#[allow(dead_code)]
mod seeds;

/// Of a contract that has a defect nearly everywhere.
const PLACES_TRIED_MAX: usize = 200;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let mut plants = 5;
    let mut files = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--plants" => {
                let number = args.next().and_then(|number| number.parse().ok());
                plants = number.ok_or("--plants needs a number")?;
            }
            _ => files.push(arg),
        }
    }
    if files.is_empty() {
        println!("{}", measured("clean", &seeds::clean(), plants)?);
    }
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
        let contract = serde_json::from_str(&text).map_err(|error| format!("{file}: {error}"))?;
        println!("{}", measured(&file, &contract, plants)?);
    }
    Ok(())
}

fn measured(name: &str, contract: &Json, plants: usize) -> Result<Json, String> {
    let bed = Bed::new(contract)?;
    let mut families: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut missed = Vec::new();
    for seed in seeds::seeds() {
        let rule = rules().iter().find(|rule| rule.id == seed.rule);
        let family = rule.map_or("none", |rule| rule.family.as_str());
        let (count, not_found) = match seed.place {
            seeds::Place::Document(_) => bed.document_missed(&seed)?,
            _ => bed.operations_missed(&seed, plants)?,
        };
        let (planted, found) = families.entry(family).or_default();
        *planted += count;
        *found += count - not_found.len();
        missed.extend(not_found);
    }
    let planted: usize = families.values().map(|(planted, _)| planted).sum();
    let found: usize = families.values().map(|(_, found)| found).sum();
    let checked: u64 = bed.before.rules.iter().map(|rule| rule.checked).sum();
    let failed: u64 = bed.before.rules.iter().map(|rule| rule.failed).sum();
    let families: BTreeMap<&str, Json> = families
        .into_iter()
        .map(|(family, (planted, found))| (family, json!({ "planted": planted, "found": found })))
        .collect();
    Ok(json!({
        "contract": name,
        "planted": planted,
        "found": found,
        "recall": found as f64 / planted.max(1) as f64,
        "families": families,
        "missed": missed,
        "checked_before": checked,
        "failed_before": failed,
        "failed_share_before": failed as f64 / checked.max(1) as f64,
    }))
}

/// An operation, and what stands in its place.
type Edit<'p> = (&'p (String, String), &'p Json);

/// What the defects are planted into.
struct Bed<'c> {
    contract: &'c Json,
    /// Its text, with the places of the operations.
    source: Source,
    before: Score,
}

impl<'c> Bed<'c> {
    fn new(contract: &'c Json) -> Result<Self, String> {
        let source = read(contract.to_string())?;
        let before = score(&source, &[]);
        Ok(Self {
            contract,
            source,
            before,
        })
    }

    /// How many are planted, and those that are missed.
    fn document_missed(&self, seed: &seeds::Seed) -> Result<(usize, Vec<String>), String> {
        let own = |score: &Score| score.findings.iter().any(|f| f.finding.id == seed.rule);
        let planted = seeds::planted(self.contract, seed, 0).filter(|_| !own(&self.before));
        let Some(planted) = planted else {
            return Ok((0, Vec::new()));
        };
        let after = score(&read(planted.to_string())?, &[]);
        let missed = (!is_found(&self.before, &after, seed.rule)).then(|| seed.rule.to_owned());
        Ok((1, missed.into_iter().collect()))
    }

    /// How many are planted, and those that are missed.
    fn operations_missed(
        &self,
        seed: &seeds::Seed,
        plants: usize,
    ) -> Result<(usize, Vec<String>), String> {
        let places = seeds::places(self.contract, seed);
        // A place that has the defect without being given it proves nothing.
        let faulty = operations_told(&self.before, seed.rule);
        let tried = places.iter().enumerate().take(PLACES_TRIED_MAX);
        let free = tried.filter(|(_, place)| !faulty.contains(place));
        let planted: Vec<(usize, Json)> = free
            .filter_map(|(number, _)| {
                let planted = seeds::planted_operation(self.contract, seed, &places, number)?;
                Some((number, planted))
            })
            .take(plants)
            .collect();

        let edits: Vec<Edit<'_>> = planted
            .iter()
            .map(|(number, operation)| (&places[*number], operation))
            .collect();
        let found = operations_told(&self.scored_with(edits.clone())?, seed.rule);
        let mut missed = Vec::new();
        for ((number, _), edit) in planted.iter().zip(edits) {
            if found.contains(edit.0) {
                continue;
            }
            let after = self.scored_with(vec![edit])?;
            if !is_found(&self.before, &after, seed.rule) {
                missed.push(format!("{} {number}", seed.rule));
            }
        }
        Ok((planted.len(), missed))
    }

    /// The score of the contract with these operations in the place of its own.
    fn scored_with(&self, edits: Vec<Edit<'_>>) -> Result<Score, String> {
        let mut spans = Vec::new();
        for ((path, method), operation) in edits {
            let paths = self.source.root().get("paths");
            let written = paths.and_then(|paths| paths.get(path)?.get(method));
            let span = written.ok_or("a place has no text")?.span();
            spans.push((span.start as usize..span.end as usize, operation));
        }
        spans.sort_by_key(|(span, _)| span.start);
        let own = self.source.tree.source();
        let mut text = String::with_capacity(own.len() + 100_000);
        let mut end = 0;
        for (span, operation) in spans {
            text.push_str(&own[end..span.start]);
            text.push_str(&operation.to_string());
            end = span.end;
        }
        text.push_str(&own[end..]);
        Ok(score(&read(text)?, &[]))
    }
}

/// The path and the method of each operation that the rule finds something in.
fn operations_told(score: &Score, rule: &str) -> BTreeSet<(String, String)> {
    let own = score
        .findings
        .iter()
        .filter(|found| found.finding.id == rule);
    own.filter_map(|found| found.operation.as_ref())
        .map(|operation| {
            (
                operation.path.clone(),
                operation.method.to_ascii_lowercase(),
            )
        })
        .collect()
}

/// Whether the rule says something that it did not say before: more failures, or one at another place.
fn is_found(before: &Score, after: &Score, rule: &str) -> bool {
    let failed = |score: &Score| {
        score
            .rules
            .iter()
            .find(|seen| seen.id == rule)
            .map_or(0, |seen| seen.failed)
    };
    let told = |score: &Score| -> BTreeSet<String> {
        let own = score
            .findings
            .iter()
            .filter(|found| found.finding.id == rule);
        own.map(|found| format!("{} {}", found.fingerprint, found.finding.message))
            .collect()
    };
    failed(after) > failed(before) || !told(after).is_subset(&told(before))
}

fn read(text: String) -> Result<Source, String> {
    Source::read_owned(text.into_bytes(), "contract.json").map_err(|error| error.to_string())
}
