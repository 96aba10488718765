//! Compares the hints by which a client decides whether it calls a tool without asking.

use super::list::Tool;
use super::record::Changes;
use super::rules;
use crate::tree::Node;

/// Name, value when absent (MCP 2025-06-18, `ToolAnnotations`), and the value that asks for more care.
const HINTS: [(&str, bool, bool); 4] = [
    ("readOnlyHint", false, false),
    ("destructiveHint", true, true),
    ("idempotentHint", false, false),
    ("openWorldHint", true, true),
];

pub(super) fn compare(changes: &mut Changes<'_>, base: &Tool<'_>, revision: &Tool<'_>) {
    for (hint, absent, careful) in HINTS {
        let (old, new) = (hint_of(base, hint), hint_of(revision, hint));
        let value = |node: Option<Node<'_>>| node.and_then(Node::as_bool).unwrap_or(absent);
        if value(old) == value(new) {
            continue;
        }
        let rule = match value(new) == careful {
            true => &rules::ANNOTATION_CHANGED,
            false => &rules::ANNOTATION_RELAXED,
        };
        let message = format!("`{hint}` went from `{}` to `{}`", value(old), value(new));
        let old = old.or(base.get("annotations")).unwrap_or(base.node);
        let new = new.or(revision.get("annotations")).unwrap_or(revision.node);
        changes.changed(rule, old, new, message);
    }
}

fn hint_of<'t>(tool: &Tool<'t>, hint: &str) -> Option<Node<'t>> {
    tool.get("annotations")?.get(hint)
}
