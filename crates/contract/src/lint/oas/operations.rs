//! Operations: how to find them, their ids and their responses.

use rustc_hash::FxHashSet;

use crate::lint::call::{Call, Fault};
use crate::lint::formats::SpecFormat;
use crate::lint::path::to_number;
use crate::tree::Node;

pub(super) const METHODS: [&str; 8] = [
    "get", "head", "post", "put", "patch", "delete", "options", "trace",
];

/// An operation with its path and method.
pub(super) struct Found<'t> {
    pub(super) path: &'t str,
    pub(super) method: &'t str,
    pub(super) value: Node<'t>,
}

/// The operations of `paths`, in source order.
pub(super) fn all<'t>(call: &Call<'_, 't>, paths: Node<'t>) -> Vec<Found<'t>> {
    let mut found = Vec::new();
    for path in paths.members() {
        let item = call.view.follow(path.value);
        for member in item.members() {
            let value = call.view.follow(member.value);
            if METHODS.contains(&member.name()) && value.is_object() {
                found.push(Found {
                    path: path.name(),
                    method: member.name(),
                    value,
                });
            }
        }
    }
    found
}

pub(super) fn unique_ids(call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let Some(paths) = call.target.node() else {
        return;
    };
    let mut seen = FxHashSet::default();
    for operation in all(call, paths) {
        let Some(id) = operation
            .value
            .get("operationId")
            .and_then(Node::scalar_text)
        else {
            continue;
        };
        if !seen.insert(id) {
            let names = [operation.path, operation.method, "operationId"];
            faults.push(call.fault_at(
                names,
                format!("the operationId `{id}` is there more than once"),
            ));
        }
    }
}

pub(super) fn success_response(call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let Some(responses) = call.target.node().filter(|node| node.is_object()) else {
        return;
    };
    let is_success = |status: &str| {
        let by_range = call.is(SpecFormat::Oas3) && matches!(status, "2XX" | "3XX");
        by_range || (200.0..400.0).contains(&to_number(status))
    };
    if !responses.members().any(|member| is_success(member.name())) {
        faults.push(call.fault("the operation has no response of status 2xx or 3xx"));
    }
}
