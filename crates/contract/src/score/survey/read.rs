//! Reads the operations of the document, and from them all that the rules look at.

use rustc_hash::FxHashMap;

use super::media::media;
use super::model::Survey;
use super::operations::{Body, Operation, Parameter, Response};
use super::schemas;
use crate::score::alike::alike;
use crate::score::resolver::Resolver;
use crate::score::response_size::ResponseSizes;
use crate::score::tokens::count_tokens;
use crate::score::tool;
use crate::tree::{Member, Node};

const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

pub(crate) fn survey(root: Node<'_>) -> Survey<'_> {
    let resolver = Resolver::new(root);
    let operations = operations(root, &resolver);
    let (schemas, properties) = schemas::used(&operations, &resolver);
    let tools = tool::project(&operations, &resolver);
    let tool_tokens = tools
        .iter()
        .map(|tool| count_tokens(&tool.to_json()) as u64)
        .collect();
    let sizes = ResponseSizes::new(&resolver);
    let response_tokens = operations
        .iter()
        .map(|operation| sizes.tokens(operation.success().and_then(Response::schema)))
        .collect();
    let alike = alike(&operations);
    Survey {
        root,
        resolver,
        operations,
        schemas,
        properties,
        tools,
        tool_tokens,
        response_tokens,
        alike,
    }
}

fn operations<'t>(root: Node<'t>, resolver: &Resolver<'t>) -> Vec<Operation<'t>> {
    let paths = root.get("paths").into_iter().flat_map(Node::members);
    let mut operations = Vec::new();
    for path in paths.filter(|path| path.name().starts_with('/')) {
        let Some(item) = resolver.follow(path.value) else {
            continue;
        };
        let additional = item.get("additionalOperations");
        let additional = additional.into_iter().flat_map(Node::members);
        let own = item
            .members()
            .filter(|member| METHODS.contains(&member.name()));
        for method in own.chain(additional) {
            operations.extend(operation(root, resolver, path.name(), item, method));
        }
    }
    operations.sort_by(|a, b| (a.path, &a.method).cmp(&(b.path, &b.method)));
    operations
}

fn operation<'t>(
    root: Node<'t>,
    resolver: &Resolver<'t>,
    path: &'t str,
    item: Node<'t>,
    method: Member<'t>,
) -> Option<Operation<'t>> {
    let node = method.value;
    if !node.is_object() {
        return None;
    }
    let tags = node.get("tags").into_iter().flat_map(Node::elements);
    Some(Operation {
        key: method.key,
        node,
        method: match METHODS.contains(&method.name()) {
            true => method.name().to_ascii_uppercase(),
            false => method.name().to_owned(),
        },
        path,
        id: node.get("operationId").and_then(Node::as_str),
        summary: text(node, "summary"),
        description: text(node, "description"),
        tags: tags.filter_map(Node::as_str).collect(),
        is_deprecated: node.get("deprecated").and_then(Node::as_bool) == Some(true),
        parameters: parameters(resolver, item, node),
        body: node
            .get("requestBody")
            .and_then(|body| resolver.follow(body))
            .map(body),
        responses: responses(resolver, node),
        security: node.get("security").or_else(|| root.get("security")),
    })
}

/// A text member without the space around it; empty when it is absent or no text.
pub(super) fn text<'t>(node: Node<'t>, name: &str) -> &'t str {
    let text = node.get(name).and_then(Node::as_str);
    text.unwrap_or_default().trim()
}

fn parameters<'t>(
    resolver: &Resolver<'t>,
    item: Node<'t>,
    operation: Node<'t>,
) -> Vec<Parameter<'t>> {
    let mut found: Vec<Parameter<'t>> = Vec::new();
    let mut places: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    for (owner, level) in [(item, "item"), (operation, "operation")] {
        for raw in owner.get("parameters").into_iter().flat_map(Node::elements) {
            let Some(read) = parameter(resolver, raw, level == "operation") else {
                continue;
            };
            let place = places.entry((read.name, read.location));
            match place.or_insert(found.len()) {
                at if *at < found.len() => found[*at] = read,
                _ => found.push(read),
            }
        }
    }
    found
}

fn parameter<'t>(
    resolver: &Resolver<'t>,
    raw: Node<'t>,
    in_operation: bool,
) -> Option<Parameter<'t>> {
    let node = resolver.follow(raw)?;
    let location = node.get("in")?.as_str()?;
    let content = node.get("content").into_iter().flat_map(Node::members);
    let of_content = content.filter_map(|media| media.value.get("schema")).next();
    Some(Parameter {
        node,
        name: node.get("name")?.as_str()?,
        location,
        is_required: location == "path"
            || node.get("required").and_then(Node::as_bool) == Some(true),
        is_own: in_operation && node.id() == raw.id(),
        description: text(node, "description"),
        schema: node.get("schema").or(of_content),
    })
}

fn body(node: Node<'_>) -> Body<'_> {
    Body {
        is_required: node.get("required").and_then(Node::as_bool) == Some(true),
        description: text(node, "description"),
        media: media(node.get("content")),
    }
}

fn responses<'t>(resolver: &Resolver<'t>, operation: Node<'t>) -> Vec<Response<'t>> {
    let declared = operation
        .get("responses")
        .into_iter()
        .flat_map(Node::members);
    let read = declared.filter_map(|member| {
        let node = resolver.follow(member.value)?;
        Some(Response {
            key: member.key,
            status: member.name(),
            node,
            is_own: node.id() == member.value.id(),
            media: media(node.get("content")),
        })
    });
    read.filter(|response| !response.status.starts_with("x-"))
        .collect()
}
