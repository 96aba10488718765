//! Workflow commands of GitHub Actions: each entry becomes an annotation on its line.

use std::fmt::Write as _;

use super::escape::{command_data, command_property};
use super::human::{breaks_text, summary_line};
use super::model::{Entry, Report};
use crate::level::Level;

pub(super) fn render(report: &Report<'_>) -> String {
    let mut text = String::new();
    for entry in &report.entries {
        let _ = writeln!(text, "{}", command(report, entry));
    }
    // A line that is no command is shown in the log as it is.
    let _ = writeln!(text, "{}", summary_line(report));
    text
}

fn command(report: &Report<'_>, entry: &Entry<'_>) -> String {
    let site = report.anchor(entry);
    let name = match entry.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info | Level::Hint => "notice",
    };
    format!(
        "::{name} file={},line={},col={},title={}::{}",
        command_property(&site.file),
        site.line,
        site.column,
        command_property(entry.id),
        command_data(&message(entry))
    )
}

fn message(entry: &Entry<'_>) -> String {
    let mut text = match entry.operation {
        Some(operation) => format!("{} {}: ", operation.method, operation.path),
        None => String::new(),
    };
    text.push_str(entry.message);
    if !entry.breaks.is_empty() {
        let _ = write!(text, " (breaks: {})", breaks_text(entry.breaks));
    }
    text
}
