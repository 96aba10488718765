//! What carries bytes: request bodies, responses, their media types and headers.

use rustc_hash::FxHashMap;

use super::document::Document;
use crate::tree::Node;

/// Media types or statuses that are left on one side: with more of them none is compared with a relative. Real
/// contracts have at most ten.
const AKIN_MAX: usize = 64;

/// One member of `content`, `responses` or `headers`: its key and its value with references followed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named<'t> {
    /// As written.
    pub(crate) name: &'t str,
    pub(crate) key: Node<'t>,
    pub(crate) node: Node<'t>,
}

/// The members of the object that `node` has under `key`, without extensions.
pub(crate) fn named<'t>(document: &Document<'t>, node: Node<'t>, key: &str) -> Vec<Named<'t>> {
    let Some(object) = document.get(node, key) else {
        return Vec::new();
    };
    object
        .members()
        .filter(|member| key == "headers" || !member.name().starts_with("x-"))
        .map(|member| Named {
            name: member.name(),
            key: member.key,
            node: document.follow(member.value),
        })
        .collect()
}

/// What two documents have of one kind of thing: pairs of the same name in base order, then what is new. `is_same` may
/// be blind to case and to nothing else.
pub(crate) fn paired<'t>(
    base: Vec<Named<'t>>,
    revision: Vec<Named<'t>>,
    is_same: fn(&str, &str) -> bool,
) -> Vec<(Option<Named<'t>>, Option<Named<'t>>)> {
    let mut exact: FxHashMap<&str, usize> = FxHashMap::default();
    let mut folded: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (at, one) in revision.iter().enumerate().rev() {
        exact.insert(one.name, at);
        if is_same("a", "A") {
            let names = folded.entry(one.name.to_ascii_lowercase());
            names.or_default().push(at);
        }
    }
    let mut is_taken = vec![false; revision.len()];
    let mut take = |at: usize| !std::mem::replace(&mut is_taken[at], true);
    let mut others: Vec<Option<usize>> = base
        .iter()
        .map(|one| exact.get(one.name).copied().filter(|at| take(*at)))
        .collect();
    for (one, other) in base.iter().zip(&mut others) {
        if other.is_none() && !folded.is_empty() {
            let names = folded.get_mut(&one.name.to_ascii_lowercase());
            *other = names.and_then(|names| {
                while let Some(at) = names.pop() {
                    if take(at) {
                        return Some(at);
                    }
                }
                None
            });
        }
    }
    let known = base.into_iter().zip(others);
    let mut pairs: Vec<_> = known
        .map(|(one, other)| (Some(one), other.map(|at| revision[at])))
        .collect();
    let new = revision.iter().zip(is_taken).filter(|(_, taken)| !taken);
    pairs.extend(new.map(|(new, _)| (None, Some(*new))));
    pairs
}

/// Pairs of the same status, then a status that is left with a range that holds it: `200` and `2XX`.
pub(crate) fn paired_responses<'t>(
    base: Vec<Named<'t>>,
    revision: Vec<Named<'t>>,
) -> Vec<(Option<Named<'t>>, Option<Named<'t>>)> {
    let pairs = paired(base, revision, |a, b| a.eq_ignore_ascii_case(b));
    joined_where(pairs, |old, new| {
        is_in_range(old, new) || is_in_range(new, old)
    })
}

/// Whether `2XX` holds `204`.
fn is_in_range(status: &str, range: &str) -> bool {
    let (status, range) = (status.as_bytes(), range.as_bytes());
    status.len() == 3
        && range.len() == 3
        && status.iter().all(u8::is_ascii_digit)
        && status[0] == range[0]
        && range[1..].eq_ignore_ascii_case(b"xx")
}

/// Whether a body of this media type tells numbers from texts: JSON does, a form does not.
pub(crate) fn is_strongly_typed(media_type: &str) -> bool {
    let name = media_type.split(';').next().unwrap_or("").trim();
    name == "application/json" || name.ends_with("+json")
}

/// Pairs of the same name, then of names of which one refines the other: `application/json` and
/// `application/problem+json`.
pub(crate) fn paired_media_types<'t>(
    base: Vec<Named<'t>>,
    revision: Vec<Named<'t>>,
) -> Vec<(Option<Named<'t>>, Option<Named<'t>>)> {
    let pairs = paired(base, revision, |a, b| a == b);
    joined_where(pairs, |old, new| refines(old, new) || refines(new, old))
}

/// Joins what only the base has with what only the revision has.
fn joined_where<'t>(
    mut pairs: Vec<(Option<Named<'t>>, Option<Named<'t>>)>,
    is_akin: impl Fn(&str, &str) -> bool,
) -> Vec<(Option<Named<'t>>, Option<Named<'t>>)> {
    let gone = pairs.iter().filter(|(_, new)| new.is_none()).count();
    let new = pairs.iter().filter(|(old, _)| old.is_none()).count();
    if gone > AKIN_MAX || new > AKIN_MAX {
        return pairs;
    }
    for at in 0..pairs.len() {
        let (Some(old), None) = pairs[at] else {
            continue;
        };
        let other = pairs
            .iter()
            .position(|pair| matches!(pair, (None, Some(new)) if is_akin(old.name, new.name)));
        if let Some(other) = other {
            pairs[at].1 = pairs[other].1.take();
        }
    }
    pairs.retain(|(old, new)| old.is_some() || new.is_some());
    pairs
}

/// Whether every body of media type `narrow` is one of `wide`, by name and parameters aside.
pub(crate) fn refines(wide: &str, narrow: &str) -> bool {
    let parts = |name: &str| -> Option<(String, String, String)> {
        let essence = name.split(';').next()?.trim().to_lowercase();
        let (kind, subtype) = essence.split_once('/')?;
        let (subtype, suffix) = subtype.rsplit_once('+').unwrap_or((subtype, ""));
        Some((kind.to_owned(), subtype.to_owned(), suffix.to_owned()))
    };
    let (Some(wide), Some(narrow)) = (parts(wide), parts(narrow)) else {
        return false;
    };
    let is_by_suffix = wide.2.is_empty() && !narrow.2.is_empty() && narrow.2 == wide.1;
    wide.0 == narrow.0 && (is_by_suffix || (wide.1, wide.2) == (narrow.1, narrow.2))
}
