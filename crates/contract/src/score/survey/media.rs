//! The media types of a body, and which of them an agent would use.

use crate::tree::Node;

pub(crate) struct Media<'t> {
    /// `application/json`, parameters included.
    pub(crate) name: &'t str,
    pub(crate) key: Node<'t>,
    pub(crate) node: Node<'t>,
    /// As written, a reference not followed.
    pub(crate) schema: Option<Node<'t>>,
}

impl Media<'_> {
    pub(crate) fn is_json(&self) -> bool {
        let essence = self.essence();
        essence == "application/json" || essence.ends_with("+json")
    }

    /// Without parameters, in lower case.
    pub(crate) fn essence(&self) -> String {
        let essence = self.name.split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    }
}

/// Those of a `content` object, in source order.
pub(super) fn media<'t>(content: Option<Node<'t>>) -> Vec<Media<'t>> {
    let members = content.into_iter().flat_map(Node::members);
    members
        .map(|member| Media {
            name: member.name(),
            key: member.key,
            node: member.value,
            schema: member.value.get("schema"),
        })
        .collect()
}

/// JSON before what is like JSON before all else; of equals the first by name, so that source order does not matter.
pub(super) fn chosen<'m, 't>(media: &'m [Media<'t>]) -> Option<&'m Media<'t>> {
    media.iter().min_by_key(|media| {
        let rank = match media.essence().as_str() {
            "application/json" => 0,
            essence if essence.ends_with("+json") => 1,
            _ => 2,
        };
        (rank, media.name)
    })
}
