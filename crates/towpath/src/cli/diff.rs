//! `towpath diff`: every change between two contracts, or two lists of tools, and who breaks.

use contract::policy::{self, Outcome, Verdict};
use contract::report::Report;
use contract::tools;

use super::args::{DiffArgs, FailOn, Global, ReportFormat};
use super::comparison::{Comparison, Versions, compare};
use super::reporting::{deliver, judge};
use super::rulebook;
use crate::failure::{Exit, Failure};
use crate::output;

pub fn run(global: &Global, args: &DiffArgs) -> Result<(), Failure> {
    let comparison = compare(global, &args.compare, Versions::Judged(args.version_policy))?;
    let verdict = verdict(&comparison);

    let help = |id: &str| rulebook::help_for(id, comparison.clients);
    let report = Report::of_changes(
        &comparison.changes,
        &comparison.base,
        &comparison.revision,
        &help,
    )
    .fail_on(args.fail_on.level())
    .from_level(args.level.into());
    deliver(&report, args.format, args.output.as_deref())?;
    if let Some(text) = comparison.cut_text() {
        tell_cut(&text, args)?;
    }
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
    judge(&report, "the contract changed")?;
    match comparison.is_cut && args.fail_on != FailOn::Never {
        true => Err(Failure::input("the contracts were not compared whole").next(
            "compare parts of them, each with its paths and what these refer to; with --fail-on never this is no failure",
        )),
        false => Ok(()),
    }
}

/// Below the report where people read it; a machine's report stays as it is.
fn tell_cut(text: &str, args: &DiffArgs) -> Result<(), Failure> {
    match (args.format, &args.output) {
        (ReportFormat::Human, None) => output::print(&format!("{text}\n")),
        _ => {
            output::note(text);
            Ok(())
        }
    }
}

/// `None` for lists of tools, which have no version.
fn verdict(comparison: &Comparison) -> Option<Verdict> {
    let Comparison { base, revision, .. } = comparison;
    (!tools::is_tool_list(revision)).then(|| policy::verdict(&comparison.changes, base, revision))
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
