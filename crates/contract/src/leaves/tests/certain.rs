//! When a leaf alone tells that a call breaks, and when it does not.

use super::*;
use crate::diff::options::LevelOverride;
use crate::level::Level;

/// The change of this rule, which the owner has raised to an error, between two request bodies.
#[track_caller]
fn check(rule: &str, base: &str, revision: &str, expect: &str) {
    let document = |content: &str| {
        source(&format!(
            "{{openapi: 3.1.0, paths: {{/a: {{post: {{requestBody: {{content: {{{content}}}}}}}}}}}}}"
        ))
    };
    let (base, revision) = (document(base), document(revision));
    let mut options = DiffOptions::new(jiff::civil::date(2026, 1, 1));
    let level = LevelOverride::Level(Level::Error);
    options.levels.insert(rule.to_owned(), level);
    let found = diff(&base, &revision, &options);
    let mut touching = Touching::new(&base, &revision, LeafLimits::default());
    let told: Vec<String> = found
        .changes
        .iter()
        .filter(|change| change.id == rule)
        .map(|change| shown(&touching.of(change).evidence))
        .collect();
    assert_eq!(told, [expect], "{:?}", found.changes);
}

fn json(schema: &str) -> String {
    format!("application/json: {{schema: {schema}}}")
}

#[test]
fn an_owner_who_calls_a_removal_an_error_is_believed() {
    check(
        "request-property-removed",
        &json("{properties: {a: {}, b: {}}}"),
        &json("{properties: {b: {}}}"),
        "+request.body.a",
    );
}

#[test]
fn a_property_that_must_be_in_one_of_several_schemas_may_be_lacked_rightly() {
    let one_of = |required: &str| {
        json(&format!(
            "{{oneOf: [{{properties: {{a: {{}}}}}}, {{properties: {{b: {{}}, c: {{}}}}, required: [{required}]}}]}}"
        ))
    };
    check(
        "request-property-became-required",
        &one_of("b"),
        &one_of("b, c"),
        "-request.body.c of request.body?",
    );
    check(
        "request-property-became-required",
        &json("{allOf: [{properties: {a: {}}}, {properties: {b: {}, c: {}}, required: [b]}]}"),
        &json("{allOf: [{properties: {a: {}}}, {properties: {b: {}, c: {}}, required: [b, c]}]}"),
        "-request.body.c of request.body",
    );
}

#[test]
fn a_format_or_a_type_that_still_fits_leaves_values_as_they_were() {
    check(
        "request-property-type-changed",
        &json("{properties: {a: {type: string}}}"),
        &json("{properties: {a: {type: integer}}}"),
        "+request.body.a",
    );
    check(
        "request-property-type-changed",
        &json("{properties: {a: {type: string}}}"),
        &json("{properties: {a: {type: string, format: date-time}}}"),
        "+request.body.a?",
    );
    // A text of a form may be a number.
    let form = |kind: &str| {
        let schema = format!("{{properties: {{a: {{type: {kind}}}}}}}");
        format!("application/x-www-form-urlencoded: {{schema: {schema}}}")
    };
    check(
        "request-property-type-changed",
        &form("string"),
        &form("integer"),
        "+request.body.a?",
    );
}
