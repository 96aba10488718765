//! Parameters and headers: what their style shows of their values (OpenAPI 3.1, 4.8.12.2).

use super::build::{Builder, Parts};
use super::key;
use super::plan::{LeafParameter, LeafPlace, LeafSeparator};
use super::shape::{Applying, Shape};
use super::table::{LeafCutReason, LeafKind};
use crate::model::document::Document;
use crate::model::parameter::{self, Parameter};
use crate::tree::Node;

/// How a parameter is written.
struct Style {
    parts: Parts,
    separator: Option<LeafSeparator>,
}

impl Style {
    const fn new(parts: Parts, separator: Option<LeafSeparator>) -> Self {
        Self { parts, separator }
    }

    fn read(parameter: &Parameter<'_>) -> Self {
        if parameter.node.get("schema").is_none() {
            return Self::new(Parts::Nothing, None);
        }
        let written = parameter.node.get("style").and_then(Node::as_str);
        let style = written.unwrap_or(match parameter.location {
            "query" | "cookie" => "form",
            _ => "simple",
        });
        let explode = parameter.node.get("explode").and_then(Node::as_bool);
        let is_exploded = explode.unwrap_or(style == "form");
        let between = |separator| (!is_exploded).then_some(separator);
        match style {
            "form" => Self::new(Parts::Items, between(LeafSeparator::Comma)),
            "spaceDelimited" => Self::new(Parts::Items, between(LeafSeparator::Space)),
            "pipeDelimited" => Self::new(Parts::Items, between(LeafSeparator::Pipe)),
            "simple" => Self::new(Parts::Items, Some(LeafSeparator::Comma)),
            "deepObject" => Self::new(Parts::All, None),
            _ => Self::new(Parts::Nothing, None),
        }
    }
}

impl<'t> Builder<'_, 't> {
    /// Returns the node of a parameter whose properties are parameters of their own on the wire.
    pub(super) fn parameter(&mut self, parameter: &Parameter<'t>) -> Option<u32> {
        let (location, written) = (parameter.location, parameter.node);
        let name = match location {
            "header" => parameter.name.to_ascii_lowercase(),
            _ => parameter.name.to_owned(),
        };
        let key = key::property(&format!("request.{location}"), &name);
        let leaf = self.leaf(LeafKind::Parameter, key, None, written)?;
        let is_long = name.len() > key::TEXT_BYTES_MAX;
        let Some(place) = LeafPlace::from_text(location).filter(|_| !is_long) else {
            self.built.unseen.push(leaf);
            self.cut(leaf, LeafCutReason::Text);
            return None;
        };
        let schemas = schema(self.document, written);
        let mut style = Style::read(parameter);
        let shape = Shape::read(self.document, &schemas, Applying::All);
        let is_scattered = parameter.is_exploded_form()
            && style.parts == Parts::Items
            && !shape.properties.is_empty();
        if is_scattered {
            style.parts = Parts::All;
            self.built.scattered.push(leaf);
        }
        // Any name may be one of the parameter's.
        if parameter.is_exploded_form() && is_scattered && !shape.hidden.is_empty() {
            self.built.unseen.push(leaf);
        }
        let node = self.place(leaf, schemas, Applying::All, style.parts);
        self.built
            .table
            .plan
            .request
            .parameters
            .push(LeafParameter {
                place,
                name,
                node,
                separator: style.separator,
            });
        is_scattered.then_some(node)
    }

    /// A header of a response.
    pub(super) fn header(
        &mut self,
        response: u32,
        name: &str,
        written: Node<'t>,
    ) -> Option<LeafParameter> {
        let name = name.to_ascii_lowercase();
        let parent = format!("{}.header", self.built.leaf(response).key);
        let key = key::property(&parent, &name);
        let leaf = self.leaf(LeafKind::Header, key, Some(response), written)?;
        if name.len() > key::TEXT_BYTES_MAX {
            self.built.unseen.push(leaf);
            return None;
        }
        let parts = match written.get("schema") {
            Some(_) => Parts::Items,
            None => Parts::Nothing,
        };
        let schemas = schema(self.document, written);
        let node = self.place(leaf, schemas, Applying::All, parts);
        Some(LeafParameter {
            place: LeafPlace::Header,
            name,
            node,
            separator: Some(LeafSeparator::Comma),
        })
    }
}

fn schema<'t>(document: &Document<'t>, node: Node<'t>) -> Vec<Node<'t>> {
    parameter::schema(document, node).into_iter().collect()
}
