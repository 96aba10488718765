//! How a value is written into a parameter or a header: style, explode and media type.

use crate::tree::Node;

/// The media type of `content`; `None` for a value that `schema` describes.
pub(crate) fn media_type(node: Node<'_>) -> Option<Node<'_>> {
    let member = node.get("content")?.members().next()?;
    Some(member.key)
}

/// The style, as written or by the place (OpenAPI 3.1, 4.8.12.2.1).
pub(crate) fn style<'t>(node: Node<'t>, location: &str) -> &'t str {
    let written = node.get("style").and_then(Node::as_str);
    written.unwrap_or(match location {
        "query" | "cookie" => "form",
        _ => "simple",
    })
}

/// Whether each element is written on its own: as written, else only in the style `form`.
pub(crate) fn is_exploded(node: Node<'_>, location: &str) -> bool {
    let written = node.get("explode").and_then(Node::as_bool);
    written.unwrap_or(style(node, location) == "form")
}
