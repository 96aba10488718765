//! Collects the changes: levels, places, fingerprints and order.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::found::Found;
use super::options::{Clients, DiffOptions, LevelOverride};
use super::outcome::Diff;
use super::prepared::{Prepared, Told};
use super::sense::Sense;
use super::sites::Sites;
use crate::change::{Change, ChangedOperation};
use crate::fingerprint;
use crate::level::{Breaks, Level};
use crate::pointer::push_token;
use crate::rules::strict;
use crate::rules::table::{self, Row};
use crate::source::Source;
use crate::template;
use crate::tree::Node;

/// Where in an operation a thing is.
#[derive(Debug, Clone)]
pub(crate) struct At<'a> {
    /// `None` for what belongs to no operation.
    pub(crate) operation: Option<&'a Arc<ChangedOperation>>,
    /// A pointer relative to the operation, by meaning and not by file: `/requestBody/application~1json/properties/a`.
    pub(crate) logical: &'a str,
}

const MESSAGE_BYTES_MAX: usize = 2000;

/// How many changes are told: of about 300 bytes each. Stripe's contract has 110,000 in a year.
const CHANGES_MAX: usize = 1_000_000;

/// The changes found so far.
pub(crate) struct Report<'t> {
    pub(crate) options: &'t DiffOptions,
    groups: Vec<Group>,
    sites: [Sites<'t>; 2],
    weights: FxHashMap<(&'static str, Sense), Option<Weight>>,
    /// Of the last group.
    seen: FxHashSet<(u64, (u32, u32))>,
    /// What checks on schemas found for the pair at hand.
    captured: Vec<Found<'t>>,
    count: usize,
    level_max: Option<Level>,
    is_cut: bool,
}

/// How bad a change is, and for whom.
type Weight = (Level, &'static [Breaks]);

/// The changes of one operation.
struct Group {
    operation: Option<Arc<ChangedOperation>>,
    /// Of method and path without parameter names.
    identity: u64,
    entries: Vec<Entry>,
}

struct Entry {
    prepared: Rc<Prepared>,
    message: Arc<str>,
    fingerprint: u64,
}

impl<'t> Report<'t> {
    pub(crate) fn new(base: &'t Source, revision: &'t Source, options: &'t DiffOptions) -> Self {
        Self {
            options,
            groups: Vec::new(),
            sites: [Sites::new(base), Sites::new(revision)],
            weights: FxHashMap::default(),
            seen: FxHashSet::default(),
            captured: Vec::new(),
            count: 0,
            level_max: None,
            is_cut: false,
        }
    }

    /// Whether any change so far is at this level or above.
    pub(crate) fn has(&self, level: Level) -> bool {
        self.level_max >= Some(level)
    }

    /// Adds a change, unless its rule is off or the very same has been added.
    pub(crate) fn add(&mut self, at: &At<'_>, found: Found<'t>) {
        let Some(prepared) = self.prepare(found, Sense::Straight) else {
            return;
        };
        let message = Arc::from(prepared.message.as_str());
        let inner = inner(&prepared, 0);
        let told = Told {
            prepared: Rc::new(prepared),
            message,
            inner,
        };
        self.add_all(at, std::slice::from_ref(&told));
    }

    /// Adds what was found below a root; `at` is the root.
    pub(super) fn add_all(&mut self, at: &At<'_>, told: &[Told]) {
        if told.is_empty() {
            return;
        }
        if self.count + told.len() > CHANGES_MAX {
            self.is_cut = true;
            return;
        }
        self.count += told.len();
        let root = fingerprint::number([at.logical.as_bytes()]);
        let group = self.group(at.operation);
        let identity = self.groups[group].identity;
        let entries = &mut self.groups[group].entries;
        for told in told {
            self.level_max = self.level_max.max(Some(told.prepared.level));
            let fingerprint = fingerprint::joined([identity, root, told.inner]);
            if self.seen.insert((fingerprint, told.prepared.position)) {
                entries.push(Entry {
                    prepared: Rc::clone(&told.prepared),
                    message: Arc::clone(&told.message),
                    fingerprint,
                });
            }
        }
    }

    /// Remembers what a check found in a pair of schemas, until [`Report::take_captured`].
    pub(super) fn capture(&mut self, found: Found<'t>) {
        self.captured.push(found);
    }

    pub(super) fn take_captured(&mut self, sense: Sense) -> Vec<Rc<Prepared>> {
        let captured = std::mem::take(&mut self.captured);
        let prepared = captured
            .into_iter()
            .filter_map(|found| self.prepare(found, sense).map(Rc::new));
        prepared.collect()
    }

    /// The group of an operation: the changes of one come in a row.
    fn group(&mut self, operation: Option<&Arc<ChangedOperation>>) -> usize {
        let is_same = |group: &Group| match (&group.operation, operation) {
            (Some(known), Some(operation)) => Arc::ptr_eq(known, operation),
            (None, None) => true,
            _ => false,
        };
        if !self.groups.last().is_some_and(is_same) {
            self.seen.clear();
            self.groups.push(Group {
                operation: operation.cloned(),
                identity: identity(operation.map(Arc::as_ref)),
                entries: Vec::new(),
            });
        }
        self.groups.len() - 1
    }

    /// `None` when the rule is off.
    fn prepare(&mut self, found: Found<'t>, sense: Sense) -> Option<Prepared> {
        let row = table::find(found.id);
        debug_assert!(row.is_some(), "{} is not in the table", found.id);
        let row = row?;
        let (level, breaks) = self.weight(row, sense)?;
        let position = |node: Option<Node<'t>>| node.map_or(0, |node| node.span().start);
        let mut tail = String::new();
        for token in &found.tail {
            push_token(&mut tail, token);
        }
        let values = fingerprint::number(found.values.iter().map(String::as_bytes));
        let position = (position(found.base), position(found.revision));
        let cause = fingerprint::number([
            row.id.as_bytes(),
            level.as_str().as_bytes(),
            tail.as_bytes(),
            &values.to_le_bytes(),
            &position.0.to_le_bytes(),
            &position.1.to_le_bytes(),
        ]);
        Some(Prepared {
            row,
            level,
            breaks,
            base: found.base.map(|node| self.sites[0].site(node)),
            revision: found.revision.map(|node| self.sites[1].site(node)),
            position,
            tail,
            values,
            cause,
            message: shortened(found.message),
        })
    }

    fn weight(&mut self, row: &'static Row, sense: Sense) -> Option<Weight> {
        let options = self.options;
        let key = (row.id, sense);
        *self
            .weights
            .entry(key)
            .or_insert_with(|| match options.levels.get(row.id) {
                Some(LevelOverride::Off) => None,
                Some(LevelOverride::Level(level)) => {
                    Some((*level, turned(row, sense, options.clients).1))
                }
                None => Some(turned(row, sense, options.clients)),
            })
    }

    /// `is_cut`: whether the walk left something out.
    pub(crate) fn finish(self, is_cut: bool) -> Diff {
        let mut groups = self.groups;
        let by = |operation: &Option<Arc<ChangedOperation>>| {
            operation
                .as_ref()
                .map(|o| (o.path.clone(), o.method.clone()))
        };
        groups.sort_by_cached_key(|group| by(&group.operation));
        let count = groups.iter().map(|group| group.entries.len()).sum();
        let mut changes = Vec::with_capacity(count);
        for mut group in groups {
            group.entries.sort_by(Entry::order);
            let operation = group.operation;
            changes.extend(group.entries.into_iter().map(|entry| Change {
                id: entry.prepared.row.id,
                level: entry.prepared.level,
                breaks: entry.prepared.breaks.to_vec(),
                operation: operation.clone(),
                base: entry.prepared.base.clone(),
                revision: entry.prepared.revision.clone(),
                message: entry.message,
                fingerprint: fingerprint::text(entry.fingerprint),
                cause: entry.prepared.cause,
            }));
        }
        Diff {
            changes,
            is_cut: is_cut || self.is_cut,
        }
    }
}

impl Entry {
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        let (a, b) = (&self.prepared, &other.prepared);
        a.position
            .cmp(&b.position)
            .then_with(|| a.row.id.cmp(b.row.id))
            .then_with(|| self.fingerprint.cmp(&other.fingerprint))
    }
}

/// The mirror of a rule; types that became more general became more special the other way round.
fn reverse(row: &'static Row) -> &'static Row {
    let like = |from: &str, to: &str| {
        let stem = row.id.strip_suffix(from)?;
        table::find(&format!("{stem}{to}"))
    };
    table::find(row.mirror)
        .or_else(|| like("-generalized", "-specialized"))
        .or_else(|| like("-generalized", "-changed"))
        .or_else(|| like("-specialized", "-generalized"))
        .unwrap_or(row)
}

/// By the reverse of the rule where a keyword around the schema turns the change round; where it may go either way, as
/// the worse of the two and at most a warning.
fn turned(row: &'static Row, sense: Sense, clients: Clients) -> Weight {
    let (own, mirrored) = (weight(row, clients), weight(reverse(row), clients));
    match sense {
        Sense::Straight => own,
        Sense::Turned => mirrored,
        Sense::Either => {
            let (level, breaks) = if mirrored.0 > own.0 { mirrored } else { own };
            (level.min(Level::Warning), breaks)
        }
    }
}

/// By the table, or what strict clients raise it to.
fn weight(row: &'static Row, clients: Clients) -> Weight {
    let family = match clients {
        Clients::Tolerant => None,
        Clients::Strict => strict::family(row.id),
    };
    match family {
        Some(family) => (strict::LEVEL, family.breaks),
        None => (row.level, table::breaks(row)),
    }
}

/// Of a change below a root: rule id, the way from the root and values. Wording, positions and the names of components
/// do not go in.
pub(super) fn inner(prepared: &Prepared, way: u64) -> u64 {
    fingerprint::number([
        prepared.row.id.as_bytes(),
        &way.to_le_bytes(),
        prepared.tail.as_bytes(),
        &prepared.values.to_le_bytes(),
    ])
}

/// At most 2,000 bytes: names and values of any length may be in it.
fn shortened(mut message: String) -> String {
    if message.len() > MESSAGE_BYTES_MAX {
        message.truncate(message.floor_char_boundary(MESSAGE_BYTES_MAX));
        message.push('…');
    }
    message
}

fn identity(operation: Option<&ChangedOperation>) -> u64 {
    match operation {
        Some(operation) => fingerprint::number([
            operation.method.as_bytes(),
            template::shape(&operation.path).as_bytes(),
        ]),
        None => 0,
    }
}
