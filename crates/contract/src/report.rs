//! Renders changes and findings for people and for machines: one report, eight formats, no IO.

mod changes_json;
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

pub use model::{Format, Help, Report, Summary};
pub use style::Colour;

/// The report in `format`, ended by a newline. `colour` concerns the human format alone.
pub fn render(report: &Report<'_>, format: Format, colour: Colour) -> String {
    match format {
        Format::Human => human::render(report, colour),
        Format::Json => match report.findings() {
            Some(findings) => findings_json::render(report, findings),
            None => changes_json::render(report),
        },
        Format::Sarif => sarif::render(report),
        Format::Github => github::render(report),
        Format::Gitlab => gitlab::render(report),
        Format::Junit => junit::render(report),
        Format::Markdown => markdown::render(report),
        Format::Html => html::render(report),
    }
}
