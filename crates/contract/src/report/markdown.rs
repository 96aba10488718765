//! The report as a comment on a pull request: what breaks first and open, what does not folded away.

use std::fmt::Write as _;

use super::entry::{Entry, Scope};
use super::model::{Preface, Report};
use super::wording::{breaks_text, counted, endpoint, heading, number, repeats_line, summary_line};
use crate::level::Level;
use crate::markdown::{code, message, text as plain_text};

/// A comment on GitHub holds 65,536 characters; the rest leaves room for what a workflow writes around it.
const CHARS_MAX: usize = 60_000;

pub(super) fn render(report: &Report<'_>) -> String {
    let title = match (&report.preface, report.noun()) {
        (Some(preface), _) => preface.title.as_str(),
        (None, "change") => "Contract changes",
        _ => "Contract findings",
    };
    let mut entries = report.distinct();
    let mut text = format!("### {}\n\n", plain_text(title));
    if let Some(preface) = &report.preface {
        write_preface(&mut text, preface);
    }
    let _ = writeln!(text, "{}", summary_line(report));
    if let Some(line) = repeats_line(report, entries.len()) {
        let _ = writeln!(text, "\n{line}");
    }

    entries.sort_by_key(|entry| std::cmp::Reverse(entry.level));
    let (grave, slight): (Vec<_>, Vec<_>) = entries
        .iter()
        .partition(|entry| entry.level >= Level::Warning);
    let mut left_out = table(&mut text, &grave);
    if !slight.is_empty() {
        let summary = format!(
            "{} more, compatible or for information",
            number(slight.len())
        );
        let _ = write!(text, "\n<details><summary>{summary}</summary>\n");
        left_out += table(&mut text, &slight);
        text.push_str("\n</details>\n");
    }
    if left_out > 0 {
        let _ = writeln!(
            text,
            "\nAnd {} more that do not fit here.",
            number(left_out)
        );
    }
    text
}

fn write_preface(text: &mut String, preface: &Preface) {
    for (name, value) in &preface.facts {
        let _ = writeln!(text, "- {}: **{}**", plain_text(name), plain_text(value));
    }
    text.push('\n');
    for (index, row) in preface.table.iter().enumerate() {
        let cells: Vec<String> = row.iter().map(|cell| plain_text(cell)).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
        if index == 0 {
            let rest = "---:|".repeat(row.len().saturating_sub(1));
            let _ = writeln!(text, "|---|{rest}");
        }
    }
    text.push('\n');
}

/// Returns how many entries did not fit.
fn table(text: &mut String, entries: &[&Entry<'_>]) -> usize {
    if entries.is_empty() {
        return 0;
    }
    text.push_str("\n| | Where | What | Breaks |\n|---|---|---|---|\n");
    for (index, entry) in entries.iter().enumerate() {
        let row = row(entry);
        if text.len() + row.len() > CHARS_MAX {
            return entries.len() - index;
        }
        text.push_str(&row);
    }
    0
}

fn row(entry: &Entry<'_>) -> String {
    let icon = match entry.level {
        Level::Error => "🔴 error",
        Level::Warning => "🟡 warning",
        Level::Info => "🔵 info",
        Level::Hint => "⚪ hint",
    };
    let places: Vec<String> = entry
        .places
        .iter()
        .map(|place| {
            let site = &place.site;
            let at = format!("{}:{}:{}", site.file, site.line, site.column);
            match place.side.label() {
                Some(label) => format!("{label} {}", code(&at)),
                None => code(&at),
            }
        })
        .collect();
    format!(
        "| {icon} | {}{} | {}<br>{} | {} |\n",
        operations(entry),
        places.join("<br>"),
        message(entry.message),
        code(entry.id),
        plain_text(&breaks_text(entry.breaks)),
    )
}

fn operations(entry: &Entry<'_>) -> String {
    match (entry.operation, entry.others.len()) {
        (None, _) => String::new(),
        (Some(operation), 0) => {
            let name = heading(Scope::Operation(operation));
            format!("{}<br>", code(&name))
        }
        (Some(operation), others) => format!(
            "{} and {}<br>",
            code(&endpoint(operation)),
            counted(others, "other operation")
        ),
    }
}
