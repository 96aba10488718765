//! Whom single changes touch, by where they stand.

use super::*;

/// The changes that break, each as `rule: conditions`.
#[track_caller]
fn check(base: &str, revision: &str, components: [&str; 2], expect: &[&str]) {
    let document = |operation: &str, components: &str| {
        source(&format!(
            "{{openapi: 3.1.0, paths: {{/a: {{post: {operation}}}}}, components: {{schemas: {components}}}}}"
        ))
    };
    let base = document(base, components[0]);
    let revision = document(revision, components[1]);
    let found = diff(
        &base,
        &revision,
        &DiffOptions::new(jiff::civil::date(2026, 1, 1)),
    );
    let mut touching = Touching::new(&base, &revision, LeafLimits::default());
    let told = found
        .changes
        .iter()
        .filter(|change| change.level == crate::Level::Error);
    let told: Vec<String> = told
        .map(|change| format!("{}: {}", change.id, shown(&touching.of(change).evidence)))
        .collect();
    assert_eq!(told, expect);
}

/// A JSON body of this schema.
fn body(schema: &str) -> String {
    format!("{{requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}}}")
}

#[track_caller]
fn check_schema(base: &str, revision: &str, expect: &[&str]) {
    check(&body(base), &body(revision), ["{}", "{}"], expect);
}

#[track_caller]
fn check_shared(operation: &str, base: &str, revision: &str, expect: &[&str]) {
    check(operation, operation, [base, revision], expect);
}

#[test]
fn who_sends_a_new_required_property_is_untouched() {
    check_schema(
        "{properties: {a: {}}}",
        "{properties: {a: {}}, required: [a]}",
        &["request-property-became-required: -request.body.a of request.body"],
    );
    check_schema(
        "{properties: {o: {properties: {a: {}}}}}",
        "{properties: {o: {properties: {a: {}, b: {type: string}}, required: [b]}}}",
        &["new-required-request-property: -request.body.o.b of request.body.o"],
    );
}

#[test]
fn in_a_list_having_it_once_is_not_having_it_always() {
    check_schema(
        "{items: {properties: {a: {}}}}",
        "{items: {properties: {a: {}}, required: [a]}}",
        &["request-property-became-required: +request.body[]?"],
    );
}

#[test]
fn a_body_that_becomes_required_touches_who_sends_none() {
    let content = "content: {application/json: {schema: {type: string}}}";
    check(
        &format!("{{requestBody: {{{content}}}}}"),
        &format!("{{requestBody: {{required: true, {content}}}}}"),
        ["{}", "{}"],
        &["request-body-became-required: -request.body"],
    );
    check(
        "{}",
        &format!("{{requestBody: {{required: true, {content}}}}}"),
        ["{}", "{}"],
        &["request-body-added-required: -request.body"],
    );
    check(
        &format!("{{requestBody: {{{content}}}}}"),
        "{}",
        ["{}", "{}"],
        &["request-body-removed: +request.body"],
    );
}

#[test]
fn a_shared_schema_is_told_at_each_place() {
    check_shared(
        &body(
            "{properties: {a: {$ref: '#/components/schemas/M'}, b: {items: {$ref: '#/components/schemas/M'}}}}",
        ),
        "{M: {enum: [x, y]}}",
        "{M: {enum: [x]}}",
        &[
            "request-property-enum-value-removed: +request.body.a=y, +request.body.b[]=y",
            "request-property-enum-value-removed: +request.body.a=y, +request.body.b[]=y",
        ],
    );
}

#[test]
fn a_request_and_a_response_of_one_schema_are_told_apart() {
    let content = "content: {application/json: {schema: {$ref: '#/components/schemas/M'}}}";
    check_shared(
        &format!("{{requestBody: {{{content}}}, responses: {{200: {{{content}}}}}}}"),
        "{M: {properties: {a: {type: string}}, required: [a]}}",
        "{M: {properties: {a: {type: integer}}, required: [a]}}",
        &[
            "request-property-type-changed: +request.body.a",
            "response-property-type-changed: <response.200.body.a",
        ],
    );
}

#[test]
fn below_names_that_a_map_makes_up_the_map_decides() {
    check_shared(
        &body("{properties: {m: {additionalProperties: {$ref: '#/components/schemas/M'}}}}"),
        "{M: {properties: {a: {type: string}}}}",
        "{M: {properties: {a: {type: integer}}, required: [a]}}",
        &[
            "request-property-became-required: +request.body.m?",
            "request-property-type-changed: +request.body.m?",
        ],
    );
}

#[test]
fn below_a_circle_the_first_round_decides() {
    check_shared(
        &body("{$ref: '#/components/schemas/T'}"),
        "{T: {properties: {n: {type: string}, kids: {items: {$ref: '#/components/schemas/T'}}}}}",
        "{T: {properties: {n: {type: string}, kids: {items: {$ref: '#/components/schemas/T'}}}, required: [n]}}",
        &["request-property-became-required: +request.body?"],
    );
}

#[test]
fn defaults_touch_who_relies_on_them() {
    let operation = |value: &str| {
        format!(
            "{{parameters: [{{in: query, name: q, schema: {{type: string, default: {value}}}}}]}}"
        )
    };
    check(
        &operation("a"),
        &operation("b"),
        ["{}", "{}"],
        &["request-parameter-default-value-changed: -request.query.q?"],
    );
}

#[test]
fn an_exploded_object_is_seen_by_its_properties() {
    let operation = |more: &str| {
        format!(
            "{{parameters: [{{in: query, name: q{more}, schema: {{type: object, properties: {{a: {{}}, b: {{}}}}}}}}]}}"
        )
    };
    check(
        &operation(""),
        &operation(", required: true"),
        ["{}", "{}"],
        &["request-parameter-became-required: any call"],
    );
}

#[test]
fn what_goes_the_other_way_no_call_tells() {
    let webhook = |properties: &str| {
        format!(
            "{{openapi: 3.1.0, webhooks: {{w: {{post: {{requestBody: {{content: {{application/json: {{schema: {{properties: {properties}, required: [a]}}}}}}}}}}}}}}}}"
        )
    };
    let (base, revision) = (source(&webhook("{a: {}}")), source(&webhook("{b: {}}")));
    let found = diff(
        &base,
        &revision,
        &DiffOptions::new(jiff::civil::date(2026, 1, 1)),
    );
    assert!(!found.changes.is_empty());
    for change in &found.changes {
        let touched = super::super::touched(change, &base, &revision);
        assert_eq!(touched.evidence, Evidence::NoCall, "{}", change.id);
    }
}
