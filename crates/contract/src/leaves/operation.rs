//! The leaves of one operation, from its roots: parameters, the request body, the responses.

use rustc_hash::{FxHashMap, FxHashSet};

use super::build::{Builder, Parts, Pointers};
use super::built::Built;
use super::plan::{LeafContent, LeafParameter, LeafPlace, LeafPlan, LeafResponse};
use super::shape::Applying;
use super::table::{LeafKind, LeafLimits, LeafTable};
use crate::model::body::{self, Named};
use crate::model::document::Document;
use crate::model::operation::Operation;
use crate::tree::Node;

pub(super) fn build<'t>(
    document: &Document<'t>,
    operation: &Operation<'t>,
    limits: LeafLimits,
    pointers: &mut Pointers,
) -> Built {
    let mut builder = Builder::new(document, empty(operation), limits, pointers);
    let mut scattered = Vec::new();
    for parameter in operation.parameters(document) {
        scattered.extend(builder.parameter(&parameter));
    }
    builder.request(operation);
    for response in body::named(document, operation.node, "responses") {
        builder.response(response);
    }
    let mut built = builder.finish();
    for node in scattered {
        scatter(&mut built, node);
    }
    built
}

fn empty(operation: &Operation<'_>) -> Built {
    Built {
        table: LeafTable {
            method: operation.method.clone(),
            path: operation.path.to_owned(),
            operation_id: operation.id().map(str::to_owned),
            leaves: Vec::new(),
            plan: LeafPlan::default(),
            cuts: Vec::new(),
            cut_count: 0,
        },
        owners: FxHashMap::default(),
        hidden: Vec::new(),
        sometimes: FxHashSet::default(),
        unseen: Vec::new(),
        scattered: Vec::new(),
        by_key: FxHashMap::default(),
    }
}

impl<'t> Builder<'_, 't> {
    fn request(&mut self, operation: &Operation<'t>) {
        let Some(written) = operation.node.get("requestBody") else {
            return;
        };
        let (content, body) = self.message("request", None, written);
        let request = &mut self.built.table.plan.request;
        (request.content, request.body) = (content, body);
    }

    fn response(&mut self, response: Named<'t>) {
        let key = format!("response.{}", response.name);
        let Some(leaf) = self.leaf(LeafKind::Status, key.clone(), None, response.node) else {
            return;
        };
        let mut headers = Vec::new();
        for header in body::named(self.document, response.node, "headers") {
            headers.extend(self.header(leaf, header.name, header.node));
        }
        let (content, body) = self.message(&key, Some(leaf), response.node);
        self.built.table.plan.responses.push(LeafResponse {
            status: response.name.to_owned(),
            leaf,
            headers,
            content,
            body,
        });
    }

    /// The media types and the body of what `written` describes; the body has the schemas of all media types.
    fn message(
        &mut self,
        key: &str,
        parent: Option<u32>,
        written: Node<'t>,
    ) -> (Vec<LeafContent>, Option<u32>) {
        let mut content = Vec::new();
        let mut schemas = Vec::new();
        let types = body::named(self.document, self.document.follow(written), "content");
        for media_type in &types {
            let key = format!("{key}.content.{}", media_type.name);
            let leaf = self.leaf(LeafKind::ContentType, key, parent, media_type.node);
            content.extend(leaf.map(|leaf| LeafContent {
                media_type: media_type.name.to_owned(),
                leaf,
            }));
            schemas.extend(media_type.node.get("schema"));
        }
        if types.is_empty() {
            return (content, None);
        }
        let key = format!("{key}.body");
        let body = match parent {
            Some(_) => self.unowned_leaf(LeafKind::Body, key, parent, written),
            None => self.leaf(LeafKind::Body, key, parent, written),
        };
        (
            content,
            // Each media type has a schema of its own.
            body.map(|leaf| self.place(leaf, schemas, Applying::Some, Parts::All)),
        )
    }
}

/// On the wire the properties of this node are parameters of their own (`style: form` with `explode`).
fn scatter(built: &mut Built, node: u32) {
    let properties = built.table.plan.nodes[node as usize].properties.clone();
    for (name, node) in properties {
        let parameters = &mut built.table.plan.request.parameters;
        let is_taken =
            |known: &LeafParameter| known.place == LeafPlace::Query && known.name == name;
        if parameters.iter().any(is_taken) {
            // Nobody can tell which of the two is meant.
            let leaf = built.table.plan.nodes[node as usize].leaf;
            built.unseen.push(leaf);
            continue;
        }
        parameters.push(LeafParameter {
            place: LeafPlace::Query,
            name,
            node,
            separator: None,
        });
    }
}
