//! GitLab Code Quality: an array of issues, each with a fingerprint of its own.

use std::collections::HashSet;
use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::entry::Entry;
use super::model::Report;
use super::wording::endpoint;
use crate::level::Level;

/// Made one at a time, while they are written.
struct Issues<'a, 'r>(&'r Report<'a>);

impl Serialize for Issues<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // GitLab takes entries of one fingerprint for one.
        let mut seen = HashSet::new();
        let first = self
            .0
            .rows()
            .filter(|entry| seen.insert(entry.fingerprint.clone()));
        serializer.collect_seq(first.map(|entry| issue(self.0, &entry)))
    }
}

pub(super) fn write(report: &Report<'_>, mut out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, &Issues(report))?;
    writeln!(out)
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
        Some(operation) => format!("{}: {}", endpoint(operation), entry.message),
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
