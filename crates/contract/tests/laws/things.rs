//! Which things of a contract the other side has under the same names: members by name, references by what they name,
//! elements of lists by what names them.

use contract::{ChangedOperation, Node, NodeId, pointer};
use rustc_hash::{FxHashMap, FxHashSet};

/// References in a row that are followed.
const CHAIN_MAX: usize = 64;

const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// The things of one side.
pub struct Things<'t> {
    own: Node<'t>,
    other: Node<'t>,
    whole: Option<Known>,
    /// Of the operation that was asked for last.
    part: Option<(String, Known)>,
}

/// What was met on the ways from a start, by whether the other side had it there.
type Known = FxHashMap<NodeId, Met>;

#[derive(Debug, Clone, Copy, Default)]
struct Met {
    in_both: bool,
    in_one: bool,
}

impl<'t> Things<'t> {
    pub fn new(own: Node<'t>, other: Node<'t>) -> Self {
        Self {
            own,
            other,
            whole: None,
            part: None,
        }
    }

    /// Whether the other side surely has the thing that a pointer names: on each way from the operation, else from the
    /// document. What is met once with and once without a counterpart may be told of the latter.
    pub fn is_there(&mut self, operation: Option<&ChangedOperation>, text: &str) -> bool {
        // The usual case: nothing of the other side can be it.
        let Ok(node) = pointer::resolve(self.own, text) else {
            return false;
        };
        let met = match operation {
            Some(operation) => self.met_below(operation, node.id()),
            None => None,
        };
        let met = met.or_else(|| {
            let whole = self.whole.get_or_insert_with(|| {
                let mut walk = Walk::new(self.own, self.other);
                walk.run(self.own, Some(self.other));
                walk.known
            });
            whole.get(&node.id()).copied()
        });
        met.is_some_and(|met| met.in_both && !met.in_one)
    }

    fn met_below(&mut self, operation: &ChangedOperation, id: NodeId) -> Option<Met> {
        let name = format!("{} {}", operation.method, operation.path);
        if self.part.as_ref().is_none_or(|(known, _)| *known != name) {
            let known = self.below(operation);
            self.part = Some((name, known));
        }
        let (_, known) = self.part.as_ref()?;
        known.get(&id).copied()
    }

    /// Empty for what is not found by its path.
    fn below(&self, operation: &ChangedOperation) -> Known {
        let mut walk = Walk::new(self.own, self.other);
        let item = |root: Node<'t>| root.get("paths")?.get(&operation.path);
        let method = operation.method.to_lowercase();
        if let (Some(own), Some(other)) = (item(self.own), item(self.other)) {
            for member in own.members() {
                let name = member.name();
                if name == method || !METHODS.contains(&name) {
                    walk.run(member.value, other.get(name));
                }
            }
        }
        walk.known
    }
}

/// A walk over one side, with the other beside it as long as the names are the same.
struct Walk<'t> {
    roots: [Node<'t>; 2],
    known: Known,
    seen: FxHashSet<(NodeId, Option<NodeId>)>,
}

impl<'t> Walk<'t> {
    fn new(own: Node<'t>, other: Node<'t>) -> Self {
        Self {
            roots: [own, other],
            known: Known::default(),
            seen: FxHashSet::default(),
        }
    }

    fn run(&mut self, own: Node<'t>, other: Option<Node<'t>>) {
        let mut rest = vec![(own, other)];
        while let Some((own, other)) = rest.pop() {
            let met = self.known.entry(own.id()).or_default();
            met.in_both |= other.is_some();
            met.in_one |= other.is_none();
            let is_leaf = !own.is_object() && !own.is_array();
            if is_leaf || !self.seen.insert((own.id(), other.map(Node::id))) {
                continue;
            }
            let beside = layers(self.roots[1], other);
            let below = layers(self.roots[0], Some(own)).into_iter().skip(1);
            rest.extend(below.map(|target| (target, beside.last().copied())));
            for member in own.members() {
                let found = beside.iter().find_map(|layer| layer.get(member.name()));
                rest.push((member.value, found));
            }
            let named = other.map(|other| self.named(other)).unwrap_or_default();
            for element in own.elements() {
                let name = name(self.roots[0], element);
                let found = name.and_then(|name| named.get(&name).copied());
                rest.push((element, found));
            }
        }
    }

    fn named(&self, list: Node<'t>) -> FxHashMap<String, Node<'t>> {
        let elements = list.elements();
        elements
            .filter_map(|one| Some((name(self.roots[1], one)?, one)))
            .collect()
    }
}

/// A node, and what it refers to, to the end.
fn layers<'t>(root: Node<'t>, node: Option<Node<'t>>) -> Vec<Node<'t>> {
    let target = |node: &Node<'t>| {
        let fragment = node.get("$ref")?.as_str()?.strip_prefix('#')?;
        pointer::resolve_fragment(root, fragment).ok()
    };
    std::iter::successors(node, target)
        .take(CHAIN_MAX)
        .collect()
}

/// What an element of a list is known by: location and name of a parameter, the name of a tag, a reference, or the text
/// itself. Schemas that are written in place have no name.
fn name<'t>(root: Node<'t>, element: Node<'t>) -> Option<String> {
    let end = layers(root, Some(element)).pop()?;
    let text = |node: Node<'t>, key: &str| node.get(key).and_then(Node::as_str);
    match (text(end, "in"), text(end, "name"), text(element, "$ref")) {
        (location, Some(name), None) => Some(format!("{} {name}", location.unwrap_or_default())),
        (Some(location), Some(name), _) => Some(format!("{location} {name}")),
        (_, _, Some(reference)) => Some(reference.to_owned()),
        _ => element.scalar_text().map(str::to_owned),
    }
}
