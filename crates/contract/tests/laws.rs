//! The laws of a comparison, over generated contracts and hand-written ones.

#[path = "laws/lines.rs"]
mod lines;
#[path = "laws/mirrors.rs"]
mod mirrors;
#[path = "laws/places.rs"]
// An example uses the rest of it.
#[allow(dead_code)]
mod places;
#[path = "laws/rewrite.rs"]
mod rewrite;
#[path = "laws/things.rs"]
mod things;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn generated_contracts_keep_the_laws(base in contract(), revision in contract()) {
        let broken = rewrite::broken(&base, &revision);
        prop_assert!(broken.is_empty(), "{broken:#?}\n{base}\n{revision}");
    }

    /// What one direction tells the other tells by the mirror of the rule, at least as often.
    #[test]
    fn the_reverse_of_a_change_is_its_mirror(base in contract(), revision in contract()) {
        let side = |value: &Value| rewrite::source(&value.to_string(), "a.json");
        let (old, new) = (side(&base), side(&revision));
        let (there, back) = (mirrors::compared(&old, &new), mirrors::compared(&new, &old));
        for (one, other) in [(&there, &back), (&back, &there)] {
            let missing = mirrors::missing(one, other);
            prop_assert!(missing.is_empty(), "{missing:?}\n{base}\n{revision}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_change_has_its_places(base in contract(), revision in contract()) {
        let side = |value: &Value| rewrite::source(&rewrite::yaml(value), "a.yaml");
        let (old, new) = (side(&base), side(&revision));
        let mut places = places::Places::default();
        places.check(&rewrite::compared(&old, &new), &old, &new);
        prop_assert_eq!(places.failed(), 0, "{}\n{}", base, revision);
    }
}

/// What is told of the body of one response whose schema changes: ids and sentences. The laws hold.
fn check(base: Value, revision: Value, expect: &[&str]) {
    let [base, revision] = [(base, "integer"), (revision, "string")].map(|(schema, id)| {
        json!({
            "openapi": "3.0.3",
            "info": {"title": "Things", "version": "1"},
            "paths": {"/a": {"get": {"responses": {"200": {
                "description": "",
                "content": {"application/json": {"schema": schema}},
            }}}}},
            "components": {"schemas": {
                "A": {"type": "object", "properties": {"id": {"type": id}}},
            }},
        })
    });
    assert_eq!(rewrite::broken(&base, &revision), []);
    let [old, new] = [&base, &revision].map(|one| rewrite::source(&one.to_string(), "a.json"));
    let there = rewrite::compared(&old, &new);
    let told = there.changes.iter();
    let told: Vec<_> = told
        .map(|one| format!("{}: {}", one.id, one.message))
        .collect();
    assert_eq!(told, expect);
    let mut places = places::Places::default();
    places.check(&there, &old, &new);
    assert_eq!(places.failed(), 0);
}

#[test]
fn a_schema_that_became_a_member_is_still_itself() {
    let named = json!({"$ref": "#/components/schemas/A"});
    let object = |name: &str| json!({"type": "object", "properties": {name: {"type": "string"}}});
    let all = |members: &[&Value]| json!({"allOf": members});
    let added = "response-body-all-of-added: a schema `object` was added to `allOf` of the body of response `200`";
    let removed = "response-body-all-of-removed: a schema `object` was removed from `allOf` of the body of response `200`";
    // It changed too, and is told of once.
    let changed = "response-property-type-changed: type of property `allOf[0]/id` of response `200` changed from `integer` to `string`";
    let longer = all(&[&named, &object("b")]);
    check(named.clone(), longer.clone(), &[added, changed]);
    check(longer, named.clone(), &[changed, removed]);
    let longer = all(&[&object("b"), &object("c")]);
    check(object("b"), longer.clone(), &[added]);
    check(all(&[&object("b")]), longer.clone(), &[added]);
    // One that is not among the members is none of them, wherever it stands.
    let mut with_note = object("b");
    with_note["allOf"] = json!([{"description": "Says more."}]);
    let noted = "response-body-all-of-added-annotation-only: a schema `none` was added to `allOf` of the body of response `200`";
    check(object("b"), with_note, &[noted]);
    let gone = "response-body-any-of-removed: a schema `object` was removed from `anyOf` of the body of response `200`";
    let one_of_both = json!({"anyOf": [object("b"), object("c")]});
    check(one_of_both, longer, &[added, added, gone, gone]);
}

#[test]
fn a_place_that_is_gone_or_wrong_is_found() {
    let side = |limit: u32| {
        let schema = json!({"type": "string", "maxLength": limit});
        let parameter = json!({"in": "query", "name": "q", "schema": schema});
        let operation = json!({"parameters": [parameter], "responses": {}});
        let document = json!({"openapi": "3.0.3", "info": {}, "paths": {"/a": {"get": operation}}});
        rewrite::source(&rewrite::yaml(&document), "a.yaml")
    };
    let (old, new) = (side(1), side(2));
    let found = |change: fn(&mut contract::Change)| {
        let mut there = rewrite::compared(&old, &new);
        assert_eq!(there.changes.len(), 1);
        change(&mut there.changes[0]);
        let mut places = places::Places::default();
        places.check(&there, &old, &new);
        (places.told, places.missing, places.wrong)
    };
    assert_eq!(found(|_| {}), (2, 0, 0));
    assert_eq!(found(|change| change.revision = None), (1, 1, 0));
    assert_eq!(found(|change| change.base = None), (1, 1, 0));
    assert_eq!(
        found(|change| change.base = change.revision.clone()),
        (2, 0, 0)
    );
    let moved = |change: &mut contract::Change| {
        let mut site = contract::Site::clone(change.base.as_ref().unwrap());
        site.column += 1;
        change.base = Some(site.into());
    };
    assert_eq!(found(moved), (2, 0, 1));
}

/// Names come from few, so that two contracts have much in common.
fn contract() -> impl Strategy<Value = Value> {
    let schemas = btree_map("[A-D]", schema(), 0..4);
    let paths = btree_map("/[ab](/\\{id\\})?", operations(), 1..3);
    (schemas, paths).prop_map(|(schemas, paths)| {
        let mut all = json!({"A": {"type": "string"}, "B": {"type": "integer"}});
        for (name, schema) in schemas {
            all[name] = schema;
        }
        json!({
            "openapi": "3.0.3",
            "info": {"title": "Things", "version": "1"},
            "paths": paths,
            "components": {"schemas": all},
        })
    })
}

fn operations() -> impl Strategy<Value = Value> {
    btree_map("get|post", operation(), 1..3).prop_map(|operations| json!(operations))
}

fn operation() -> impl Strategy<Value = Value> {
    let parameter = ("[pq]", schema(), any::<bool>()).prop_map(
        |(name, schema, required)| json!({"in": "query", "name": name, "schema": schema, "required": required}),
    );
    let parameters = vec(parameter, 0..2);
    let body = prop::option::of((schema(), any::<bool>()));
    let responses = btree_map("200|201|404|default", schema(), 1..3);
    (parameters, body, responses).prop_map(|(parameters, body, responses)| {
        let content = |schema: Value| json!({"application/json": {"schema": schema}});
        let mut operation = json!({"responses": {}});
        let mut unique = parameters;
        unique.dedup_by(|a, b| a["name"] == b["name"]);
        operation["parameters"] = json!(unique);
        if let Some((schema, required)) = body {
            operation["requestBody"] = json!({"content": content(schema), "required": required});
        }
        for (status, schema) in responses {
            operation["responses"][status] = json!({"description": "", "content": content(schema)});
        }
        operation
    })
}

fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        "string|integer|number|boolean".prop_map(|name| json!({"type": name})),
        (0..3u32, any::<bool>()).prop_map(
            |(limit, nullable)| json!({"type": "string", "maxLength": limit, "nullable": nullable})
        ),
        vec("[xyz]", 1..3).prop_map(|mut values| {
            values.sort();
            values.dedup();
            json!({"type": "string", "enum": values})
        }),
        "[AB]".prop_map(|name| json!({"$ref": format!("#/components/schemas/{name}")})),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (btree_map("[a-c]", inner.clone(), 0..3), vec("[a-c]", 0..2)).prop_map(
                |(properties, mut required)| {
                    required.sort();
                    required.dedup();
                    required.retain(|name| properties.contains_key(name));
                    json!({"type": "object", "properties": properties, "required": required})
                }
            ),
            vec(inner.clone(), 1..3).prop_map(|members| json!({"allOf": members})),
            inner.prop_map(|items| json!({"type": "array", "items": items})),
        ]
    })
}
