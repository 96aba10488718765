//! Joins changes with leaves, and lists the leaves of a whole contract.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::basis::{self, Basis};
use super::build::Pointers;
use super::built::Built;
use super::key;
use super::operation;
use super::owners::{Backwards, Owned};
use super::plan::LeafContent;
use super::table::{LeafKind, LeafLimits, LeafTable};
use super::touched::{Certainty, Condition, Evidence, Touched};
use crate::change::{Change, ChangedOperation};
use crate::level::Level;
use crate::model::document::Document;
use crate::model::operation::{self as model, Listing, Operation};
use crate::pointer;
use crate::rules::rule::Area;
use crate::rules::table::{self, Row};
use crate::site::Site;
use crate::source::Source;
use crate::template;
use crate::tree::{Node, NodeId};

/// More conditions than this are told as conditions on whole parameters and bodies.
const CONDITIONS_MAX: usize = 256;

/// The leaves of every operation under `paths`, in document order.
pub fn tables(source: &Source, limits: &LeafLimits) -> Vec<LeafTable> {
    let document = Document::new(source);
    let mut pointers = Pointers::default();
    let mut operations = model::all(&document);
    operations.retain(|operation| operation.listing == Listing::Paths);
    let built = operations
        .iter()
        .map(|one| operation::build(&document, one, *limits, &mut pointers));
    built.map(|built| built.table).collect()
}

/// Which calls one change touches: [`Touching::of`] for a single change.
pub fn touched(change: &Change, base: &Source, revision: &Source) -> Touched {
    Touching::new(base, revision, LeafLimits::default()).of(change)
}

/// Two contracts, for asking which calls their changes touch.
#[derive(Debug)]
pub struct Touching<'t> {
    base: Side<'t>,
    revision: Side<'t>,
}

#[derive(Debug)]
struct Side<'t> {
    document: Document<'t>,
    limits: LeafLimits,
    operations: Vec<Operation<'t>>,
    /// By method and path, and by method and shape of the path.
    by_name: FxHashMap<(String, String), usize>,
    pointers: Pointers,
    backwards: Backwards,
    /// The operation that was asked for last: changes come operation by operation.
    built: Option<(usize, Built)>,
}

impl<'t> Touching<'t> {
    /// `limits` are those of the tables by which calls are observed.
    pub fn new(base: &'t Source, revision: &'t Source, limits: LeafLimits) -> Self {
        Self {
            base: Side::new(base, limits),
            revision: Side::new(revision, limits),
        }
    }

    /// The calls that `change`, one of `diff(base, revision)`, touches; keys are those of the base. Fastest in the
    /// order of the diff.
    pub fn of(&mut self, change: &Change) -> Touched {
        Touched {
            operation: change.operation.clone(),
            evidence: self.evidence(change),
        }
    }

    fn evidence(&mut self, change: &Change) -> Evidence {
        let Some(row) = table::find(change.id) else {
            return Evidence::AnyCall(Certainty::MayBreak);
        };
        let any_call = Evidence::AnyCall(basis::certainty(row, change.level));
        let is_outgoing =
            |path: &str| path.starts_with("webhook:") || path.starts_with("callback:");
        let Some(operation) = &change.operation else {
            let is_outgoing = row.id.starts_with("webhook-");
            return if is_outgoing {
                Evidence::NoCall
            } else {
                any_call
            };
        };
        if is_outgoing(&operation.path) || row.id.starts_with("callback-") {
            return Evidence::NoCall;
        }
        let basis = basis::of(row);
        if basis == Basis::AnyCall || !self.base.turn_to(operation) {
            return any_call;
        }
        let mut search = Search {
            row,
            level: change.level,
            basis,
            is_sure: true,
            is_typed_otherwise: true,
            conditions: BTreeSet::new(),
            is_any_call: false,
        };
        let sites = (change.base.as_deref(), change.revision.as_deref());
        if row.id.ends_with("type-changed") {
            search.is_typed_otherwise = self.is_typed_otherwise(row, sites);
        }
        if let Some(site) = sites.0 {
            search.of_base(&mut self.base, &site.pointer);
        }
        if search.is_open()
            && let Some(site) = sites.1
            && self.revision.turn_to(operation)
        {
            search.of_revision(&self.base, &mut self.revision, &site.pointer);
        }
        search.evidence().unwrap_or(any_call)
    }
}

impl Touching<'_> {
    /// Whether no value of the type before is one of the type after; text may be a number, where values are texts.
    fn is_typed_otherwise(
        &self,
        row: &Row,
        (base, revision): (Option<&Site>, Option<&Site>),
    ) -> bool {
        let types = |side: &Side<'_>, site: Option<&Site>| -> Option<Vec<String>> {
            let pointer = site?.pointer.as_str();
            let schema = ["/type", "/format"]
                .iter()
                .find_map(|end| pointer.strip_suffix(end));
            let schema = schema.unwrap_or(pointer);
            let node = pointer::resolve(side.document.root(), schema).ok()?;
            let written = side.document.follow(node).get("type")?;
            let all = match written.as_str() {
                Some(one) => vec![one.to_owned()],
                None => written
                    .elements()
                    .filter_map(Node::as_str)
                    .map(str::to_owned)
                    .collect(),
            };
            Some(all)
        };
        let (Some(before), Some(after)) =
            (types(&self.base, base), types(&self.revision, revision))
        else {
            return false;
        };
        let is_text = row.area == Area::Parameters || !self.base.sends_json_alone();
        let numbers = ["integer", "number"];
        let shares = |one: &String, other: &String| {
            one == other
                || [one, other]
                    .iter()
                    .all(|kind| numbers.contains(&kind.as_str()))
                || is_text && (one == "string" || other == "string")
        };
        !before
            .iter()
            .any(|one| after.iter().any(|other| shares(one, other)))
    }
}

impl<'t> Side<'t> {
    /// After [`Side::turn_to`] only: whether values of the request's body have types on the wire.
    fn sends_json_alone(&self) -> bool {
        let content = self.built().map(|built| &built.table.plan.request.content);
        let is_json = |one: &LeafContent| one.media_type.contains("json");
        content.is_some_and(|content| content.iter().all(is_json))
    }

    fn new(source: &'t Source, limits: LeafLimits) -> Self {
        let document = Document::new(source);
        let operations = model::all(&document);
        let mut by_name = FxHashMap::default();
        for (at, operation) in operations.iter().enumerate() {
            if operation.listing == Listing::Paths {
                for path in [operation.path, &operation.shape] {
                    let name = (operation.method.clone(), path.to_owned());
                    by_name.entry(name).or_insert(at);
                }
            }
        }
        Self {
            backwards: Backwards::new(&document),
            document,
            limits,
            operations,
            by_name,
            pointers: Pointers::default(),
            built: None,
        }
    }

    /// `false` when there is no such operation.
    fn turn_to(&mut self, operation: &ChangedOperation) -> bool {
        let find = |path: &str| {
            let name = (operation.method.clone(), path.to_owned());
            self.by_name.get(&name).copied()
        };
        let by_path = find(&operation.path);
        let Some(at) = by_path.or_else(|| find(&template::shape(&operation.path))) else {
            return false;
        };
        if self.built.as_ref().is_none_or(|(known, _)| *known != at) {
            let operation = &self.operations[at];
            let (document, pointers) = (&self.document, &mut self.pointers);
            let built = operation::build(document, operation, self.limits, pointers);
            self.built = Some((at, built));
        }
        true
    }

    /// After [`Side::turn_to`] only.
    fn built(&self) -> Option<&Built> {
        self.built.as_ref().map(|(_, built)| built)
    }

    fn owned(&mut self, site: &str, wanted: &str) -> Option<Owned> {
        let (_, built) = self.built.as_ref()?;
        self.backwards.owned(&self.document, built, site, wanted)
    }
}

/// What one change comes to.
struct Search {
    row: &'static Row,
    level: Level,
    basis: Basis,
    /// Of the leaf that is looked at: whether the change always applies to it.
    is_sure: bool,
    /// `false` for a change of types that leaves some values as they were.
    is_typed_otherwise: bool,
    conditions: BTreeSet<Condition>,
    is_any_call: bool,
}

impl Search {
    fn is_open(&self) -> bool {
        self.conditions.is_empty() && !self.is_any_call
    }

    fn wanted(&self) -> &'static str {
        match self.basis {
            Basis::Receives => "response.",
            _ => "request.",
        }
    }

    /// Of a condition on what a call has.
    fn certainty(&self) -> Certainty {
        match self.basis {
            Basis::Lacks => Certainty::MayBreak,
            _ => self.certainty_of_row(),
        }
    }

    fn certainty_of_row(&self) -> Certainty {
        match self.is_sure {
            true => basis::certainty(self.row, self.level),
            false => Certainty::MayBreak,
        }
    }

    /// A leaf is looked at as a part of what is written on the way to a place. Where that is one of several schemas, a
    /// call may have meant another; which one, the leaf does not tell.
    fn look_at(&mut self, built: &Built, way: &[NodeId], leaf: u32) {
        let is_of_parent = self.basis == Basis::Lacks || built.leaf(leaf).kind == LeafKind::Value;
        let parent = built.leaf(leaf).parent.filter(|_| is_of_parent);
        let mut all = parent.into_iter().chain([leaf]);
        self.is_sure = self.is_typed_otherwise && all.all(|leaf| built.is_sure(way, leaf));
    }

    fn of_base(&mut self, base: &mut Side<'_>, site: &str) {
        let Some(owned) = base.owned(site, self.wanted()) else {
            return;
        };
        let absent = absent_name(&base.document, site, &owned);
        let Some(built) = base.built() else { return };
        for leaf in &owned.leaves {
            self.look_at(built, &owned.way, *leaf);
            match (self.basis, &absent) {
                (Basis::Lacks, Absent::Itself) => self.lacks(built, &built.leaf(*leaf).key),
                (Basis::Lacks, Absent::Named(name)) => {
                    let key = key::property(&built.leaf(*leaf).key, name);
                    self.lacks(built, &key);
                }
                _ => self.has(built, *leaf, self.certainty()),
            }
        }
        for leaf in &owned.hidden {
            self.has(built, *leaf, Certainty::MayBreak);
        }
    }

    /// For what the base does not have: leaves of the revision, told by the nearest that the base has.
    fn of_revision(&mut self, base: &Side<'_>, revision: &mut Side<'_>, site: &str) {
        let Some(owned) = revision.owned(site, self.wanted()) else {
            return;
        };
        let absent = absent_name(&revision.document, site, &owned);
        let (Some(own), Some(built)) = (base.built(), revision.built()) else {
            return;
        };
        for leaf in &owned.leaves {
            self.look_at(built, &owned.way, *leaf);
            match (self.basis, &absent) {
                (Basis::Lacks, Absent::Itself) => self.lacks_new(own, built, *leaf, None),
                (Basis::Lacks, Absent::Named(name)) => {
                    self.lacks_new(own, built, *leaf, Some(name));
                }
                _ => self.has_nearest(own, built, *leaf, self.certainty()),
            }
        }
        for leaf in &owned.hidden {
            self.has_nearest(own, built, *leaf, Certainty::MayBreak);
        }
    }

    /// Calls that lack what the revision has as `leaf`, or as the property `name` of it.
    fn lacks_new(&mut self, own: &Built, built: &Built, leaf: u32, name: Option<&str>) {
        let key = match name {
            Some(name) => key::property(&built.leaf(leaf).key, name),
            None => built.leaf(leaf).key.clone(),
        };
        if own.by_key.contains_key(&key) {
            return self.lacks(own, &key);
        }
        let mut around = built.upwards(leaf).skip(usize::from(name.is_none()));
        let is_top = name.is_none() && built.leaf(leaf).parent.is_none();
        match around.find_map(|leaf| own.by_key.get(&leaf.key)) {
            Some(under) => {
                let is_of_revision = built.by_key.contains_key(&key);
                self.lacks_under(own, key, Some(*under), is_of_revision);
            }
            // A new parameter, or the first body: nobody sends it yet.
            None if is_top => self.insert_lacks(key, None),
            None => self.is_any_call = true,
        }
    }

    /// Calls that lack what the base has as `key`.
    fn lacks(&mut self, own: &Built, key: &str) {
        let Some(leaf) = own.by_key.get(key) else {
            self.is_any_call = true;
            return;
        };
        let leaf = own.leaf(*leaf);
        let is_unseen = own.unseen.contains(&leaf.id) || own.scattered.contains(&leaf.id);
        let is_counted = matches!(
            leaf.kind,
            LeafKind::Property | LeafKind::Parameter | LeafKind::Body
        );
        match leaf.parent {
            _ if is_unseen => self.is_any_call = true,
            Some(under) => self.lacks_under(own, key.to_owned(), Some(under), is_counted),
            None => self.insert_lacks(key.to_owned(), None),
        }
    }

    /// Where one message may hold the part several times, having it once does not mean that it is nowhere missing.
    fn lacks_under(&mut self, own: &Built, key: String, under: Option<u32>, is_counted: bool) {
        let Some(under) = under else {
            return self.insert_lacks(key, None);
        };
        let known = own.by_key.get(&key).map(|leaf| own.leaf(*leaf));
        let is_repeated = own.leaf(under).is_repeated || known.is_some_and(|leaf| leaf.is_repeated);
        let is_scattered = own.scattered.contains(&under) || own.unseen.contains(&under);
        match () {
            () if is_scattered => self.is_any_call = true,
            () if is_repeated || !is_counted => {
                self.has(own, under, Certainty::MayBreak);
            }
            () => self.insert_lacks(key, Some(own.leaf(under).key.clone())),
        }
    }

    fn insert_lacks(&mut self, key: String, under: Option<String>) {
        self.conditions.insert(Condition::Lacks {
            key,
            under,
            certainty: self.certainty_of_row(),
        });
    }

    fn has_nearest(&mut self, own: &Built, built: &Built, leaf: u32, certainty: Certainty) {
        let mut around = built.upwards(leaf);
        match around.find_map(|leaf| own.by_key.get(&leaf.key)) {
            // What is new is sent by nobody: the change is one of what is around it.
            Some(known) if own.leaf(*known).key == built.leaf(leaf).key => {
                self.has(own, *known, certainty);
            }
            Some(known) => self.has(own, *known, Certainty::MayBreak),
            None => self.is_any_call = true,
        }
    }

    fn has(&mut self, own: &Built, leaf: u32, certainty: Certainty) {
        let mut around = own.upwards(leaf);
        if around.any(|leaf| own.unseen.contains(&leaf.id)) {
            self.is_any_call = true;
            return;
        }
        let mut keys = vec![&own.leaf(leaf).key];
        if own.scattered.contains(&leaf) {
            let parts = own.table.leaves.iter();
            keys.extend(
                parts
                    .filter(|one| one.parent == Some(leaf))
                    .map(|one| &one.key),
            );
        }
        for key in keys.into_iter().cloned() {
            self.conditions.insert(match self.basis {
                Basis::Receives => Condition::Receives { key },
                _ => Condition::Sends { key, certainty },
            });
        }
        if self.conditions.len() > CONDITIONS_MAX {
            self.shorten(own);
        }
    }

    /// Conditions on whole parameters and bodies, which hold whenever one on a part of them does.
    fn shorten(&mut self, own: &Built) {
        let top = |key: &str| {
            let leaf = own.by_key.get(key).copied();
            let around = leaf.into_iter().flat_map(|leaf| own.upwards(leaf));
            let shows = |kind| {
                matches!(
                    kind,
                    LeafKind::Body | LeafKind::Parameter | LeafKind::Header
                )
            };
            let top = around.filter(|leaf| shows(leaf.kind)).last();
            top.map_or_else(|| key.to_owned(), |leaf| leaf.key.clone())
        };
        let all = std::mem::take(&mut self.conditions);
        self.conditions = all
            .into_iter()
            .map(|condition| match condition {
                Condition::Sends { key, .. } => Condition::Sends {
                    key: top(&key),
                    certainty: Certainty::MayBreak,
                },
                Condition::Receives { key } => Condition::Receives { key: top(&key) },
                lacks @ Condition::Lacks { .. } => lacks,
            })
            .collect();
    }

    /// `None` where leaves do not decide.
    fn evidence(mut self) -> Option<Evidence> {
        if self.is_any_call || self.conditions.is_empty() {
            return None;
        }
        let all = std::mem::take(&mut self.conditions);
        let is_told_worse = |condition: &Condition| match condition {
            Condition::Sends {
                key,
                certainty: Certainty::MayBreak,
            } => all.contains(&Condition::Sends {
                key: key.clone(),
                certainty: Certainty::Breaks,
            }),
            _ => false,
        };
        let told = all.iter().filter(|one| !is_told_worse(one)).cloned();
        Some(Evidence::Calls(told.collect()))
    }
}

/// What of the leaves at a place must not be missing.
enum Absent {
    /// The leaf.
    Itself,
    /// A property of it.
    Named(String),
    /// Something that has no leaf.
    Unknown,
}

fn absent_name(document: &Document<'_>, site: &str, owned: &Owned) -> Absent {
    let element = || pointer::resolve(document.root(), site).ok();
    match owned.below.as_slice() {
        [] => Absent::Itself,
        [keyword] if matches!(keyword.as_str(), "default" | "schema") => Absent::Itself,
        // The flag of a parameter or a body; the list of a schema says nothing of the schema itself.
        [required] if required == "required" => match element().and_then(Node::as_bool) {
            Some(_) => Absent::Itself,
            None => Absent::Unknown,
        },
        [schema, default] if schema == "schema" && default == "default" => Absent::Itself,
        [required, _] if required == "required" => match element().and_then(Node::as_str) {
            Some(name) => Absent::Named(name.to_owned()),
            None => Absent::Unknown,
        },
        _ => Absent::Unknown,
    }
}
