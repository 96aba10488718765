//! A document and an edited copy of it are compared both ways: it ends, every change has its places, every report renders.
#![no_main]

use contract::{Source, tools};
use libfuzzer_sys::fuzz_target;
use towpath_fuzz::{edits, laws, parts};

/// Uses every kind of thing that the walk visits; stands in where the input names no document.
const CONTRACT: &[u8] = include_bytes!("../seeds/contracts/everything-31.json");

// The input is a document, a mark, and edits: the first byte says whether the base is edited too.
fuzz_target!(|input: &[u8]| {
    let (document, edits) = parts::halves(input);
    let document = if document.is_empty() {
        CONTRACT
    } else {
        document
    };
    let Ok(given) = Source::read(document, "a") else {
        return;
    };
    let (how, edits) = edits.split_first().unwrap_or((&0, &[]));
    let (first, second) = edits.split_at(if how & 1 == 1 { edits.len() / 2 } else { 0 });
    let read = |edits: &[u8], name| {
        let text = edits::edited(&given, edits)?;
        Some(Source::read(text.as_bytes(), name).expect("an edited document is JSON"))
    };
    let (Some(base), Some(revision)) = (read(first, "base"), read(second, "revision")) else {
        return;
    };
    // The document as it is written, duplicate keys, aliases and all, against its copy.
    let base = if first.is_empty() { given } else { base };
    for (base, revision) in [(&base, &revision), (&revision, &base)] {
        laws::compared(base, revision);
        laws::check_changes(&tools::diff(base, revision), base, revision);
    }
});
