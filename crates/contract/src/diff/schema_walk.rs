//! Walks a pair of schemas from a body, a parameter or a header down, and hands each pair to the checks: once for all
//! ways and operations that lead there by the same step.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::fact::OperationPair;
use super::prepared::{Prepared, Told, WAY};
use super::report::{self, At, Report};
use super::schema_pair::{Place, SchemaPair};
use super::schema_table::SchemaTable;
use super::sense::Sense;
use super::ways::{self, Way};
use crate::model::operation::Stability;
use crate::rules::check::SchemaCheck;
use crate::tree::Node;

pub(crate) struct SchemaWalk<'a, 't> {
    pub(crate) table: SchemaTable<'a, 't>,
    places: FxHashMap<PlaceKey, u32>,
    /// By the pair at the root.
    ways: FxHashMap<u32, Rc<[Way<'t>]>>,
    /// By the step that leads to a pair, its sense, and the place.
    found: FxHashMap<EdgeKey, Rc<[Rc<Prepared>]>>,
    /// By the pair at the root, and the place.
    told: FxHashMap<(u32, u32), Rc<[Told]>>,
}

/// All that checks on schemas see of where a schema is: kind, status or location, media type or name, whether a
/// parameter is in exploded form, and the stage of the operation.
type PlaceKey = (u8, String, String, bool, Option<Stability>);

type EdgeKey = (Edge, Sense, u32);

/// What the walk starts at.
pub(crate) struct Root<'a, 't> {
    pub(crate) operation: &'a OperationPair<'a, 't>,
    pub(crate) place: Place<'a>,
    pub(crate) logical: &'a str,
}

/// A pair as a root, or a child of a pair by its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Edge {
    Root(u32),
    Child(u32, u32),
}

impl<'a, 't> SchemaWalk<'a, 't> {
    pub(crate) fn new(table: SchemaTable<'a, 't>) -> Self {
        Self {
            table,
            places: FxHashMap::default(),
            ways: FxHashMap::default(),
            found: FxHashMap::default(),
            told: FxHashMap::default(),
        }
    }

    pub(crate) fn run(
        &mut self,
        root: &Root<'_, 't>,
        base: Node<'t>,
        revision: Node<'t>,
        checks: &[SchemaCheck],
        report: &mut Report<'t>,
    ) {
        let Some(id) = self.table.pair(base, revision) else {
            return;
        };
        let key = (id, self.place(root));
        let told = match self.told.get(&key) {
            Some(told) => Rc::clone(told),
            None => {
                let told: Rc<[Told]> = self.below(root, key, checks, report).into();
                self.told.insert(key, Rc::clone(&told));
                told
            }
        };
        let at = At {
            operation: Some(root.operation.changed),
            logical: root.logical,
        };
        report.add_all(&at, &told);
    }

    /// All changes below a root.
    fn below(
        &mut self,
        root: &Root<'_, 't>,
        (id, place): (u32, u32),
        checks: &[SchemaCheck],
        report: &mut Report<'t>,
    ) -> Vec<Told> {
        let ways = match self.ways.get(&id) {
            Some(ways) => Rc::clone(ways),
            None => {
                let ways: Rc<[Way<'t>]> = ways::all(&mut self.table, id).into();
                self.ways.insert(id, Rc::clone(&ways));
                ways
            }
        };
        let mut all = Vec::new();
        for (at, way) in ways.iter().enumerate() {
            let parent = way
                .parent
                .map(|(parent, index)| (ways[parent as usize].pair, index));
            let edge = match parent {
                None => Edge::Root(id),
                Some((parent, index)) => Edge::Child(parent, index),
            };
            let key = (edge, way.sense, place);
            let found = match self.found.get(&key) {
                Some(found) => Rc::clone(found),
                None => {
                    let found: Rc<[_]> = self.check(root, way, parent, checks, report).into();
                    self.found.insert(key, Rc::clone(&found));
                    found
                }
            };
            if found.is_empty() {
                continue;
            }
            let path = ways::text(&ways, at);
            all.extend(found.iter().map(|prepared| Told {
                prepared: Rc::clone(prepared),
                message: message(&prepared.message, &path),
                inner: report::inner(prepared, way.hash),
            }));
        }
        all
    }

    /// What the checks find in one pair that hangs in `parent`.
    fn check(
        &mut self,
        root: &Root<'_, 't>,
        way: &Way<'t>,
        parent: Option<(u32, u32)>,
        checks: &[SchemaCheck],
        report: &mut Report<'t>,
    ) -> Vec<Rc<Prepared>> {
        let data = self.table.data(way.pair);
        let parent = parent.map(|(parent, _)| self.table.data(parent));
        let pair = SchemaPair {
            documents: root.operation.documents,
            stage: root.operation.revision.stage(),
            place: root.place,
            data: &data,
            parent: parent.as_deref().zip(way.step),
            path: if parent.is_some() { WAY } else { "" },
        };
        for check in checks {
            check(&pair, report);
        }
        report.take_captured(way.sense)
    }

    fn place(&mut self, root: &Root<'_, 't>) -> u32 {
        let (kind, a, b, is_exploded_form) = match root.place {
            Place::RequestBody { media_type } => (0, media_type, "", false),
            Place::Response { status, media_type } => (1, status, media_type, false),
            Place::Parameter {
                location,
                name,
                is_exploded_form,
            } => (2, location, name, is_exploded_form),
            Place::Header { status, name } => (3, status, name, false),
        };
        let next = self.places.len() as u32;
        let stage = root.operation.revision.stage();
        let key = (kind, a.to_owned(), b.to_owned(), is_exploded_form, stage);
        *self.places.entry(key).or_insert(next)
    }
}

fn message(template: &str, path: &str) -> Arc<str> {
    match template.contains(WAY) {
        true => template.replace(WAY, path).into(),
        false => template.into(),
    }
}
