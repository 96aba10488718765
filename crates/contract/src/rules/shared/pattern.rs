//! The `pattern` of a text on both sides; an empty one restricts nothing and counts as none, though it has its place.

use crate::diff::found::{Found, shown};
use crate::diff::report::Report;
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

/// What a pattern of a property is reported as.
pub(crate) struct PatternIds {
    pub(crate) added: &'static str,
    pub(crate) removed: &'static str,
    pub(crate) changed: &'static str,
    /// For one that all texts match; empty for no difference.
    pub(crate) generalized: &'static str,
}

/// The pattern of a property that came, went or changed.
pub(crate) fn of_property<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    ids: &PatternIds,
) {
    let Some((old, new)) = change(pair).filter(|_| !pair.is_root()) else {
        return;
    };
    let is_open = new.and_then(Node::scalar_text) == Some(".*");
    let (id, word) = match (old, new) {
        (None, _) => (ids.added, "was added"),
        (_, None) => (ids.removed, "was removed"),
        _ if is_open && !ids.generalized.is_empty() => (ids.generalized, "changed"),
        _ => (ids.changed, "changed"),
    };
    let (from, to) = (shown(old), shown(new));
    let message = format!(
        "the pattern of {} {word}, from `{from}` to `{to}`",
        pair.subject()
    );
    pair.report(
        report,
        Found::new(id, message)
            .base(pair.base().get(Keyword::Pattern))
            .revision(pair.revision().get(Keyword::Pattern))
            .value(from)
            .value(to),
    );
}
