//! Tags: of operations and of the document.

use rustc_hash::FxHashSet;

use super::operations;
use crate::finding::{OverlayAction, OverlayEffect};
use crate::lint::call::{Call, Fault};
use crate::tree::Node;

pub(super) fn defined(call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let Some(root) = call.target.node() else {
        return;
    };
    let listed = call.get(root, "tags").into_iter().flat_map(Node::elements);
    let names: FxHashSet<&str> = listed
        .filter_map(|tag| {
            call.get(call.view.follow(tag), "name")
                .and_then(Node::as_str)
        })
        .collect();
    let Some(paths) = call.get(root, "paths") else {
        return;
    };
    for operation in operations::all(call, paths) {
        let tags = call.get(operation.value, "tags");
        for (index, tag) in tags.into_iter().flat_map(Node::elements).enumerate() {
            let name = tag.as_str();
            if name.is_some_and(|name| names.contains(name)) {
                continue;
            }
            let index = index.to_string();
            let way = ["paths", operation.path, operation.method, "tags", &index];
            let shown = crate::lint::text::print(Some(tag));
            faults.push(call.fault_at(
                way,
                format!("the tag {shown} is not among the tags of the document"),
            ));
        }
    }
}

pub(super) fn unique(call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let Some(tags) = call.target.node().filter(|node| node.is_array()) else {
        return;
    };
    let names: Option<Vec<&str>> = tags
        .elements()
        .map(|tag| call.get(call.view.follow(tag), "name")?.as_str())
        .collect();
    let mut seen = FxHashSet::default();
    for (index, name) in names.into_iter().flatten().enumerate() {
        if !seen.insert(name) {
            let way = [index.to_string()];
            let way = [way[0].as_str(), "name"];
            faults.push(call.fault_at(way, format!("the tag `{name}` is there more than once")));
        }
    }
}

/// What lists the tag of an operation among the tags of the document. The list is named below the document, which every
/// tool joins with the one that is there, and not as the target, to which not all of them append.
pub(in crate::lint) fn listing(tag: &str) -> OverlayAction {
    OverlayAction {
        target: "$".to_owned(),
        description: Some(format!("list the tag `{tag}`")),
        effect: OverlayEffect::Update(serde_json::json!({ "tags": [{ "name": tag }] })),
    }
}
