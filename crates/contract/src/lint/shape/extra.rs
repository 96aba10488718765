//! What depends on more than one field of an object.

use crate::tree::Node;

type Tell<'a, 't> = &'a mut dyn FnMut(Node<'t>, &str);

fn has(node: Node<'_>, name: &str) -> bool {
    node.get(name).is_some()
}

pub(super) fn example_or_examples<'t>(node: Node<'t>, tell: Tell<'_, 't>) {
    if has(node, "example") && has(node, "examples") {
        tell(node, "either `example` or `examples` is there, not both");
    }
}

/// Headers of 3.0.
pub(super) fn header_3_0<'t>(node: Node<'t>, tell: Tell<'_, 't>) {
    example_or_examples(node, tell);
    schema_or_content(node, tell);
}

fn schema_or_content<'t>(node: Node<'t>, tell: Tell<'_, 't>) {
    match (has(node, "schema"), has(node, "content")) {
        (true, true) => tell(node, "either `schema` or `content` is there, not both"),
        (false, false) => tell(node, "`schema` or `content` must be there"),
        (false, true) => {
            let beside = ["style", "explode", "allowReserved", "example", "examples"];
            for name in beside.iter().filter(|name| has(node, name)) {
                tell(node, &format!("`{name}` does not stand beside `content`"));
            }
        }
        (true, false) => {}
    }
}

/// Parameters of 3.0.
pub(super) fn parameter_3_0<'t>(node: Node<'t>, tell: Tell<'_, 't>) {
    header_3_0(node, tell);
    let place = node.get("in");
    match place.and_then(Node::as_str) {
        Some(known @ ("path" | "query" | "header" | "cookie")) => location(known, node, tell),
        _ => match place {
            Some(place) => tell(place, "expected one of path, query, header, cookie"),
            None => tell(node, "a parameter has a valid `in`"),
        },
    }
}

/// What the place of a parameter asks of its other fields.
fn location<'t>(place: &str, node: Node<'t>, tell: Tell<'_, 't>) {
    let styles: &[&str] = match place {
        "path" => &["matrix", "label", "simple"],
        "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        "header" => &["simple"],
        _ => &["form"],
    };
    let is_known = |style: &Node<'_>| style.as_str().is_some_and(|style| styles.contains(&style));
    if let Some(style) = node.get("style").filter(|style| !is_known(style)) {
        tell(style, &format!("expected one of {}", styles.join(", ")));
    }
    if place != "path" {
        return;
    }
    match node.get("required") {
        None => tell(node, "there is no `required`"),
        Some(required) if required.as_bool() != Some(true) => {
            tell(required, "a path parameter is required")
        }
        Some(_) => {}
    }
}

/// Parameters of 3.1.
pub(super) fn parameter_3_1<'t>(node: Node<'t>, tell: Tell<'_, 't>) {
    one_of_schema_and_content(node, tell);
    let place = node.get("in").and_then(Node::as_str).unwrap_or_default();
    if has(node, "schema") {
        if matches!(place, "path" | "query" | "header" | "cookie") {
            location(place, node, tell);
        }
    } else {
        misplaced(
            node,
            &["style", "explode", "example", "examples", "allowReserved"],
            tell,
        );
    }
    if place != "query" {
        misplaced(node, &["allowEmptyValue", "allowReserved"], tell);
    }
}

/// Headers of 3.1.
pub(super) fn one_of_schema_and_content<'t>(node: Node<'t>, tell: Tell<'_, 't>) {
    if has(node, "schema") == has(node, "content") {
        tell(node, "exactly one of `schema` and `content` must be there");
    }
}

fn misplaced<'t>(node: Node<'t>, names: &[&str], tell: Tell<'_, 't>) {
    for name in names {
        if let Some(found) = node.get(name) {
            tell(found, &format!("`{name}` is not expected here"));
        }
    }
}

/// Security schemes: each type has fields of its own.
pub(super) fn security_scheme<'t>(node: Node<'t>, tell: Tell<'_, 't>) {
    let needed: &[&str] = match node.get("type").and_then(Node::as_str) {
        Some("apiKey") => &["name", "in"],
        Some("oauth2") => &["flows"],
        Some("openIdConnect") => &["openIdConnectUrl"],
        _ => &[],
    };
    for name in needed.iter().filter(|name| !has(node, name)) {
        tell(node, &format!("there is no `{name}`"));
    }
}

/// As 3.0, and an HTTP scheme is named.
pub(super) fn security_scheme_3_1<'t>(node: Node<'t>, tell: Tell<'_, 't>) {
    security_scheme(node, tell);
    let is_http = node.get("type").and_then(Node::as_str) == Some("http");
    if is_http && !has(node, "scheme") {
        tell(node, "there is no `scheme`");
    }
}

pub(super) fn link_3_0<'t>(node: Node<'t>, tell: Tell<'_, 't>) {
    if has(node, "operationId") && has(node, "operationRef") {
        tell(
            node,
            "either `operationId` or `operationRef` is there, not both",
        );
    }
}

pub(super) fn link_3_1<'t>(node: Node<'t>, tell: Tell<'_, 't>) {
    if has(node, "operationId") == has(node, "operationRef") {
        tell(
            node,
            "exactly one of `operationId` and `operationRef` must be there",
        );
    }
}

pub(super) fn example_3_1<'t>(node: Node<'t>, tell: Tell<'_, 't>) {
    if has(node, "value") && has(node, "externalValue") {
        tell(node, "either `value` or `externalValue` is there, not both");
    }
}

pub(super) fn license_3_1<'t>(node: Node<'t>, tell: Tell<'_, 't>) {
    if has(node, "identifier") && has(node, "url") {
        tell(node, "either `identifier` or `url` is there, not both");
    }
}

/// At least one response.
pub(super) fn responses<'t>(node: Node<'t>, tell: Tell<'_, 't>) {
    if node.members().next().is_none() {
        tell(node, "at least one response must be there");
    }
}

/// A document of 3.1 describes something.
pub(super) fn document_3_1<'t>(node: Node<'t>, tell: Tell<'_, 't>) {
    if !["paths", "components", "webhooks"]
        .iter()
        .any(|name| has(node, name))
    {
        tell(
            node,
            "the document must have `paths`, `webhooks` or `components`",
        );
    }
}
