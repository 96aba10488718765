//! Which leaves a contract has, by what keys, and what is cut.

use super::*;

/// Every key, and every cut as `key: reason`.
#[track_caller]
fn check(operation: &str, components: &str, limits: LeafLimits, expect: &[&str]) {
    let text = format!(
        "{{openapi: 3.1.0, paths: {{/a: {{post: {operation}}}}}, components: {{schemas: {components}}}}}"
    );
    let source = source(&text);
    let found = tables(&source, &limits).remove(0);
    let repeated = |is_repeated| if is_repeated { " +" } else { "" };
    let leaves = found.leaves.iter().map(|leaf| {
        assert!(leaf.parent.is_none_or(|parent| parent < leaf.id));
        format!("{}{}", leaf.key, repeated(leaf.is_repeated))
    });
    let cuts = found
        .cuts
        .iter()
        .map(|cut| format!("{}: {:?}", cut.key, cut.reason));
    let told: Vec<String> = leaves.chain(cuts).collect();
    assert_eq!(told, expect);
}

fn limits() -> LeafLimits {
    LeafLimits::default()
}

#[test]
fn every_part_of_a_message_has_a_leaf() {
    check(
        "{parameters: [{in: query, name: limit}, {in: header, name: X-Id}, {in: cookie, name: s}, {in: path, name: id}],
          requestBody: {content: {application/json: {schema: {properties: {a: {type: string}}}}, text/csv: {}}},
          responses: {200: {headers: {X-Rate: {}}, content: {application/json: {schema: {items: {properties: {id: {}}}}}}},
                      default: {description: none}}}",
        "{}",
        limits(),
        &[
            "request.query.limit",
            "request.header.x-id",
            "request.cookie.s",
            "request.path.id",
            "request.content.application/json",
            "request.content.text/csv",
            "request.body",
            "response.200",
            "response.200.header.x-rate",
            "response.200.content.application/json",
            "response.200.body",
            "response.default",
            "request.body.a",
            "response.200.body[] +",
            "response.200.body[].id +",
        ],
    );
}

#[test]
fn branches_are_merged_and_references_followed() {
    check(
        "{requestBody: {content: {a/json: {schema: {$ref: '#/components/schemas/A'}}}}}",
        "{A: {allOf: [{$ref: '#/components/schemas/B'}, {properties: {x: {}}}]},
          B: {oneOf: [{properties: {x: {properties: {y: {}}}}}, {anyOf: [{properties: {z: {}}}]}], then: {properties: {t: {}}}}}",
        limits(),
        &[
            "request.content.a/json",
            "request.body",
            "request.body.x",
            "request.body.z",
            "request.body.t",
            "request.body.x.y",
        ],
    );
}

#[test]
fn a_schema_that_comes_back_is_told_where_it_began() {
    check(
        "{requestBody: {content: {a/json: {schema: {$ref: '#/components/schemas/Tree'}}}}}",
        "{Tree: {properties: {name: {}, kids: {items: {$ref: '#/components/schemas/Tree'}}}}}",
        limits(),
        &[
            "request.content.a/json",
            "request.body",
            "request.body.name +",
            "request.body.kids +",
            "request.body.kids[] +",
            "request.body.kids[]: Circle(\"request.body\")",
        ],
    );
}

#[test]
fn values_have_leaves_that_are_told_apart() {
    check(
        "{requestBody: {content: {a/json: {schema: {enum: [a, '1', 1, 1.50, true, 'true', null, '*', '', 'a\"b', [1], 0x1F]}}}}}",
        "{}",
        limits(),
        &[
            "request.content.a/json",
            "request.body",
            "request.body=a",
            "request.body=\"1\"",
            "request.body=1",
            "request.body=1.50",
            "request.body=true",
            "request.body=\"true\"",
            "request.body=null",
            "request.body=\"*\"",
            "request.body=\"\"",
            "request.body=a%22b",
            "request.body=*",
            "request.body: Text",
            "request.body: Text",
        ],
    );
}

#[test]
fn names_are_encoded_so_that_no_two_keys_are_one() {
    check(
        "{requestBody: {content: {a/json: {schema: {properties: {a.b: {}, 'a[]': {}, 'a=1': {}, 'a%2Eb': {}, \"é\\n\": {}, a: {properties: {b: {}}}}}}}}}",
        "{}",
        limits(),
        &[
            "request.content.a/json",
            "request.body",
            "request.body.a%2Eb",
            "request.body.a%5B%5D",
            "request.body.a%3D1",
            "request.body.a%252Eb",
            "request.body.é%0A",
            "request.body.a",
            "request.body.a.b",
        ],
    );
}

#[test]
fn what_is_not_looked_at_is_said() {
    check(
        "{parameters: [{in: query, name: q, style: form, explode: false, schema: {properties: {a: {}}}},
                       {in: query, name: j, content: {application/json: {schema: {enum: [a]}}}},
                       {in: query, name: d, style: deepObject, schema: {properties: {a: {properties: {b: {}}}}}},
                       {in: query, name: l, schema: {items: {enum: [x]}}},
                       {in: querystring, name: all}],
          requestBody: {content: {a/json: {schema: {additionalProperties: {properties: {secret: {}}}}}}}}",
        "{}",
        limits(),
        &[
            "request.query.q",
            "request.query.j",
            "request.query.d",
            "request.query.l",
            "request.querystring.all",
            "request.content.a/json",
            "request.body",
            "request.query.d.a",
            "request.query.l[] +",
            "request.query.d.a.b",
            "request.query.l[]=x +",
            "request.query.l[]=* +",
            "request.querystring.all: Text",
            "request.query.q: Style",
            "request.body: Hidden",
        ],
    );
}

#[test]
fn limits_cut_what_is_deep_first() {
    let body = "{requestBody: {content: {a/json: {schema: {properties: {a: {properties: {b: {properties: {c: {}}}}}, d: {}}}}}}}";
    check(
        body,
        "{}",
        LeafLimits {
            leaves: 4,
            depth: 9,
        },
        &[
            "request.content.a/json",
            "request.body",
            "request.body.a",
            "request.body.d",
            "request.body.a: Full",
        ],
    );
    check(
        body,
        "{}",
        LeafLimits {
            leaves: 9,
            depth: 1,
        },
        &[
            "request.content.a/json",
            "request.body",
            "request.body.a",
            "request.body.d",
            "request.body.a: Depth",
        ],
    );
}

#[test]
fn a_contract_that_unfolds_without_end_is_cut() {
    let wide: String = (0..80)
        .map(|at| format!("p{at}: {{properties: {{x{at}: {{$ref: '#/components/schemas/B'}}}}}}, "))
        .collect();
    let text = format!(
        "{{openapi: 3.1.0, paths: {{/a: {{post: {{requestBody: {{content: {{a/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}}}}}}},
          components: {{schemas: {{A: {{properties: {{{wide}}}}}, B: {{properties: {{{wide}}}}}}}}}}}"
    );
    let source = source(&text);
    let found = tables(&source, &limits()).remove(0);
    assert_eq!(found.leaves.len(), 4_096);
    assert_eq!(found.cuts.len(), 100);
    assert!(found.cut_count > 100);
    assert!(
        found
            .cuts
            .iter()
            .any(|cut| cut.reason == LeafCutReason::Full)
    );
}
