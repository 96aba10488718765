//! Which operation of a contract a method and path name.
//!
//! Compiled once per contract. A path is cut into segments, each segment is looked up in the vocabulary of all
//! literal segments, and what comes out is looked up whole: per method and segment count there is a short list of
//! shapes (which positions are literal), the most specific first, and one flat table from a shape and its literals
//! to the operation. So a look-up costs about the same at ten operations and at ten thousand.
//!
//! Which template wins where several match (OpenAPI 3.1 section 4.8.8.1 asks only that concrete paths win):
//! the one with more literal segments, then with more partly literal ones (`/{name}.json`), then the one that is
//! literal further to the left, then the one with more literal text in its partly literal segments, then the one
//! that was listed first. A parameter takes one segment, never none and never a `/`; a trailing slash counts.
//! Literals are compared percent-decoded, but paths are cut at the slashes of the text as it came, so that what
//! is matched is what is forwarded.

mod build;
mod decode;
mod error;
mod groups;
mod marks;
mod pattern;
mod segments;
mod shapes;
mod template;
mod vocabulary;

use http::Method;

pub use error::MatchError;
use segments::Segments;
use shapes::Shapes;
use vocabulary::Vocabulary;

/// All operations of one contract. Immutable; holds at most a few hundred bytes per operation.
#[derive(Debug, Clone)]
pub struct Matcher {
    /// Longest first.
    base_paths: Vec<String>,
    methods: Vec<Method>,
    vocabulary: Vocabulary,
    shapes: Shapes,
}

/// What a method and path name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The number that the operation was listed with.
    Operation(u32),
    /// The path is known, but only with these methods; never empty, in the order in which the contract first
    /// has them.
    OtherMethods(Vec<Method>),
    Nothing,
}

impl Matcher {
    /// The operation that `method` and `path` name. `path` is as sent, without query. Does not allocate unless
    /// the path is known with other methods only.
    #[inline]
    pub fn find(&self, method: &Method, path: &str) -> Found {
        let index = self.methods.iter().position(|known| known == method);
        match index.and_then(|index| self.operation(index, path)) {
            Some(operation) => Found::Operation(operation),
            None => self.other_methods(path),
        }
    }

    #[cold]
    fn other_methods(&self, path: &str) -> Found {
        let has = |index: &usize| self.operation(*index, path).is_some();
        let methods: Vec<Method> = (0..self.methods.len())
            .filter(has)
            .map(|index| self.methods[index].clone())
            .collect();
        if methods.is_empty() {
            Found::Nothing
        } else {
            Found::OtherMethods(methods)
        }
    }

    #[inline]
    fn operation(&self, method: usize, path: &str) -> Option<u32> {
        self.base_paths.iter().find_map(|base_path| {
            // Most contracts have none, and comparing nothing costs a call.
            let rest = if base_path.is_empty() {
                path
            } else {
                path.strip_prefix(base_path.as_str())?
            };
            self.operation_at(method, rest.as_bytes())
        })
    }

    /// The operation at `path` behind its base path.
    #[inline]
    fn operation_at(&self, method: usize, path: &[u8]) -> Option<u32> {
        let segments = Segments::cut(path, self.shapes.segments_max(), &self.vocabulary)?;
        self.shapes.find(method, &segments)
    }
}

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
