//! Changes that a team accepts: ignore files in oasdiff's form, a method, a path and what changed on each line.

use std::collections::{HashMap, HashSet};

use crate::change::Change;
use crate::level::Level;

/// Longer lines speak of no change; also keeps the comparison of a line with a change cheap.
const LINE_BYTES_MAX: usize = 4096;

/// The lines of an ignore file.
///
/// A line concerns a change when it names its method and path, in this order (or `components`, or `security`, for what
/// belongs to no operation), and then either its rule, its fingerprint, its message, or every word of its rule's id
/// together with every value that its message names. Case and quotes do not matter, other text may stand around, so
/// that the file may be a Markdown document.
#[derive(Debug, Clone, Default)]
pub struct Ignores {
    lines: Vec<Line>,
}

#[derive(Debug, Clone)]
struct Line {
    /// Lower case, quotes left out.
    text: String,
    /// The first word that starts with a slash.
    path: Option<String>,
}

impl Ignores {
    pub fn parse(text: &str) -> Self {
        let lines = text.lines().filter(|line| line.len() <= LINE_BYTES_MAX);
        Self {
            lines: lines.map(Line::of).collect(),
        }
    }

    /// The changes without those of `level` that a line concerns, and those.
    pub fn split(&self, changes: Vec<Change>, level: Level) -> (Vec<Change>, Vec<Change>) {
        let mut by_path: HashMap<Option<String>, Vec<usize>> = HashMap::new();
        for (index, change) in changes.iter().enumerate() {
            let path = change
                .operation
                .as_ref()
                .map(|operation| lower(&operation.path));
            by_path.entry(path).or_default().push(index);
        }
        let mut ignored = HashSet::new();
        for line in &self.lines {
            let concerned = by_path.get(&line.path).into_iter().flatten();
            ignored.extend(
                concerned
                    .copied()
                    .filter(|index| line.concerns(&changes[*index])),
            );
        }
        let mut split = (Vec::new(), Vec::new());
        for (index, change) in changes.into_iter().enumerate() {
            match change.level == level && ignored.contains(&index) {
                true => split.1.push(change),
                false => split.0.push(change),
            }
        }
        split
    }
}

impl Line {
    fn of(text: &str) -> Self {
        let text = lower(text);
        let path = text.split_whitespace().find(|word| word.starts_with('/'));
        Self {
            path: path.map(str::to_owned),
            text,
        }
    }

    fn concerns(&self, change: &Change) -> bool {
        let place = match &change.operation {
            Some(operation) => lower(&format!("{} {}", operation.method, operation.path)),
            None if self.text.contains("security") => "security".to_owned(),
            None => "components".to_owned(),
        };
        self.text.contains(&place) && self.tells(change)
    }

    fn tells(&self, change: &Change) -> bool {
        let words = self.text.split_whitespace();
        let mut words = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
        self.text.contains(&lower(&change.message))
            || words.any(|word| word == change.id || word == change.fingerprint)
            || self.names_all(change)
    }

    /// Every word of the rule's id, and every value in the message.
    fn names_all(&self, change: &Change) -> bool {
        let words = change.id.split('-');
        let mut values = change.message.split('`').skip(1).step_by(2).peekable();
        values.peek().is_some()
            && words.into_iter().all(|word| self.has_word(word))
            && values.all(|value| self.text.contains(lower(value).trim()))
    }

    fn has_word(&self, word: &str) -> bool {
        let same: &[&str] = match word {
            "removed" => &["removed", "deleted"],
            "new" => &["new", "added"],
            "api" => &["api", "endpoint", ""],
            _ => &[],
        };
        self.text.contains(word) || same.iter().any(|word| self.text.contains(word))
    }
}

fn lower(text: &str) -> String {
    let text = text.to_lowercase();
    text.replace(['`', '\'', '"'], "")
}
