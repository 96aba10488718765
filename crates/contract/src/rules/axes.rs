//! Why a rule has no mirror: the axes of the table are complete, or a reason stands here.

use std::collections::BTreeSet;

use super::rule::{Area, Direction, Kind};
use super::table::{self, Row};

/// Rules whose reversed change no one rule tells, and why.
const ONE_WAY: &[(&[&str], &str)] = &[
    (
        &["api-operation-id-removed"],
        "a rename takes the old id away in either direction, and is told besides",
    ),
    (
        &["api-schema-removed"],
        "a schema that is new and that nothing uses changes nothing",
    ),
    (
        &[
            "request-body-became-enum",
            "request-property-became-enum",
            "request-parameter-became-enum",
            "request-header-property-became-enum",
            "request-body-enum-value-removed",
            "response-mediatype-enum-value-removed",
        ],
        "a list that comes is one change, a list that goes is told value by value",
    ),
    (
        &[
            "request-body-type-generalized",
            "request-property-type-generalized",
            "request-parameter-type-generalized",
            "request-body-type-compatible",
            "request-property-type-compatible",
            "response-body-type-compatible",
            "response-property-type-compatible",
            "response-header-type-compatible",
            "request-body-type-changed",
            "request-property-type-changed",
            "request-parameter-type-changed",
            "request-parameter-property-type-changed",
            "request-parameter-property-type-generalized",
            "request-parameter-property-type-specialized",
            "response-body-type-changed",
            "response-body-type-generalized",
            "response-body-type-specialized",
            "response-property-type-changed",
            "response-property-type-generalized",
            "response-property-type-specialized",
            "response-header-type-changed",
            "response-header-type-generalized",
            "response-header-type-specialized",
        ],
        "the reversed change is compatible, generalized, specialized or none of these: it depends on the types",
    ),
    (
        &[
            "request-body-wrapped-in-one-of",
            "response-body-wrapped-in-one-of",
        ],
        "unwrapped, the alternatives go and properties come: several rules tell",
    ),
    (
        &[
            "request-property-x-extensible-enum-value-removed",
            "request-parameter-x-extensible-enum-value-removed",
        ],
        "the list is open: a value that comes was allowed before",
    ),
    (
        &["response-write-only-property-enum-value-added"],
        "the value that goes is told of properties that are written only and of others alike",
    ),
    (
        &[
            "endpoint-added",
            "request-parameter-removed",
            "request-property-removed",
            "request-body-removed",
            "response-header-added",
            "new-required-request-default-parameter-to-existing-path",
            "new-optional-request-default-parameter-to-existing-path",
            "request-parameter-removed-with-deprecation",
            "request-parameter-removed-before-sunset",
        ],
        "what comes is told by whether it is required, what goes by whether it was or whether that was announced",
    ),
    (
        &[
            "new-required-request-header-property",
            "request-header-property-became-required",
        ],
        "properties of headers that go or become optional refuse nothing, and no rule asks for them",
    ),
];

/// Rules of one direction whose like in the other no rule is, and why. Beyond these: parameters are in requests only,
/// headers of responses have ids of their own.
const ONE_SIDED: &[(&[&str], &str)] = &[
    (
        &[
            "request-body-removed",
            "request-body-added-required",
            "request-body-added-optional",
            "request-body-became-optional",
            "request-body-became-required",
        ],
        "a response has no body that may be left out: its statuses and media types come and go",
    ),
    (
        &[
            "request-body-media-type-added",
            "request-body-media-type-removed",
            "request-body-media-type-name-changed",
            "request-body-media-type-name-generalized",
            "request-body-media-type-name-specialized",
            "response-media-type-removed",
            "response-media-type-added",
            "response-media-type-name-changed",
            "response-media-type-name-generalized",
            "response-media-type-name-specialized",
        ],
        "the ids of requests say `body`, those of responses do not",
    ),
    (
        &[
            "response-success-status-removed",
            "response-success-status-added",
            "response-non-success-status-removed",
            "response-non-success-status-added",
            "response-link-added",
            "response-link-removed",
            "response-link-changed",
        ],
        "requests have neither statuses nor links",
    ),
    (
        &["request-body-property-order-changed"],
        "nobody writes what a response holds by position",
    ),
    (
        &["request-body-became-enum", "request-property-became-enum"],
        "in a response a list that comes refuses nothing",
    ),
    (
        &[
            "request-body-enum-value-removed",
            "request-body-enum-value-added",
            "response-mediatype-enum-value-removed",
            "response-mediatype-enum-value-added",
        ],
        "the ids of requests say `body`, those of responses `mediatype`",
    ),
    (
        &[
            "request-read-only-property-enum-value-removed",
            "request-read-only-property-max-decreased",
            "request-read-only-property-exclusive-max-decreased",
            "request-read-only-property-max-length-decreased",
            "request-read-only-property-min-increased",
            "request-read-only-property-exclusive-min-increased",
            "response-write-only-property-became-optional",
            "response-write-only-property-became-required",
            "response-write-only-property-enum-value-added",
        ],
        "read-only is about responses, write-only about requests: their likes say the other word, or are not told",
    ),
    (
        &["request-property-pattern-generalized"],
        "in a response any other pattern may break, the widest too",
    ),
    (
        &["request-property-became-required-with-default"],
        "a default does not stand in for what a response leaves out",
    ),
    (
        &[
            "request-property-removed",
            "new-required-request-property",
            "new-required-request-property-with-default",
            "new-optional-request-property",
            "response-optional-property-removed",
            "response-optional-write-only-property-removed",
            "response-optional-property-added",
            "response-optional-write-only-property-added",
            "response-required-property-removed",
            "response-required-write-only-property-removed",
            "response-required-property-added",
            "response-required-write-only-property-added",
        ],
        "both directions tell of properties that come and go, in other words",
    ),
    (
        &["request-property-x-extensible-enum-value-removed"],
        "in a response a value that is no longer named refuses nothing",
    ),
    (
        &[
            "response-body-type-specialized",
            "response-property-type-specialized",
        ],
        "in a request a type that is specialized breaks, and is told as changed",
    ),
];

#[test]
fn a_rule_without_a_mirror_says_why() {
    let open = table::rows().filter(|row| row.mirror.is_empty());
    // Each date and stage is judged on its own.
    let open = open.filter(|row| row.kind != Kind::Lifecycle);
    compare(open.map(|row| row.id).collect(), ONE_WAY);
}

#[test]
fn a_mirror_leads_back_or_to_a_rule_of_the_same_direction() {
    for row in table::rows().filter(|row| !row.mirror.is_empty()) {
        let mirror = table::find(row.mirror).unwrap();
        let is_back = mirror.mirror == row.id;
        let is_of_same = mirror.direction == row.direction;
        assert!(is_back || is_of_same, "{} and {}", row.id, mirror.id);
    }
}

#[test]
fn a_rule_of_one_direction_only_says_why() {
    let has_like = |row: &Row| {
        let (from, to) = match row.direction {
            Direction::Request => ("request", "response"),
            _ => ("response", "request"),
        };
        table::find(&row.id.replacen(from, to, 1)).is_some()
    };
    let open = table::rows().filter(|row| {
        row.direction != Direction::None && !matches!(row.area, Area::Parameters | Area::Headers)
    });
    let open = open.filter(|row| !has_like(row)).map(|row| row.id);
    compare(open.collect(), ONE_SIDED);
}

fn compare(open: BTreeSet<&str>, told: &[(&[&str], &str)]) {
    let excused: BTreeSet<&str> = told.iter().flat_map(|(ids, _)| *ids).copied().collect();
    let without: Vec<_> = open.difference(&excused).collect();
    assert!(without.is_empty(), "neither rule nor reason: {without:?}");
    let stale: Vec<_> = excused.difference(&open).collect();
    assert!(stale.is_empty(), "a reason that is not needed: {stale:?}");
    assert!(told.iter().all(|(_, why)| !why.is_empty()));
}
