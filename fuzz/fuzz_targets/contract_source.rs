//! Any bytes are read as a document or refused; what is read has a place for every node, compares as equal to itself,
//! and is a contract or has problems with places.
#![no_main]

use contract::{Node, Source, Value, pointer};
use libfuzzer_sys::fuzz_target;
use towpath_fuzz::laws;

/// Below an alias the same nodes come again: so many are looked at.
const NODES_MAX: u32 = 5_000;

fuzz_target!(|bytes: &[u8]| {
    for name in ["a.json", "a.yaml", "a"] {
        check_contract(bytes, name);
        let Ok(source) = Source::read(bytes, name) else {
            continue;
        };
        if !laws::has_hidden_nodes(&source) {
            check_nodes(source.root(), &mut NODES_MAX.clone());
        }
        let found = laws::compared(&source, &source);
        assert!(found.changes.is_empty(), "{:?}", found.changes.first());
    }
});

fn check_contract(bytes: &[u8], name: &str) {
    let problems = match contract::parse_bytes(bytes, name) {
        Ok(contract) => {
            assert!(!contract.operations().is_empty() && !contract.base_paths().is_empty());
            contract.warnings().to_vec()
        }
        Err(error) => {
            assert!(!error.problems.is_empty() && error.problems.len() <= error.count);
            error.problems
        }
    };
    for problem in problems {
        assert!(problem.line > 0 && problem.column > 0);
        assert!(!problem.to_string().is_empty());
    }
}

/// The text of every node is there, and its pointer leads to it unless it is a copy.
fn check_nodes(node: Node<'_>, room: &mut u32) {
    if *room == 0 {
        return;
    }
    *room -= 1;
    assert!(node.tree().source().get(node.span().bytes()).is_some());
    let found = pointer::resolve(node.tree().root(), &node.pointer());
    assert!(found.is_ok(), "{}", node.pointer());
    match node.value() {
        Value::Array(elements) => elements.for_each(|one| check_nodes(one, room)),
        Value::Object(members) => members.for_each(|one| check_nodes(one.value, room)),
        _ => {}
    }
}
