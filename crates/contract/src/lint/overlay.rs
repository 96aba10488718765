//! What repairs a finding, and the OpenAPI Overlay that repairs many.

use serde_json::{Value as Json, json};

use super::oas;
use crate::finding::{Finding, OverlayAction, OverlayEffect};
use crate::source::Source;
use crate::tree::{Node, NodeId};

/// Works out repairs where a machine cannot be wrong.
pub(super) struct Fixes<'s> {
    source: &'s Source,
}

impl<'s> Fixes<'s> {
    pub(super) fn of(source: &'s Source) -> Self {
        Self { source }
    }

    /// The repair of a finding of the built-in rule `id` at `node`.
    pub(super) fn of_finding(&self, id: &str, node: NodeId) -> Option<OverlayAction> {
        let node = self.source.tree.node(node);
        let path = |pointer: &str| json_path(self.source.root(), pointer);
        match id {
            "operation-tag-defined" => Some(oas::listing(node.as_str()?)),
            "oas3-server-trailing-slash" => {
                let server = node.pointer();
                let url = node.as_str()?.trim_end_matches('/');
                Some(update(
                    path(server.strip_suffix("/url")?),
                    "cut the slash at the end of the url",
                    json!({ "url": url }),
                ))
            }
            "no-$ref-siblings" | "oas3-unused-component" => Some(OverlayAction {
                target: path(&node.pointer()),
                description: Some(
                    match id {
                        "no-$ref-siblings" => "remove what stands beside a `$ref`",
                        _ => "remove a component that nothing refers to",
                    }
                    .to_owned(),
                ),
                effect: OverlayEffect::Remove(true),
            }),
            _ => None,
        }
    }
}

fn update(target: String, description: &str, value: Json) -> OverlayAction {
    OverlayAction {
        target,
        description: Some(description.to_owned()),
        effect: OverlayEffect::Update(value),
    }
}

/// The normalised path (RFC 9535 section 2.7) of what a JSON pointer names. A token is an index inside of a list alone:
/// a property may well be called `12`.
fn json_path(root: Node<'_>, json_pointer: &str) -> String {
    let mut path = "$".to_owned();
    let mut at = Some(root);
    for token in json_pointer.split('/').skip(1) {
        let name = token.replace("~1", "/").replace("~0", "~");
        if at.is_some_and(Node::is_array) {
            path.push_str(&format!("[{name}]"));
            let index = name.parse().ok();
            at = at
                .zip(index)
                .and_then(|(at, index)| at.elements().nth(index));
        } else {
            push_name(&mut path, &name);
            at = at.and_then(|at| at.get(&name));
        }
    }
    path
}

fn push_name(path: &mut String, name: &str) {
    path.push_str("['");
    for c in name.chars() {
        match c {
            '\'' | '\\' => path.extend(['\\', c]),
            c if c.is_ascii_control() => path.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => path.push(c),
        }
    }
    path.push_str("']");
}

/// An OpenAPI Overlay 1.0.0 document of all repairs, each once, in the order of the findings.
pub fn overlay(findings: &[Finding]) -> Json {
    let mut actions: Vec<Json> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for fix in findings.iter().filter_map(|finding| finding.fix.as_ref()) {
        let action = json!(fix);
        if seen.insert(action.to_string()) {
            actions.push(action);
        }
    }
    // Removals last and from the end, so that no index moves under a later action.
    let (removals, mut ordered): (Vec<Json>, Vec<Json>) = actions
        .into_iter()
        .partition(|action| action.get("remove").is_some());
    ordered.extend(removals.into_iter().rev());
    json!({
        "overlay": "1.0.0",
        "info": { "title": "Repairs of lint findings", "version": "1.0.0" },
        "actions": ordered,
    })
}
