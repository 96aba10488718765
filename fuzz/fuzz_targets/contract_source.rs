//! Any bytes are read as a document or refused; what is read has a place for every node, and compares as equal to itself.
#![no_main]

use contract::{DiffOptions, Source, diff};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for name in ["a.json", "a.yaml", "a"] {
        let Ok(source) = Source::read(bytes, name) else {
            continue;
        };
        let root = source.site(source.root().id());
        assert_eq!((root.pointer.as_str(), root.line > 0), ("", true));
        let options = DiffOptions::new(jiff::civil::date(2026, 1, 1));
        let found = diff(&source, &source, &options);
        assert!(found.changes.is_empty(), "{:?}", found.changes.first());
    }
});
