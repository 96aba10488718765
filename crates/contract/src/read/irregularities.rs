//! Duplicate keys, merge keys and unknown tags: errors where the gateway reads, warnings elsewhere.

use std::collections::HashSet;

use crate::findings::Findings;
use crate::tree::{Irregularity, IrregularityKind, Node, NodeId, Tree};

pub(super) fn tell(tree: &Tree, findings: &mut Findings) {
    if tree.irregularities().is_empty() {
        return;
    }
    let read = read_objects(tree.root());
    for irregularity in tree.irregularities() {
        tell_one(tree, *irregularity, &read, findings);
    }
}

fn tell_one(
    tree: &Tree,
    irregularity: Irregularity,
    read: &HashSet<NodeId>,
    findings: &mut Findings,
) {
    let node = tree.node(irregularity.node);
    let (object, message, next_step) = match irregularity.kind {
        IrregularityKind::DuplicateKey { object, earlier } => {
            let line = tree.node(earlier).line();
            let name = node.scalar_text().unwrap_or_default();
            (
                object,
                format!("the key `{name}` stands twice in this object, first at line {line}"),
                "remove one of the two, or rename it: only the last one counts",
            )
        }
        IrregularityKind::MergeKey { object } => (
            object,
            "the merge key `<<` is not part of YAML 1.2: nothing is merged here".to_owned(),
            "write the members out, or use `$ref` to `components`",
        ),
        IrregularityKind::UnknownTag => {
            let message = "the YAML tag is not known: the value is read as if it had none";
            findings.warning(node, message, "remove the tag");
            return;
        }
    };
    match read.contains(&object) {
        true => findings.error(node, message, next_step),
        false => findings.warning(node, message, next_step),
    }
}

/// The objects on whose members the gateway acts: the document, `info`, `paths`, path items, operations, servers.
fn read_objects(root: Node<'_>) -> HashSet<NodeId> {
    let mut read = HashSet::from([root.id()]);
    read.extend(root.get("info").map(Node::target));
    add_servers(root, &mut read);
    let components = root.get("components");
    let path_items = components.and_then(|components| components.get("pathItems"));
    if let Some(paths) = root.get("paths") {
        read.insert(paths.target());
    }
    for item in [root.get("paths"), path_items]
        .into_iter()
        .flatten()
        .flat_map(Node::members)
    {
        add_path_item(item.value, &mut read);
    }
    read
}

fn add_path_item(item: Node<'_>, read: &mut HashSet<NodeId>) {
    // An item that several paths share, by a YAML alias, is walked once.
    if !read.insert(item.target()) {
        return;
    }
    add_servers(item, read);
    let additional = item.get("additionalOperations");
    for operation in item
        .members()
        .chain(additional.into_iter().flat_map(Node::members))
    {
        if operation.value.is_object() && read.insert(operation.value.target()) {
            add_servers(operation.value, read);
        }
    }
}

fn add_servers(object: Node<'_>, read: &mut HashSet<NodeId>) {
    for server in object.get("servers").into_iter().flat_map(Node::elements) {
        read.insert(server.target());
        let variables = server.get("variables");
        read.extend(variables.map(Node::target));
        for variable in variables.into_iter().flat_map(Node::members) {
            read.insert(variable.value.target());
        }
    }
}
