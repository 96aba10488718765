//! JUnit XML: a suite for each operation, a test case for each entry, a failure for each that fails.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::entry::{Entry, sections};
use super::escape::markup;
use super::model::Report;
use super::wording::{breaks_text, heading};

/// The Ant schema demands a time and a host; a report has neither, being the same wherever it is made.
const SUITE: &str = "package=\"towpath\" hostname=\"localhost\" timestamp=\"1970-01-01T00:00:00\" errors=\"0\" skipped=\"0\" time=\"0\"";

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n")?;
    let sections = sections(report.rows());
    for (id, section) in sections.iter().enumerate() {
        let name = match report.noun() {
            "change" => heading(section.scope),
            _ => "towpath".to_owned(),
        };
        suite(out, report, id, &name, &section.entries)?;
    }
    if sections.is_empty() {
        // Readers of JUnit take a file without a test for a mistake.
        write!(
            out,
            "  <testsuite id=\"0\" name=\"towpath\" tests=\"1\" failures=\"0\" {SUITE}>\n    <properties/>\n    \
             <testcase name=\"no {}s\" classname=\"towpath\" time=\"0\"/>\n    <system-out/>\n    <system-err/>\n  \
             </testsuite>\n",
            report.noun()
        )?;
    }
    out.write_all(b"</testsuites>\n")
}

fn suite(
    out: &mut dyn Write,
    report: &Report<'_>,
    id: usize,
    name: &str,
    entries: &[Entry<'_>],
) -> io::Result<()> {
    let failures = entries
        .iter()
        .filter(|entry| report.is_failure(entry.level))
        .count();
    writeln!(
        out,
        "  <testsuite id=\"{id}\" name=\"{}\" tests=\"{}\" failures=\"{failures}\" {SUITE}>\n    <properties/>",
        markup(name),
        entries.len(),
    )?;
    for entry in entries {
        case(out, report, entry, name)?;
    }
    out.write_all(b"    <system-out>")?;
    for entry in entries
        .iter()
        .filter(|entry| !report.is_failure(entry.level))
    {
        write!(
            out,
            "\n{}: {} {}",
            entry.level.as_str(),
            markup(entry.message),
            markup(&detail(entry))
        )?;
    }
    out.write_all(b"</system-out>\n    <system-err/>\n  </testsuite>\n")
}

fn case(
    out: &mut dyn Write,
    report: &Report<'_>,
    entry: &Entry<'_>,
    class: &str,
) -> io::Result<()> {
    let name = format!("{} {}", entry.id, entry.places[0].site.pointer);
    write!(
        out,
        "    <testcase name=\"{}\" classname=\"{}\" time=\"0\"",
        markup(name.trim_end()),
        markup(class)
    )?;
    if !report.is_failure(entry.level) {
        return out.write_all(b"/>\n");
    }
    let site = report.anchor(entry);
    write!(
        out,
        ">\n      <failure type=\"{}\" message=\"{}\">{}:{}:{} {}</failure>\n    </testcase>\n",
        entry.level.as_str(),
        markup(entry.message),
        markup(&site.file),
        site.line,
        site.column,
        markup(&detail(entry))
    )
}

/// Who breaks, and every place.
fn detail(entry: &Entry<'_>) -> String {
    let mut text = String::new();
    if !entry.breaks.is_empty() {
        let _ = write!(text, "(breaks: {}) ", breaks_text(entry.breaks));
    }
    for place in &entry.places {
        let site = &place.site;
        let side = place.side.label().unwrap_or("at");
        let _ = write!(
            text,
            "[{side} {}:{}:{}] ",
            site.file, site.line, site.column
        );
    }
    text.trim_end().to_owned()
}
