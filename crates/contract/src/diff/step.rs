//! How a schema hangs in its parent.

/// The way from a schema to one inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step<'t> {
    Keyword(&'static str),
    /// A member of `properties`.
    Property(&'t str),
    /// A member of another map: `patternProperties`, `dependentSchemas`.
    Named(&'static str, &'t str),
    /// An element of a list, by its index in the base.
    Element(&'static str, usize),
}
