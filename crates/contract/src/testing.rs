//! For tests: arbitrary JSON values, their texts, and comparison of a node with one.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value as Json};

use crate::tree::{Node, NodeId, Tree, Value};

/// Values of every kind, a few levels deep.
pub(crate) fn any_json() -> impl Strategy<Value = Json> {
    let scalar = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>()
            .prop_filter("JSON has finite numbers only", |n| n.is_finite())
            .prop_map(Json::from),
        any_text().prop_map(Json::from),
    ];
    scalar.prop_recursive(5, 60, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(Json::Array),
            vec((any_text(), inner), 0..8)
                .prop_map(|members| Json::Object(Map::from_iter(members))),
        ]
    })
}

/// Words, and texts full of what escaping and YAML care about.
pub(crate) fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{0,12}",
        "[ \"\\\\/#:,\\[\\]{}&*!|>'%@`~<=\\-+.0-9a-zé😀\u{1}\t\n\r\u{85}\u{2028}]{0,20}",
        any::<String>(),
        prop::sample::select(vec![
            "null", "true", "1.0", "0x1F", "~", "<<", "---", "...", "- a", "a: b", ".inf"
        ])
        .prop_map(str::to_owned),
    ]
}

/// Whether `node` is the same value as `json`, members in the same order or another.
pub(crate) fn same(node: Node<'_>, json: &Json) -> bool {
    match (node.value(), json) {
        (Value::Null, Json::Null) => true,
        (Value::Bool(a), Json::Bool(b)) => a == *b,
        (Value::Number(a), Json::Number(b)) => {
            // The default float reader of serde_json may be off by the last digit.
            let theirs = serde_json::from_str::<serde_json::Number>(a);
            theirs.is_ok_and(|a| a == *b) || b.is_f64() && a.parse().ok() == b.as_f64()
        }
        (Value::String(a), Json::String(b)) => a == b,
        (Value::Array(a), Json::Array(b)) => {
            a.clone().count() == b.len() && a.zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Json::Object(b)) => {
            a.clone().count() == b.len()
                && a.into_iter()
                    .all(|member| b.get(member.name()).is_some_and(|b| same(member.value, b)))
        }
        _ => false,
    }
}

/// Every node of the tree, keys included.
pub(crate) fn nodes(tree: &Tree) -> impl Iterator<Item = Node<'_>> {
    (0..tree.node_count() as u32).map(|id| tree.node(NodeId(id)))
}

/// The text that the node's span covers.
pub(crate) fn slice(node: Node<'_>) -> &str {
    &node.tree().source()[node.span().bytes()]
}
