//! Bulk input: CSV with a header row or a JSON array, all or nothing, every bad row reported.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::ControlError;
use crate::problem::ImportProblem;

/// Rows of one import; more come in several imports.
pub const IMPORT_ROWS_MAX: usize = 100_000;

/// How the imported text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImportFormat {
    /// RFC 4180 with a header row that names the columns, in any order.
    Csv,
    /// An array of objects with the same field names.
    Json,
}

/// What an import changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportReport {
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
}

/// One row as read: a column that is absent is no field; a cell or value that is empty is one.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) line: u64,
    fields: BTreeMap<String, Value>,
}

impl Record {
    /// The text of a field; JSON null is empty. Numbers and booleans are not texts.
    pub(crate) fn text(&self, field: &'static str, problems: &mut Problems) -> Option<&str> {
        match self.fields.get(field)? {
            Value::String(text) => Some(text.trim()),
            Value::Null => Some(""),
            _ => {
                problems.add(self.line, field, "a text is needed".to_owned());
                None
            }
        }
    }

    /// The field as it was written.
    pub(crate) fn value(&self, field: &str) -> Option<&Value> {
        self.fields.get(field)
    }
}

/// Everything that is wrong with an import.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<ImportProblem>);

impl Problems {
    pub(crate) fn add(&mut self, line: u64, field: &str, message: String) {
        self.0.push(ImportProblem {
            line,
            field: Some(field.to_owned()),
            message,
        });
    }

    fn add_row(&mut self, line: u64, message: String) {
        self.0.push(ImportProblem {
            line,
            field: None,
            message,
        });
    }

    /// `Ok` when nothing is wrong, else all problems in order of line.
    pub(crate) fn into_result(mut self) -> Result<(), ControlError> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.0.sort_by_key(|problem| problem.line);
        Err(ControlError::Import { problems: self.0 })
    }
}

/// The rows of `text`; rows that cannot be read are problems and absent.
pub(crate) fn read(
    format: ImportFormat,
    text: &str,
    known: &[&str],
    problems: &mut Problems,
) -> Vec<Record> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let records = match format {
        ImportFormat::Csv => read_csv(text, known, problems),
        ImportFormat::Json => read_json(text, known, problems),
    };
    if records.len() > IMPORT_ROWS_MAX {
        let line = records[IMPORT_ROWS_MAX].line;
        problems.add_row(
            line,
            format!("an import has at most {IMPORT_ROWS_MAX} rows: part it"),
        );
    }
    records
}

fn read_csv(text: &str, known: &[&str], problems: &mut Problems) -> Vec<Record> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(true)
        .flexible(true)
        .from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header
            .iter()
            .map(|name| name.trim().to_lowercase())
            .collect(),
        Err(error) => {
            problems.add_row(1, format!("the header row cannot be read: {error}"));
            return Vec::new();
        }
    };
    for (index, name) in header.iter().enumerate() {
        if !known.contains(&name.as_str()) {
            problems.add(1, name, unknown_field(known));
        } else if header[..index].contains(name) {
            problems.add(1, name, "this column is there twice".to_owned());
        }
    }

    let mut records = Vec::new();
    for row in reader.records() {
        match row {
            Ok(row) => {
                let line = row.position().map_or(0, csv::Position::line);
                if row.len() != header.len() {
                    let message = format!(
                        "the row has {} cells, the header has {}",
                        row.len(),
                        header.len()
                    );
                    problems.add_row(line, message);
                    continue;
                }
                let cells = row.iter().map(|cell| Value::String(cell.to_owned()));
                records.push(Record {
                    line,
                    fields: header.iter().cloned().zip(cells).collect(),
                });
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                problems.add_row(line, format!("the row cannot be read: {error}"));
            }
        }
    }
    records
}

fn read_json(text: &str, known: &[&str], problems: &mut Problems) -> Vec<Record> {
    let elements: Vec<Value> = match serde_json::from_str(text) {
        Ok(elements) => elements,
        Err(error) => {
            problems.add_row(
                error.line() as u64,
                format!("an array of objects is needed: {error}"),
            );
            return Vec::new();
        }
    };
    let mut records = Vec::new();
    for (line, element) in (1..).zip(elements) {
        let Value::Object(object) = element else {
            problems.add_row(line, "an object is needed".to_owned());
            continue;
        };
        for name in object.keys().filter(|name| !known.contains(&name.as_str())) {
            problems.add(line, name, unknown_field(known));
        }
        records.push(Record {
            line,
            fields: object.into_iter().collect(),
        });
    }
    records
}

fn unknown_field(known: &[&str]) -> String {
    format!("there is no such field: use {}", known.join(", "))
}
