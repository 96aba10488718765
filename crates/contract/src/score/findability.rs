//! Whether a search over the contract brings the right operation first: BM25F, with every field weighted on its own.

use std::collections::BTreeMap;

use serde::Serialize;

use super::survey::Operation;
use super::task::Task;
use super::words::term_set;

mod fields;
mod index;

use index::Index;

/// A task is rejected when the words that the best operation has in common with it carry less than this share of what
/// all its words could: nothing fits.
const COVERED_SHARE_MIN: f64 = 0.4;

/// How findable the operations are from the words of their users.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Findability {
    /// The share of tasks, 0 to 1 with three decimals, whose operation is ranked first; `None` without such tasks.
    pub recall_at_1: Option<f64>,
    /// The same for the first five.
    pub recall_at_5: Option<f64>,
    /// The share of tasks without an operation that the search rejects; `None` without such tasks.
    pub rejected: Option<f64>,
    /// In the order of the file.
    pub tasks: Vec<TaskRank>,
}

/// What the search makes of one task.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskRank {
    pub task: String,
    pub expected: Option<String>,
    /// From 1; `None` when the search does not bring the operation at all, when the contract does not have it, or when
    /// none is expected.
    pub rank: Option<u64>,
    /// `false` when the contract does not have the expected operation.
    pub is_known: bool,
    /// Whether the search would say that nothing fits.
    pub is_rejected: bool,
    /// `METHOD /path` of the first five, the best first.
    pub found: Vec<String>,
}

/// `None` without tasks.
pub(crate) fn measure(operations: &[Operation<'_>], tasks: &[Task]) -> Option<Findability> {
    if tasks.is_empty() {
        return None;
    }
    let index = Index::new(operations);
    let names = names(operations);
    let ranks: Vec<TaskRank> = tasks
        .iter()
        .map(|task| ranked(task, &index, &names, operations))
        .collect();
    let wanted = || ranks.iter().filter(|task| task.expected.is_some());
    let unwanted = || ranks.iter().filter(|task| task.expected.is_none());
    let within = |limit: u64| wanted().filter(move |task| task.rank.is_some_and(|r| r <= limit));
    Some(Findability {
        recall_at_1: share(within(1).count(), wanted().count()),
        recall_at_5: share(within(5).count(), wanted().count()),
        rejected: share(
            unwanted().filter(|task| task.is_rejected).count(),
            unwanted().count(),
        ),
        tasks: ranks,
    })
}

fn ranked(
    task: &Task,
    index: &Index,
    names: &BTreeMap<String, usize>,
    operations: &[Operation<'_>],
) -> TaskRank {
    let query = term_set(&task.text);
    let found = index.search(&query);
    let expected = task
        .operation
        .as_deref()
        .map(|name| names.get(&spelled(name)));
    let rank = expected.flatten().and_then(|expected| {
        let at = found
            .iter()
            .position(|(operation, _)| operation == expected)?;
        Some(at as u64 + 1)
    });
    let best = found.first();
    let covered = best.map_or(0.0, |(operation, _)| {
        index.covered_share(&query, *operation)
    });
    TaskRank {
        task: task.text.clone(),
        expected: task.operation.clone(),
        rank,
        is_known: expected.is_none_or(|expected| expected.is_some()),
        is_rejected: covered < COVERED_SHARE_MIN,
        found: found
            .iter()
            .take(5)
            .map(|(at, _)| format!("{} {}", operations[*at].method, operations[*at].path))
            .collect(),
    }
}

/// Operations by what a task may call them.
fn names(operations: &[Operation<'_>]) -> BTreeMap<String, usize> {
    let mut names = BTreeMap::new();
    for (at, operation) in operations.iter().enumerate() {
        names.insert(format!("{} {}", operation.method, operation.path), at);
        if let Some(id) = operation.id {
            names.entry(id.to_owned()).or_insert(at);
        }
    }
    names
}

/// With the method in upper case, and one space before the path.
fn spelled(name: &str) -> String {
    match name.split_once(char::is_whitespace) {
        Some((method, path)) => format!("{} {}", method.to_ascii_uppercase(), path.trim()),
        None => name.to_owned(),
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    let share = (part as f64 / whole as f64 * 1000.0).round() / 1000.0;
    (whole > 0).then_some(share)
}
