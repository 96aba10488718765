//! One operation as the score reads it.

use super::media::{Media, chosen};
use crate::change::ChangedOperation;
use crate::score::resolver::Resolver;
use crate::tree::Node;

/// One method on one path.
pub(crate) struct Operation<'t> {
    /// The method's key: where findings about the operation point to.
    pub(crate) key: Node<'t>,
    pub(crate) node: Node<'t>,
    /// Upper case.
    pub(crate) method: String,
    pub(crate) path: &'t str,
    pub(crate) id: Option<&'t str>,
    /// Empty when absent.
    pub(crate) summary: &'t str,
    /// Empty when absent.
    pub(crate) description: &'t str,
    pub(crate) tags: Vec<&'t str>,
    pub(crate) is_deprecated: bool,
    /// The path item's and its own, an own one in place of one of the same name and place.
    pub(crate) parameters: Vec<Parameter<'t>>,
    pub(crate) body: Option<Body<'t>>,
    pub(crate) responses: Vec<Response<'t>>,
    /// Its own `security`, or the document's.
    pub(crate) security: Option<Node<'t>>,
}

pub(crate) struct Parameter<'t> {
    pub(crate) node: Node<'t>,
    pub(crate) name: &'t str,
    /// `path`, `query`, `header`, `cookie`.
    pub(crate) location: &'t str,
    pub(crate) is_required: bool,
    /// Written in the operation itself, not referenced.
    pub(crate) is_own: bool,
    pub(crate) description: &'t str,
    /// As written, a reference not followed.
    pub(crate) schema: Option<Node<'t>>,
}

pub(crate) struct Body<'t> {
    pub(crate) is_required: bool,
    pub(crate) description: &'t str,
    pub(crate) media: Vec<Media<'t>>,
}

pub(crate) struct Response<'t> {
    /// The status key.
    pub(crate) key: Node<'t>,
    pub(crate) status: &'t str,
    pub(crate) node: Node<'t>,
    pub(crate) is_own: bool,
    pub(crate) media: Vec<Media<'t>>,
}

impl<'t> Operation<'t> {
    pub(crate) fn named(&self) -> ChangedOperation {
        ChangedOperation {
            method: self.method.clone(),
            path: self.path.to_owned(),
            operation_id: self.id.map(str::to_owned),
        }
    }

    /// `GET /pets` in backquotes, for messages.
    pub(crate) fn label(&self) -> String {
        format!("`{} {}`", self.method, self.path)
    }

    /// Whether the method alone says that nothing changes.
    pub(crate) fn is_safe_method(&self) -> bool {
        matches!(
            self.method.as_str(),
            "GET" | "HEAD" | "OPTIONS" | "QUERY" | "TRACE"
        )
    }

    /// Summary and description, one after the other.
    pub(crate) fn text(&self) -> String {
        match (self.summary, self.description) {
            (summary, "") => summary.to_owned(),
            ("", description) => description.to_owned(),
            (summary, description) => format!("{summary}\n{description}"),
        }
    }

    /// The first of 200, 201 and so on that is declared, whatever its place in the source.
    pub(crate) fn success(&self) -> Option<&Response<'t>> {
        let successes = self.responses.iter().filter(|r| r.is_success());
        successes.min_by_key(|r| r.status)
    }

    pub(crate) fn has_parameter(&self, is: impl Fn(&str) -> bool) -> bool {
        self.parameters.iter().any(|parameter| is(parameter.name))
    }
}

impl<'t> Response<'t> {
    pub(crate) fn is_success(&self) -> bool {
        self.status.starts_with('2')
    }

    /// 4xx, 5xx or the default.
    pub(crate) fn is_error(&self) -> bool {
        self.status.starts_with(['4', '5']) || self.status == "default"
    }

    pub(crate) fn schema(&self) -> Option<Node<'t>> {
        chosen(&self.media).and_then(|media| media.schema)
    }

    pub(crate) fn has_header(&self, name: &str) -> bool {
        let headers = self.node.get("headers");
        headers.is_some_and(|headers| {
            let mut members = headers.members();
            members.any(|header| header.name().eq_ignore_ascii_case(name))
        })
    }
}

impl<'t> Body<'t> {
    pub(crate) fn chosen(&self) -> Option<&Media<'t>> {
        chosen(&self.media)
    }

    /// The schema of the chosen media type, its reference followed.
    pub(crate) fn schema(&self, resolver: &Resolver<'t>) -> Option<Node<'t>> {
        resolver.follow(self.chosen()?.schema?)
    }
}
