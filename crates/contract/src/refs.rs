//! Follows `$ref` on demand: nothing is copied or expanded, and a circle is an error instead of a loop.

use crate::pointer::{self, PointerError};
use crate::tree::{Node, NodeId};

/// References that lead from one to the next; real contracts stay below 4.
const STEPS_MAX: usize = 64;

/// Follows the references of one document.
#[derive(Debug, Clone, Copy)]
pub struct Refs<'t> {
    root: Node<'t>,
    /// The document's own address (OpenAPI 3.2 `$self`): references to it stay inside.
    own_uri: Option<&'t str>,
}

/// A reference that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("reference `{text}` cannot be followed: {reason}")]
pub struct RefError {
    /// The value of the `$ref` that stopped the way.
    pub node: NodeId,
    /// That value, or the kind of what stands in its place.
    pub text: String,
    pub reason: RefReason,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefReason {
    #[error("{0}")]
    Pointer(PointerError),
    #[error("it leads outside of this document")]
    External,
    #[error("it names an anchor, which only schemas have")]
    Anchor,
    #[error("it leads back to itself")]
    Circle,
    #[error("it is not a string")]
    NotText,
}

impl RefReason {
    /// What the owner of the contract can do.
    pub fn next_step(&self) -> &'static str {
        match self {
            Self::Pointer(PointerError::Missing { .. }) => {
                "define what it names, or correct the name"
            }
            Self::Pointer(_) => {
                "write it as `#/components/…`, with `~1` for `/` and `~0` for `~` inside a name"
            }
            Self::External => "bundle the contract into one file",
            Self::Anchor => "write it as `#/components/…`",
            Self::Circle => "let one of the references name the value itself",
            Self::NotText => "write it as a text such as `#/components/…`",
        }
    }
}

impl<'t> Refs<'t> {
    /// `root` is the document's root.
    pub fn new(root: Node<'t>) -> Self {
        Self {
            root,
            own_uri: root.get("$self").and_then(Node::as_str),
        }
    }

    /// `node` itself, or what its `$ref` names at the end of the way. Fields beside a `$ref` are not looked at.
    pub fn follow(&self, node: Node<'t>) -> Result<Node<'t>, RefError> {
        let mut end = node;
        self.visit(node, |next| end = next)?;
        Ok(end)
    }

    /// `node`, then what its `$ref` names, and so on to the end of the way: where fields may stand beside a `$ref`
    /// (path items), those of an earlier one replace those of a later one.
    pub fn layers(&self, node: Node<'t>) -> Result<Vec<Node<'t>>, RefError> {
        let mut layers = vec![node];
        self.visit(node, |next| layers.push(next))?;
        Ok(layers)
    }

    fn visit(&self, node: Node<'t>, mut visit: impl FnMut(Node<'t>)) -> Result<(), RefError> {
        let mut seen = Vec::new();
        let mut node = node;
        while let Some(reference) = node.get("$ref") {
            if seen.contains(&reference.id()) || seen.len() == STEPS_MAX {
                return Err(error(reference, RefReason::Circle));
            }
            seen.push(reference.id());
            node = self.target(reference)?;
            visit(node);
        }
        Ok(())
    }

    /// What `reference`, the value of a `$ref`, names: one step only.
    pub fn target(&self, reference: Node<'t>) -> Result<Node<'t>, RefError> {
        let text = reference
            .as_str()
            .ok_or_else(|| error(reference, RefReason::NotText))?;
        let (uri, fragment) = text.split_once('#').unwrap_or((text, ""));
        if !uri.is_empty() && Some(uri) != self.own_uri {
            return Err(error(reference, RefReason::External));
        }
        if !fragment.is_empty() && !fragment.starts_with(['/', '%']) {
            return Err(error(reference, RefReason::Anchor));
        }
        pointer::resolve_fragment(self.root, fragment)
            .map_err(|cause| error(reference, RefReason::Pointer(cause)))
    }
}

fn error(reference: Node<'_>, reason: RefReason) -> RefError {
    RefError {
        node: reference.id(),
        text: match reference.scalar_text() {
            Some(text) => text.to_owned(),
            None => reference.value().described().to_owned(),
        },
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    const SOURCE: &str = "
$self: https://api.example.com/openapi
a: {$ref: '#/b'}
b: {$ref: 'https://api.example.com/openapi#/c'}
c: {value: 1}
circle: {$ref: '#/round'}
round: {$ref: '#/circle'}
self: {$ref: '#/self'}
file: {$ref: 'other.yaml#/c'}
missing: {$ref: '#/components/x'}
anchor: {$ref: '#name'}
number: {$ref: 5}
";

    fn check(name: &str, expect: Result<&str, &str>) {
        let tree = yaml::scan(SOURCE).unwrap();
        let followed = Refs::new(tree.root()).follow(tree.root().get(name).unwrap());
        let found = followed
            .map(Node::pointer)
            .map_err(|error| error.to_string());
        assert_eq!(found.as_deref().map_err(String::as_str), expect);
    }

    #[test]
    fn a_chain_ends_at_the_value() {
        check("a", Ok("/c"));
        check("c", Ok("/c"));
    }

    #[test]
    fn each_dead_end_has_its_reason() {
        check(
            "circle",
            Err("reference `#/round` cannot be followed: it leads back to itself"),
        );
        check(
            "self",
            Err("reference `#/self` cannot be followed: it leads back to itself"),
        );
        check(
            "file",
            Err("reference `other.yaml#/c` cannot be followed: it leads outside of this document"),
        );
        check(
            "missing",
            Err("reference `#/components/x` cannot be followed: the document has no `components`"),
        );
        check(
            "anchor",
            Err(
                "reference `#name` cannot be followed: it names an anchor, which only schemas have",
            ),
        );
        check(
            "number",
            Err("reference `5` cannot be followed: it is not a string"),
        );
    }
}
