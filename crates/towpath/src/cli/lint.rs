//! `towpath lint`: what a contract is found wanting in, by a Spectral ruleset or the built-in rules.

mod in_place;

use std::path::{Path, PathBuf};

use contract::report::Report;
use contract::{Finding, Node, Problem, Ruleset, RulesetError, RulesetSource, Source};

use super::args::LintArgs;
use super::document::read_document;
use super::reporting::{deliver, judge, write};
use super::rulebook;
use crate::failure::Failure;
use crate::output;

/// What Spectral takes without being asked, but for JavaScript.
const RULESETS: [&str; 3] = [".spectral.yaml", ".spectral.yml", ".spectral.json"];

/// Components that refer to one another in a chain are longer only where nobody has cleaned up for years.
const REPAIR_ROUNDS_MAX: usize = 20;

pub fn run(args: &LintArgs) -> Result<(), Failure> {
    let file = ruleset_file(args.ruleset.as_deref());
    let ruleset = match file {
        Some(file) => read_ruleset(file)?,
        None => Ruleset::spectral_oas(),
    };
    let mut source = read_document(&args.spec)?;
    if file.is_none() && !is_openapi_3(&source) {
        return Err(not_openapi_3(&source));
    }
    let mut findings = contract::lint(&source, &ruleset);
    let repairs = match &args.fix {
        Some(_) => all_repairs(&source, &findings, &ruleset),
        None => Vec::new(),
    };
    if let (true, Some(overlay)) = (args.in_place, &args.fix) {
        if let Some(file) = overlay {
            write_overlay(&repairs, &args.spec, Some(file))?;
        }
        if let Some(repaired) = in_place::repair(&source, &repairs, &args.spec)? {
            source = repaired;
            findings = contract::lint(&source, &ruleset);
        }
    }

    let help = |id: &str| rulebook::help(id);
    let report = Report::of_findings(&findings, &source, &help).fail_on(args.fail_on.level());
    deliver(&report, args.format, args.output.as_deref())?;
    if let (false, Some(file)) = (args.in_place, &args.fix) {
        write_overlay(&repairs, &args.spec, file.as_deref())?;
    }
    judge(&report, "the contract has findings")
}

/// The findings that have a repair, and those that only show once these are repaired: a component that nothing but a
/// removed one refers to.
fn all_repairs(source: &Source, findings: &[Finding], ruleset: &Ruleset) -> Vec<Finding> {
    let with_fix = |findings: &[Finding]| -> Vec<Finding> {
        let fixed = findings.iter().filter(|finding| finding.fix.is_some());
        fixed.cloned().collect()
    };
    let mut repairs = with_fix(findings);
    for _ in 0..REPAIR_ROUNDS_MAX {
        // What cannot be written into the text is for an Overlay alone, and nothing can be seen behind it.
        let Ok(Some(text)) = contract::apply_fixes(source, &repairs) else {
            break;
        };
        let Ok(repaired) = Source::read(text.as_bytes(), &source.file) else {
            break;
        };
        let more = with_fix(&contract::lint(&repaired, ruleset));
        let known = repairs.len();
        let is_new = |one: &Finding| !repairs.iter().any(|other| other.fix == one.fix);
        let more: Vec<Finding> = more.into_iter().filter(is_new).collect();
        repairs.extend(more);
        if repairs.len() == known {
            break;
        }
    }
    repairs
}

/// The one named, else the one beside the caller; `None` for the built-in one.
fn ruleset_file(named: Option<&Path>) -> Option<&Path> {
    let mut beside = RULESETS.iter().map(Path::new);
    named.or_else(|| beside.find(|file| file.exists()))
}

fn read_ruleset(file: &Path) -> Result<Ruleset, Failure> {
    let bytes = std::fs::read(file).map_err(|error| {
        Failure::input(format!("cannot read the ruleset: {error}"))
            .at(file.display())
            .next("name a Spectral ruleset in YAML or JSON")
    })?;
    let name = file.display().to_string();
    let ruleset = Ruleset::parse(&bytes, &name, &mut load).map_err(|error| refused(&error))?;
    for note in ruleset.notes() {
        output::note(&note.to_string());
    }
    Ok(ruleset)
}

fn is_openapi_3(source: &Source) -> bool {
    let version = source.root().get("openapi").and_then(Node::scalar_text);
    version.is_some_and(|version| version.split('.').next() == Some("3"))
}

/// The built-in rules are for OpenAPI 3 alone: no finding in any other document would say that it is fine.
fn not_openapi_3(source: &Source) -> Failure {
    let failure = match contract::parse(source.tree.source(), &source.file) {
        // The first says what the document is instead.
        Err(error) => Failure {
            details: error
                .problems
                .iter()
                .take(1)
                .map(Problem::to_string)
                .collect(),
            ..Failure::input(format!("{} is no OpenAPI 3 contract", source.file))
        },
        Ok(_) => Failure::input("the document has no `openapi` field"),
    };
    failure.next("lint an OpenAPI 3.0, 3.1 or 3.2 contract, or name a ruleset for this document with --ruleset")
}

/// A file beside the one that extends it. Nothing is fetched from a network.
fn load(name: &str, from: &str) -> Result<RulesetSource, String> {
    if name.contains("://") {
        return Err(format!(
            "`{name}` is not on this machine, and nothing is fetched"
        ));
    }
    let is_package = !name.starts_with(['.', '/']) && Path::new(name).extension().is_none();
    if name.starts_with('@') || is_package {
        return Err("it is a package for Node.js, whose functions are not run".to_owned());
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
