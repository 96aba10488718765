//! Any bytes that are a document are linted by the built-in ruleset: it ends, and every finding has its place.
#![no_main]

use std::sync::OnceLock;

use contract::{Ruleset, Source, lint};
use libfuzzer_sys::fuzz_target;

static RULESET: OnceLock<Ruleset> = OnceLock::new();

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = Source::read(bytes, "a") else {
        return;
    };
    for finding in lint(&source, RULESET.get_or_init(Ruleset::spectral_oas)) {
        assert!(finding.site.line > 0 && finding.site.column > 0);
        assert!(!finding.message.is_empty());
    }
});
