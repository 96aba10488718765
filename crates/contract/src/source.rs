//! A document as given: its text as a spanned tree, and the name that findings call it by.

use std::sync::Arc;

use crate::document;
use crate::json;
use crate::problem::{ContractError, Problem};
use crate::site::Site;
use crate::syntax::{SyntaxError, decode_utf8};
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
        let text = decode_utf8(bytes)
            .map_err(|error| refused(error, file, &String::from_utf8_lossy(bytes)))?;
        let tree = document::read(text, file).map_err(|error| refused(error, file, text))?;
        Ok(Self {
            file: file.into(),
            tree,
        })
    }

    /// [`Source::read`] of bytes that are given away: a JSON document is kept and not copied.
    pub fn read_owned(bytes: Vec<u8>, file: &str) -> Result<Self, ContractError> {
        let is_json = bytes.trim_ascii_start().starts_with(b"{");
        let text = match is_json {
            true => String::from_utf8(bytes).map_err(std::string::FromUtf8Error::into_bytes),
            false => Err(bytes),
        };
        match text.map(json::scan_owned) {
            Ok(Ok(tree)) => Ok(Self {
                file: file.into(),
                tree,
            }),
            // Told by the way that knows of YAML and of places.
            Ok(Err(text)) => Self::read(text.as_bytes(), file),
            Err(bytes) => Self::read(&bytes, file),
        }
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

fn refused(error: SyntaxError, file: &str, text: &str) -> ContractError {
    ContractError {
        file: file.to_owned(),
        problems: vec![Problem::of_syntax(error, file, text)],
        count: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn what_is_given_away_reads_the_same() {
        for text in [
            "{\"a\": [1, \"\u{e9}\"]}",
            " \n{\"a\": 1}",
            "\u{feff}{\"a\": 1}",
            "{a: 1}",
            "a: 1",
            "{\"a\": 1, \"a\": 2}",
            "{\"a\": 1",
            "",
        ] {
            let told = |read: Result<Source, crate::ContractError>| match read {
                Ok(source) => format!(
                    "{:?} {} {:?}",
                    source.tree,
                    source.tree.source(),
                    source.tree.irregularities()
                ),
                Err(error) => error.render(),
            };
            let given = Source::read_owned(text.as_bytes().to_vec(), "a.yaml");
            let lent = Source::read(text.as_bytes(), "a.yaml");
            assert_eq!(told(given), told(lent), "{text}");
        }
        assert!(Source::read_owned(b"{\xda".to_vec(), "a.yaml").is_err());
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_place() {
        let error = Source::read(b"1\xda", "a.yaml").unwrap_err();
        assert_eq!((error.problems[0].line, error.problems[0].column), (1, 2));
    }
}
