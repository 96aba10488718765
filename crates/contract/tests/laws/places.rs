//! Whether what is told has its places: line and column on each side where the thing is.

use contract::{Change, Diff, Site, Source, pointer};

/// So many wrong ones are printed.
const PRINTED_MAX: usize = 10;

/// How many places were looked at.
#[derive(Debug, Default)]
pub struct Places {
    /// Of changes.
    pub told: usize,
    /// Of findings of lint and score.
    pub findings: usize,
    pub wrong: usize,
}

impl Places {
    pub fn add(&mut self, other: &Self) {
        self.told += other.told;
        self.findings += other.findings;
        self.wrong += other.wrong;
    }

    pub fn check(&mut self, diff: &Diff, base: &Source, revision: &Source) {
        for change in &diff.changes {
            let sides = [(&change.base, base), (&change.revision, revision)];
            self.told += sides.iter().filter(|(site, _)| site.is_some()).count();
            let is_right = sides
                .iter()
                .all(|(site, source)| site.as_ref().is_none_or(|site| is_at(site, source)));
            if !is_right || is_missing(change, base, revision) {
                self.tell(change.id, &change.message);
            }
        }
    }

    pub fn check_finding(&mut self, id: &str, site: &Site, source: &Source) {
        self.findings += 1;
        if !is_at(site, source) {
            self.tell(id, &site.pointer);
        }
    }

    fn tell(&mut self, id: &str, what: &str) {
        self.wrong += 1;
        if self.wrong <= PRINTED_MAX {
            println!("without its places: {id} {what}");
        }
    }
}

/// The place is where the node that its pointer names is written.
fn is_at(site: &Site, source: &Source) -> bool {
    let named = pointer::resolve(source.root(), &site.pointer);
    let position = source.tree.position(site.span.start);
    named.is_ok() && site.line >= 1 && (site.line, site.column) == (position.line, position.column)
}

/// A side has no place although the thing is there: what has a name, under the same names on both sides. Elements of lists
/// are paired by what they are and not by their index, so nothing below one counts.
fn is_missing(change: &Change, base: &Source, revision: &Source) -> bool {
    let (site, other) = match (&change.base, &change.revision) {
        (Some(_), Some(_)) => return false,
        (None, None) => return true,
        (Some(site), None) => (site, revision),
        (None, Some(site)) => (site, base),
    };
    let tokens: Vec<&str> = site.pointer.split('/').collect();
    let is_in_list = tokens.windows(2).any(|pair| {
        let is_index = pair[1].bytes().all(|byte| byte.is_ascii_digit());
        is_index && pair[0] != "responses"
    });
    !is_in_list && pointer::resolve(other.root(), &site.pointer).is_ok()
}
