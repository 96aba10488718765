//! Where checks on lifecycle, security and parameters draw their lines.

use crate::diff::diff;
use crate::diff::options::DiffOptions;
use crate::source::Source;

const CHECKS: [&str; 6] = [
    "APIDeprecationCheck",
    "APISecurityUpdatedCheck",
    "APISunsetChangedCheck",
    "NewRequestNonPathParameterCheck",
    "NewRequestPathParameterCheck",
    "RequestParameterTypeChangedCheck",
];

/// The ids that these checks find between two operations `POST /a/{p}`, given as flow mappings; with 10 days of grace, on 2026-01-01.
#[track_caller]
fn check(base: &str, revision: &str, expect: &[&str]) {
    let document = |operation: &str| {
        let text = format!("{{openapi: 3.0.3, paths: {{'/a/{{p}}': {{post: {operation}}}}}}}");
        Source::read(text.as_bytes(), "contract.yaml").unwrap()
    };
    let mut options = DiffOptions::new(jiff::civil::date(2026, 1, 1));
    options.deprecation_days_stable = 10;
    options.checks = Some(CHECKS.map(str::to_owned).to_vec());
    let diff = diff(&document(base), &document(revision), &options);
    let ids: Vec<_> = diff.changes.iter().map(|change| change.id).collect();
    assert_eq!(ids, expect);
}

#[test]
fn the_last_day_of_grace_is_enough() {
    let on = |date: &str| format!("{{deprecated: true, x-sunset: {date}}}");
    check("{}", &on("2026-01-10"), &["api-sunset-date-too-small"]);
    check(
        "{}",
        &on("2026-01-11"),
        &["endpoint-deprecated-with-sunset"],
    );
    check(
        "{}",
        &on("'2026-01-11T08:00:00Z'"),
        &["endpoint-deprecated-with-sunset"],
    );
    check("{}", &on("2026-02-30"), &["api-deprecated-sunset-parse"]);
}

#[test]
fn grace_follows_the_stage_of_the_operation() {
    let stage = |stage: &str| format!("{{x-stability-level: {stage}}}");
    let deprecated = |stage: &str| format!("{{x-stability-level: {stage}, deprecated: true}}");
    check(
        &stage("stable"),
        &deprecated("stable"),
        &["api-deprecated-sunset-missing"],
    );
    check(
        &stage("beta"),
        &deprecated("beta"),
        &["endpoint-deprecated"],
    );
    check(
        &stage("gamma"),
        &deprecated("gamma"),
        &["api-invalid-stability-level", "api-invalid-stability-level"],
    );
    check(&stage("gamma"), &stage("gamma"), &[]);
}

#[test]
fn a_sunset_may_move_within_the_grace_but_not_into_it() {
    let on = |date: &str| format!("{{deprecated: true, x-sunset: {date}}}");
    check(&on("2026-12-31"), &on("2026-06-30"), &[]);
    check(&on("2026-01-02"), &on("2026-01-03"), &[]);
    check(
        &on("2026-12-31"),
        &on("2026-01-05"),
        &["api-sunset-date-changed-too-small"],
    );
    check(&on("2026-12-31"), &on("soon"), &["api-path-sunset-parse"]);
    check("{x-sunset: 2026-12-31}", "{}", &[]);
}

#[test]
fn ways_in_are_paired_by_schemes_only_where_that_is_no_guess() {
    let ways = |ways: &str| format!("{{security: [{ways}]}}");
    check(
        &ways("{a: [r]}, {b: []}"),
        &ways("{b: []}, {a: [r, w]}"),
        &["api-security-scope-added"],
    );
    check(&ways("{a: [r, w]}"), &ways("{a: [w, r]}"), &[]);
    check(
        &ways("{a: [r]}, {a: [w]}"),
        &ways("{a: [x]}, {a: [y]}"),
        &[
            "api-security-added",
            "api-security-added",
            "api-security-removed",
            "api-security-removed",
        ],
    );
    check(
        &ways("{a: [], b: []}"),
        &ways("{a: []}"),
        &["api-security-added", "api-security-removed"],
    );
    check(&ways("{a: []}"), &ways("{a: []}, {}"), &[]);
}

#[test]
fn one_value_may_become_a_list_that_repeats_the_parameter() {
    let query = |more: &str, schema: &str| {
        format!("{{parameters: [{{in: query, name: q{more}, schema: {schema}}}]}}")
    };
    let (one, list) = ("{type: integer}", "{type: array, items: {type: integer}}");
    check(
        &query("", one),
        &query("", list),
        &["request-parameter-type-generalized"],
    );
    check(
        &query("", one),
        &query(", explode: false", list),
        &["request-parameter-type-changed"],
    );
    check(
        &query("", one),
        &query("", "{type: array, items: {type: boolean}}"),
        &["request-parameter-type-changed"],
    );
    check(
        &query("", "{type: integer, maximum: 5}"),
        &query("", list),
        &["request-parameter-type-changed"],
    );
}

#[test]
fn path_parameters_are_known_by_their_place() {
    let path =
        |more: &str| format!("{{parameters: [{{in: path, name: p, required: true}}{more}]}}");
    check(&path(""), &path(""), &[]);
    check("{}", &path(""), &["new-request-path-parameter"]);
    check(
        &path(""),
        &path(", {in: query, name: p, required: true}"),
        &["new-required-request-parameter"],
    );
}
