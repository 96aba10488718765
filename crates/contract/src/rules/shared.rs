//! What several checks have in common: limits, lists, enums, requiredness and nullability.

use rustc_hash::FxHashSet;

use crate::diff::found::{Found, shown};
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::intern;
use crate::model::document::Document;
use crate::model::keyword::Keyword;
use crate::model::schema::{Bound, Schema};
use crate::model::types::TypeSet;
use crate::tree::Node;

pub(crate) mod default_value;
pub(crate) mod discriminator;
pub(crate) mod everywhere;
pub(crate) mod extensible_enum;
pub(crate) mod keywords;
pub(crate) mod lifecycle;
pub(crate) mod media_types;
pub(crate) mod pattern;
pub(crate) mod place;
pub(crate) mod prose;
pub(crate) mod requirements;
pub(crate) mod response_properties;
pub(crate) mod serialization;
pub(crate) mod servers;
pub(crate) mod statuses;
pub(crate) mod sunset;
#[cfg(test)]
mod tests;
pub(crate) mod types;

/// The ids for the root of a body and for what is inside it; empty where nothing is reported.
pub(crate) type Ids = (&'static str, &'static str);

/// What each event of a limit is reported as.
pub(crate) struct LimitIds {
    pub(crate) set: Ids,
    pub(crate) unset: Ids,
    pub(crate) increased: Ids,
    pub(crate) decreased: Ids,
    /// In place of the second of `increased` and `decreased` for read-only properties; empty for no difference.
    pub(crate) increased_read_only: &'static str,
    pub(crate) decreased_read_only: &'static str,
}

impl LimitIds {
    pub(crate) const NONE: Self = Self {
        set: ("", ""),
        unset: ("", ""),
        increased: ("", ""),
        decreased: ("", ""),
        increased_read_only: "",
        decreased_read_only: "",
    };
}

pub(crate) fn limit<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    name: &str,
    read: impl Fn(&Schema<'t>) -> Option<Bound<'t>>,
    ids: &LimitIds,
) {
    let (old, new) = (read(pair.base()), read(pair.revision()));
    let ((body, property), read_only, word) = match (old, new) {
        (None, Some(_)) => (ids.set, "", "was set"),
        (Some(_), None) => (ids.unset, "", "was removed"),
        (Some(old), Some(new)) if new.number() > old.number() => {
            (ids.increased, ids.increased_read_only, "was increased")
        }
        (Some(old), Some(new)) if new.number() < old.number() => {
            (ids.decreased, ids.decreased_read_only, "was decreased")
        }
        _ => return,
    };
    let is_read_only = !read_only.is_empty() && pair.revision().flag(Keyword::ReadOnly);
    let id = match (pair.is_root(), is_read_only) {
        (true, _) => body,
        (false, true) => read_only,
        (false, false) => property,
    };
    if id.is_empty() {
        return;
    }
    let (from, to) = (old.map(|bound| bound.text), new.map(|bound| bound.text));
    let change = match (from, to) {
        (Some(from), Some(to)) => format!(" from `{from}` to `{to}`"),
        (None, Some(to)) => format!(" to `{to}`"),
        (Some(from), None) => format!(", it was `{from}`"),
        (None, None) => String::new(),
    };
    let message = format!("`{name}` of {} {word}{change}", pair.subject());
    let found = Found::new(id, message)
        .base(old.map(|bound| bound.node))
        .revision(new.map(|bound| bound.node))
        .value(from.unwrap_or(""))
        .value(to.unwrap_or(""));
    pair.report(report, found);
}

/// The greatest number on both sides, inclusive and exclusive.
pub(crate) fn upper_limit<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    inclusive: &LimitIds,
    exclusive: &LimitIds,
) {
    let (own, other) = (Keyword::Maximum, Keyword::ExclusiveMaximum);
    let read = |schema: &Schema<'t>| schema.inclusive(own, other);
    limit(pair, report, "maximum", read, inclusive);
    let read = |schema: &Schema<'t>| schema.exclusive(own, other);
    limit(pair, report, "exclusiveMaximum", read, exclusive);
}

/// The least number on both sides.
pub(crate) fn lower_limit<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    inclusive: &LimitIds,
    exclusive: &LimitIds,
) {
    let (own, other) = (Keyword::Minimum, Keyword::ExclusiveMinimum);
    let read = |schema: &Schema<'t>| schema.inclusive(own, other);
    limit(pair, report, "minimum", read, inclusive);
    let read = |schema: &Schema<'t>| schema.exclusive(own, other);
    limit(pair, report, "exclusiveMinimum", read, exclusive);
}

/// A limit that is zero when it is not written; without a place of its own then.
pub(crate) fn at_least_zero<'t>(schema: &Schema<'t>, keyword: Keyword) -> Option<Bound<'t>> {
    let zero = Bound {
        node: schema.node,
        text: "0",
    };
    Some(schema.limit(keyword).unwrap_or(zero))
}

/// Members that a list of subschemas gained and lost: one change for each.
pub(crate) fn list<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    keyword: &str,
    added: &[Node<'t>],
    removed: &[Node<'t>],
    (added_id, removed_id): Ids,
) {
    for node in added {
        let name = subschema_name(*node);
        let message = format!("{name} was added to `{keyword}` of {}", pair.subject());
        pair.report(
            report,
            Found::new(added_id, message).revision(*node).value(name),
        );
    }
    for node in removed {
        let name = subschema_name(*node);
        let message = format!("{name} was removed from `{keyword}` of {}", pair.subject());
        pair.report(
            report,
            Found::new(removed_id, message).base(*node).value(name),
        );
    }
}

/// The last token of its reference, its title, or its type.
pub(crate) fn subschema_name(node: Node<'_>) -> String {
    let reference = node.get("$ref").and_then(Node::as_str);
    let name = reference.and_then(|text| text.rsplit('/').next());
    let title = || node.get("title").and_then(Node::as_str);
    match name.or_else(title) {
        Some(name) => format!("`{name}`"),
        None => format!("a schema `{}`", shown(node.get("type"))),
    }
}

/// Values of `enum` that came and went.
pub(crate) fn enum_values<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    added_id: &'static str,
    removed_id: &'static str,
) {
    let Some((old, new)) = pair.changed(Keyword::Enum) else {
        return;
    };
    let values = |node: Option<Node<'t>>| -> Vec<Node<'t>> {
        node.map_or_else(Vec::new, |list| list.elements().collect())
    };
    let (old, new) = (values(old), values(new));
    let missing = |from: &[Node<'t>], to: &[Node<'t>]| -> Vec<Node<'t>> {
        let known: FxHashSet<u64> = to.iter().map(|other| intern::of_data(*other)).collect();
        let is_in = |value: &Node<'t>| known.contains(&intern::of_data(*value));
        from.iter().filter(|value| !is_in(value)).copied().collect()
    };
    for value in missing(&old, &new)
        .into_iter()
        .filter(|_| !removed_id.is_empty())
    {
        let text = shown(Some(value));
        let message = format!("value `{text}` of {} was removed", pair.subject());
        pair.report(
            report,
            Found::new(removed_id, message).base(value).value(text),
        );
    }
    for value in missing(&new, &old)
        .into_iter()
        .filter(|_| !added_id.is_empty())
    {
        let text = shown(Some(value));
        let message = format!("value `{text}` of {} was added", pair.subject());
        pair.report(
            report,
            Found::new(added_id, message).revision(value).value(text),
        );
    }
}

/// Properties of both sides that are required on one side only: name, the element of the base, of the revision. Where a
/// member of `allOf` both has and requires a property, that member is where it is told.
pub(crate) fn required_changes<'t>(
    pair: &SchemaPair<'_, 't>,
) -> Vec<(&'t str, Option<Node<'t>>, Option<Node<'t>>)> {
    let (base, revision) = (pair.base(), pair.revision());
    let is_composed = base.is_composed() || revision.is_composed();
    if !is_composed && pair.changed(Keyword::Required).is_none() {
        return Vec::new();
    }
    let is_told_here = |name: &str| {
        !base.is_required_where_inherited(name) && !revision.is_required_where_inherited(name)
    };
    let names = base.property_names().into_iter();
    let changes = names.map(|name| (name, base.required(name), revision.required(name)));
    changes
        .filter(|(name, old, new)| old.is_some() != new.is_some() && is_told_here(name))
        .collect()
}

/// Reports a value that may newly, or no longer, be null.
pub(crate) fn nullability<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    nullable_id: &'static str,
    not_nullable_id: &'static str,
) {
    let (base, revision) = (pair.base(), pair.revision());
    // Without types everything is allowed, null too; `nullable` counts whatever stands beside it.
    let became = |from: &Schema<'t>, to: &Schema<'t>| {
        let by_flag = to.flag(Keyword::Nullable) && !from.is_nullable();
        let by_type =
            to.types().contains(TypeSet::NULL) && !from.is_nullable() && !from.types().is_empty();
        by_flag || by_type
    };
    let transition = &pair.data.transition;
    let (id, word) = if became(base, revision) || transition.null_wrapped {
        (nullable_id, "nullable")
    } else if became(revision, base) || transition.null_unwrapped {
        (not_nullable_id, "not nullable")
    } else {
        return;
    };
    let written = |schema: &Schema<'t>| {
        let keywords = [Keyword::Nullable, Keyword::Type, Keyword::OneOf];
        let node = keywords.iter().find_map(|keyword| schema.get(*keyword));
        node.unwrap_or(schema.node)
    };
    let message = format!("{} became {word}", pair.subject());
    pair.report(
        report,
        Found::new(id, message)
            .base(written(base))
            .revision(written(revision)),
    );
}

pub(crate) fn is_required(node: Node<'_>) -> bool {
    node.get("required").and_then(Node::as_bool) == Some(true)
}

/// Whether a status, or a range such as `2XX`, is of the 200s; `None` for `default` and what is neither.
pub(crate) fn is_success(status: &str) -> Option<bool> {
    let is_range = status.len() == 3 && status.as_bytes()[1..].eq_ignore_ascii_case(b"xx");
    match (status.parse::<u16>(), is_range) {
        (Ok(status), _) => Some((200..300).contains(&status)),
        (Err(_), true) => Some(status.starts_with('2')),
        _ => None,
    }
}

/// Reports a flag of a property, with the schema on both sides.
pub(crate) fn flag<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    keyword: Keyword,
    set_id: &'static str,
    unset_id: &'static str,
) {
    let (was, is) = (pair.base().flag(keyword), pair.revision().flag(keyword));
    if was == is || pair.is_root() {
        return;
    }
    let name = match keyword {
        Keyword::ReadOnly => "read-only",
        _ => "write-only",
    };
    let (id, word) = match is {
        true => (set_id, "became"),
        false => (unset_id, "is no longer"),
    };
    let message = format!("{} {word} {name}", pair.subject());
    let written = |schema: &Schema<'t>| schema.get(keyword).unwrap_or(schema.node);
    pair.report(
        report,
        Found::new(id, message)
            .base(written(pair.base()))
            .revision(written(pair.revision())),
    );
}

/// Members of `allOf` that constrain something, and those that only describe.
fn split_annotations<'t>(
    document: &Document<'t>,
    members: &[Node<'t>],
) -> (Vec<Node<'t>>, Vec<Node<'t>>) {
    let annotations = [
        "title",
        "description",
        "example",
        "examples",
        "default",
        "externalDocs",
        "$comment",
        "summary",
    ];
    let is_constraint = |node: &Node<'t>| {
        let mut members = document.follow(*node).members();
        members.any(|member| !annotations.contains(&member.name()))
    };
    members.iter().copied().partition(is_constraint)
}

/// What members of `allOf` are reported as: those that constrain something, and those that only describe.
pub(crate) struct AllOfIds {
    pub(crate) added: Ids,
    pub(crate) removed: Ids,
    pub(crate) note_added: Ids,
    pub(crate) note_removed: Ids,
}

/// Members that `allOf` gained and lost.
pub(crate) fn all_of<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>, ids: &AllOfIds) {
    let list = &pair.data.lists[2];
    let (added, notes_added) = split_annotations(pair.documents.revision, &list.added);
    let (removed, notes_removed) = split_annotations(pair.documents.base, &list.removed);
    let pick = |ids: Ids| pair.pick(ids.0, ids.1);
    let picked = (pick(ids.added), pick(ids.removed));
    self::list(pair, report, "allOf", &added, &removed, picked);
    let picked = (pick(ids.note_added), pick(ids.note_removed));
    self::list(pair, report, "allOf", &notes_added, &notes_removed, picked);
}

/// Which of the two is told when types both came and went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum First {
    Widened,
    Narrowed,
}

/// Reports a list of plain types that became longer or shorter.
pub(crate) fn list_of_types<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    widened_id: &'static str,
    narrowed_id: &'static str,
    first: First,
) {
    let (added, removed) = (
        pair.data.transition.types_added,
        pair.data.transition.types_removed,
    );
    if !pair.data.transition.is_list_of_types() {
        return;
    }
    let is_wider = removed.is_empty() || first == First::Widened && !added.is_empty();
    let (id, word, types) = match is_wider {
        true => (widened_id, "widened", added),
        false => (narrowed_id, "narrowed", removed),
    };
    let message = format!(
        "the types of {} were {word} by `{}`",
        pair.subject(),
        types.text()
    );
    let found = Found::new(id, message)
        .base(pair.base().node)
        .revision(pair.revision().node);
    pair.report(report, found.value(types.text()));
}
