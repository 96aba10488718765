//! The report as a comment on a pull request: what breaks first and open, what does not folded away.

use std::fmt::Write as _;

use super::human::{breaks_text, heading, summary_line};
use super::model::{Entry, Report};
use crate::level::Level;
use crate::markdown::{code, message, text as plain_text};

/// A comment on GitHub holds 65,536 characters; the rest leaves room for what a workflow writes around it.
const CHARS_MAX: usize = 60_000;

pub(super) fn render(report: &Report<'_>) -> String {
    let title = match report.noun() {
        "change" => "Contract changes",
        _ => "Contract findings",
    };
    let mut text = format!("### {title}\n\n{}\n", summary_line(report));
    let (grave, slight): (Vec<_>, Vec<_>) = report
        .entries
        .iter()
        .partition(|entry| entry.level >= Level::Warning);
    let mut left_out = table(&mut text, &grave);
    if !slight.is_empty() {
        let summary = format!("{} more, compatible or for information", slight.len());
        let _ = write!(text, "\n<details><summary>{summary}</summary>\n");
        left_out += table(&mut text, &slight);
        text.push_str("\n</details>\n");
    }
    if left_out > 0 {
        let _ = writeln!(text, "\nAnd {left_out} more that do not fit here.");
    }
    text
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
    let operation = match entry.operation {
        Some(_) => format!("{}<br>", code(&heading(entry.operation))),
        None => String::new(),
    };
    format!(
        "| {icon} | {operation}{} | {}<br>{} | {} |\n",
        places.join("<br>"),
        message(entry.message),
        code(entry.id),
        plain_text(&breaks_text(entry.breaks)),
    )
}
