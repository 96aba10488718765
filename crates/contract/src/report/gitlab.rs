//! GitLab Code Quality: an array of issues, each with a fingerprint of its own.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::model::{Entry, Report};
use crate::level::Level;

pub(super) fn render(report: &Report<'_>) -> String {
    // GitLab takes entries of one fingerprint for one.
    let mut seen = HashSet::new();
    let issues: Vec<Value> = report
        .entries
        .iter()
        .filter(|entry| seen.insert(entry.fingerprint.as_ref()))
        .map(|entry| issue(report, entry))
        .collect();
    let text = serde_json::to_string_pretty(&issues);
    text.expect("texts and numbers always serialise") + "\n"
}

fn issue(report: &Report<'_>, entry: &Entry<'_>) -> Value {
    let site = report.anchor(entry);
    let severity = match entry.level {
        Level::Error => "critical",
        Level::Warning => "major",
        Level::Info => "info",
        Level::Hint => "minor",
    };
    let description = match entry.operation {
        Some(operation) => format!("{} {}: {}", operation.method, operation.path, entry.message),
        None => entry.message.to_owned(),
    };
    json!({
        "description": description,
        "check_name": entry.id,
        "fingerprint": entry.fingerprint,
        "severity": severity,
        "location": {
            "path": site.file.trim_start_matches("./"),
            "lines": {"begin": site.line},
        },
    })
}
