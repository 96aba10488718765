//! Turns repairs into edits: finds the place of each, and the way in which its container is written.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use serde_json::Value as Json;

use super::edits::Edit;
use super::error::ApplyError;
use super::extent::has_brackets;
use super::repairs::{Repairs, merge};
use super::steps::{Step, child, print};
use super::{block, extent, flow, style};
use crate::span::Span;
use crate::tree::{Format, Node, NodeId};

/// Why a place has no edit.
type Refused = &'static str;

const ALIAS: Refused =
    "the place is reached through a YAML alias, so other places would change too";

pub(super) fn edits(root: Node<'_>, repairs: &Repairs) -> Result<Vec<Edit>, ApplyError> {
    let mut plan = Plan {
        root,
        removed: FxHashSet::default(),
        losing: BTreeMap::new(),
        edits: Vec::new(),
    };
    let unwritable = |steps: &[Step], reason| ApplyError::Unwritable {
        target: print(steps),
        reason,
    };
    for steps in &repairs.removals {
        plan.mark(steps).map_err(|why| unwritable(steps, why))?;
    }
    plan.remove();
    for (steps, values) in &repairs.updates {
        let updated = plan.update_at(steps, values);
        updated.map_err(|why| unwritable(steps, why))?;
    }
    Ok(plan.edits)
}

struct Plan<'t> {
    root: Node<'t>,
    /// The values that go.
    removed: FxHashSet<NodeId>,
    /// The containers that lose some of their children: the key, the way down, and the depth.
    losing: BTreeMap<NodeId, Losing<'t>>,
    edits: Vec<Edit>,
}

struct Losing<'t> {
    key: Option<Node<'t>>,
    above: Vec<NodeId>,
}

/// A place, and the nodes from the root down to it, itself included.
struct Way<'t> {
    node: Node<'t>,
    nodes: Vec<NodeId>,
    key: Option<Node<'t>>,
}

impl<'t> Plan<'t> {
    fn way(&self, steps: &[Step]) -> Result<Way<'t>, Refused> {
        let mut node = self.root;
        let mut nodes = vec![node.id()];
        let mut key = None;
        for step in steps {
            key = match step {
                Step::Name(name) => node.member(name).map(|member| member.key),
                Step::Index(_) => None,
            };
            node = child(node, step).ok_or("there is nothing at that place")?;
            nodes.push(node.id());
            if node.target() != node.id() {
                return Err(ALIAS);
            }
        }
        Ok(Way { node, nodes, key })
    }

    fn mark(&mut self, steps: &[Step]) -> Result<(), Refused> {
        let Some((last, parent)) = steps.split_last() else {
            return Err("the document itself cannot be removed");
        };
        let way = self.way(parent)?;
        let gone = child(way.node, last).ok_or("there is nothing at that place")?;
        self.removed.insert(gone.id());
        self.losing.insert(
            way.node.id(),
            Losing {
                key: way.key,
                above: way.nodes,
            },
        );
        Ok(())
    }

    fn is_gone(&self, nodes: &[NodeId]) -> bool {
        nodes.iter().any(|node| self.removed.contains(node))
    }

    fn remove(&mut self) {
        let is_removed = |node: Node<'_>| self.removed.contains(&node.id());
        let mut edits = Vec::new();
        for (id, losing) in &self.losing {
            if self.is_gone(&losing.above) {
                continue;
            }
            let container = self.root.tree().node(*id);
            let stays = container.members().any(|one| !is_removed(one.value))
                || container.elements().any(|one| !is_removed(one));
            let spans = match (has_brackets(container), stays) {
                (true, _) => flow::remove(container, &is_removed),
                (false, true) => block::remove(container, &is_removed),
                (false, false) => {
                    let (span, text) = block::whole(container, losing.key);
                    edits.push(Edit {
                        span,
                        text,
                        depth: 0,
                    });
                    continue;
                }
            };
            edits.extend(spans.into_iter().map(|span| Edit {
                span,
                text: String::new(),
                depth: 0,
            }));
        }
        self.edits = edits;
    }

    fn update_at(&mut self, steps: &[Step], values: &[Json]) -> Result<(), Refused> {
        let way = self.way(steps)?;
        if self.is_gone(&way.nodes) {
            return Ok(());
        }
        if way.node.is_array() {
            let entries: Vec<&Json> = values.iter().collect();
            return self.add_elements(way.node, &entries, steps.len());
        }
        let mut merged = Json::Object(serde_json::Map::new());
        for value in values {
            merge(&mut merged, value);
        }
        self.update(way.node, &merged, steps.len())
    }

    /// As deep as the value of the repair, which is ours, nests.
    fn update(&mut self, node: Node<'t>, value: &Json, depth: usize) -> Result<(), Refused> {
        if node.target() != node.id() {
            return Err(ALIAS);
        }
        match value {
            Json::Object(members) if node.is_object() => {
                let mut new = Vec::new();
                for (name, value) in members {
                    match node.get(name) {
                        Some(known) => self.update(known, value, depth + 1)?,
                        None => new.push((name.as_str(), value)),
                    }
                }
                self.add_members(node, &new, depth)
            }
            Json::Array(elements) if node.is_array() => {
                let elements: Vec<&Json> = elements.iter().collect();
                self.add_elements(node, &elements, depth)
            }
            Json::String(text) if node.as_str().is_some() => {
                let written = replacement(node, text)?;
                self.push(extent::written(node), written, depth);
                Ok(())
            }
            _ => Err("the value there is of another kind"),
        }
    }

    fn add_members(
        &mut self,
        object: Node<'t>,
        members: &[(&str, &Json)],
        depth: usize,
    ) -> Result<(), Refused> {
        if members.is_empty() {
            return Ok(());
        }
        let (span, text) = match has_brackets(object) {
            true => flow::add_members(object, members),
            false => block::add_members(object, members)?,
        };
        self.push(span, text, depth);
        Ok(())
    }

    fn add_elements(
        &mut self,
        array: Node<'t>,
        elements: &[&Json],
        depth: usize,
    ) -> Result<(), Refused> {
        if elements.is_empty() {
            return Ok(());
        }
        let (span, text) = match has_brackets(array) {
            true => flow::add_elements(array, elements),
            false => block::add_elements(array, elements)?,
        };
        self.push(span, text, depth);
        Ok(())
    }

    fn push(&mut self, span: Span, text: String, depth: usize) {
        self.edits.push(Edit { span, text, depth });
    }
}

/// The text in the quotes of the one that stands there.
fn replacement(node: Node<'_>, text: &str) -> Result<String, Refused> {
    let written = &node.tree().source()[extent::written(node).bytes()];
    if written.contains('\n') {
        return Err("the text there goes over several lines");
    }
    Ok(match (node.tree().format(), written.as_bytes().first()) {
        (Format::Json, _) | (Format::Yaml, Some(b'"')) => Json::from(text).to_string(),
        (Format::Yaml, Some(b'\'')) => style::single_quoted(text),
        (Format::Yaml, _) => style::yaml_text(text),
    })
}
