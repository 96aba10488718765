//! A schema, its keywords found once and read the same whatever the version of the document.

use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};

use super::document::Document;
use super::keyword::Keyword;
use super::types::TypeSet;
use crate::tree::{Member, Node, NodeId};

/// `$ref`s and single-member `allOf`s that one schema may be wrapped in.
const LAYERS_MAX: usize = 64;

/// Members of `allOf`, theirs included, whose properties count as the schema's own.
const INHERITED_MAX: usize = 256;

/// Keywords that may stand beside an `allOf` of one member without a say in what the values look like: such a schema is
/// its member. Many tools write this to say something beside a `$ref`.
const BESIDE: [&str; 13] = [
    "allOf",
    "deprecated",
    "description",
    "discriminator",
    "example",
    "examples",
    "externalDocs",
    "nullable",
    "readOnly",
    "title",
    "writeOnly",
    "xml",
    "$comment",
];

const ABSENT: NodeId = NodeId(u32::MAX);

/// A schema. Of several layers (a `$ref` with keywords beside it in 3.1) the outermost that has a keyword counts.
#[derive(Clone)]
pub(crate) struct Schema<'t> {
    /// Where the schema is really written: the end of its references.
    pub(crate) node: Node<'t>,
    /// The text of the outermost `$ref`.
    pub(crate) reference: Option<&'t str>,
    slots: [NodeId; Keyword::COUNT],
    /// What the members of `allOf` add, theirs included, in the order of the document.
    inherited: Vec<Inherited<'t>>,
    /// By name, the first that counts; made on first use.
    properties_known: OnceCell<FxHashMap<&'t str, Node<'t>>>,
    required_known: OnceCell<FxHashMap<&'t str, Node<'t>>>,
}

/// The properties and the required names of one member of `allOf`.
#[derive(Debug, Clone, Copy)]
struct Inherited<'t> {
    properties: Option<Node<'t>>,
    required: Option<Node<'t>>,
}

/// A bound of a range, and the node that sets it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bound<'t> {
    pub(crate) node: Node<'t>,
    pub(crate) text: &'t str,
}

impl<'t> Schema<'t> {
    /// An `allOf` of one member is looked through; the members of a longer one are not read.
    pub(crate) fn read(document: &Document<'t>, node: Node<'t>) -> Self {
        let mut schema = Self {
            node,
            reference: None,
            slots: [ABSENT; Keyword::COUNT],
            inherited: Vec::new(),
            properties_known: OnceCell::new(),
            required_known: OnceCell::new(),
        };
        let mut at = node;
        for _ in 0..LAYERS_MAX {
            let reference = at.get("$ref").and_then(Node::as_str);
            schema.reference = schema.reference.or(reference);
            let target = document.target(at);
            let member = match target {
                None => only_member(at),
                Some(_) => None,
            };
            // Before 3.1 what stands beside a `$ref` is not read.
            if target.is_none() || document.minor >= 1 {
                schema.take(at, member.is_some());
            }
            let Some(next) = target.or(member) else { break };
            at = next;
        }
        schema.node = at;
        schema
    }

    /// Reads the members of `allOf` too, so that [`Schema::property`] and [`Schema::required`] find what they add.
    pub(crate) fn read_whole(document: &Document<'t>, node: Node<'t>) -> Self {
        let mut schema = Self::read(document, node);
        let mut rest = schema.list(Keyword::AllOf);
        rest.reverse();
        let mut seen = vec![schema.node.id()];
        while let Some(member) = rest.pop() {
            let member = Self::read(document, member);
            if seen.contains(&member.node.id()) || seen.len() > INHERITED_MAX {
                continue;
            }
            seen.push(member.node.id());
            schema.inherited.push(Inherited {
                properties: member.get(Keyword::Properties),
                required: member.get(Keyword::Required),
            });
            rest.extend(member.list(Keyword::AllOf).into_iter().rev());
        }
        schema
    }

    fn take(&mut self, node: Node<'t>, has_only_member: bool) {
        for member in node.members() {
            if let Some(keyword) = Keyword::from_text(member.name())
                && !(has_only_member && keyword == Keyword::AllOf)
            {
                let slot = &mut self.slots[keyword as usize];
                if *slot == ABSENT {
                    *slot = member.value.id();
                }
            }
        }
    }

    pub(crate) fn get(&self, keyword: Keyword) -> Option<Node<'t>> {
        match self.slots[keyword as usize] {
            ABSENT => None,
            id => Some(self.node.tree().node(id)),
        }
    }

    pub(crate) fn text(&self, keyword: Keyword) -> Option<&'t str> {
        self.get(keyword).and_then(Node::scalar_text)
    }

    pub(crate) fn flag(&self, keyword: Keyword) -> bool {
        self.get(keyword).and_then(Node::as_bool) == Some(true)
    }

    /// The members of a list of subschemas.
    pub(crate) fn list(&self, keyword: Keyword) -> Vec<Node<'t>> {
        self.get(keyword)
            .map_or_else(Vec::new, |list| list.elements().collect())
    }

    /// The types as written in `type`, `null` among them; `nullable` is not looked at.
    pub(crate) fn types(&self) -> TypeSet {
        let Some(node) = self.get(Keyword::Type) else {
            return TypeSet::default();
        };
        match node.as_str() {
            Some(name) => TypeSet::of(name),
            None => node
                .elements()
                .filter_map(Node::as_str)
                .fold(TypeSet::default(), |set, name| set.with(TypeSet::of(name))),
        }
    }

    /// By `nullable: true`, or by `null` among the types.
    pub(crate) fn is_nullable(&self) -> bool {
        self.flag(Keyword::Nullable) || self.types().contains(TypeSet::NULL)
    }

    /// The property `name`, as written here, else as a member of `allOf` adds it.
    pub(crate) fn property(&self, name: &str) -> Option<Node<'t>> {
        let known = self.properties_known.get_or_init(|| {
            let own = self.get(Keyword::Properties);
            let inherited = self.inherited.iter().filter_map(|one| one.properties);
            let members = own.into_iter().chain(inherited).flat_map(Node::members);
            first_by_name(members.map(|member| (member.name(), member.value)))
        });
        known.get(name).copied()
    }

    /// The property that a member of `allOf` adds.
    pub(crate) fn inherited_property(&self, name: &str) -> Option<Member<'t>> {
        let mut members = self.inherited.iter().filter_map(|one| one.properties);
        members.find_map(|properties| properties.members().find(|member| member.name() == name))
    }

    /// Whether any member of `allOf` is known to add something.
    pub(crate) fn is_composed(&self) -> bool {
        !self.inherited.is_empty()
    }

    /// The names of all properties, its own and those that members of `allOf` add, each once.
    pub(crate) fn property_names(&self) -> Vec<&'t str> {
        let own = self.get(Keyword::Properties);
        let inherited = self.inherited.iter().filter_map(|one| one.properties);
        let mut seen = FxHashSet::default();
        own.into_iter()
            .chain(inherited)
            .flat_map(Node::members)
            .map(|member| member.name())
            .filter(|name| seen.insert(*name))
            .collect()
    }

    /// The element of `required` that names `name`, here or in a member of `allOf`.
    pub(crate) fn required(&self, name: &str) -> Option<Node<'t>> {
        let known = &self.required_known;
        let known = known.get_or_init(|| first_by_name(self.required_elements()));
        known.get(name).copied()
    }

    /// The names in `required` with their elements, its own first, then those of members of `allOf`.
    pub(crate) fn required_elements(&self) -> impl Iterator<Item = (&'t str, Node<'t>)> {
        let own = self.get(Keyword::Required);
        let inherited = self.inherited.iter().filter_map(|one| one.required);
        let elements = own.into_iter().chain(inherited).flat_map(Node::elements);
        elements.filter_map(|element| Some((element.as_str()?, element)))
    }

    /// Whether a member of `allOf` has the property `name` and requires it too: what changes there is told of it.
    pub(crate) fn is_required_where_inherited(&self, name: &str) -> bool {
        self.inherited.iter().any(|one| {
            let has = one.properties.is_some_and(|all| all.get(name).is_some());
            has && named_by(one.required, name).is_some()
        })
    }

    /// The bound of `minimum` or `maximum` that includes its value.
    pub(crate) fn inclusive(&self, bound: Keyword, exclusive: Keyword) -> Option<Bound<'t>> {
        let node = self.get(bound)?;
        let is_exclusive = self.flag(exclusive);
        (!is_exclusive).then(|| Self::bound(node)).flatten()
    }

    /// The bound that excludes its value: a number in 3.1, a flag beside the number in 3.0.
    pub(crate) fn exclusive(&self, bound: Keyword, exclusive: Keyword) -> Option<Bound<'t>> {
        let node = self.get(exclusive)?;
        match node.as_bool() {
            Some(true) => Self::bound(self.get(bound)?),
            Some(false) => None,
            None => Self::bound(node),
        }
    }

    fn bound(node: Node<'t>) -> Option<Bound<'t>> {
        let text = node.scalar_text().filter(|_| !node.is_null())?;
        Some(Bound { node, text })
    }

    /// A keyword whose value is a number.
    pub(crate) fn limit(&self, keyword: Keyword) -> Option<Bound<'t>> {
        Self::bound(self.get(keyword)?)
    }
}

fn first_by_name<'t>(
    all: impl Iterator<Item = (&'t str, Node<'t>)>,
) -> FxHashMap<&'t str, Node<'t>> {
    let mut known = FxHashMap::default();
    for (name, node) in all {
        known.entry(name).or_insert(node);
    }
    known
}

fn named_by<'t>(list: Option<Node<'t>>, name: &str) -> Option<Node<'t>> {
    list?
        .elements()
        .find(|element| element.as_str() == Some(name))
}

/// The one member of `allOf` of a schema that adds nothing to it.
pub(crate) fn only_member(node: Node<'_>) -> Option<Node<'_>> {
    let mut elements = node.get("allOf")?.elements();
    let (member, None) = (elements.next()?, elements.next()) else {
        return None;
    };
    is_bare(node).then_some(member)
}

/// Whether it says nothing of its own beside its `allOf`.
pub(crate) fn is_bare(node: Node<'_>) -> bool {
    let mut names = node.members().map(|member| member.name());
    names.all(|name| BESIDE.contains(&name) || name.starts_with("x-"))
}

impl Bound<'_> {
    /// NaN when it is not a number.
    pub(crate) fn number(&self) -> f64 {
        self.text.parse().unwrap_or(f64::NAN)
    }
}
