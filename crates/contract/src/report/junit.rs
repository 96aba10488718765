//! JUnit XML: a suite for each operation, a test case for each entry, a failure for each that fails.

use std::fmt::Write as _;

use super::escape::markup;
use super::human::{breaks_text, heading};
use super::model::{Entry, Report};

/// The Ant schema demands a time and a host; a report has neither, being the same wherever it is made.
const SUITE: &str = "package=\"towpath\" hostname=\"localhost\" timestamp=\"1970-01-01T00:00:00\" errors=\"0\" skipped=\"0\" time=\"0\"";

pub(super) fn render(report: &Report<'_>) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (id, (operation, entries)) in report.groups().into_iter().enumerate() {
        let name = match report.noun() {
            "change" => heading(operation),
            _ => "towpath".to_owned(),
        };
        suite(&mut text, report, id, &name, &entries);
    }
    if report.entries.is_empty() {
        // Readers of JUnit take a file without a test for a mistake.
        let _ = write!(
            text,
            "  <testsuite id=\"0\" name=\"towpath\" tests=\"1\" failures=\"0\" {SUITE}>\n    <properties/>\n    \
             <testcase name=\"no {}s\" classname=\"towpath\" time=\"0\"/>\n    <system-out/>\n    <system-err/>\n  \
             </testsuite>\n",
            report.noun()
        );
    }
    text.push_str("</testsuites>\n");
    text
}

fn suite(text: &mut String, report: &Report<'_>, id: usize, name: &str, entries: &[&Entry<'_>]) {
    let failures = entries
        .iter()
        .filter(|entry| report.is_failure(entry))
        .count();
    let _ = writeln!(
        text,
        "  <testsuite id=\"{id}\" name=\"{}\" tests=\"{}\" failures=\"{failures}\" {SUITE}>\n    <properties/>",
        markup(name),
        entries.len(),
    );
    for entry in entries {
        case(text, report, entry, name);
    }
    text.push_str("    <system-out>");
    for entry in entries.iter().filter(|entry| !report.is_failure(entry)) {
        let _ = write!(
            text,
            "\n{}: {} {}",
            entry.level.as_str(),
            markup(entry.message),
            markup(&detail(entry))
        );
    }
    text.push_str("</system-out>\n    <system-err/>\n  </testsuite>\n");
}

fn case(text: &mut String, report: &Report<'_>, entry: &Entry<'_>, class: &str) {
    let name = format!("{} {}", entry.id, entry.places[0].site.pointer);
    let _ = write!(
        text,
        "    <testcase name=\"{}\" classname=\"{}\" time=\"0\"",
        markup(name.trim_end()),
        markup(class)
    );
    if !report.is_failure(entry) {
        text.push_str("/>\n");
        return;
    }
    let site = report.anchor(entry);
    let _ = write!(
        text,
        ">\n      <failure type=\"{}\" message=\"{}\">{}:{}:{} {}</failure>\n    </testcase>\n",
        entry.level.as_str(),
        markup(entry.message),
        markup(&site.file),
        site.line,
        site.column,
        markup(&detail(entry))
    );
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
