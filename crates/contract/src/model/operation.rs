//! Operations: path items with their references followed, in document order.

use super::document::Document;
use super::parameter::{self, Parameter};
use crate::template;
use crate::tree::{Member, Node};

const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// References that lead from a path item to the next.
const LAYERS_MAX: usize = 64;

/// Where an operation is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Listing {
    Paths,
    Webhooks,
    /// Of another operation.
    Callbacks,
}

/// One operation.
#[derive(Debug, Clone)]
pub(crate) struct Operation<'t> {
    pub(crate) listing: Listing,
    /// For a callback: method, path without parameter names, and name of the callback; empty for others.
    pub(crate) owner: String,
    /// The path template, the name of the webhook, or the expression of the callback.
    pub(crate) path: &'t str,
    /// The path without its parameter names.
    pub(crate) shape: String,
    /// Upper case.
    pub(crate) method: String,
    /// The method as written, a key.
    pub(crate) key: Node<'t>,
    pub(crate) node: Node<'t>,
    /// The path item, references followed.
    pub(crate) item: Node<'t>,
}

/// A stage of an operation's life, from `x-stability-level`; stable where it says none or something unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stability {
    Draft,
    Alpha,
    Beta,
    Stable,
}

impl Stability {
    /// `None` for a text that names no stage.
    pub fn from_text(text: &str) -> Option<Self> {
        match text {
            "draft" => Some(Self::Draft),
            "alpha" => Some(Self::Alpha),
            "beta" => Some(Self::Beta),
            "stable" => Some(Self::Stable),
            _ => None,
        }
    }
}

impl<'t> Operation<'t> {
    pub(crate) fn id(&self) -> Option<&'t str> {
        self.node.get("operationId").and_then(Node::as_str)
    }

    /// Stable where it names none; `None` where it names one that does not exist.
    pub(crate) fn stage(&self) -> Option<Stability> {
        let level = self.node.get("x-stability-level");
        match level.filter(|node| !node.is_null()) {
            Some(level) => level.as_str().and_then(Stability::from_text),
            None => Some(Stability::Stable),
        }
    }

    pub(crate) fn stability(&self) -> Stability {
        self.stage().unwrap_or(Stability::Stable)
    }

    /// Those of the path item that the operation does not replace, and its own.
    pub(crate) fn parameters(&self, document: &Document<'t>) -> Vec<Parameter<'t>> {
        parameter::merged(document, self.path, self.item, self.node)
    }
}

/// All operations of `paths` and `webhooks`, in document order, each followed by its callbacks.
pub(crate) fn all<'t>(document: &Document<'t>) -> Vec<Operation<'t>> {
    let mut operations = Vec::new();
    for (listing, key) in [(Listing::Paths, "paths"), (Listing::Webhooks, "webhooks")] {
        for member in document.root().get(key).into_iter().flat_map(Node::members) {
            if !member.name().starts_with("x-") {
                of_item(document, listing, "", member, &mut operations);
            }
        }
    }
    operations
}

/// References may stand beside fields of the path item, which then replace those that the reference names.
fn of_item<'t>(
    document: &Document<'t>,
    listing: Listing,
    owner: &str,
    path: Member<'t>,
    operations: &mut Vec<Operation<'t>>,
) {
    let first = operations.len();
    let mut layer = Some(path.value);
    for step in 0..LAYERS_MAX {
        let is_first = step == 0;
        let Some(item) = layer else { break };
        let own = item
            .members()
            .filter(|member| METHODS.contains(&member.name()));
        let additional = item.get("additionalOperations");
        let more = additional.into_iter().flat_map(Node::members);
        let shape = template::shape(path.name());
        for member in own.chain(more) {
            let method = member.name().to_uppercase();
            let is_replaced = !is_first
                && operations[first..]
                    .iter()
                    .any(|known| known.method == method);
            if is_replaced {
                continue;
            }
            let operation = Operation {
                listing,
                owner: owner.to_owned(),
                path: path.name(),
                shape: shape.clone(),
                method,
                key: member.key,
                node: document.follow(member.value),
                item,
            };
            operations.push(operation);
        }
        layer = document.target(item);
    }
    if listing != Listing::Callbacks {
        for at in first..operations.len() {
            of_callbacks(document, at, operations);
        }
    }
}

/// Callbacks of callbacks are not looked at.
fn of_callbacks<'t>(document: &Document<'t>, at: usize, operations: &mut Vec<Operation<'t>>) {
    let of = &operations[at];
    let Some(callbacks) = document.get(of.node, "callbacks") else {
        return;
    };
    let holder = format!("{} {}", of.method, of.shape);
    for callback in callbacks.members() {
        let owner = format!("{holder} {}", callback.name());
        for path in document.follow(callback.value).members() {
            if !path.name().starts_with("x-") {
                of_item(document, Listing::Callbacks, &owner, path, operations);
            }
        }
    }
}
