//! Keywords that came, went or changed as a whole, whatever they hold.

use rustc_hash::FxHashMap;

use super::Ids;
use crate::diff::found::{Found, shown};
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::tree::{Member, Node};

/// What each event of a keyword is reported as.
pub(crate) struct KeywordIds {
    pub(crate) added: Ids,
    pub(crate) removed: Ids,
    pub(crate) changed: Ids,
}

impl KeywordIds {
    pub(crate) const NONE: Self = Self {
        added: ("", ""),
        removed: ("", ""),
        changed: ("", ""),
    };

    /// The same for each event.
    pub(crate) const fn any(ids: Ids) -> Self {
        Self {
            added: ids,
            removed: ids,
            changed: ids,
        }
    }
}

/// What a text that carries something inside is reported as.
pub(crate) struct ContentIds {
    pub(crate) schema: KeywordIds,
    pub(crate) media_type: Ids,
    pub(crate) encoding: Ids,
}

/// What a text carries inside: its schema, media type and encoding.
pub(crate) fn content<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>, ids: &ContentIds) {
    let keyword = (Keyword::ContentSchema, "contentSchema");
    schema(pair, report, keyword, &ids.schema);
    let keyword = (Keyword::ContentMediaType, "contentMediaType");
    value(pair, report, keyword, &KeywordIds::any(ids.media_type));
    let keyword = (Keyword::ContentEncoding, "contentEncoding");
    value(pair, report, keyword, &KeywordIds::any(ids.encoding));
}

type Sides<'t> = (Option<Node<'t>>, Option<Node<'t>>);

/// A keyword that came, went or has another value.
pub(crate) fn value<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    (keyword, name): (Keyword, &str),
    ids: &KeywordIds,
) {
    if let Some(sides) = pair.changed(keyword) {
        told(pair, report, name, sides, ids);
    }
}

/// The same for a keyword that holds a schema: `true` allows everything, so it is as good as absent.
pub(crate) fn schema<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    (keyword, name): (Keyword, &str),
    ids: &KeywordIds,
) {
    let Some((old, new)) = pair.changed(keyword) else {
        return;
    };
    let constrains = |node: &Node<'t>| node.as_bool() != Some(true);
    let sides = (old.filter(constrains), new.filter(constrains));
    told(pair, report, name, sides, ids);
}

fn told<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    name: &str,
    (old, new): Sides<'t>,
    ids: &KeywordIds,
) {
    let ((body, property), word) = match (old, new) {
        (None, Some(_)) => (ids.added, "was added"),
        (Some(_), None) => (ids.removed, "was removed"),
        (Some(_), Some(_)) => (ids.changed, "changed"),
        (None, None) => return,
    };
    let id = pair.pick(body, property);
    if id.is_empty() {
        return;
    }
    let is_told_by_value =
        |node: &Option<Node<'t>>| node.is_none_or(|node| !node.is_object() && !node.is_array());
    let (from, to) = (shown(old), shown(new));
    let values = match is_told_by_value(&old) && is_told_by_value(&new) {
        true => format!(", from `{from}` to `{to}`"),
        false => String::new(),
    };
    let message = format!("`{name}` of {} {word}{values}", pair.subject());
    let mut found = Found::new(id, message).base(old).revision(new);
    if !values.is_empty() {
        found = found.value(from).value(to);
    }
    pair.report(report, found);
}

/// Members of a keyword that is a map: those that came, those that went, and those whose lists of texts differ where
/// `ids` names a change.
pub(crate) fn members<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    (keyword, name): (Keyword, &str),
    ids: &KeywordIds,
) {
    let Some((old, new)) = pair.changed(keyword) else {
        return;
    };
    let (old, new) = (by_name(old), by_name(new));
    for (key, member) in &old.members {
        let other = new.at.get(key).map(|at| new.members[*at].1);
        member_told(pair, report, name, (Some(*member), other), ids);
    }
    for (key, member) in &new.members {
        if !old.at.contains_key(key) {
            member_told(pair, report, name, (None, Some(*member)), ids);
        }
    }
}

struct ByName<'t> {
    members: Vec<(&'t str, Member<'t>)>,
    at: FxHashMap<&'t str, usize>,
}

fn by_name(node: Option<Node<'_>>) -> ByName<'_> {
    let members = node.into_iter().flat_map(Node::members);
    let members: Vec<_> = members.map(|member| (member.name(), member)).collect();
    let at = members.iter().enumerate();
    let at = at.map(|(at, (name, _))| (*name, at)).collect();
    ByName { members, at }
}

fn member_told<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    name: &str,
    (old, new): (Option<Member<'t>>, Option<Member<'t>>),
    ids: &KeywordIds,
) {
    let ((body, property), word) = match (&old, &new) {
        (None, Some(_)) => (ids.added, "was added"),
        (Some(_), None) => (ids.removed, "was removed"),
        (Some(a), Some(b)) if texts(a.value) != texts(b.value) => (ids.changed, "changed"),
        _ => return,
    };
    let id = pair.pick(body, property);
    let Some(key) = old.or(new).filter(|_| !id.is_empty()) else {
        return;
    };
    let key = key.name();
    let message = format!("`{key}` in `{name}` of {} {word}", pair.subject());
    let found = Found::new(id, message)
        .base(old.map(|member| member.key))
        .revision(new.map(|member| member.key));
    pair.report(report, found.tail(name).tail(key));
}

/// The texts of a list, their order aside; empty for what is no list of texts.
fn texts(node: Node<'_>) -> Vec<&str> {
    let mut texts: Vec<&str> = node.elements().filter_map(Node::as_str).collect();
    texts.sort_unstable();
    texts
}
