//! A document as given: its text as a spanned tree, and the name that findings call it by.

use std::sync::Arc;

use crate::document;
use crate::problem::{ContractError, Problem};
use crate::site::Site;
use crate::syntax::decode_utf8;
use crate::tree::{Node, NodeId, Tree};

/// A JSON or YAML document of any content: what diff, lint and score read. Unlike [`crate::Contract`] it need not be a
/// contract on which the gateway could act.
#[derive(Debug)]
pub struct Source {
    pub file: Arc<str>,
    pub tree: Tree,
}

impl Source {
    /// Reads a text of at most 15 MiB. Errors: it is not UTF-8, or neither JSON nor YAML; with the place.
    pub fn read(bytes: &[u8], file: &str) -> Result<Self, ContractError> {
        let refused = |error, text: &str| ContractError {
            file: file.to_owned(),
            problems: vec![Problem::of_syntax(error, file, text)],
            count: 1,
        };
        let text =
            decode_utf8(bytes).map_err(|error| refused(error, &String::from_utf8_lossy(bytes)))?;
        let tree = document::read(text, file).map_err(|error| refused(error, text))?;
        Ok(Self {
            file: file.into(),
            tree,
        })
    }

    pub fn root(&self) -> Node<'_> {
        self.tree.root()
    }

    /// Where `node` is.
    pub fn site(&self, node: NodeId) -> Site {
        let node = self.tree.node(node);
        let position = node.position();
        Site {
            file: Arc::clone(&self.file),
            line: position.line,
            column: position.column,
            pointer: node.pointer(),
            span: node.span(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_place() {
        let error = Source::read(b"1\xda", "a.yaml").unwrap_err();
        assert_eq!((error.problems[0].line, error.problems[0].column), (1, 2));
    }
}
