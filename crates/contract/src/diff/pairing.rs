//! Pairs the operations of two documents by method and path, parameter names aside.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::operation::{Listing, Operation};

/// Indices into the operations of base and revision.
pub(crate) type OperationIndices = (Option<usize>, Option<usize>);

/// What an operation is known by.
fn key<'o>(operation: &'o Operation<'_>, with_names: bool) -> (PathKey<'o>, &'o str) {
    let path = match with_names || operation.listing != Listing::Paths {
        true => operation.path,
        false => operation.shape.as_str(),
    };
    (
        (operation.listing, operation.owner.as_str(), path),
        operation.method.as_str(),
    )
}

/// Where it is listed, the owner of a callback, and the path.
type PathKey<'o> = (Listing, &'o str, &'o str);

/// Base order, then what is new in revision order. The same path spelt the same goes first, so that two paths of one
/// shape find their own.
pub(crate) fn pairs(
    base: &[Operation<'_>],
    revision: &[Operation<'_>],
    with_names: bool,
) -> Vec<OperationIndices> {
    let mut found = vec![None; base.len()];
    let mut taken = vec![false; revision.len()];
    for exact in [true, false] {
        if !exact && with_names {
            break;
        }
        let mut free: FxHashMap<_, usize> = FxHashMap::default();
        for (at, operation) in revision.iter().enumerate().filter(|(at, _)| !taken[*at]) {
            free.entry(key(operation, exact)).or_insert(at);
        }
        for (at, operation) in base.iter().enumerate() {
            if found[at].is_none()
                && let Some(other) = free.remove(&key(operation, exact))
            {
                found[at] = Some(other);
                taken[other] = true;
            }
        }
    }
    let new = (0..revision.len())
        .filter(|at| !taken[*at])
        .map(|at| (None, Some(at)));
    let known = found
        .iter()
        .enumerate()
        .map(|(at, other)| (Some(at), *other));
    known.chain(new).collect()
}

/// The paths that a document has at all.
pub(crate) struct Paths<'o>(FxHashSet<PathKey<'o>>);

impl<'o> Paths<'o> {
    pub(crate) fn of(operations: &'o [Operation<'_>], with_names: bool) -> Self {
        Self(
            operations
                .iter()
                .map(|operation| path_key(operation, with_names))
                .collect(),
        )
    }

    pub(crate) fn has(&self, operation: &'o Operation<'_>, with_names: bool) -> bool {
        self.0.contains(&path_key(operation, with_names))
    }
}

fn path_key<'o>(operation: &'o Operation<'_>, with_names: bool) -> PathKey<'o> {
    key(operation, with_names).0
}
