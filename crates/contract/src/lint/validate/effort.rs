//! How much work it is to hold a value against a schema, told before the work is done: alternatives that lead to
//! alternatives multiply.

use rustc_hash::FxHashMap;
use serde_json::Value as Json;

use super::parts::{Part, parts};
use crate::lint::view::View;
use crate::tree::{Node, NodeId};

/// Visits for one example, of about a microsecond each. The largest examples that we know take 20,000.
const VISITS_MAX: u64 = 500_000;

/// Visits for all examples of a document.
const TOTAL_VISITS_MAX: u64 = 5_000_000;

/// How deep schemas are looked into.
const DEPTH_MAX: usize = 400;

/// What is left for the examples of a document.
#[derive(Debug)]
pub(super) struct Effort {
    left: u64,
}

impl Default for Effort {
    fn default() -> Self {
        Self {
            left: TOTAL_VISITS_MAX,
        }
    }
}

impl Effort {
    /// Whether there is enough left to hold `value` against `schema`; takes it.
    pub(super) fn take(&mut self, view: View<'_, '_>, schema: Node<'_>, value: &Json) -> bool {
        let mut count = Count {
            view,
            known: FxHashMap::default(),
        };
        let visits = count.visits(schema, value, DEPTH_MAX);
        let is_enough = visits <= VISITS_MAX.min(self.left);
        if is_enough {
            self.left -= visits;
        }
        is_enough
    }
}

/// Counts each pair of a schema and a part of the value once.
struct Count<'a, 't> {
    view: View<'a, 't>,
    known: FxHashMap<(NodeId, *const Json), u64>,
}

impl Count<'_, '_> {
    fn visits(&mut self, schema: Node<'_>, value: &Json, depth: usize) -> u64 {
        let schema = self.view.tree().node(self.view.value(schema.id()).id());
        let key = (schema.id(), std::ptr::from_ref(value));
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        if depth == 0 || self.known.len() as u64 > VISITS_MAX {
            return u64::MAX;
        }
        let mut total: u64 = 1;
        for member in schema.members() {
            let inner = self.view.follow(member.value);
            let is_named = |name: &str| {
                let named = schema.get("properties");
                named.is_some_and(|named| named.get(name).is_some())
            };
            for part in parts(member.name(), &is_named, value) {
                let below = match part {
                    Part::All(value) if inner.is_array() => inner
                        .elements()
                        .map(|schema| self.visits(schema, value, depth - 1))
                        .fold(0, u64::saturating_add),
                    Part::All(value) => self.visits(inner, value, depth - 1),
                    Part::Named(value) => inner
                        .members()
                        .map(|member| self.visits(member.value, value, depth - 1))
                        .fold(0, u64::saturating_add),
                    Part::Property(name, value) => match inner.get(name) {
                        Some(schema) => self.visits(schema, value, depth - 1),
                        None => 0,
                    },
                };
                total = total.saturating_add(below);
            }
        }
        self.known.insert(key, total);
        total
    }
}
