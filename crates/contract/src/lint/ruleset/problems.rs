//! What is wrong in a ruleset, and the texts that it holds.

use crate::lint::formats::SpecFormat;
use crate::problem::{Problem, Severity};
use crate::source::Source;
use crate::tree::Node;

/// Collects what is wrong in one file.
pub(super) struct Problems<'s> {
    pub(super) source: &'s Source,
    pub(super) errors: Vec<Problem>,
    pub(super) notes: Vec<Problem>,
}

impl<'s> Problems<'s> {
    pub(super) fn of(source: &'s Source) -> Self {
        Self {
            source,
            errors: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub(super) fn error(&mut self, node: Node<'_>, message: impl Into<String>, next_step: &str) {
        let problem = self.at(node, Severity::Error, message.into(), next_step);
        self.errors.push(problem);
    }

    pub(super) fn note(&mut self, node: Node<'_>, message: &str, next_step: &str) {
        let problem = self.at(node, Severity::Warning, message.to_owned(), next_step);
        self.notes.push(problem);
    }

    fn at(&self, node: Node<'_>, severity: Severity, message: String, next_step: &str) -> Problem {
        let (tree, file) = (&self.source.tree, &self.source.file);
        Problem {
            message,
            next_step: next_step.to_owned(),
            ..Problem::at(tree, file, severity, node.span(), node.pointer())
        }
    }
}

/// A text, or a list of texts.
pub(super) fn texts(node: Node<'_>, problems: &mut Problems<'_>) -> Vec<String> {
    let items: Vec<Node<'_>> = match node.is_array() {
        true => node.elements().collect(),
        false => vec![node],
    };
    let mut texts = Vec::new();
    for item in items {
        match item.as_str() {
            Some(text) => texts.push(text.to_owned()),
            None => problems.error(
                item,
                format!("expected a text, found {}", item.value().described()),
                "put it in quotes",
            ),
        }
    }
    texts
}

pub(super) fn formats(
    node: Option<Node<'_>>,
    problems: &mut Problems<'_>,
) -> Option<Vec<SpecFormat>> {
    let node = node?;
    let mut formats = Vec::new();
    for text in texts(node, problems) {
        match SpecFormat::named(&text) {
            Some(format) => formats.push(format),
            None => problems.error(
                node,
                format!("there is no format `{text}`"),
                "write `oas3`, `oas3.0`, `oas3.1` or `oas3.2`",
            ),
        }
    }
    Some(formats)
}
