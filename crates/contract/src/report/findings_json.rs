//! `lint --format json`: the findings with their fingerprints, the version of the shape and the counts.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::model::{Report, Summary};
use crate::finding::OverlayAction;

#[derive(Serialize)]
struct Document<'a, 'r> {
    schema_version: u32,
    findings: Rows<'a, 'r>,
    summary: Counts,
}

/// Made one at a time, while they are written.
struct Rows<'a, 'r>(&'r Report<'a>);

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

impl Serialize for Rows<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeSeq as _;
        let mut rows = serializer.serialize_seq(None)?;
        for entry in self.0.rows() {
            let site = &entry.places[0].site;
            rows.serialize_element(&Row {
                id: entry.id,
                level: entry.level.as_str(),
                message: entry.message,
                file: &site.file,
                line: site.line,
                column: site.column,
                pointer: &site.pointer,
                fingerprint: &entry.fingerprint,
                fix: entry.fix,
            })?;
        }
        rows.end()
    }
}

pub(super) fn write(report: &Report<'_>, mut out: &mut dyn Write) -> io::Result<()> {
    let Summary {
        error,
        warning,
        info,
        hint,
    } = report.summary();
    let document = Document {
        schema_version: 1,
        findings: Rows(report),
        summary: Counts {
            error,
            warning,
            info,
            hint,
        },
    };
    serde_json::to_writer_pretty(&mut out, &document)?;
    writeln!(out)
}
