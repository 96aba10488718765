//! Texts for people and agents that came, went or changed.

use crate::diff::found::Found;
use crate::tree::Node;

/// What a text is reported as when it came, went or changed.
pub(crate) struct ProseIds {
    pub(crate) added: &'static str,
    pub(crate) removed: &'static str,
    pub(crate) changed: &'static str,
}

/// The change of `field`, if there is one: blank is absent, and white space does not count. The text itself stays out
/// of the message, it may be long.
pub(crate) fn change<'t>(
    (old, new): (Node<'t>, Node<'t>),
    field: &str,
    subject: &str,
    ids: &ProseIds,
) -> Option<Found<'t>> {
    let (old, new) = (old.get(field), new.get(field));
    let words = |node: Option<Node<'t>>| -> Vec<&'t str> {
        let text = node.and_then(Node::as_str).unwrap_or("");
        text.split_whitespace().collect()
    };
    let (from, to) = (words(old), words(new));
    let (id, word) = match (from.is_empty(), to.is_empty()) {
        _ if from == to => return None,
        (true, _) => (ids.added, "was added"),
        (_, true) => (ids.removed, "was removed"),
        _ => (ids.changed, "changed"),
    };
    let message = format!("the {field} of {subject} {word}");
    let found = Found::new(id, message).base(old).revision(new);
    Some(found.value(from.join(" ")).value(to.join(" ")))
}
