//! Renders changes and findings for people and for machines: one report, eight formats, written as they are made.

mod changes_json;
mod entry;
mod escape;
mod findings_json;
mod github;
mod gitlab;
mod html;
mod human;
mod junit;
mod markdown;
mod model;
mod sarif;
mod style;
#[cfg(test)]
mod tests;
mod wording;

use std::io;

pub use model::{Format, Help, Preface, Report, Summary};
pub use style::Colour;

/// Writes the report in `format`, ended by a newline, in pieces of any size. `colour` concerns the human format alone.
/// Errors: those of `out`, and none of its own.
pub fn write(
    report: &Report<'_>,
    format: Format,
    colour: Colour,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        Format::Human => human::write(report, colour, out),
        Format::Json => match report.findings() {
            Some(_) => findings_json::write(report, out),
            None => changes_json::write(report, out),
        },
        Format::Sarif => sarif::write(report, out),
        Format::Github => github::write(report, out),
        Format::Gitlab => gitlab::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Markdown => out.write_all(markdown::render(report).as_bytes()),
        Format::Html => html::write(report, out),
    }
}

/// The same as one text.
pub fn render(report: &Report<'_>, format: Format, colour: Colour) -> String {
    let mut text = Vec::new();
    write(report, format, colour, &mut text).expect("a vector takes all that is written to it");
    String::from_utf8(text).expect("every format is written as text")
}
