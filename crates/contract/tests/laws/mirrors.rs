//! Whether the reverse of a comparison tells the mirrors of what the comparison tells.

use std::collections::BTreeMap;

use contract::{Diff, DiffOptions, Kind, Rule, Source, Stability, diff, rules};

/// How often each family of rules is told, by the path of the operation.
type Counts<'r> = BTreeMap<(String, &'r str), usize>;

/// With operations of every stage, as those below the least stage are left out by the stage of one side; and before
/// every sunset, as what goes after its sunset is not told.
pub fn compared(base: &Source, revision: &Source) -> Diff {
    let mut options = DiffOptions::new(jiff::civil::date(1, 1, 1));
    options.stability_min = Stability::Draft;
    diff(base, revision, &options)
}

/// Mirrors of what `one` tells that `other`, the reverse of it, does not tell as often, with the path.
pub fn missing(one: &Diff, other: &Diff) -> Vec<String> {
    let rules: BTreeMap<&str, &Rule> = rules().iter().map(|rule| (rule.id, rule)).collect();
    let shapes = shapes(one).chain(shapes(other)).collect();
    let known = told(other, &shapes, Some);
    let is_told = |key: &(String, &str), count| known.get(key).is_some_and(|known| known >= count);
    let is_known = |path: &str, is_one: fn(&str) -> bool| {
        let mut families = known.keys().filter(|(_, other)| *other == path);
        families.any(|(family, _)| is_one(family))
    };
    // Of a body that became one of several, types and members are told once, as that.
    let is_wrapped = |(family, path): &(String, &str)| {
        let kind = rules.get(family.as_str()).map(|rule| rule.kind);
        let is_shape = matches!(kind, Some(Kind::Type | Kind::Structure | Kind::Existence));
        is_shape && is_known(path, |other| other.ends_with("-wrapped-in-one-of"))
    };
    // A sunset or a stage that cannot be judged is told in place of what it goes with.
    let is_unjudged = |(family, path): &(String, &str)| {
        let is_end = family.ends_with("-deprecated") || family.ends_with("-removed");
        is_end
            && is_known(path, |other| {
                other.contains("sunset") || other.contains("-invalid-stability")
            })
    };
    let is_echo = |key| is_wrapped(key) || is_unjudged(key);
    let mirrors = told(one, &shapes, |id| rules.get(id)?.mirror);
    let missing = mirrors
        .iter()
        .filter(|(key, count)| !is_told(key, *count) && !is_echo(key));
    missing
        .map(|((family, path), _)| format!("{family} {path}"))
        .collect()
}

fn told<'r>(
    diff: &Diff,
    shapes: &'r BTreeMap<String, String>,
    id: impl Fn(&'static str) -> Option<&'static str>,
) -> Counts<'r> {
    let mut counts = Counts::new();
    for change in &diff.changes {
        let path = change.operation.as_ref();
        let path = path.map_or("", |operation| shapes[&operation.path].as_str());
        if let Some(id) = id(change.id) {
            *counts.entry((family(id), path)).or_default() += 1;
        }
    }
    counts
}

/// Rules of which the reverse tells any: what is deprecated or removed is told with or without a sunset, and a list of
/// types that gained and lost some by its worse half, in both directions.
fn family(id: &str) -> String {
    let special = [
        "-with-deprecation",
        "-without-deprecation",
        "-before-sunset",
    ];
    if let Some(removed) = special.iter().find_map(|end| id.strip_suffix(end)) {
        return removed.to_owned();
    }
    let ends =
        ["-deprecated-", "-list-of-types-"].map(|word| Some(id.find(word)? + word.len() - 1));
    let end = ends.into_iter().flatten().next();
    id[..end.unwrap_or(id.len())].to_owned()
}

/// Paths without the names of their parameters: changes name a path as the base spells it.
fn shapes(diff: &Diff) -> impl Iterator<Item = (String, String)> {
    let operations = diff.changes.iter().filter_map(|one| one.operation.as_ref());
    operations.map(|operation| (operation.path.clone(), shape(&operation.path)))
}

fn shape(path: &str) -> String {
    let mut depth = 0;
    let outside = |c: &char| {
        depth += i32::from(*c == '{');
        let is_outside = depth == 0;
        depth -= i32::from(*c == '}');
        is_outside
    };
    path.chars().filter(outside).collect()
}
