//! The JSON scanner against serde_json: the same bytes are accepted, and they stand for the same value.
#![no_main]

use contract::{Format, Node, Tree, Value};
use libfuzzer_sys::fuzz_target;
use serde_json::Value as Json;

/// serde_json refuses the 128th level, this scanner the 513th.
const THEIR_DEPTH_LIMIT: usize = 127;

fuzz_target!(|bytes: &[u8]| {
    let ours = contract::json::scan_bytes(bytes);
    // A byte order mark is skipped here and refused there.
    let theirs =
        serde_json::from_slice::<Json>(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    match (ours, theirs) {
        (Ok(tree), Ok(theirs)) => {
            check_tree(&tree);
            assert!(
                same(tree.root(), &theirs),
                "two values for {:?}",
                tree.source()
            );
        }
        (Ok(tree), Err(error)) => {
            check_tree(&tree);
            let message = error.to_string();
            if message.starts_with("recursion limit exceeded") {
                assert!(depth(tree.root()) > THEIR_DEPTH_LIMIT);
            } else {
                // RFC 8259 sets no range for numbers; serde_json takes what a 64-bit float can hold.
                assert!(
                    message.starts_with("number out of range"),
                    "accepted here only: {message}"
                );
            }
        }
        (Err(error), Ok(_)) => panic!("refused here only: {error}"),
        (Err(error), Err(_)) => {
            let text = String::from_utf8_lossy(bytes);
            let length = text.len() as u32;
            assert!(error.span.start <= error.span.end && error.span.end <= length);
            assert!(error.position.line >= 1 && error.position.column >= 1);
        }
    }
});

/// Every node has the text that it claims, and every pointer leads to a node with that pointer.
fn check_tree(tree: &Tree) {
    assert_eq!(tree.format(), Format::Json);
    check_node(tree.root());
}

fn check_node(node: Node<'_>) {
    let text = &node.tree().source()[node.span().bytes()];
    let pointer = node.pointer();
    let found = contract::pointer::resolve(node.tree().root(), &pointer);
    assert_eq!(found.map(Node::id), Ok(node.id()));
    match node.value() {
        Value::Null => assert_eq!(text, "null"),
        Value::Bool(value) => assert_eq!(text, if value { "true" } else { "false" }),
        Value::Number(number) => assert_eq!(text, number),
        // The text is a JSON string by itself.
        Value::String(value) => assert_eq!(
            serde_json::from_str::<String>(text).ok().as_deref(),
            Some(value)
        ),
        Value::Array(elements) => {
            assert!(text.starts_with('[') && text.ends_with(']'));
            elements.for_each(check_node);
        }
        Value::Object(members) => {
            assert!(text.starts_with('{') && text.ends_with('}'));
            members.for_each(|member| check_node(member.value));
        }
    }
}

/// Equal values; of equal keys the last one counts on both sides.
fn same(node: Node<'_>, json: &Json) -> bool {
    match (node.value(), json) {
        (Value::Null, Json::Null) => true,
        (Value::Bool(a), Json::Bool(b)) => a == *b,
        (Value::Number(a), Json::Number(b)) => {
            serde_json::from_str::<serde_json::Number>(a).is_ok_and(|a| a == *b)
        }
        (Value::String(a), Json::String(b)) => a == b,
        (Value::Array(a), Json::Array(b)) => {
            a.clone().count() == b.len() && a.zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(mut a), Json::Object(b)) => {
            a.clone().count() == b.len()
                && a.all(|member| {
                    b.get(member.name())
                        .is_some_and(|value| same(member.value, value))
                })
        }
        _ => false,
    }
}

fn depth(node: Node<'_>) -> usize {
    let inside = match node.value() {
        Value::Array(elements) => elements.map(depth).max(),
        Value::Object(members) => members.map(|member| depth(member.value)).max(),
        _ => return 0,
    };
    1 + inside.unwrap_or(0)
}
