//! What a path is made of.

use super::expression::Expression;

/// One path from the root.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Path {
    pub(in crate::lint) steps: Vec<Step>,
    pub(in crate::lint) tail: Tail,
}

/// What a path ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::lint) enum Tail {
    Value,
    /// `^`
    Parent,
    /// `~`
    Key,
}

/// One step: to a child, or to any descendant.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lint) struct Step {
    pub(in crate::lint) descends: bool,
    pub(in crate::lint) selector: Selector,
}

/// Which children a step takes.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lint) enum Selector {
    Name(String),
    /// From the end where negative.
    Index(i64),
    Every,
    Slice {
        start: Option<i64>,
        end: Option<i64>,
        step: i64,
    },
    Filter(Expression),
    Union(Vec<Selector>),
}

impl Selector {
    /// Whether the selector takes the element at `index` of an array of `length`.
    pub(in crate::lint) fn takes_index(&self, index: i64, length: i64) -> bool {
        let from_start = |at: i64| if at < 0 { at + length } else { at };
        match self {
            Self::Index(at) => from_start(*at) == index,
            Self::Slice { start, end, step } => {
                let first = start.map_or(0, from_start).max(0);
                let last = end.map_or(length, from_start);
                index >= first && index < last && (index - first) % step.max(&1) == 0
            }
            _ => false,
        }
    }
}
