//! Where a report goes, and what its level means for the exit code.

use std::path::Path;

use contract::report::{self, Report};

use super::args::ReportFormat;
use crate::failure::{Exit, Failure};
use crate::output;

/// Renders and writes the report; fails with the documented code when it holds what is to fail.
pub fn deliver(
    report: &Report<'_>,
    format: ReportFormat,
    file: Option<&Path>,
) -> Result<(), Failure> {
    let colour = match (file, output::Colour::of_stdout()) {
        (None, output::Colour::On) => report::Colour::On,
        _ => report::Colour::Off,
    };
    write(&report::render(report, format.into(), colour), file)
}

/// To the file, or to stdout.
pub fn write(text: &str, file: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = file else {
        return output::print(text);
    };
    std::fs::write(path, text).map_err(|error| {
        Failure::input(format!("cannot write the report: {error}")).at(path.display())
    })
}

/// The verdict of a report: an exit code of 1 with one line, or success.
pub fn judge(report: &Report<'_>, noun: &str) -> Result<(), Failure> {
    if !report.fails() {
        return Ok(());
    }
    let summary = report.summary();
    Err(Failure::new(
        Exit::Findings,
        format!(
            "{noun}: {} at level error, {} at level warning",
            summary.error, summary.warning
        ),
    ))
}
