//! `towpath score`: how ready a contract is for agents, what changed about it, and what to repair first.

use contract::report::{self, Report};
use contract::score::{Score, ScoreDelta, Task, delta, score};
use contract::{Finding, Source};
use serde::Serialize;

use super::args::{ReportFormat, ScoreArgs};
use super::document::{read_document, read_sides, read_text};
use super::reporting::{colour, deliver, write};
use super::rulebook;
use super::score_text;
use crate::failure::{Exit, Failure};

/// Findings that a person is shown; the other formats have all.
const FINDINGS_SHOWN: usize = 20;

/// `--format json`: the score's own fields, and with `--base` what changed.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    score: &'a Score,
    #[serde(skip_serializing_if = "Option::is_none")]
    delta: Option<&'a ScoreDelta>,
}

pub fn run(args: &ScoreArgs) -> Result<(), Failure> {
    let tasks = tasks(args)?;
    let (base, source) = match &args.base {
        None => (None, read_document(&args.spec)?),
        Some(base) => {
            let (base, source) = read_sides(base, &args.spec)?;
            (Some(base), source)
        }
    };
    let found = score(&source, &tasks);
    let delta = base.map(|base| delta(&score(&base, &tasks), &found));

    match args.format {
        ReportFormat::Human => tell(&found, delta.as_ref(), &source, args)?,
        ReportFormat::Json => {
            let delta = delta.as_ref();
            let document = Document {
                score: &found,
                delta,
            };
            let text = serde_json::to_string_pretty(&document)
                .map_err(|error| Failure::input(format!("cannot write JSON: {error}")))?;
            write(&format!("{text}\n"), args.output.as_deref())?;
        }
        format => {
            let findings = findings(&found);
            let help = |id: &str| rulebook::help(id);
            let report = Report::of_findings(&findings, &source, &help)
                .preface(score_text::preface(&found, delta.as_ref()));
            deliver(&report, format, args.output.as_deref())?;
        }
    }
    judge(&found, args)
}

fn tasks(args: &ScoreArgs) -> Result<Vec<Task>, Failure> {
    let Some(path) = &args.tasks else {
        return Ok(Vec::new());
    };
    Task::parse(&read_text(path)?).map_err(|error| {
        Failure::input(error)
            .at(path.display())
            .next("write a sentence a line, a tab, and `METHOD /path` or an operation id")
    })
}

fn findings(score: &Score) -> Vec<Finding> {
    score
        .findings
        .iter()
        .map(|one| one.finding.clone())
        .collect()
}

fn tell(
    score: &Score,
    delta: Option<&ScoreDelta>,
    source: &Source,
    args: &ScoreArgs,
) -> Result<(), Failure> {
    let mut text = score_text::summary(score, delta);
    let mut worst = findings(score);
    worst.sort_by_key(|finding| std::cmp::Reverse(finding.level));

    let help = |id: &str| rulebook::help(id);
    let mut report = Report::of_findings(&worst, source, &help);
    if args.output.is_none() {
        report = report.bounded(FINDINGS_SHOWN, "`--output FILE` has all");
    }
    text.push('\n');
    let colour = colour(args.output.as_deref());
    text.push_str(&report::render(&report, report::Format::Human, colour));
    write(&text, args.output.as_deref())
}

fn judge(score: &Score, args: &ScoreArgs) -> Result<(), Failure> {
    let numbers = [
        ("readability", score.readability, args.min_readability),
        ("safety", score.safety, args.min_safety),
    ];
    let low: Vec<String> = numbers
        .into_iter()
        .filter_map(|(name, number, least)| {
            let least = least.filter(|least| number < *least)?;
            Some(format!("{name} is {number:.1}, below {least:.1}"))
        })
        .collect();
    match low.is_empty() {
        true => Ok(()),
        false => Err(Failure::new(Exit::Findings, low.join(", "))),
    }
}
