//! `lint --format json`: the findings with their fingerprints, the version of the shape and the counts.

use serde::Serialize;

use super::model::Report;
use crate::finding::{Finding, OverlayAction};

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    findings: Vec<Row<'a>>,
    summary: Counts,
}

#[derive(Serialize)]
struct Counts {
    error: usize,
    warning: usize,
    info: usize,
    hint: usize,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    level: &'a str,
    message: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
    pointer: &'a str,
    fingerprint: &'a str,
    fix: Option<&'a OverlayAction>,
}

pub(super) fn render(report: &Report<'_>, findings: &[Finding]) -> String {
    let rows: Vec<Row<'_>> = report
        .entries
        .iter()
        .zip(findings)
        .map(|(entry, finding)| Row {
            id: entry.id,
            level: entry.level.as_str(),
            message: entry.message,
            file: &finding.site.file,
            line: finding.site.line,
            column: finding.site.column,
            pointer: &finding.site.pointer,
            fingerprint: &entry.fingerprint,
            fix: entry.fix,
        })
        .collect();
    let summary = report.summary();
    let document = Document {
        schema_version: 1,
        findings: rows,
        summary: Counts {
            error: summary.error,
            warning: summary.warning,
            info: summary.info,
            hint: summary.hint,
        },
    };
    let text = serde_json::to_string_pretty(&document);
    text.expect("texts and numbers always serialise") + "\n"
}
