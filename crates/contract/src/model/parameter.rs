//! Parameters: of an operation and its path item, merged; path parameters known by their position.

use rustc_hash::FxHashMap;

use super::document::Document;
use crate::template;
use crate::tree::Node;

/// Which of the two lists a parameter stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    PathItem,
    Operation,
}

/// One parameter, references followed.
#[derive(Debug, Clone)]
pub(crate) struct Parameter<'t> {
    /// `query`, `path`, `header`, `cookie`, `querystring`, or whatever the document says.
    pub(crate) location: &'t str,
    pub(crate) name: &'t str,
    /// Where a path parameter stands in the path, from 0.
    pub(crate) position: Option<usize>,
    pub(crate) node: Node<'t>,
    #[allow(
        dead_code,
        reason = "tells new parameters of a path from those of an operation"
    )]
    pub(crate) holder: Holder,
}

impl<'t> Parameter<'t> {
    pub(crate) fn is_required(&self) -> bool {
        self.flag("required")
    }

    pub(crate) fn flag(&self, key: &str) -> bool {
        self.node.get(key).and_then(Node::as_bool) == Some(true)
    }

    /// The schema, of `schema` or of the one media type of `content`.
    pub(crate) fn schema(&self, document: &Document<'t>) -> Option<Node<'t>> {
        schema(document, self.node)
    }

    /// Whether a list is written by repeating the parameter: the default of query and cookie parameters (OpenAPI 3.1,
    /// 4.8.12.2.2).
    pub(crate) fn is_exploded_form(&self) -> bool {
        let is_form = match self.node.get("style").and_then(Node::as_str) {
            Some(style) => style == "form",
            None => matches!(self.location, "query" | "cookie"),
        };
        let explode = self.node.get("explode").and_then(Node::as_bool);
        is_form && explode.unwrap_or(true)
    }

    pub(crate) fn key(&self) -> Key<'t> {
        match (self.location, self.position) {
            (_, Some(position)) => Key::Position(position),
            ("header", _) => Key::Header(self.name.to_ascii_lowercase()),
            _ => Key::Name(self.location, self.name),
        }
    }
}

/// The schema of a parameter or a header, of `schema` or of the one media type of `content`.
pub(crate) fn schema<'t>(document: &Document<'t>, node: Node<'t>) -> Option<Node<'t>> {
    if let Some(schema) = node.get("schema") {
        return Some(schema);
    }
    let media_type = node.get("content")?.members().next()?;
    document.follow(media_type.value).get("schema")
}

pub(super) fn merged<'t>(
    document: &Document<'t>,
    path: &'t str,
    item: Node<'t>,
    operation: Node<'t>,
) -> Vec<Parameter<'t>> {
    let names = template::names(path).unwrap_or_default();
    let mut parameters: Vec<Option<Parameter<'t>>> = Vec::new();
    let mut known: FxHashMap<Key<'t>, usize> = FxHashMap::default();
    for (holder, node) in [(Holder::PathItem, item), (Holder::Operation, operation)] {
        let list = node.get("parameters");
        for element in list.into_iter().flat_map(Node::elements) {
            let Some(parameter) = read(document, &names, holder, element) else {
                continue;
            };
            let replaced = known.insert(parameter.key(), parameters.len());
            if let Some(at) = replaced {
                parameters[at] = None;
            }
            parameters.push(Some(parameter));
        }
    }
    parameters.into_iter().flatten().collect()
}

/// What two parameters agree in that stand for the same input: path parameters by position, headers whatever their
/// case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key<'t> {
    Position(usize),
    Header(String),
    Name(&'t str, &'t str),
}

fn read<'t>(
    document: &Document<'t>,
    names: &[&str],
    holder: Holder,
    element: Node<'t>,
) -> Option<Parameter<'t>> {
    let node = document.follow(element);
    let location = node.get("in")?.as_str()?;
    let name = node.get("name")?.as_str()?;
    let position = names.iter().position(|known| *known == name);
    Some(Parameter {
        location,
        name,
        position: position.filter(|_| location == "path"),
        node,
        holder,
    })
}
