//! Any document is linted by the built-in ruleset and by any other: it ends, every finding has its place, repairs repair.
#![no_main]

use std::sync::OnceLock;

use contract::{Finding, Ruleset, Source, apply_fixes, lint, overlay};
use libfuzzer_sys::fuzz_target;
use towpath_fuzz::{laws, parts};

static RULESET: OnceLock<Ruleset> = OnceLock::new();

// The input is a document, a mark, and a ruleset.
fuzz_target!(|input: &[u8]| {
    let (document, ruleset) = parts::halves(input);
    let given = given(ruleset);
    let Ok(source) = Source::read(document, "a") else {
        return;
    };
    for ruleset in [
        Some(RULESET.get_or_init(Ruleset::spectral_oas)),
        given.as_ref(),
    ] {
        let Some(ruleset) = ruleset else { continue };
        let findings = lint(&source, ruleset);
        laws::check_findings(&findings, &source);
        check_repairs(&source, &findings);
    }
});

fn given(text: &[u8]) -> Option<Ruleset> {
    let mut load = |name: &str, _: &str| Err(format!("{name} is not here"));
    match Ruleset::parse(text, "ruleset.yaml", &mut load) {
        Ok(ruleset) => Some(ruleset),
        Err(error) => {
            assert!(!error.problems.is_empty() && !error.render().is_empty());
            None
        }
    }
}

fn check_repairs(source: &Source, findings: &[Finding]) {
    overlay(findings);
    if let Ok(Some(text)) = apply_fixes(source, findings) {
        assert!(Source::read(text.as_bytes(), "a").is_ok(), "{text}");
    }
}
