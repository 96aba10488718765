//! `diff --format json`: the changes as they are, with the version of the shape and the counts.
//!
//! Written without a serialiser: a schema that hundreds of operations use stands in tens of thousands of rows, and its
//! place is put into text once. A test holds the bytes against those of `serde_json`.

use std::io::{self, Write};
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::model::Report;
use crate::change::{Change, ChangedOperation};
use crate::site::Site;

/// Rows are handed on in pieces of about this size.
const PIECE_BYTES: usize = 1 << 16;

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = Rows {
        text: Vec::with_capacity(PIECE_BYTES + 4096),
        places: Vec::new(),
        known: FxHashMap::default(),
        operation: (0, Vec::new()),
    };
    rows.put("{\n  \"schema_version\": 1,\n  \"changes\": [");
    let mut is_first = true;
    for change in report.changes() {
        if !report.is_told(change.level) {
            continue;
        }
        rows.put(if is_first { "\n    {" } else { ",\n    {" });
        is_first = false;
        rows.row(change);
        if rows.text.len() >= PIECE_BYTES {
            out.write_all(&rows.text)?;
            rows.text.clear();
        }
    }
    rows.put(if is_first { "]" } else { "\n  ]" });
    let summary = report.summary();
    rows.put(&format!(
        ",\n  \"summary\": {{\n    \"error\": {},\n    \"warning\": {},\n    \"info\": {}\n  }}\n}}\n",
        summary.error, summary.warning, summary.info
    ));
    out.write_all(&rows.text)
}

struct Rows {
    text: Vec<u8>,
    /// The places so far as text, one behind the other.
    places: Vec<u8>,
    /// By the address of a place that all its changes share.
    known: FxHashMap<usize, Range<usize>>,
    /// The address of the operation at hand, and its text.
    operation: (usize, Vec<u8>),
}

impl Rows {
    fn put(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    fn row(&mut self, change: &Change) {
        self.put("\n      \"id\": ");
        quote(&mut self.text, change.id);
        self.put(",\n      \"level\": ");
        quote(&mut self.text, change.level.as_str());
        self.put(",\n      \"breaks\": [");
        for (index, breaks) in change.breaks.iter().enumerate() {
            self.put(if index == 0 {
                "\n        "
            } else {
                ",\n        "
            });
            quote(&mut self.text, breaks.as_str());
        }
        let end = match change.breaks.is_empty() {
            true => "],\n      \"operation\": ",
            false => "\n      ],\n      \"operation\": ",
        };
        self.put(end);
        self.operation(change.operation.as_deref());
        self.put(",\n      \"base\": ");
        self.site(change.base.as_deref());
        self.put(",\n      \"revision\": ");
        self.site(change.revision.as_deref());
        self.put(",\n      \"message\": ");
        quote(&mut self.text, &change.message);
        self.put(",\n      \"fingerprint\": ");
        quote(&mut self.text, &change.fingerprint);
        self.put("\n    }");
    }

    fn operation(&mut self, operation: Option<&ChangedOperation>) {
        let Some(operation) = operation else {
            return self.put("null");
        };
        let address = std::ptr::from_ref(operation).addr();
        let (known, text) = &mut self.operation;
        if *known != address {
            *known = address;
            text.clear();
            text.extend_from_slice(b"{\n        \"method\": ");
            quote(text, &operation.method);
            text.extend_from_slice(b",\n        \"path\": ");
            quote(text, &operation.path);
            text.extend_from_slice(b",\n        \"operation_id\": ");
            match &operation.operation_id {
                Some(id) => quote(text, id),
                None => text.extend_from_slice(b"null"),
            }
            text.extend_from_slice(b"\n      }");
        }
        self.text.extend_from_slice(text);
    }

    fn site(&mut self, site: Option<&Site>) {
        let Some(site) = site else {
            return self.put("null");
        };
        let address = std::ptr::from_ref(site).addr();
        let range = match self.known.get(&address) {
            Some(range) => range.clone(),
            None => {
                let start = self.places.len();
                write_site(&mut self.places, site);
                let range = start..self.places.len();
                self.known.insert(address, range.clone());
                range
            }
        };
        self.text.extend_from_slice(&self.places[range]);
    }
}

fn write_site(text: &mut Vec<u8>, site: &Site) {
    text.extend_from_slice(b"{\n        \"file\": ");
    quote(text, &site.file);
    let numbers = format!(
        ",\n        \"line\": {},\n        \"column\": {},\n        \"pointer\": ",
        site.line, site.column
    );
    text.extend_from_slice(numbers.as_bytes());
    quote(text, &site.pointer);
    text.extend_from_slice(b"\n      }");
}

/// As a JSON string.
fn quote(text: &mut Vec<u8>, value: &str) {
    serde_json::to_writer(text, value).expect("texts always serialise, and a vector takes them");
}
