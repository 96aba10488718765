//! Collects changes of tools: each with its rule, its tool, both places and a fingerprint without wording.

use std::collections::HashSet;
use std::sync::Arc;

use super::compact::compact;
use super::rules::Rule;
use crate::change::{Change, ChangedOperation};
use crate::fingerprint;
use crate::source::Source;
use crate::tree::{Node, NodeId};

/// The changes found so far, and the tool that they are about now.
pub(super) struct Changes<'s> {
    base: &'s Source,
    revision: &'s Source,
    tool: String,
    seen: HashSet<(NodeId, NodeId)>,
    found: Vec<Change>,
}

impl<'s> Changes<'s> {
    pub(super) fn new(base: &'s Source, revision: &'s Source) -> Self {
        Self {
            base,
            revision,
            tool: String::new(),
            seen: HashSet::new(),
            found: Vec::new(),
        }
    }

    /// What follows is about the tool of this name, as the base calls it.
    pub(super) fn about(&mut self, tool: &str) -> &mut Self {
        tool.clone_into(&mut self.tool);
        self
    }

    /// Whether these two are compared for the first time: each pair is, once, whatever references lead to it.
    pub(super) fn is_new_pair(&mut self, base: Node<'_>, revision: Node<'_>) -> bool {
        self.seen.insert((base.id(), revision.id()))
    }

    pub(super) fn added(&mut self, rule: &'static Rule, revision: Node<'_>, message: String) {
        self.push(rule, None, Some(revision), message);
    }

    pub(super) fn removed(&mut self, rule: &'static Rule, base: Node<'_>, message: String) {
        self.push(rule, Some(base), None, message);
    }

    pub(super) fn changed(
        &mut self,
        rule: &'static Rule,
        base: Node<'_>,
        revision: Node<'_>,
        message: String,
    ) {
        self.push(rule, Some(base), Some(revision), message);
    }

    pub(super) fn push(
        &mut self,
        rule: &'static Rule,
        base: Option<Node<'_>>,
        revision: Option<Node<'_>>,
        message: String,
    ) {
        let side = |node: Option<Node<'_>>| node.map(compact).unwrap_or_default();
        let base_site = base.map(|node| self.base.site(node.id()));
        let revision_site = revision.map(|node| self.revision.site(node.id()));
        let pointer = base_site.as_ref().or(revision_site.as_ref());
        let pointer = pointer
            .map(|site| within_tool(&site.pointer))
            .unwrap_or_default();
        let fingerprint = fingerprint::of(&[
            rule.id.as_bytes(),
            self.tool.as_bytes(),
            pointer.as_bytes(),
            side(base).as_bytes(),
            side(revision).as_bytes(),
        ]);
        self.found.push(Change {
            id: rule.id,
            level: rule.level,
            breaks: rule.breaks.to_vec(),
            operation: Some(Arc::new(ChangedOperation {
                method: "TOOL".to_owned(),
                path: self.tool.clone(),
                operation_id: None,
            })),
            base: base_site.map(Arc::new),
            revision: revision_site.map(Arc::new),
            message: message.into(),
            fingerprint,
            cause: 0,
        });
    }

    pub(super) fn into_vec(self) -> Vec<Change> {
        self.found
    }
}

/// The pointer below the tool, so that the tool's place in the list does not matter.
fn within_tool(pointer: &str) -> String {
    let tokens: Vec<&str> = pointer.split('/').skip(1).collect();
    let list = tokens.iter().position(|token| *token == "tools");
    let first = list.map_or(1, |list| list + 2);
    tokens.get(first..).unwrap_or_default().join("/")
}
