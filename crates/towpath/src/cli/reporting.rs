//! Where a report goes, and what its level means for the exit code.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::Path;

use contract::report::{self, Report};
use terminal_size::terminal_size;

use super::args::ReportFormat;
use crate::failure::{Exit, Failure};
use crate::output;

/// What a person goes through at a terminal; a file has all.
const ENTRIES_SHOWN: usize = 100;
const REMEDY: &str = "`--output FILE` has all";
const BUFFER_BYTES: usize = 64 * 1024;

/// Renders and writes the report, piece by piece: one of a large contract has tens of megabytes.
pub fn deliver(
    report: &Report<'_>,
    format: ReportFormat,
    file: Option<&Path>,
) -> Result<(), Failure> {
    let Some(path) = file else {
        let mut report = report.clone().bounded(ENTRIES_SHOWN, REMEDY);
        if let (true, Some((columns, _))) = (io::stdout().is_terminal(), terminal_size()) {
            report = report.columns(columns.0.into());
        }
        return to_stdout(&mut |out| report::write(&report, format.into(), colour(file), out));
    };
    let write = || {
        let mut out = BufWriter::with_capacity(BUFFER_BYTES, File::create(path)?);
        report::write(report, format.into(), report::Colour::Off, &mut out)?;
        out.flush()
    };
    write().map_err(|error| unwritten(&error, path))
}

/// To the file, or to stdout.
pub fn write(text: &str, file: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = file else {
        return output::print(text);
    };
    std::fs::write(path, text).map_err(|error| unwritten(&error, path))
}

/// Only a terminal gets colour.
pub fn colour(file: Option<&Path>) -> report::Colour {
    match (file, output::Colour::of_stdout()) {
        (None, output::Colour::On) => report::Colour::On,
        _ => report::Colour::Off,
    }
}

/// The verdict of a report: an exit code of 1 with one line, or success.
pub fn judge(report: &Report<'_>, noun: &str) -> Result<(), Failure> {
    if !report.fails() {
        return Ok(());
    }
    let total = report.total();
    Err(Failure::new(
        Exit::Findings,
        format!(
            "{noun}: {} at level error, {} at level warning",
            total.error, total.warning
        ),
    ))
}

/// A reader that has gone away, such as `head`, is no failure.
fn to_stdout(write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::input(format!("cannot write to stdout: {error}")))
        }
        _ => Ok(()),
    }
}

fn unwritten(error: &io::Error, path: &Path) -> Failure {
    Failure::input(format!("cannot write the report: {error}")).at(path.display())
}
