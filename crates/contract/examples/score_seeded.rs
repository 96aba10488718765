//! Plants known defects into contracts and counts how many the rules find: `score_seeded [--plants N] [FILE...]`; without a
//! file into the clean contract of the tests. Prints one JSON line per contract.

use std::collections::BTreeMap;
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
    let before = scored(contract)?;
    let mut families: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let mut missed = Vec::new();
    for seed in seeds::seeds() {
        let rule = rules().iter().find(|rule| rule.id == seed.rule);
        let family = rule.map_or("none", |rule| rule.family.as_str());
        let mut count = 0;
        for number in 0..PLACES_TRIED_MAX {
            let Some(planted) = seeds::planted(contract, &seed, number).filter(|_| count < plants)
            else {
                break;
            };
            if is_there_already(&before, &seed, seeds::operation_of(contract, &seed, number)) {
                continue;
            }
            count += 1;
            let after = scored(&planted)?;
            let (planted, found) = families.entry(family).or_default();
            *planted += 1;
            match is_found(&before, &after, seed.rule) {
                true => *found += 1,
                false => missed.push(format!("{} {number}", seed.rule)),
            }
        }
    }
    let planted: u64 = families.values().map(|(planted, _)| planted).sum();
    let found: u64 = families.values().map(|(_, found)| found).sum();
    let checked: u64 = before.rules.iter().map(|rule| rule.checked).sum();
    let failed: u64 = before.rules.iter().map(|rule| rule.failed).sum();
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

/// Whether the place has the defect without being given it, so that a plant there proves nothing.
fn is_there_already(before: &Score, seed: &seeds::Seed, place: Option<(String, String)>) -> bool {
    let mut own = before
        .findings
        .iter()
        .filter(|found| found.finding.id == seed.rule);
    match place {
        None => own.next().is_some(),
        Some((path, method)) => own.any(|found| {
            let operation = found.operation.as_ref();
            operation.is_some_and(|o| o.path == path && o.method.eq_ignore_ascii_case(&method))
        }),
    }
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
    let told = |score: &Score| -> std::collections::BTreeSet<String> {
        let own = score
            .findings
            .iter()
            .filter(|found| found.finding.id == rule);
        own.map(|found| format!("{} {}", found.fingerprint, found.finding.message))
            .collect()
    };
    failed(after) > failed(before) || !told(after).is_subset(&told(before))
}

fn scored(contract: &Json) -> Result<Score, String> {
    let text = contract.to_string();
    let source =
        Source::read(text.as_bytes(), "contract.json").map_err(|error| error.to_string())?;
    Ok(score(&source, &[]))
}
