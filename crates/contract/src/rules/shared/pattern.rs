//! The `pattern` of a text on both sides; an empty one restricts nothing and counts as none, though it has its place.

use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::tree::Node;

/// `None` when nothing changed.
pub(crate) fn change<'t>(
    pair: &SchemaPair<'_, 't>,
) -> Option<(Option<Node<'t>>, Option<Node<'t>>)> {
    let written = |node: &Node<'t>| node.scalar_text() != Some("");
    let (old, new) = pair.changed(Keyword::Pattern)?;
    let (old, new) = (old.filter(written), new.filter(written));
    (old.is_some() || new.is_some()).then_some((old, new))
}
