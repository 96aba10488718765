//! Every built-in rule has texts, and its examples are what they say.

use std::collections::BTreeSet;

use super::lint_rules;
use crate::lint::{Ruleset, RulesetSource, lint};
use crate::source::Source;

fn all_rules() -> Ruleset {
    let mut none = |name: &str, _: &str| -> Result<RulesetSource, String> { Err(name.to_owned()) };
    Ruleset::parse(b"extends: [[spectral:oas, all]]", "all.yaml", &mut none).unwrap()
}

fn found(example: &str) -> BTreeSet<String> {
    let is_whole = example.starts_with("openapi") || example.starts_with("asyncapi");
    let head = if is_whole { "" } else { "openapi: 3.1.0\n" };
    let source = Source::read(format!("{head}{example}").as_bytes(), "example.yaml").unwrap();
    let findings = lint(&source, &all_rules());
    findings
        .into_iter()
        .map(|finding| finding.id.into_owned())
        .collect()
}

#[test]
fn every_rule_is_explained() {
    let rules = lint_rules();
    let explained: BTreeSet<&str> = rules.iter().map(|rule| rule.id).collect();
    assert_eq!(explained.len(), rules.len(), "an id is there twice");
    let ruleset = Ruleset::spectral_oas();
    for (id, level, is_recommended) in ruleset.rules() {
        let rule = rules.iter().find(|rule| rule.id == id);
        let rule = rule.unwrap_or_else(|| panic!("{id} has no texts"));
        assert_eq!((rule.level, rule.is_recommended), (level, is_recommended));
    }
    assert_eq!(rules.len(), ruleset.rules().count() + 2);
    for rule in rules {
        for text in [rule.purpose, rule.why, rule.repair] {
            assert!(
                text.ends_with('.') && text.len() > 10,
                "{}: {text}",
                rule.id
            );
        }
    }
}

#[test]
fn a_bad_example_is_reported_and_a_good_one_is_not() {
    for rule in lint_rules() {
        let bad = found(rule.bad_example);
        assert!(bad.contains(rule.id), "{}: bad finds {bad:?}", rule.id);
        let good = found(rule.good_example);
        assert!(!good.contains(rule.id), "{}: good is found", rule.id);
    }
}
