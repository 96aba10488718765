//! Security requirements: their schemes and scopes are defined.

use crate::lint::call::{Call, Fault};
use crate::tree::Node;

pub(super) fn defined(call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let Some(requirement) = call.target.node().filter(|node| node.is_object()) else {
        return;
    };
    let is_valid =
        |scopes: Node<'_>| scopes.is_array() && scopes.elements().all(|s| s.as_str().is_some());
    if !requirement.members().all(|member| is_valid(member.value)) {
        return;
    }
    let components = call.document.root.get("components");
    let schemes = components.and_then(|node| node.get("securitySchemes"));
    for member in requirement.members() {
        let name = member.name();
        let Some(scheme) = schemes.and_then(|schemes| schemes.get(name)) else {
            let message = format!("there is no security scheme `{name}` in the components");
            faults.push(call.fault_at([name], message));
            continue;
        };
        for (index, scope) in member.value.elements().enumerate() {
            let scope = scope.as_str().unwrap_or_default();
            if !has_scope(scheme, scope) {
                let message = format!("the security scheme `{name}` has no scope `{scope}`");
                faults.push(call.fault_at([name, index.to_string().as_str()], message));
            }
        }
    }
}

fn has_scope(scheme: Node<'_>, scope: &str) -> bool {
    let flows = scheme.get("flows");
    flows.into_iter().flat_map(Node::members).any(|flow| {
        flow.value
            .get("scopes")
            .is_some_and(|scopes| scopes.get(scope).is_some())
    })
}
