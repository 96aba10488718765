//! One change or one finding as reports tell it, with its places, and the sections that people read them in.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::change::ChangedOperation;
use crate::finding::OverlayAction;
use crate::level::{Breaks, Level};
use crate::site::Site;
use crate::source::Source;

/// One change or one finding.
pub(super) struct Entry<'a> {
    pub(super) id: &'a str,
    pub(super) level: Level,
    pub(super) message: &'a str,
    pub(super) breaks: &'a [Breaks],
    pub(super) operation: Option<&'a ChangedOperation>,
    /// The further operations of which the very same is told, each once; empty for a row.
    pub(super) others: Vec<&'a ChangedOperation>,
    /// How many rows it stands for; 1 for a row.
    pub(super) rows: usize,
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

impl<'a> Entry<'a> {
    /// All operations of which it is told.
    pub(super) fn operations(&self) -> impl Iterator<Item = &'a ChangedOperation> + Clone + '_ {
        self.operation
            .into_iter()
            .chain(self.others.iter().copied())
    }

    fn scope(&self) -> Scope<'a> {
        match (self.operation, self.others.is_empty()) {
            (None, _) => Scope::Contract,
            (Some(operation), true) => Scope::Operation(operation),
            (Some(_), false) => Scope::Several,
        }
    }
}

/// What a section of a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Scope<'a> {
    Contract,
    /// Parts that several operations share.
    Several,
    Operation(&'a ChangedOperation),
}

/// A heading's worth of entries, the gravest first.
pub(super) struct Section<'a> {
    pub(super) scope: Scope<'a>,
    pub(super) entries: Vec<Entry<'a>>,
}

/// The whole contract first, then what several operations share, then the operations in order of appearance.
pub(super) fn sections<'a>(entries: impl IntoIterator<Item = Entry<'a>>) -> Vec<Section<'a>> {
    let mut known: HashMap<Scope<'a>, usize> = HashMap::new();
    let mut sections: Vec<Section<'a>> = Vec::new();
    for entry in entries {
        let scope = entry.scope();
        // The changes of one operation come in a row.
        let at = match sections.last() {
            Some(last) if last.scope == scope => sections.len() - 1,
            _ => *known.entry(scope).or_insert(sections.len()),
        };
        if at == sections.len() {
            let entries = Vec::new();
            sections.push(Section { scope, entries });
        }
        sections[at].entries.push(entry);
    }
    sections.sort_by_key(|section| match section.scope {
        Scope::Contract => 0,
        Scope::Several => 1,
        Scope::Operation(_) => 2,
    });
    for section in &mut sections {
        section
            .entries
            .sort_by_key(|entry| std::cmp::Reverse(entry.level));
    }
    sections
}

/// The gravest `count` in the order in which they stand, and how many are left out.
pub(super) fn gravest(entries: Vec<Entry<'_>>, count: usize) -> (Vec<Entry<'_>>, usize) {
    let left_out = entries.len().saturating_sub(count);
    if left_out == 0 {
        return (entries, 0);
    }
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(entries[*at].level));
    let mut is_kept = vec![false; entries.len()];
    for at in order.into_iter().take(count) {
        is_kept[at] = true;
    }
    let mut is_kept = is_kept.into_iter();
    let kept = entries
        .into_iter()
        .filter(|_| is_kept.next().unwrap_or_default());
    (kept.collect(), left_out)
}
