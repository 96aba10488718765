//! Which tool of the base is which of the revision: the same name, or another name for the same schema.

use std::collections::{HashMap, HashSet};

use super::compact::compact;
use super::list::Tool;

/// One tool on both sides, or on one.
pub(super) enum Pair<'t> {
    Both { base: Tool<'t>, revision: Tool<'t> },
    Added(Tool<'t>),
    Removed(Tool<'t>),
}

/// In the order of the revision; what is gone last, in the order of the base.
pub(super) fn pairs<'t>(base: &[Tool<'t>], revision: &[Tool<'t>]) -> Vec<Pair<'t>> {
    let by_name: HashMap<&str, Tool<'t>> = base.iter().map(|tool| (tool.name, *tool)).collect();
    let kept: HashSet<&str> = revision.iter().map(|tool| tool.name).collect();
    let gone: Vec<Tool<'t>> = base
        .iter()
        .filter(|tool| !kept.contains(tool.name))
        .copied()
        .collect();
    let mut renamed = renames(&gone, revision, &by_name);

    let mut pairs = Vec::new();
    for tool in revision {
        let base = by_name.get(tool.name).copied();
        let base = base.or_else(|| renamed.remove(tool.name));
        pairs.push(match base {
            Some(base) => Pair::Both {
                base,
                revision: *tool,
            },
            None => Pair::Added(*tool),
        });
    }
    let taken: HashSet<&str> = pairs
        .iter()
        .filter_map(|pair| match pair {
            Pair::Both { base, .. } => Some(base.name),
            _ => None,
        })
        .collect();
    let removed = gone.into_iter().filter(|tool| !taken.contains(tool.name));
    pairs.extend(removed.map(Pair::Removed));
    pairs
}

/// By the new name. A schema renames a tool only where one tool of each side has it, and only where it asks for
/// something: many tools share the schema that takes nothing.
fn renames<'t>(
    gone: &[Tool<'t>],
    revision: &[Tool<'t>],
    by_name: &HashMap<&str, Tool<'t>>,
) -> HashMap<&'t str, Tool<'t>> {
    let mut old: HashMap<String, Vec<Tool<'t>>> = HashMap::new();
    for tool in gone {
        old.entry(identity(tool)).or_default().push(*tool);
    }
    let mut new: HashMap<String, Vec<Tool<'t>>> = HashMap::new();
    for tool in revision
        .iter()
        .filter(|tool| !by_name.contains_key(tool.name))
    {
        new.entry(identity(tool)).or_default().push(*tool);
    }
    new.into_iter()
        .filter_map(
            |(key, new)| match (new.as_slice(), old.get(&key)?.as_slice()) {
                ([new], [old]) if takes_something(old) || same_description(old, new) => {
                    Some((new.name, *old))
                }
                _ => None,
            },
        )
        .collect()
}

/// What a tool takes and returns, regardless of the order of members.
fn identity(tool: &Tool<'_>) -> String {
    let part = |key| tool.get(key).map(compact).unwrap_or_default();
    format!("{}\u{0}{}", part("inputSchema"), part("outputSchema"))
}

fn takes_something(tool: &Tool<'_>) -> bool {
    let properties = tool.input().and_then(|input| input.get("properties"));
    properties.is_some_and(|properties| properties.members().next().is_some())
}

fn same_description(base: &Tool<'_>, revision: &Tool<'_>) -> bool {
    match (base.get("description"), revision.get("description")) {
        (Some(base), Some(revision)) => base.same_value(revision),
        _ => false,
    }
}
