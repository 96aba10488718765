//! Components that nothing refers to, and what stands beside references and in enums.

use crate::lint::call::{Call, Fault};
use crate::lint::json::to_json;
use crate::lint::view::Slot;
use crate::tree::{Node, Value};

const KINDS: [&str; 8] = [
    "schemas",
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "links",
    "callbacks",
];

/// Every component is named by a reference.
pub(super) fn unused(call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let components = call.document.root.get("components");
    for kind in KINDS {
        let members = components.and_then(|node| node.get(kind));
        for member in members.into_iter().flat_map(Node::members) {
            if !call.document.links.is_used(member.value.id()) {
                let names = ["components", kind, member.name()];
                faults.push(call.fault_at(names, "nothing refers to this component"));
            }
        }
    }
}

/// Every member of a container is named by a reference.
pub(in crate::lint) fn unreferenced(container: &str, call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let Some(node) = call.target.node() else {
        return;
    };
    let pointer = container.trim_start_matches('#');
    let home = crate::pointer::resolve(call.document.root, pointer).ok();
    for member in node.members() {
        let named = home.and_then(|home| home.get(member.name()));
        let is_used = named.is_some_and(|named| call.document.links.is_used(named.id()));
        if !is_used {
            faults.push(call.fault_at([member.name()], "nothing refers to this object"));
        }
    }
}

/// A `$ref` stands alone.
pub(super) fn ref_siblings(call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let tree = call.view.tree();
    let pointer = tree.node(call.place.slot.node).pointer();
    let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
    let Ok(object) = crate::pointer::resolve(call.document.root, parent) else {
        return;
    };
    for member in object.members().filter(|member| member.name() != "$ref") {
        let slot = Slot {
            node: member.value.id(),
            by_ref: false,
        };
        faults.push(Fault {
            place: slot.into(),
            message: format!("`{}` stands beside a `$ref` and is not read", member.name()),
        });
    }
}

/// An enum has each value once.
pub(super) fn duplicated_enum(call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let Some(values) = call.target.node().filter(|node| node.is_array()) else {
        return;
    };
    let mut seen = std::collections::BTreeSet::new();
    for value in values.elements() {
        if !seen.insert(sortable(value)) {
            let shown = crate::lint::text::print(Some(value));
            faults.push(call.fault(format!("{shown} is in this enum more than once")));
            return;
        }
    }
}

fn sortable(node: Node<'_>) -> String {
    to_json(node).to_string()
}

/// `attribute: true` has a successor in 3.2.
pub(super) fn xml_attribute(call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let attribute = call.target.node().and_then(|node| node.get("attribute"));
    if matches!(attribute.map(Node::value), Some(Value::Bool(true))) {
        faults.push(call.fault("`attribute` is written as `nodeType: attribute` since 3.2"));
    }
}
