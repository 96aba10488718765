//! Changes of one meaning that show in several keywords: each is told once, and its echoes are not.

use rustc_hash::FxHashSet;

use crate::intern::Interner;
use crate::model::document::Document;
use crate::model::keyword::Keyword;
use crate::model::schema::Schema;
use crate::model::types::TypeSet;
use crate::rules::rule::Kind;
use crate::tree::Node;

/// What happened to a pair of schemas as a whole; several may hold.
#[derive(Debug, Clone, Default)]
pub(crate) struct Transition<'t> {
    /// `X` became `oneOf: [{type: "null"}, X]`.
    pub(crate) null_wrapped: bool,
    /// The reverse.
    pub(crate) null_unwrapped: bool,
    /// The properties of an object that moved into the alternatives of a new `oneOf`; empty when there is none.
    pub(crate) moved: Vec<&'t str>,
    /// Types gained and lost by a list of alternatives of plain types, or by a plain type that became one.
    pub(crate) types_added: TypeSet,
    pub(crate) types_removed: TypeSet,
    /// `null` is all that came to or left `type`, and `format` is the same.
    pub(crate) is_null_only: bool,
    /// The one side is a member of the other's `allOf`, which names no type beside it.
    pub(crate) is_member: bool,
    /// And nothing else beside it: what the member has is told of the member.
    pub(crate) is_bare_member: bool,
}

impl Transition<'_> {
    pub(crate) fn is_list_of_types(&self) -> bool {
        !self.types_added.is_empty() || !self.types_removed.is_empty()
    }

    /// Whether a finding of this kind is an echo: the rules that tell of a transition are never one of it.
    pub(crate) fn explains(&self, kind: Kind, id: &str) -> bool {
        let tells_nullable = id.ends_with("-nullable");
        let is_shape = matches!(kind, Kind::Type | Kind::Structure);
        let by_null = (self.null_wrapped || self.null_unwrapped)
            && !tells_nullable
            && !matches!(kind, Kind::Mutability | Kind::Lifecycle);
        let by_one_of = !self.moved.is_empty()
            && is_shape
            && !id.ends_with("-wrapped-in-one-of")
            && !id.ends_with("-property-one-of-added");
        let by_types = self.is_list_of_types() && is_shape && !id.contains("-list-of-types-");
        let by_type =
            (self.is_null_only || self.is_member) && kind == Kind::Type && !tells_nullable;
        let is_of_member = matches!(kind, Kind::Constraints | Kind::Values | Kind::Structure);
        let by_member = self.is_bare_member && is_of_member && !id.contains("-all-of-");
        by_null || by_one_of || by_types || by_type || by_member
    }
}

pub(super) struct Sides<'a, 't> {
    pub(super) base_document: &'a Document<'t>,
    pub(super) revision_document: &'a Document<'t>,
    pub(super) base_interner: &'a mut Interner,
    pub(super) revision_interner: &'a mut Interner,
}

impl<'t> Sides<'_, 't> {
    pub(super) fn transition(
        &mut self,
        base: &Schema<'t>,
        revision: &Schema<'t>,
    ) -> Transition<'t> {
        let old_branch = wrapped_in_null(self.base_document, base);
        let new_branch = wrapped_in_null(self.revision_document, revision);
        let mut transition = Transition::default();
        if let Some(branch) = new_branch {
            let new = self.revision_interner.hash(self.revision_document, branch);
            let old = self.base_interner.hash(self.base_document, base.node);
            transition.null_wrapped = is_plain(base) && old.is_some() && old == new;
        }
        if let Some(branch) = old_branch {
            let old = self.base_interner.hash(self.base_document, branch);
            let new = self
                .revision_interner
                .hash(self.revision_document, revision.node);
            transition.null_unwrapped = is_plain(revision) && old.is_some() && old == new;
        }
        transition.moved = moved_into_one_of(base, revision, self.revision_document);
        let old = pattern(self.base_document, base);
        let new = pattern(self.revision_document, revision);
        if let (Some((old, old_is_list)), Some((new, new_is_list))) = (old, new)
            && (old_is_list || new_is_list)
        {
            transition.types_added = new.without(old);
            transition.types_removed = old.without(new);
        }
        let (old, new) = (base.types(), revision.types());
        transition.is_null_only = old != new
            && old.without(TypeSet::NULL) == new.without(TypeSet::NULL)
            && base.text(Keyword::Format) == revision.text(Keyword::Format);
        transition
    }
}

/// The other branch of `oneOf: [{type: "null"}, X]` with no more constraints around.
fn wrapped_in_null<'t>(document: &Document<'t>, schema: &Schema<'t>) -> Option<Node<'t>> {
    let branches = schema.list(Keyword::OneOf);
    if branches.len() != 2
        || !schema.types().is_empty()
        || schema.get(Keyword::Properties).is_some()
    {
        return None;
    }
    let is_null = |node: &Node<'t>| {
        let branch = Schema::read(document, *node);
        branch.types() == TypeSet::NULL && branch.get(Keyword::Enum).is_none()
    };
    let rest: Vec<_> = branches.iter().filter(|node| !is_null(node)).collect();
    match rest.as_slice() {
        [branch] => Some(**branch),
        _ => None,
    }
}

/// Without alternatives of its own, and refusing null.
fn is_plain(schema: &Schema<'_>) -> bool {
    let composed = [Keyword::OneOf, Keyword::AnyOf, Keyword::AllOf, Keyword::Not];
    composed
        .iter()
        .all(|keyword| schema.get(*keyword).is_none())
        && !schema.is_nullable()
}

fn moved_into_one_of<'t>(
    base: &Schema<'t>,
    revision: &Schema<'t>,
    document: &Document<'t>,
) -> Vec<&'t str> {
    let alternatives = revision.list(Keyword::OneOf);
    let is_wrapper = !alternatives.is_empty()
        && revision.get(Keyword::Properties).is_none()
        && revision.types().is_empty();
    if !is_wrapper || base.get(Keyword::OneOf).is_some() {
        return Vec::new();
    }
    let named: FxHashSet<&str> = alternatives
        .into_iter()
        .filter_map(|node| Schema::read(document, node).get(Keyword::Properties))
        .flat_map(Node::members)
        .map(|member| member.name())
        .collect();
    let properties = base
        .get(Keyword::Properties)
        .into_iter()
        .flat_map(Node::members);
    properties
        .map(|member| member.name())
        .filter(|name| named.contains(name))
        .collect()
}

/// The types of a schema that is nothing but a type or a list of plain types, and whether it is a list.
fn pattern<'t>(document: &Document<'t>, schema: &Schema<'t>) -> Option<(TypeSet, bool)> {
    let complex = [Keyword::Not, Keyword::AllOf, Keyword::Properties];
    if complex.iter().any(|keyword| schema.get(*keyword).is_some()) {
        return None;
    }
    if let Some(first) = first_type(schema) {
        return Some((first, false));
    }
    [Keyword::OneOf, Keyword::AnyOf].iter().find_map(|keyword| {
        let list = schema.list(*keyword);
        let types = list
            .iter()
            .map(|node| plain_type(&Schema::read(document, *node)));
        let set = types.collect::<Option<Vec<_>>>()?;
        let union = set.into_iter().fold(TypeSet::default(), TypeSet::with);
        (!union.is_empty()).then_some((union, true))
    })
}

fn first_type(schema: &Schema<'_>) -> Option<TypeSet> {
    let node = schema.get(Keyword::Type)?;
    let name = node.as_str().or_else(|| node.elements().next()?.as_str())?;
    Some(TypeSet::of(name))
}

fn plain_type(schema: &Schema<'_>) -> Option<TypeSet> {
    let composed = [
        Keyword::Properties,
        Keyword::OneOf,
        Keyword::AnyOf,
        Keyword::AllOf,
    ];
    let is_plain = composed
        .iter()
        .all(|keyword| schema.get(*keyword).is_none());
    Some(schema.types()).filter(|types| is_plain && types.len() == 1)
}
