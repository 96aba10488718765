//! What may stand at one place: the properties, elements and values of all schemas that apply there, merged.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::document::Document;
use crate::tree::{Node, NodeId};

/// Schemas that apply at one place, references and members of `allOf` counted: real contracts stay below 300.
const SCHEMAS_MAX: usize = 1_000;

/// The schemas at one place, merged.
#[derive(Debug, Default)]
pub(super) struct Shape<'t> {
    /// By name in the order in which they come, each with every schema that it has.
    pub(super) properties: Vec<(&'t str, Vec<Node<'t>>)>,
    pub(super) items: Vec<Node<'t>>,
    /// The elements of enums, and constants.
    pub(super) values: Vec<Node<'t>>,
    /// Schemas of what is not looked at: names that a map makes up, contents of texts, what must not be.
    pub(super) hidden: Vec<Node<'t>>,
    /// All schemas that apply, as written and behind references.
    pub(super) schemas: Vec<NodeId>,
    /// Those of them that say something themselves, ascending: where they are the same, so is the shape.
    pub(super) identity: Vec<NodeId>,
}

impl<'t> Shape<'t> {
    pub(super) fn read(document: &Document<'t>, starts: &[Node<'t>]) -> Self {
        let mut reader = Reader {
            document,
            shape: Self::default(),
            named: FxHashMap::default(),
            seen: FxHashSet::default(),
            rest: starts.iter().rev().copied().collect(),
        };
        while let Some(node) = reader.rest.pop() {
            if reader.seen.len() == SCHEMAS_MAX {
                reader.shape.hidden.push(node);
            } else if reader.seen.insert(node.target()) {
                reader.schema(node);
            }
        }
        let mut shape = reader.shape;
        shape.identity.sort_unstable();
        shape
    }

    pub(super) fn has_parts(&self) -> bool {
        !self.properties.is_empty() || !self.items.is_empty()
    }
}

struct Reader<'d, 't> {
    document: &'d Document<'t>,
    shape: Shape<'t>,
    named: FxHashMap<&'t str, usize>,
    seen: FxHashSet<NodeId>,
    /// Schemas to read, the next one last.
    rest: Vec<Node<'t>>,
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
                self.keyword(member.name(), member.value, &mut further);
            }
        }
        if says_something {
            self.shape.identity.push(node.target());
        }
        self.rest.extend(further.into_iter().rev());
    }

    fn keyword(&mut self, name: &str, value: Node<'t>, further: &mut Vec<Node<'t>>) {
        let members = || value.members().map(|member| member.value);
        match name {
            "properties" => {
                for member in value.members() {
                    self.property(member.name(), member.value);
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

    fn property(&mut self, name: &'t str, schema: Node<'t>) {
        let at = *self.named.entry(name).or_insert_with(|| {
            self.shape.properties.push((name, Vec::new()));
            self.shape.properties.len() - 1
        });
        self.shape.properties[at].1.push(schema);
    }
}
