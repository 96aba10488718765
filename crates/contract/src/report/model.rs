//! What is rendered: changes or findings, from which level on, and what counts as a failure.

use std::borrow::Cow;
use std::collections::HashSet;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::entry::{Entry, Place, Side};
use crate::change::{Change, ChangedOperation};
use crate::finding::Finding;
use crate::fingerprint;
use crate::level::Level;
use crate::pointer;
use crate::site::Site;
use crate::source::Source;

/// Who reads the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A person at a terminal: both source lines of each change.
    Human,
    /// The documented shape with `schema_version`.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Workflow commands of GitHub Actions, which become annotations.
    Github,
    /// GitLab Code Quality.
    Gitlab,
    /// JUnit XML: a test case for each entry.
    Junit,
    /// A comment on a pull request.
    Markdown,
    /// One page without script.
    Html,
}

/// What a rule is for, in formats that carry it. Texts may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Help {
    /// One sentence.
    pub purpose: String,
    /// Why it breaks whom.
    pub why: String,
    /// How to do it without.
    pub safely: String,
}

/// What stands above the entries in formats for people: numbers and a table that the entries do not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preface {
    pub title: String,
    /// Name and number.
    pub facts: Vec<(String, String)>,
    /// The first row heads the columns; the first column heads the rows.
    pub table: Vec<Vec<String>>,
}

/// How many entries have which level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub error: usize,
    pub warning: usize,
    pub info: usize,
    /// Of lint only.
    #[serde(skip)]
    pub hint: usize,
}

/// Changes or findings, ready to be rendered.
#[derive(Clone)]
pub struct Report<'a> {
    pub(super) subject: Subject<'a>,
    help: &'a dyn Fn(&str) -> Option<Help>,
    fail_on: Option<Level>,
    level_min: Level,
    pub(super) bound: Option<Bound<'a>>,
    pub(super) preface: Option<Preface>,
    pub(super) columns: usize,
}

#[derive(Clone, Copy)]
pub(super) enum Subject<'a> {
    Changes {
        changes: &'a [Change],
        base: &'a Source,
        revision: &'a Source,
    },
    Findings {
        findings: &'a [Finding],
        source: &'a Source,
    },
}

/// How many entries a person is shown, and where the rest is.
#[derive(Clone, Copy)]
pub(super) struct Bound<'a> {
    pub(super) entries_max: usize,
    pub(super) remedy: &'a str,
}

const COLUMNS: usize = 120;

impl<'a> Report<'a> {
    /// `help` knows the rules by id.
    pub fn of_changes(
        changes: &'a [Change],
        base: &'a Source,
        revision: &'a Source,
        help: &'a dyn Fn(&str) -> Option<Help>,
    ) -> Self {
        let subject = Subject::Changes {
            changes,
            base,
            revision,
        };
        Self::of(subject, help)
    }

    pub fn of_findings(
        findings: &'a [Finding],
        source: &'a Source,
        help: &'a dyn Fn(&str) -> Option<Help>,
    ) -> Self {
        Self::of(Subject::Findings { findings, source }, help)
    }

    fn of(subject: Subject<'a>, help: &'a dyn Fn(&str) -> Option<Help>) -> Self {
        Self {
            subject,
            help,
            fail_on: Some(Level::Error),
            level_min: Level::Hint,
            bound: None,
            preface: None,
            columns: COLUMNS,
        }
    }

    /// From which level on an entry is a failure; `None` for never. An error without this.
    pub fn fail_on(self, fail_on: Option<Level>) -> Self {
        Self { fail_on, ..self }
    }

    /// Tells of this level and higher ones; what is not told counts in [`Report::fails`] and [`Report::total`].
    pub fn from_level(self, level_min: Level) -> Self {
        Self { level_min, ..self }
    }

    /// Shows people at a terminal at most so many entries, the gravest; `remedy` says how to see all.
    pub fn bounded(self, entries_max: usize, remedy: &'a str) -> Self {
        let bound = Some(Bound {
            entries_max,
            remedy,
        });
        Self { bound, ..self }
    }

    /// The width of the terminal; 120 without this.
    pub fn columns(self, columns: usize) -> Self {
        Self { columns, ..self }
    }

    pub fn preface(self, preface: Preface) -> Self {
        let preface = Some(preface);
        Self { preface, ..self }
    }

    /// Of what is told.
    pub fn summary(&self) -> Summary {
        self.count(self.level_min)
    }

    /// Of all.
    pub fn total(&self) -> Summary {
        self.count(Level::Hint)
    }

    fn count(&self, least: Level) -> Summary {
        let mut counts = [0; 4];
        for level in self.levels().filter(|level| *level >= least) {
            counts[level as usize] += 1;
        }
        let [hint, info, warning, error] = counts;
        Summary {
            error,
            warning,
            info,
            hint,
        }
    }

    fn levels(&self) -> impl Iterator<Item = Level> + '_ {
        let changes = self.changes().iter().map(|change| change.level);
        let findings = self.findings().unwrap_or_default().iter();
        changes.chain(findings.map(|finding| finding.level))
    }

    /// Whether any entry, told or not, is a failure.
    pub fn fails(&self) -> bool {
        self.levels().any(|level| self.is_failure(level))
    }

    pub(super) fn is_failure(&self, level: Level) -> bool {
        self.fail_on.is_some_and(|least| level >= least)
    }

    pub(super) fn is_told(&self, level: Level) -> bool {
        level >= self.level_min
    }

    /// All of them; empty for a report of findings.
    pub(super) fn changes(&self) -> &'a [Change] {
        match self.subject {
            Subject::Changes { changes, .. } => changes,
            Subject::Findings { .. } => &[],
        }
    }

    /// `None` for a report of changes.
    pub(super) fn findings(&self) -> Option<&'a [Finding]> {
        match self.subject {
            Subject::Changes { .. } => None,
            Subject::Findings { findings, .. } => Some(findings),
        }
    }

    /// `change` or `finding`.
    pub(super) fn noun(&self) -> &'static str {
        match self.subject {
            Subject::Changes { .. } => "change",
            Subject::Findings { .. } => "finding",
        }
    }

    pub(super) fn help(&self, id: &str) -> Option<Help> {
        (self.help)(id)
    }

    /// Every change or finding that is told, in order, one at a time.
    pub(super) fn rows(&self) -> Box<dyn Iterator<Item = Entry<'a>> + '_> {
        match self.subject {
            Subject::Changes { changes, .. } => {
                let told = changes.iter().filter(|change| self.is_told(change.level));
                Box::new(told.map(|change| self.row(change)))
            }
            Subject::Findings { findings, source } => {
                let mut seen: FxHashMap<(&str, &str), u32> = FxHashMap::default();
                let rows = findings.iter().map(move |finding| {
                    let key = (finding.id.as_ref(), finding.site.pointer.as_str());
                    let nth = seen.entry(key).or_default();
                    *nth += 1;
                    finding_row(finding, source, *nth)
                });
                Box::new(rows.filter(|entry| self.is_told(entry.level)))
            }
        }
    }

    /// As [`Report::rows`], but one entry for a difference of a shared part, with all operations that have the part.
    /// Its message is the shortest: the others name longer ways to the same place.
    pub(super) fn distinct(&self) -> Vec<Entry<'a>> {
        if self.findings().is_some() {
            return self.rows().collect();
        }
        let mut known: FxHashMap<(u64, bool), usize> = FxHashMap::default();
        let mut entries: Vec<Entry<'a>> = Vec::new();
        for change in self.changes() {
            if !self.is_told(change.level) {
                continue;
            }
            let key = (change.cause, change.operation.is_some());
            let next = entries.len();
            let at = match change.cause {
                0 => next,
                _ => *known.entry(key).or_insert(next),
            };
            match entries.get_mut(at) {
                None => entries.push(self.row(change)),
                Some(entry) => entry.absorb(change),
            }
        }
        entries
    }

    /// How many operations the changes that are told belong to.
    pub(super) fn operations(&self) -> usize {
        let told = self.changes().iter();
        let told = told.filter(|change| self.is_told(change.level));
        let mut seen: HashSet<&ChangedOperation> = HashSet::new();
        let mut last: Option<&ChangedOperation> = None;
        for operation in told.filter_map(|change| change.operation.as_deref()) {
            // The changes of one operation come in a row and share it.
            if !last.is_some_and(|last| std::ptr::eq(last, operation)) {
                seen.insert(operation);
                last = Some(operation);
            }
        }
        seen.len()
    }

    fn row(&self, change: &'a Change) -> Entry<'a> {
        Entry {
            id: change.id,
            level: change.level,
            message: &change.message,
            breaks: &change.breaks,
            operation: change.operation.as_deref(),
            others: Vec::new(),
            rows: 1,
            places: self.places(change),
            fingerprint: Cow::Borrowed(&change.fingerprint),
            fix: None,
        }
    }

    /// A change that has no place at all is told of the revision as a whole.
    fn places(&self, change: &'a Change) -> Vec<Place<'a>> {
        let Subject::Changes { base, revision, .. } = self.subject else {
            return Vec::new();
        };
        let mut places = Vec::with_capacity(2);
        let sides = [
            (Side::Revision, &change.revision, revision),
            (Side::Base, &change.base, base),
        ];
        for (side, site, source) in sides {
            if let Some(site) = site {
                let site = Cow::Borrowed(site.as_ref());
                places.push(Place { side, site, source });
            }
        }
        if places.is_empty() {
            places.push(Place {
                side: Side::Revision,
                site: Cow::Owned(revision.site(revision.root().id())),
                source: revision,
            });
        }
        places
    }

    /// The place in the document under review: the entry's own, or for what is gone the closest thing around it that
    /// the revision still has.
    pub(super) fn anchor<'e>(&self, entry: &'e Entry<'_>) -> Cow<'e, Site> {
        let place = &entry.places[0];
        match (&self.subject, place.side) {
            (Subject::Changes { revision, .. }, Side::Base) => {
                Cow::Owned(nearest_site(revision, &place.site.pointer))
            }
            _ => Cow::Borrowed(&place.site),
        }
    }
}

impl<'a> Entry<'a> {
    /// Takes in another change of the same cause; those of one operation come in a row.
    fn absorb(&mut self, change: &'a Change) {
        self.rows += 1;
        if change.message.len() < self.message.len() {
            self.message = &change.message;
        }
        let last = self.others.last().copied().or(self.operation);
        let operation = change.operation.as_deref();
        let is_last = match (last, operation) {
            (Some(last), Some(operation)) => std::ptr::eq(last, operation) || last == operation,
            _ => true,
        };
        if !is_last {
            self.others.extend(operation);
        }
    }
}

fn finding_row<'a>(finding: &'a Finding, source: &'a Source, nth: u32) -> Entry<'a> {
    Entry {
        id: &finding.id,
        level: finding.level,
        message: &finding.message,
        breaks: &[],
        operation: None,
        others: Vec::new(),
        rows: 1,
        places: vec![Place {
            side: Side::Only,
            site: Cow::Borrowed(&finding.site),
            source,
        }],
        fingerprint: Cow::Owned(finding_fingerprint(finding, nth)),
        fix: finding.fix.as_ref(),
    }
}

fn nearest_site(source: &Source, pointer: &str) -> Site {
    let mut pointer = pointer;
    while !pointer.is_empty() {
        pointer = &pointer[..pointer.rfind('/').unwrap_or(0)];
        if let Ok(node) = pointer::resolve(source.root(), pointer) {
            return source.site(node.id());
        }
    }
    source.site(source.root().id())
}

/// Of the rule and the pointer, so that wording may change; `nth` parts findings that share both.
fn finding_fingerprint(finding: &Finding, nth: u32) -> String {
    fingerprint::of(&[
        finding.id.as_bytes(),
        finding.site.pointer.as_bytes(),
        &nth.to_le_bytes(),
    ])
}
