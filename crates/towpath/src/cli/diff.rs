//! `towpath diff`: every change between two contracts, or two lists of tools, and who breaks.

use contract::policy::{self, Outcome, Verdict};
use contract::report::Report;
use contract::{Change, Level, tools};

use super::args::{DiffArgs, Global, ReportFormat};
use super::comparison::{Comparison, compare};
use super::reporting::{deliver, judge};
use super::rulebook;
use crate::failure::{Exit, Failure};
use crate::output;

pub fn run(global: &Global, args: &DiffArgs) -> Result<(), Failure> {
    let comparison = compare(global, &args.compare)?;
    let verdict = verdict(&comparison);
    let shown: Vec<Change> = shown(&comparison, args.level.into());

    let help = |id: &str| rulebook::help(id);
    let report = Report::of_changes(&shown, &comparison.base, &comparison.revision, &help)
        .fail_on(args.fail_on.level());
    deliver(&report, args.format, args.output.as_deref())?;
    if comparison.ignored > 0 {
        output::note(&format!(
            "{} accepted by an ignore file",
            comparison.ignored
        ));
    }
    if let Some(verdict) = verdict {
        tell_version(&verdict, args)?;
    }

    // What is not shown counts all the same.
    let all = Report::of_changes(
        &comparison.changes,
        &comparison.base,
        &comparison.revision,
        &help,
    );
    judge(&all.fail_on(args.fail_on.level()), "the contract changed")
}

/// `None` for lists of tools, which have no version.
fn verdict(comparison: &Comparison) -> Option<Verdict> {
    let Comparison { base, revision, .. } = comparison;
    (!tools::is_tool_list(revision)).then(|| policy::verdict(&comparison.changes, base, revision))
}

fn shown(comparison: &Comparison, least: Level) -> Vec<Change> {
    let changes = comparison.changes.iter();
    changes
        .filter(|change| change.level >= least)
        .cloned()
        .collect()
}

fn tell_version(verdict: &Verdict, args: &DiffArgs) -> Result<(), Failure> {
    let is_enough = matches!(verdict.outcome, Outcome::Enough);
    if args.check_version && !is_enough {
        let failure = Failure::new(Exit::Findings, format!("version: {}", verdict.reason));
        return Err(failure.next("raise info.version as far as the changes need"));
    }
    if args.format == ReportFormat::Human && verdict.required.is_some() {
        output::note(&format!("version: {}", verdict.reason));
    }
    Ok(())
}
