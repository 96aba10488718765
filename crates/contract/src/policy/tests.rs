//! Bumps and verdicts, severity files, ignore files, overrides with an end.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::date;

use super::*;
use crate::change::{Change, ChangedOperation};
use crate::diff::options::LevelOverride;
use crate::level::Level;
use crate::source::Source;

fn change(id: &'static str, level: Level, message: &str) -> Change {
    let source = Source::read(b"a: 1", "a.yaml").unwrap();
    let site = Arc::new(source.site(source.root().id()));
    Change {
        id,
        level,
        breaks: vec![],
        operation: Some(Arc::new(ChangedOperation {
            method: "GET".into(),
            path: "/Users/{id}".into(),
            operation_id: None,
        })),
        base: Some(site.clone()),
        revision: Some(site),
        message: message.into(),
        fingerprint: "0123456789abcdef".into(),
        cause: 0,
    }
}

fn judged(level: Option<Level>, old: &str, new: &str) -> (Outcome, String) {
    let document = |version: &str| {
        Source::read(
            format!("info: {{version: '{version}'}}").as_bytes(),
            "a.yaml",
        )
        .unwrap()
    };
    let changes: Vec<Change> = level
        .map(|level| change("x-changed", level, "x"))
        .into_iter()
        .collect();
    let verdict = verdict(&changes, &document(old), &document(new));
    (verdict.outcome, verdict.reason)
}

#[test]
fn a_version_says_enough_or_not() {
    use Outcome::{Decreased, Enough, NotBumped, TooSmall, Unknown};
    let check =
        |level, old, new, expect| assert_eq!(judged(level, old, new).0, expect, "{old} {new}");
    let (error, warning, info) = (Some(Level::Error), Some(Level::Warning), Some(Level::Info));
    check(None, "1.0.0", "1.0.0", Enough);
    check(error, "1.0.0", "1.0.0", NotBumped);
    check(error, "1.0.0", "1.1.0", TooSmall);
    check(error, "1.9.3", "2.0.0", Enough);
    check(error, "0.3.0", "0.4.0", Enough);
    check(error, "0.3.0", "0.3.1", TooSmall);
    check(warning, "1.0.0", "1.0.1", TooSmall);
    check(warning, "1.0.0", "1.1.0", Enough);
    check(info, "v1.0", "v1.0.1", Enough);
    check(info, "1.0.0-rc.1", "1.0.0", Enough);
    check(info, "1.0.1", "1.0.0", Decreased);
    check(info, "2026-01-01", "2026-02-01", Unknown);
    check(info, "2026-01-01", "2026-01-01", NotBumped);
    check(info, "1.0.0.0", "1", Unknown);
    check(info, "+1.0.0", "1.-1.0", Unknown);
}

#[test]
fn the_reason_names_both_versions_and_both_bumps() {
    let of = |level, old, new| judged(Some(level), old, new).1;
    insta::assert_snapshot!(of(Level::Error, "1.2.0", "1.3.0"), @"the changes need a major bump, and `1.2.0` to `1.3.0` is a minor one");
    insta::assert_snapshot!(of(Level::Error, "0.2.0", "0.3.0"), @"the changes need a major bump, and `0.2.0` to `0.3.0` is a minor one, which is enough below 1.0.0");
    insta::assert_snapshot!(of(Level::Info, "1.2.0", "2.0.0"), @"the changes need a patch bump, and `1.2.0` to `2.0.0` is a major one");
    insta::assert_snapshot!(of(Level::Error, "1.2.0", "1.1.0"), @"the changes need a major bump, and the version went back from `1.2.0` to `1.1.0`");
    insta::assert_snapshot!(of(Level::Error, "1.2.0", "1.2.0"), @"the changes need a major bump, and the version is still `1.2.0`");
    insta::assert_snapshot!(of(Level::Error, "2026-01-01", "2026-02-01"), @"the changes need a major bump, and `2026-01-01` to `2026-02-01` cannot be compared as semantic versions");
}

#[test]
fn what_is_new_needs_a_minor_bump() {
    let of = |id, level| bump_required(&[change(id, level, "x")]);
    assert_eq!(of("endpoint-added", Level::Info), Some(Bump::Minor));
    assert_eq!(
        of("new-optional-request-parameter", Level::Info),
        Some(Bump::Minor)
    );
    assert_eq!(
        of("request-parameter-enum-value-removed", Level::Info),
        Some(Bump::Patch)
    );
    let mut added = change("x", Level::Info, "x");
    added.base = None;
    assert_eq!(bump_required(&[added]), Some(Bump::Minor));
    assert_eq!(bump_required(&[]), None);
}

#[test]
fn severity_files_are_read_line_by_line() {
    let levels = severities("# ours\n\napi-removed   err\na\tnone\nb WARN\nb info\n").unwrap();
    let expect = BTreeMap::from([
        ("a".to_owned(), LevelOverride::Off),
        ("api-removed".to_owned(), LevelOverride::Level(Level::Error)),
        ("b".to_owned(), LevelOverride::Level(Level::Info)),
    ]);
    assert_eq!(levels, expect);

    let error = severities("a err\nb fatal").unwrap_err();
    assert_eq!(
        (error.line(), error.to_string()),
        (
            2,
            "`fatal` is no level: use err, warn, info or none".to_owned()
        )
    );
    let error = severities("a").unwrap_err();
    assert_eq!(
        (error.line(), error.to_string()),
        (1, "expected a rule and its level, found `a`".to_owned())
    );
    assert!(severities("a err more").is_err());
}

#[test]
fn levels_replace_and_remove() {
    let changes = vec![
        change("a", Level::Info, "x"),
        change("b", Level::Info, "x"),
        change("c", Level::Info, "x"),
    ];
    let levels = severities("a none\nb err").unwrap();
    let found: Vec<_> = apply_levels(changes, &levels)
        .iter()
        .map(|change| (change.id, change.level))
        .collect();
    assert_eq!(found, [("b", Level::Error), ("c", Level::Info)]);
}

#[test]
fn an_override_holds_to_the_end_of_its_day() {
    let one = RuleOverride {
        id: "a".into(),
        level: LevelOverride::Off,
        reason: "r".into(),
        owner: "o".into(),
        expires: date(2027, 3, 31),
    };
    let overrides = [one];
    let held = |today| split_expired(&overrides, today).0.len();
    assert_eq!((held(date(2027, 3, 31)), held(date(2027, 4, 1))), (1, 0));
}

fn is_ignored(line: &str) -> bool {
    let removed = change(
        "response-success-status-removed",
        Level::Error,
        "the success response with the status `200` was removed",
    );
    let (kept, ignored) = Ignores::parse(line).split(vec![removed], Level::Error);
    assert_eq!(kept.len() + ignored.len(), 1);
    kept.is_empty()
}

#[test]
fn an_ignore_line_names_the_operation_and_what_changed() {
    for line in [
        "GET /users/{id} the success response with the status `200` was removed",
        "GET /Users/{id} response-success-status-removed",
        "- GET /users/{id} `response-success-status-removed`: nobody reads it",
        " - 2026-01-12 In get /users/{id} we removed the success response with the status '200', see ADR 4",
        "accepted 0123456789abcdef for GET /users/{id} until March",
    ] {
        assert!(is_ignored(line), "{line}");
    }
    for line in [
        "",
        "GET /users/{id}",
        "POST /users/{id} response-success-status-removed",
        "GET /users response-success-status-removed",
        "GET /users/{id} removed the success response with the status '201'",
        "GET /users/{id} removed the status '200'",
        "response-success-status-removed",
    ] {
        assert!(!is_ignored(line), "{line}");
    }
}

#[test]
fn ignoring_concerns_one_level_and_components_by_name() {
    let mut changed = change(
        "schema-removed",
        Level::Warning,
        "the schema `Rule` was removed",
    );
    changed.operation = None;
    let split = |line: &str, level| {
        Ignores::parse(line)
            .split(vec![changed.clone()], level)
            .1
            .len()
    };
    assert_eq!(
        split("components removed the schema 'rule'", Level::Warning),
        1
    );
    assert_eq!(
        split("components removed the schema 'rule'", Level::Error),
        0
    );
    assert_eq!(split("removed the schema 'rule'", Level::Warning), 0);
}
