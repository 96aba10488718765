//! Two lists of security requirements: which ways in came, went, or ask for other scopes.

use rustc_hash::FxHashMap;

use crate::diff::found::Found;
use crate::model::security::Requirement;

/// What each event is reported as.
pub(crate) struct Ids {
    pub(crate) added: &'static str,
    pub(crate) removed: &'static str,
    pub(crate) scope_added: &'static str,
    pub(crate) scope_removed: &'static str,
}

/// Equal ways are paired first, then those of the same schemes where each side has just one left: any other pairing
/// would be a guess.
pub(crate) fn changes<'t>(
    old: &[Requirement<'t>],
    new: &[Requirement<'t>],
    ids: &Ids,
) -> Vec<Found<'t>> {
    let (old, new) = without_equal(old, new);
    let (old_alike, new_alike) = (by_names(&old), by_names(&new));
    let mut found = Vec::new();
    for one in &old {
        match other_of(one, &old_alike, &new_alike) {
            Some(other) => scopes(one, other, ids, &mut found),
            None => {
                let text = text(one);
                let message = format!("security `{text}` was removed");
                found.push(Found::new(ids.removed, message).base(one.node).value(text));
            }
        }
    }
    for one in &new {
        if other_of(one, &new_alike, &old_alike).is_none() {
            let text = text(one);
            let message = format!("security `{text}` was added");
            found.push(
                Found::new(ids.added, message)
                    .revision(one.node)
                    .value(text),
            );
        }
    }
    found
}

/// The only one of the same schemes on the other side, where `one` is the only one on its own.
fn other_of<'r, 't>(
    one: &Requirement<'t>,
    alike: &Alike<'_, 't>,
    others: &Alike<'r, 't>,
) -> Option<&'r Requirement<'t>> {
    let names = names(one);
    match (
        alike.get(&names)?.as_slice(),
        others.get(&names)?.as_slice(),
    ) {
        ([_], [other]) => Some(*other),
        _ => None,
    }
}

type Alike<'r, 't> = FxHashMap<Vec<&'t str>, Vec<&'r Requirement<'t>>>;

/// What each side has that the other has not, scopes and all.
fn without_equal<'t>(
    old: &[Requirement<'t>],
    new: &[Requirement<'t>],
) -> (Vec<Requirement<'t>>, Vec<Requirement<'t>>) {
    let mut counts: FxHashMap<&Schemes<'t>, usize> = FxHashMap::default();
    for one in new {
        *counts.entry(&one.schemes).or_default() += 1;
    }
    let mut paired: FxHashMap<&Schemes<'t>, usize> = FxHashMap::default();
    let rest_old = old.iter().filter(|one| match counts.get_mut(&one.schemes) {
        Some(count) if *count > 0 => {
            *count -= 1;
            *paired.entry(&one.schemes).or_default() += 1;
            false
        }
        _ => true,
    });
    let rest_old = rest_old.cloned().collect();
    let rest_new = new.iter().filter(|one| match paired.get_mut(&one.schemes) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    (rest_old, rest_new.cloned().collect())
}

type Schemes<'t> = Vec<(&'t str, Vec<&'t str>)>;

fn by_names<'r, 't>(list: &'r [Requirement<'t>]) -> Alike<'r, 't> {
    let mut alike: Alike<'r, 't> = FxHashMap::default();
    for one in list {
        alike.entry(names(one)).or_default().push(one);
    }
    alike
}

fn names<'t>(requirement: &Requirement<'t>) -> Vec<&'t str> {
    requirement.schemes.iter().map(|(name, _)| *name).collect()
}

fn scopes<'t>(old: &Requirement<'t>, new: &Requirement<'t>, ids: &Ids, found: &mut Vec<Found<'t>>) {
    for ((name, was), (_, is)) in old.schemes.iter().zip(&new.schemes) {
        let sides = |id, scope: &str, word: &str| {
            let message = format!("scope `{scope}` of security scheme `{name}` was {word}");
            let found = Found::new(id, message).base(old.node).revision(new.node);
            found.value(*name).value(scope)
        };
        let gone = was.iter().filter(|scope| !is.contains(scope));
        found.extend(gone.map(|scope| sides(ids.scope_removed, scope, "removed")));
        let come = is.iter().filter(|scope| !was.contains(scope));
        found.extend(come.map(|scope| sides(ids.scope_added, scope, "added")));
    }
}

/// `key`, `oauth: [read, write]`, both with `AND` between; `none` for a way in for anyone.
fn text(requirement: &Requirement<'_>) -> String {
    let parts: Vec<String> = requirement
        .schemes
        .iter()
        .map(|(name, scopes)| match scopes.is_empty() {
            true => (*name).to_owned(),
            false => format!("{name}: [{}]", scopes.join(", ")),
        })
        .collect();
    match parts.is_empty() {
        true => "none".to_owned(),
        false => parts.join(" AND "),
    }
}
