//! Workflow commands of GitHub Actions: each change becomes an annotation on its line, and one of a shared part one for
//! all operations.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::entry::Entry;
use super::escape::{command_data, command_property};
use super::model::Report;
use super::wording::{breaks_text, endpoint, operations_text, summary_line};
use crate::level::Level;

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for entry in report.distinct() {
        writeln!(out, "{}", command(report, &entry))?;
    }
    // A line that is no command is shown in the log as it is.
    writeln!(out, "{}", summary_line(report))
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
    let mut text = match (operations_text(entry, 1), entry.operation) {
        (Some(operations), _) => format!("{operations}: "),
        (None, Some(operation)) => format!("{}: ", endpoint(operation)),
        (None, None) => String::new(),
    };
    text.push_str(entry.message);
    if !entry.breaks.is_empty() {
        let _ = write!(text, " (breaks: {})", breaks_text(entry.breaks));
    }
    text
}
