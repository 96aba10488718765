//! What is rendered: changes or findings as entries with their places, counted and explained.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Serialize;

use crate::change::{Change, ChangedOperation};
use crate::finding::{Finding, OverlayAction};
use crate::fingerprint;
use crate::level::{Breaks, Level};
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
pub struct Report<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    subject: Subject<'a>,
    help: &'a dyn Fn(&str) -> Option<Help>,
    /// What the formats that know success and failure call a failure.
    pub(super) fail_on: Option<Level>,
}

enum Subject<'a> {
    Changes {
        changes: &'a [Change],
        revision: &'a Source,
    },
    Findings(&'a [Finding]),
}

/// One change or one finding.
pub(super) struct Entry<'a> {
    pub(super) id: &'a str,
    pub(super) level: Level,
    pub(super) message: &'a str,
    pub(super) breaks: &'a [Breaks],
    pub(super) operation: Option<&'a ChangedOperation>,
    /// The revision's first, then the base's; one for a finding. At least one.
    pub(super) places: Vec<Place<'a>>,
    pub(super) fingerprint: Cow<'a, str>,
    pub(super) fix: Option<&'a OverlayAction>,
}

/// A place with the document it is in.
pub(super) struct Place<'a> {
    pub(super) side: Side,
    pub(super) site: Cow<'a, Site>,
    pub(super) source: &'a Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Base,
    Revision,
    Only,
}

impl Side {
    pub(super) const fn label(self) -> Option<&'static str> {
        match self {
            Self::Base => Some("base"),
            Self::Revision => Some("revision"),
            Self::Only => None,
        }
    }
}

impl<'a> Report<'a> {
    /// `help` knows the rules by id.
    pub fn of_changes(
        changes: &'a [Change],
        base: &'a Source,
        revision: &'a Source,
        help: &'a dyn Fn(&str) -> Option<Help>,
    ) -> Self {
        let entry = |change: &'a Change| Entry {
            id: change.id,
            level: change.level,
            message: &change.message,
            breaks: &change.breaks,
            operation: change.operation.as_deref(),
            places: places(change, base, revision),
            fingerprint: Cow::Borrowed(&change.fingerprint),
            fix: None,
        };
        Self {
            entries: changes.iter().map(entry).collect(),
            subject: Subject::Changes { changes, revision },
            help,
            fail_on: Some(Level::Error),
        }
    }

    pub fn of_findings(
        findings: &'a [Finding],
        source: &'a Source,
        help: &'a dyn Fn(&str) -> Option<Help>,
    ) -> Self {
        let mut seen: HashMap<(&str, &str), u32> = HashMap::new();
        let mut entries = Vec::with_capacity(findings.len());
        for finding in findings {
            let nth = seen
                .entry((&finding.id, &finding.site.pointer))
                .or_default();
            *nth += 1;
            entries.push(Entry {
                id: &finding.id,
                level: finding.level,
                message: &finding.message,
                breaks: &[],
                operation: None,
                places: vec![Place {
                    side: Side::Only,
                    site: Cow::Borrowed(&finding.site),
                    source,
                }],
                fingerprint: Cow::Owned(finding_fingerprint(finding, *nth)),
                fix: finding.fix.as_ref(),
            });
        }
        Self {
            entries,
            subject: Subject::Findings(findings),
            help,
            fail_on: Some(Level::Error),
        }
    }

    /// From which level on an entry is a failure; `None` for never. An error without this.
    pub fn fail_on(self, fail_on: Option<Level>) -> Self {
        Self { fail_on, ..self }
    }

    pub fn summary(&self) -> Summary {
        let of = |level| {
            self.entries
                .iter()
                .filter(|entry| entry.level == level)
                .count()
        };
        Summary {
            error: of(Level::Error),
            warning: of(Level::Warning),
            info: of(Level::Info),
            hint: of(Level::Hint),
        }
    }

    /// Whether any entry is a failure.
    pub fn fails(&self) -> bool {
        self.entries.iter().any(|entry| self.is_failure(entry))
    }

    pub(super) fn is_failure(&self, entry: &Entry<'_>) -> bool {
        self.fail_on.is_some_and(|level| entry.level >= level)
    }

    pub(super) fn changes(&self) -> &'a [Change] {
        match self.subject {
            Subject::Changes { changes, .. } => changes,
            Subject::Findings(_) => &[],
        }
    }

    /// `None` for a report of changes.
    pub(super) fn findings(&self) -> Option<&'a [Finding]> {
        match self.subject {
            Subject::Changes { .. } => None,
            Subject::Findings(findings) => Some(findings),
        }
    }

    /// `change` or `finding`.
    pub(super) fn noun(&self) -> &'static str {
        match self.subject {
            Subject::Changes { .. } => "change",
            Subject::Findings(_) => "finding",
        }
    }

    pub(super) fn help(&self, id: &str) -> Option<Help> {
        (self.help)(id)
    }

    /// The entries by operation in order of first appearance, in each the gravest first.
    pub(super) fn groups(&self) -> Vec<(Option<&'a ChangedOperation>, Vec<&Entry<'a>>)> {
        let mut places: HashMap<Option<&ChangedOperation>, usize> = HashMap::new();
        let mut groups: Vec<(Option<&'a ChangedOperation>, Vec<&Entry<'a>>)> = Vec::new();
        for entry in &self.entries {
            let at = *places.entry(entry.operation).or_insert(groups.len());
            if at == groups.len() {
                groups.push((entry.operation, Vec::new()));
            }
            groups[at].1.push(entry);
        }
        for (_, entries) in &mut groups {
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.level));
        }
        groups
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

/// A change that has no place at all is told of the revision as a whole.
fn places<'a>(change: &'a Change, base: &'a Source, revision: &'a Source) -> Vec<Place<'a>> {
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
