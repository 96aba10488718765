//! Parts of the document as plain JSON: values with their references expanded, schemas with theirs rewritten.

use serde_json::{Map, Value as Json, json};

use super::{formats, patterns};
use crate::lint::json::number_of;
use crate::lint::view::View;
use crate::tree::{Node, NodeId, Value};

/// How deep a value is expanded.
const DEPTH_MAX: usize = 600;

/// The resolved value of `node`; `None` beyond `nodes_max` nodes.
pub(in crate::lint) fn value(view: View<'_, '_>, node: Node<'_>, nodes_max: usize) -> Option<Json> {
    let mut left = nodes_max;
    expand(view, node, &mut left, DEPTH_MAX)
}

fn expand(view: View<'_, '_>, node: Node<'_>, left: &mut usize, depth: usize) -> Option<Json> {
    *left = left.checked_sub(1)?;
    let depth = depth.checked_sub(1)?;
    let node = view.tree().node(view.value(node.id()).id());
    Some(match node.value() {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(value),
        Value::Number(text) => number_of(text),
        Value::String(text) => Json::from(text),
        Value::Array(elements) => {
            let items: Option<Vec<Json>> = elements
                .map(|node| expand(view, node, left, depth))
                .collect();
            Json::Array(items?)
        }
        Value::Object(members) => {
            let mut object = Map::new();
            for member in members {
                object.insert(
                    member.name().to_owned(),
                    expand(view, member.value, left, depth)?,
                );
            }
            Json::Object(object)
        }
    })
}

/// Which side of a call an example is about: what is only read need not be sent, what is only written is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::lint) enum Side {
    Either,
    Request,
    Response,
}

impl Side {
    /// The address of the schema at `node`, seen from this side.
    pub(super) fn address(self, node: NodeId) -> String {
        let side = match self {
            Self::Either => 'e',
            Self::Request => 'q',
            Self::Response => 's',
        };
        format!("contract://schema/{side}/{}", node.0)
    }

    fn excuses(self, view: View<'_, '_>, property: Node<'_>) -> bool {
        let key = match self {
            Self::Either => return false,
            Self::Request => "readOnly",
            Self::Response => "writeOnly",
        };
        view.follow(property).get(key).and_then(Node::as_bool) == Some(true)
    }
}

/// What holds schemas under a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    One,
    List,
    Named,
}

/// The keywords under which schemas stand.
pub(super) fn holds(keyword: &str) -> Option<Holds> {
    Some(match keyword {
        "additionalItems"
        | "additionalProperties"
        | "contains"
        | "else"
        | "if"
        | "not"
        | "propertyNames"
        | "then"
        | "unevaluatedItems"
        | "unevaluatedProperties" => Holds::One,
        "items" => Holds::One,
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Holds::List,
        "dependencies" | "dependentSchemas" | "patternProperties" | "properties" => Holds::Named,
        _ => return None,
    })
}

/// Keywords that say nothing about values.
fn is_silent(keyword: &str) -> bool {
    matches!(
        keyword,
        "id" | "$id"
            | "$schema"
            | "$anchor"
            | "$comment"
            | "$defs"
            | "definitions"
            | "example"
            | "examples"
            | "default"
            | "description"
            | "title"
            | "deprecated"
            | "readOnly"
            | "writeOnly"
            | "xml"
            | "externalDocs"
            | "discriminator"
            | "nullable"
            | "summary"
    ) || keyword.starts_with("x-")
}

/// Turns schemas of the document into schemas of their own; what they refer to is gathered for later.
pub(super) struct Converter<'a, 't> {
    pub(super) view: View<'a, 't>,
    pub(super) side: Side,
    pub(super) referred: Vec<NodeId>,
}

impl<'t> Converter<'_, 't> {
    /// `node` is no reference any more.
    pub(super) fn schema(&mut self, node: Node<'t>) -> Json {
        if !node.is_object() {
            return value(self.view, node, 1_000).unwrap_or(Json::Bool(true));
        }
        let mut object = Map::new();
        let mut besides = Vec::new();
        for member in node.members().filter(|member| !is_silent(member.name())) {
            if let ("pattern", Some(text)) =
                (member.name(), self.view.follow(member.value).as_str())
            {
                let conditions = patterns::conditions(text);
                besides = conditions.besides;
                let pattern = conditions
                    .pattern
                    .map(|text| ("pattern".to_owned(), Json::from(text)));
                object.extend(pattern);
                continue;
            }
            if let Some(value) = self.keyword(node, member.name(), member.value) {
                object.insert(member.name().to_owned(), value);
            }
        }
        let is_nullable = node.get("nullable").and_then(Node::as_bool) == Some(true);
        let kind = object
            .get_mut("type")
            .filter(|kind| is_nullable && kind.is_string());
        if let Some(kind) = kind {
            *kind = json!([kind.clone(), "null"]);
        }
        if !besides.is_empty() {
            let all = object.entry("allOf").or_insert_with(|| json!([]));
            if let Json::Array(all) = all {
                all.append(&mut besides);
            }
        }
        Json::Object(object)
    }

    fn keyword(&mut self, schema: Node<'t>, name: &str, written: Node<'t>) -> Option<Json> {
        let inner = self.view.follow(written);
        Some(match (holds(name), inner.value()) {
            (Some(Holds::One | Holds::List), Value::Array(elements)) => {
                elements.map(|element| self.slot(element)).collect()
            }
            (Some(Holds::Named), Value::Object(members)) => {
                let mut entries = Map::new();
                for member in members {
                    let schema = self.slot(member.value);
                    match name == "patternProperties" {
                        true => entries
                            .extend(patterns::of_name(member.name()).map(|text| (text, schema))),
                        false => entries.extend([(member.name().to_owned(), schema)]),
                    }
                }
                Json::Object(entries)
            }
            (Some(Holds::One), _) => self.slot(written),
            (None, Value::Array(_)) if name == "required" => return self.required(schema, inner),
            (None, Value::String(format)) if name == "format" && !formats::is_known(format) => {
                return None;
            }
            _ => value(self.view, inner, 50_000)?,
        })
    }

    fn slot(&mut self, slot: Node<'t>) -> Json {
        let target = self.view.follow(slot);
        if target.id() == slot.id() {
            return self.schema(slot);
        }
        self.referred.push(target.id());
        json!({ "$ref": self.side.address(target.id()) })
    }

    fn required(&self, schema: Node<'t>, names: Node<'t>) -> Option<Json> {
        let properties = self.view.get(schema, "properties");
        let is_excused = |name: &Node<'t>| {
            let property = name.as_str().and_then(|name| properties?.get(name));
            property.is_some_and(|property| self.side.excuses(self.view, property))
        };
        let all = names.elements().count();
        let kept: Vec<Json> = names
            .elements()
            .filter(|name| !is_excused(name))
            .map(crate::lint::json::to_json)
            .collect();
        (!kept.is_empty() || all == 0).then_some(Json::Array(kept))
    }
}
