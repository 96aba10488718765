//! `diff --format json`: the changes as they are, with the version of the shape and the counts.

use serde::Serialize;

use super::model::{Report, Summary};
use crate::change::Change;

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    changes: &'a [Change],
    summary: Summary,
}

pub(super) fn render(report: &Report<'_>) -> String {
    let document = Document {
        schema_version: 1,
        changes: report.changes(),
        summary: report.summary(),
    };
    let text = serde_json::to_string_pretty(&document);
    text.expect("texts and numbers always serialise") + "\n"
}
