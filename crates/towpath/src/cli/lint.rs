//! `towpath lint`: what a contract is found wanting in, by a Spectral ruleset or the built-in rules.

mod in_place;

use std::path::{Path, PathBuf};

use contract::report::Report;
use contract::{Finding, Ruleset, RulesetError, RulesetSource};

use super::args::LintArgs;
use super::document::read_document;
use super::reporting::{deliver, judge, write};
use super::rulebook;
use crate::failure::Failure;
use crate::output;

/// What Spectral takes without being asked, but for JavaScript.
const RULESETS: [&str; 3] = [".spectral.yaml", ".spectral.yml", ".spectral.json"];

pub fn run(args: &LintArgs) -> Result<(), Failure> {
    let ruleset = ruleset(args.ruleset.as_deref())?;
    let mut source = read_document(&args.spec)?;
    let mut findings = contract::lint(&source, &ruleset);
    if let (true, Some(overlay)) = (args.in_place, &args.fix) {
        if let Some(file) = overlay {
            write_overlay(&findings, &args.spec, Some(file))?;
        }
        if let Some(repaired) = in_place::repair(&source, &findings, &args.spec)? {
            source = repaired;
            findings = contract::lint(&source, &ruleset);
        }
    }

    let help = |id: &str| rulebook::help(id);
    let report = Report::of_findings(&findings, &source, &help).fail_on(args.fail_on.level());
    deliver(&report, args.format, args.output.as_deref())?;
    if let (false, Some(file)) = (args.in_place, &args.fix) {
        write_overlay(&findings, &args.spec, file.as_deref())?;
    }
    judge(&report, "the contract has findings")
}

/// The one named, else the one beside the caller, else the built-in one.
fn ruleset(named: Option<&Path>) -> Result<Ruleset, Failure> {
    let beside = RULESETS.iter().map(Path::new).find(|file| file.exists());
    let Some(file) = named.or(beside) else {
        return Ok(Ruleset::spectral_oas());
    };
    let bytes = std::fs::read(file).map_err(|error| {
        Failure::input(format!("cannot read the ruleset: {error}")).at(file.display())
    })?;
    let name = file.display().to_string();
    let ruleset = Ruleset::parse(&bytes, &name, &mut load).map_err(|error| refused(&error))?;
    for note in ruleset.notes() {
        output::note(&note.to_string());
    }
    Ok(ruleset)
}

/// A file beside the one that extends it. Nothing is fetched from a network.
fn load(name: &str, from: &str) -> Result<RulesetSource, String> {
    if name.contains("://") {
        return Err(format!(
            "`{name}` is not on this machine, and nothing is fetched"
        ));
    }
    let path = Path::new(from).with_file_name(name);
    let bytes = std::fs::read(&path).map_err(|error| error.to_string())?;
    Ok(RulesetSource {
        file: path.display().to_string(),
        bytes,
    })
}

fn refused(error: &RulesetError) -> Failure {
    Failure {
        details: vec![error.render().trim_end().to_owned()],
        ..Failure::usage(error)
    }
}

fn write_overlay(findings: &[Finding], spec: &str, file: Option<&Path>) -> Result<(), Failure> {
    let count = in_place::repairable(findings);
    if count == 0 {
        output::note(in_place::NOTHING);
        return Ok(());
    }
    let file = match file {
        Some(file) => file.to_owned(),
        None => beside(spec),
    };
    let text = serde_json::to_string_pretty(&contract::overlay(findings))
        .map_err(|error| Failure::input(format!("cannot write JSON: {error}")))?;
    write(&format!("{text}\n"), Some(&file))?;
    output::note(&format!(
        "{} holds the repairs of {count} findings",
        file.display()
    ));
    Ok(())
}

/// `openapi.yaml` gets `openapi.overlay.json`, in this folder when it comes from git or stdin.
fn beside(spec: &str) -> PathBuf {
    let path = match (Path::new(spec).exists(), spec.split_once(':')) {
        (false, Some((_, path))) => Path::new(path).file_name().map(PathBuf::from),
        (false, None) => None,
        (true, _) => Some(PathBuf::from(spec)),
    };
    let path = path.unwrap_or_else(|| PathBuf::from("openapi"));
    path.with_extension("overlay.json")
}
