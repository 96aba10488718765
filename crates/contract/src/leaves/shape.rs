//! What may stand at one place: the properties, elements and values of all schemas that apply there, merged.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::document::Document;
use crate::tree::{Node, NodeId};

/// Schemas that apply at one place, references and members of `allOf` counted: real contracts stay below 300.
const SCHEMAS_MAX: usize = 1_000;

/// A property with every schema that it has.
#[derive(Debug)]
pub(super) struct Property<'t> {
    pub(super) name: &'t str,
    pub(super) schemas: Vec<Node<'t>>,
    pub(super) applying: Applying,
    /// The schemas that name it.
    named_by: Vec<NodeId>,
}

/// Which of the schemas of one place a value must fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Applying {
    All,
    /// Some, and nobody can tell which.
    Some,
}

/// The schemas at one place, merged.
#[derive(Debug, Default)]
pub(super) struct Shape<'t> {
    /// In the order in which they come.
    pub(super) properties: Vec<Property<'t>>,
    pub(super) items: Vec<Node<'t>>,
    /// The elements of enums, and constants.
    pub(super) values: Vec<Node<'t>>,
    /// Schemas of what is not looked at: names that a map makes up, contents of texts, what must not be.
    pub(super) hidden: Vec<Node<'t>>,
    /// All schemas that apply, as written and behind references.
    pub(super) schemas: Vec<NodeId>,
    /// Those of them that need not apply: one of several, or on a condition.
    pub(super) sometimes: FxHashSet<NodeId>,
    /// Those of them that say something themselves, ascending: where they are the same, so is the shape.
    pub(super) identity: Vec<NodeId>,
}

impl<'t> Shape<'t> {
    pub(super) fn read(document: &Document<'t>, starts: &[Node<'t>], applying: Applying) -> Self {
        let mut reader = Reader {
            document,
            shape: Self::default(),
            named: FxHashMap::default(),
            seen: FxHashSet::default(),
            rest: starts.iter().rev().copied().collect(),
            has_conditions: false,
        };
        while let Some(node) = reader.rest.pop() {
            if reader.seen.len() == SCHEMAS_MAX {
                reader.shape.hidden.push(node);
            } else if reader.seen.insert(node.target()) {
                reader.schema(node);
            }
        }
        let target = |node: Node<'t>| document.follow(node).target();
        let is_one = starts
            .windows(2)
            .all(|two| target(two[0]) == target(two[1]));
        let is_sure = applying == Applying::All || is_one;
        let has_conditions = reader.has_conditions || !is_sure;
        let mut shape = reader.shape;
        shape.identity.sort_unstable();
        if has_conditions {
            let sure = applying_always(document, if is_sure { starts } else { &[] });
            shape.tell_conditions(&sure);
        }
        shape
    }

    fn tell_conditions(&mut self, sure: &FxHashSet<NodeId>) {
        let unsure = self.schemas.iter().filter(|schema| !sure.contains(schema));
        self.sometimes = unsure.copied().collect();
        for property in &mut self.properties {
            let is_sure = property.named_by.iter().all(|schema| sure.contains(schema));
            if !is_sure && property.schemas.len() > 1 {
                property.applying = Applying::Some;
            }
        }
    }

    pub(super) fn has_parts(&self) -> bool {
        !self.properties.is_empty() || !self.items.is_empty()
    }
}

/// What is reached from schemas by references and `allOf` alone.
fn applying_always<'t>(document: &Document<'t>, starts: &[Node<'t>]) -> FxHashSet<NodeId> {
    let mut found = FxHashSet::default();
    let mut rest = starts.to_vec();
    while let Some(node) = rest.pop() {
        if found.len() == SCHEMAS_MAX || !found.insert(node.target()) {
            continue;
        }
        let target = document.target(node);
        rest.extend(target);
        if target.is_none() || document.minor >= 1 {
            rest.extend(node.get("allOf").into_iter().flat_map(Node::elements));
        }
    }
    found
}

struct Reader<'d, 't> {
    document: &'d Document<'t>,
    shape: Shape<'t>,
    named: FxHashMap<&'t str, usize>,
    seen: FxHashSet<NodeId>,
    /// Schemas to read, the next one last.
    rest: Vec<Node<'t>>,
    /// Whether some schema need not apply.
    has_conditions: bool,
}

impl<'t> Reader<'_, 't> {
    fn schema(&mut self, node: Node<'t>) {
        self.shape.schemas.push(node.target());
        let target = self.document.target(node);
        let mut further: Vec<Node<'t>> = target.into_iter().collect();
        // Before 3.1 what stands beside a `$ref` is not read.
        let is_read = target.is_none() || self.document.minor >= 1;
        let mut says_something = target.is_none();
        if is_read {
            for member in node.members() {
                says_something |= !matches!(member.name(), "$ref" | "$dynamicRef");
                self.keyword(node, member.name(), member.value, &mut further);
            }
        }
        if says_something {
            self.shape.identity.push(node.target());
        }
        self.rest.extend(further.into_iter().rev());
    }

    fn keyword(
        &mut self,
        schema: Node<'t>,
        name: &str,
        value: Node<'t>,
        further: &mut Vec<Node<'t>>,
    ) {
        self.has_conditions |= matches!(
            name,
            "oneOf" | "anyOf" | "if" | "then" | "else" | "dependentSchemas"
        );
        let members = || value.members().map(|member| member.value);
        match name {
            "properties" => {
                for member in value.members() {
                    self.property(schema, member.name(), member.value);
                }
            }
            "allOf" | "oneOf" | "anyOf" => further.extend(value.elements()),
            "if" | "then" | "else" => further.push(value),
            "dependentSchemas" => further.extend(members()),
            "items" | "prefixItems" if value.is_array() => {
                self.shape.items.extend(value.elements());
            }
            "items" | "contains" | "unevaluatedItems" | "additionalItems" => {
                self.shape.items.extend(value.is_object().then_some(value));
            }
            "enum" => self.shape.values.extend(value.elements()),
            "const" => self.shape.values.push(value),
            "patternProperties" => self.shape.hidden.extend(members()),
            "additionalProperties"
            | "unevaluatedProperties"
            | "propertyNames"
            | "contentSchema"
            | "not" => self.shape.hidden.extend(value.is_object().then_some(value)),
            _ => {}
        }
    }

    fn property(&mut self, of: Node<'t>, name: &'t str, schema: Node<'t>) {
        let at = *self.named.entry(name).or_insert_with(|| {
            self.shape.properties.push(Property {
                name,
                schemas: Vec::new(),
                applying: Applying::All,
                named_by: Vec::new(),
            });
            self.shape.properties.len() - 1
        });
        let property = &mut self.shape.properties[at];
        property.schemas.push(schema);
        property.named_by.push(of.target());
    }
}
