//! The report as a compiler would print it: both source lines of each change, by operation, with a last line that sums up.

use std::fmt::Write as _;

use super::escape::plain;
use super::model::{Entry, Place, Report, Side};
use super::style::Colour;
use crate::change::ChangedOperation;
use crate::level::Breaks;
use crate::problem::Excerpt;

pub(super) fn render(report: &Report<'_>, colour: Colour) -> String {
    let mut text = String::new();
    for (operation, entries) in report.groups() {
        if report.findings().is_none() {
            let heading = colour.bold(&heading(operation));
            let _ = writeln!(text, "{heading}\n");
        }
        for entry in entries {
            render_entry(&mut text, entry, colour);
            text.push('\n');
        }
    }
    let _ = writeln!(text, "{}", summary_line(report));
    text
}

pub(super) fn heading(operation: Option<&ChangedOperation>) -> String {
    match operation {
        None => "The whole contract".to_owned(),
        Some(operation) => {
            let name = match &operation.operation_id {
                Some(id) => format!(" ({})", plain(id)),
                None => String::new(),
            };
            format!(
                "{} {}{name}",
                plain(&operation.method),
                plain(&operation.path)
            )
        }
    }
}

/// `2 errors, 1 warning and 3 infos in 4 operations`; lint names its hints too.
pub(super) fn summary_line(report: &Report<'_>) -> String {
    if report.entries.is_empty() {
        return match report.findings() {
            Some(_) => "no findings".to_owned(),
            None => "no changes".to_owned(),
        };
    }
    let summary = report.summary();
    let mut parts = vec![
        counted(summary.error, "error"),
        counted(summary.warning, "warning"),
        format!("{} info", summary.info),
    ];
    if summary.hint > 0 {
        parts.push(counted(summary.hint, "hint"));
    }
    let operations = report
        .groups()
        .iter()
        .filter(|(operation, _)| operation.is_some())
        .count();
    let scope = match operations {
        0 => String::new(),
        operations => format!(" in {}", counted(operations, "operation")),
    };
    format!("{}{scope}", parts.join(", "))
}

pub(super) fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

/// `wire, sdk`.
pub(super) fn breaks_text(breaks: &[Breaks]) -> String {
    let names: Vec<&str> = breaks.iter().map(|breaks| breaks.as_str()).collect();
    names.join(", ")
}

fn render_entry(text: &mut String, entry: &Entry<'_>, colour: Colour) {
    let label = format!("{}[{}]", entry.level.as_str(), plain(entry.id));
    let message = colour.bold(&format!(": {}", plain(entry.message)));
    let _ = writeln!(text, "{}{message}", colour.level(entry.level, &label));

    let digits = entry
        .places
        .iter()
        .map(|place| place.site.line.to_string().len())
        .max()
        .unwrap_or(1);
    let margin = " ".repeat(digits);
    for (index, place) in entry.places.iter().enumerate() {
        let arrow = match index {
            0 => "-->",
            _ => ":::",
        };
        render_place(text, place, &margin, arrow, colour);
    }

    let note = |name: &str| format!("{margin} {}", colour.frame(&format!("= {name}:")));
    if !entry.breaks.is_empty() {
        let _ = writeln!(text, "{} {}", note("breaks"), breaks_text(entry.breaks));
    }
    let pointer = &entry.places[0].site.pointer;
    if !pointer.is_empty() {
        let _ = writeln!(text, "{} {}", note("at"), plain(pointer));
    }
    if let Some(description) = entry.fix.and_then(|fix| fix.description.as_deref()) {
        let _ = writeln!(text, "{} {}", note("fix"), plain(description));
    }
}

fn render_place(text: &mut String, place: &Place<'_>, margin: &str, arrow: &str, colour: Colour) {
    let site = &place.site;
    let side = match place.side.label() {
        Some(label) => format!(" ({label})"),
        None => String::new(),
    };
    let excerpt = Excerpt::of(&place.source.tree, site.span);
    let mark = match place.side {
        Side::Base => "-",
        Side::Revision | Side::Only => "^",
    };
    let mark = mark.repeat(excerpt.mark_length as usize);
    let indent = " ".repeat(excerpt.mark_start as usize);
    let number = format!("{:>width$} |", site.line, width = margin.len());
    let bar = colour.frame(&format!("{margin} |"));

    let _ = writeln!(
        text,
        "{margin}{} {}:{}:{}{side}",
        colour.frame(arrow),
        plain(&site.file),
        site.line,
        site.column
    );
    let _ = writeln!(text, "{bar}");
    let _ = writeln!(
        text,
        "{} {}",
        colour.frame(&number),
        excerpt.text.trim_end()
    );
    let _ = writeln!(text, "{bar} {indent}{}", colour.frame(&mark));
}
