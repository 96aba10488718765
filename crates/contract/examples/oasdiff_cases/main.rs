//! Runs the cases of a corpus extracted from oasdiff's tests and compares the ids: `oasdiff_cases FOLDER`.

mod notes;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use contract::{Diff, DiffOptions, Level, LevelOverride, Source, diff, rules};
use notes::{Note, Wish};

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: oasdiff_cases FOLDER, which holds cases.tsv, rules.tsv and data/");
        return ExitCode::from(2);
    };
    let folder = Path::new(&folder);
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    let (Ok(table), Ok(ids)) = (read("cases.tsv"), read("rules.tsv")) else {
        eprintln!(
            "the corpus is missing: there is no cases.tsv or rules.tsv in {}; nothing was checked",
            folder.display()
        );
        return ExitCode::from(3);
    };
    // Rules of ours beyond oasdiff's say nothing about the cases.
    let known: BTreeSet<&str> = ids
        .lines()
        .filter_map(|line| line.split('\t').next())
        .collect();
    let (mut passed, mut failed, mut noted) = (0, 0, 0);
    for line in table.lines().skip(1) {
        let note = line.split('\t').nth(1).and_then(notes::of);
        noted += usize::from(note.is_some());
        match judge(folder, &known, line, note) {
            Ok(test) => {
                passed += 1;
                println!("pass {test}");
            }
            Err(reason) => {
                failed += 1;
                println!("FAIL {reason}");
            }
        }
    }
    println!(
        "{{\"cases\":{},\"passed\":{passed},\"failed\":{failed},\"noted\":{noted}}}",
        passed + failed
    );
    ExitCode::SUCCESS
}

/// The name of the test, or why it fails.
fn judge<'l>(
    folder: &Path,
    known: &BTreeSet<&str>,
    line: &'l str,
    note: Option<&Note>,
) -> Result<&'l str, String> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [_, test, base, revision, checks, level, options, assert, ids] = columns[..] else {
        return Err(format!("a row without nine columns: {line}"));
    };
    let edits = note.map_or([&[] as notes::Edits, &[]], |note| note.edits);
    let read = |name: &str, edits: notes::Edits| {
        let mut text = std::fs::read_to_string(folder.join("data").join(name))
            .map_err(|error| format!("{test}: {name}: {error}"))?;
        for (from, to) in edits {
            if !text.contains(from) {
                return Err(format!("{test}: {name} has no `{from}`"));
            }
            text = text.replace(from, to);
        }
        Source::read(text.as_bytes(), name).map_err(|error| format!("{test}: {error}"))
    };
    let (old, new) = (read(base, edits[0])?, read(revision, edits[1])?);
    let diff = diff(&old, &new, &settings(test, checks, options));
    let found = found(&diff, known, level);
    let wanted: BTreeSet<&str> = ids.split(',').filter(|id| *id != "NONE").collect();
    let is_met = match note.map_or(Wish::AsTable, |note| note.wish) {
        Wish::AsTable => is_met(assert, &wanted, &found),
        Wish::Absent => !found.iter().any(|id| wanted.contains(id)),
        Wish::OnlyOf { absent } => {
            let others = wanted.iter().copied().filter(|id| *id != absent);
            !found.contains(&absent) && is_met(assert, &others.collect(), &found)
        }
        Wish::AnyOf => found.iter().any(|id| wanted.contains(id)),
    };
    match is_met {
        true => Ok(test),
        false => Err(format!(
            "{test} ({checks} {level} {options} {assert})\n  {base}\n  {revision}\n  wanted {wanted:?}\n  found  {found:?}"
        )),
    }
}

/// As the tests set them: the version policy is off in all, and looks at stages are part of every check.
fn settings(test: &str, checks: &str, options: &str) -> DiffOptions {
    let mut settings = DiffOptions::new(jiff::Zoned::now().date());
    let versions = rules()
        .iter()
        .filter(|rule| rule.check == "VersionPolicyCheck");
    let off = versions.map(|rule| (rule.id.to_owned(), LevelOverride::Off));
    settings.levels.extend(off);
    if let Some(check) = checks.strip_prefix("single:") {
        settings.checks = Some(vec![check.to_owned(), "StabilityCheck".to_owned()]);
    }
    if options.contains("WithDeprecation") {
        // The table tells that there are days of grace; how many (beta, stable), the names of the tests do.
        let (beta, stable) = match test {
            test if test.ends_with("NoPolicy") => (0, 0),
            test if test.ends_with("WithPolicy") => (30, 100),
            test if test.contains("SunsetModified") => (31, 180),
            _ => (0, 10),
        };
        settings.deprecation_days_beta = beta;
        settings.deprecation_days_stable = stable;
    }
    settings
}

fn found(diff: &Diff, known: &BTreeSet<&str>, level: &str) -> Vec<&'static str> {
    let least = match level {
        "WARN+" => Level::Warning,
        _ => Level::Info,
    };
    let changes = diff.changes.iter().filter(|change| change.level >= least);
    let mut ids: Vec<_> = changes
        .map(|change| change.id)
        .filter(|id| known.contains(id))
        .collect();
    ids.sort_unstable();
    ids
}

/// `exact1` and `countN` are about how many changes there are, `subset` about the set of ids. A test that names an id
/// only to say that it must be absent has it among the ids too, so one change need only be one of those that are named.
fn is_met(assert: &str, wanted: &BTreeSet<&str>, found: &[&'static str]) -> bool {
    let set: BTreeSet<&str> = found.iter().copied().collect();
    match assert {
        "empty" => found.is_empty(),
        "exact1" => found.len() == 1 && set.is_subset(wanted),
        "subset" => wanted.is_subset(&set),
        count => {
            let count = count
                .strip_prefix("count")
                .and_then(|count| count.parse().ok());
            count == Some(found.len()) && wanted.is_subset(&set)
        }
    }
}
