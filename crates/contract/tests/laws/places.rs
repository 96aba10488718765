//! Whether what is told has its places: line and column on each side where the thing is.

use contract::{Change, Diff, Node, Site, Source, pointer};

use super::lines::Lines;
use super::things::Things;

/// So many wrong ones are printed of one comparison.
const PRINTED_MAX: usize = 10;

/// How many places were looked at.
#[derive(Debug, Default)]
pub struct Places {
    /// Of changes.
    pub told: usize,
    /// Of findings of lint and score.
    pub findings: usize,
    /// Changes without a place where the thing is.
    pub missing: usize,
    /// Places where something else is.
    pub wrong: usize,
}

impl Places {
    pub fn add(&mut self, other: &Self) {
        self.told += other.told;
        self.findings += other.findings;
        self.missing += other.missing;
        self.wrong += other.wrong;
    }

    pub fn failed(&self) -> usize {
        self.missing + self.wrong
    }

    pub fn check(&mut self, diff: &Diff, base: &Source, revision: &Source) {
        let lines = [Lines::of(base), Lines::of(revision)];
        let mut things = [
            Things::new(base.root(), revision.root()),
            Things::new(revision.root(), base.root()),
        ];
        for change in &diff.changes {
            for (site, lines) in [&change.base, &change.revision].into_iter().zip(&lines) {
                let Some(site) = site else { continue };
                self.told += 1;
                if !is_at(site, lines) {
                    self.wrong += 1;
                    self.print("something else is at", change.id, &shown(change));
                }
            }
            if is_missing(change, &mut things) {
                self.missing += 1;
                self.print("without a place", change.id, &shown(change));
            }
        }
    }

    /// Findings with their ids.
    pub fn check_findings<'f>(
        &mut self,
        findings: impl Iterator<Item = (&'f str, &'f Site)>,
        source: &Source,
    ) {
        let lines = Lines::of(source);
        for (id, site) in findings {
            self.findings += 1;
            if !is_at(site, &lines) {
                self.wrong += 1;
                self.print("something else is at", id, &placed(site));
            }
        }
    }

    fn print(&self, what: &str, id: &str, of: &str) {
        if self.failed() <= PRINTED_MAX {
            println!("{what}: {id} {of}");
        }
    }
}

/// The place is where the node that its pointer names, or the key of that node, is written.
fn is_at(site: &Site, lines: &Lines<'_>) -> bool {
    let Ok(node) = pointer::resolve(lines.source.root(), &site.pointer) else {
        return false;
    };
    let start = site.span.start;
    let is_start = |node: Node<'_>| node.span().start == start;
    let is_node = is_start(node) || key(&site.pointer, lines.source).is_some_and(is_start);
    is_node && (site.line, site.column) == lines.place(start)
}

/// The key of the member that a pointer names.
fn key<'t>(text: &str, source: &'t Source) -> Option<Node<'t>> {
    let (parent, token) = text.rsplit_once('/')?;
    let parent = pointer::resolve(source.root(), parent).ok()?;
    let name = token.replace("~1", "/").replace("~0", "~");
    Some(parent.member(&name)?.key)
}

/// Neither side has a place, or one has none although the thing is there.
fn is_missing(change: &Change, things: &mut [Things<'_>; 2]) -> bool {
    let [of_base, of_revision] = things;
    match (&change.base, &change.revision) {
        (Some(_), Some(_)) => false,
        (None, None) => true,
        (Some(site), None) => of_base.is_there(change.operation.as_deref(), &site.pointer),
        (None, Some(site)) => of_revision.is_there(change.operation.as_deref(), &site.pointer),
    }
}

fn shown(change: &Change) -> String {
    let operation = change.operation.as_ref();
    let operation = operation.map_or(String::new(), |one| format!("{} {}", one.method, one.path));
    let [base, revision] = [&change.base, &change.revision]
        .map(|site| site.as_ref().map_or("none".to_owned(), |site| placed(site)));
    format!(
        "{operation} base {base} revision {revision} ({})",
        change.message
    )
}

fn placed(site: &Site) -> String {
    format!("{}:{} {}", site.line, site.column, site.pointer)
}
