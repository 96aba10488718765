//! One finding of a check, before it knows its operation.

use crate::tree::Node;

/// What a check reports. A side stays `None` where the thing is not there.
#[derive(Debug, Clone)]
pub(crate) struct Found<'t> {
    pub(crate) id: &'static str,
    pub(crate) base: Option<Node<'t>>,
    pub(crate) revision: Option<Node<'t>>,
    /// More tokens of the logical path, each to be escaped.
    pub(crate) tail: Vec<String>,
    /// Old and new values, normalised, for the fingerprint.
    pub(crate) values: Vec<String>,
    /// With the names and values in backquotes.
    pub(crate) message: String,
}

impl<'t> Found<'t> {
    pub(crate) fn new(id: &'static str, message: String) -> Self {
        Self {
            id,
            base: None,
            revision: None,
            tail: Vec::new(),
            values: Vec::new(),
            message,
        }
    }

    pub(crate) fn base(mut self, node: impl Into<Option<Node<'t>>>) -> Self {
        self.base = node.into();
        self
    }

    pub(crate) fn revision(mut self, node: impl Into<Option<Node<'t>>>) -> Self {
        self.revision = node.into();
        self
    }

    pub(crate) fn tail(mut self, token: impl Into<String>) -> Self {
        self.tail.push(token.into());
        self
    }

    pub(crate) fn value(mut self, value: impl Into<String>) -> Self {
        self.values.push(value.into());
        self
    }
}

/// A value in a message and in a fingerprint: a scalar as written, else its kind.
pub(crate) fn shown(node: Option<Node<'_>>) -> String {
    match node {
        None => "none".to_owned(),
        Some(node) => match node.scalar_text() {
            Some(text) => text.to_owned(),
            None => node.tree().source()[node.span().bytes()]
                .chars()
                .take(80)
                .collect(),
        },
    }
}
