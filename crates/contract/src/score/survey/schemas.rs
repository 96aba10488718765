//! Every schema that requests and responses use, and every property of those, once each.

use super::operations::Operation;
use crate::score::resolver::Resolver;
use crate::score::schema;
use crate::tree::{Node, NodeId};

/// Which side uses a schema; both may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Role {
    pub(crate) is_input: bool,
    pub(crate) is_output: bool,
}

pub(crate) struct SchemaUse<'t> {
    pub(crate) node: Node<'t>,
    pub(crate) role: Role,
}

pub(crate) struct PropertyUse<'t> {
    /// The property's name.
    pub(crate) key: Node<'t>,
    pub(crate) name: &'t str,
    /// As written: it may hold a reference, and a description beside it.
    pub(crate) raw: Node<'t>,
    /// The reference followed.
    pub(crate) schema: Node<'t>,
    pub(crate) role: Role,
    pub(crate) is_required: bool,
}

/// Bits of the marks below.
const INPUT: u8 = 1;
const OUTPUT: u8 = 2;

pub(super) fn used<'t>(
    operations: &[Operation<'t>],
    resolver: &Resolver<'t>,
) -> (Vec<SchemaUse<'t>>, Vec<PropertyUse<'t>>) {
    let Some(first) = operations.first() else {
        return (Vec::new(), Vec::new());
    };
    let tree = first.node.tree();
    let mut marks = vec![0; tree.node_count()];
    mark(
        operations.iter().flat_map(inputs),
        INPUT,
        &mut marks,
        resolver,
    );
    mark(
        operations.iter().flat_map(outputs),
        OUTPUT,
        &mut marks,
        resolver,
    );

    let mut schemas = Vec::new();
    let mut properties = Vec::new();
    for (index, mark) in marks.iter().enumerate().filter(|(_, mark)| **mark != 0) {
        let node = tree.node(NodeId(index as u32));
        let role = Role {
            is_input: mark & INPUT != 0,
            is_output: mark & OUTPUT != 0,
        };
        schemas.push(SchemaUse { node, role });
        properties.extend(own_properties(node, role, resolver));
    }
    (schemas, properties)
}

fn inputs<'o, 't>(operation: &'o Operation<'t>) -> impl Iterator<Item = Node<'t>> + 'o {
    let of_parameters = operation.parameters.iter().filter_map(|p| p.schema);
    let media = operation.body.iter().flat_map(|body| &body.media);
    of_parameters.chain(media.filter_map(|media| media.schema))
}

fn outputs<'o, 't>(operation: &'o Operation<'t>) -> impl Iterator<Item = Node<'t>> + 'o {
    let media = operation.responses.iter().flat_map(|r| &r.media);
    media.filter_map(|media| media.schema)
}

/// Marks what can be reached; each schema is visited once, so circles end.
fn mark<'t>(
    roots: impl Iterator<Item = Node<'t>>,
    bit: u8,
    marks: &mut [u8],
    resolver: &Resolver<'t>,
) {
    let mut open: Vec<Node<'t>> = roots.collect();
    while let Some(raw) = open.pop() {
        let Some(node) = resolver.follow(raw).filter(|node| node.is_object()) else {
            continue;
        };
        let mark = &mut marks[node.target().0 as usize];
        if *mark & bit == 0 {
            *mark |= bit;
            schema::visit_children(node, |child| open.push(child));
        }
    }
}

fn own_properties<'t>(
    node: Node<'t>,
    role: Role,
    resolver: &Resolver<'t>,
) -> impl Iterator<Item = PropertyUse<'t>> {
    let required = schema::required(node);
    let members = node
        .get("properties")
        .into_iter()
        .flat_map(Node::members)
        .collect::<Vec<_>>();
    members.into_iter().filter_map(move |member| {
        Some(PropertyUse {
            key: member.key,
            name: member.name(),
            raw: member.value,
            schema: resolver.follow(member.value)?,
            role,
            is_required: required.contains(member.name()),
        })
    })
}
