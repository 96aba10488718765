//! The laws of a comparison, over generated contracts and hand-written ones.

#[path = "laws/places.rs"]
// An example uses the rest of it.
#[allow(dead_code)]
mod places;
#[path = "laws/rewrite.rs"]
mod rewrite;

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
        let (there, back) = (rewrite::compared(&old, &new), rewrite::compared(&new, &old));
        for (one, other) in [(&there, &back), (&back, &there)] {
            let missing = rewrite::without_mirror(one, other);
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
        prop_assert_eq!(places.wrong, 0, "{}\n{}", base, revision);
    }
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
            inner.prop_map(|items| json!({"type": "array", "items": items})),
        ]
    })
}
