//! Addresses that came to or left a list of servers.

use rustc_hash::FxHashSet;

use crate::diff::found::Found;
use crate::tree::Node;

/// What changed from one list of servers to the other, in the order of the lists. A slash at the end does not count.
pub(crate) fn changes<'t>(
    old: &[Node<'t>],
    new: &[Node<'t>],
    added_id: &'static str,
    removed_id: &'static str,
) -> Vec<Found<'t>> {
    let urls = |list: &[Node<'t>]| list.iter().filter_map(|node| url(*node)).collect();
    let (known, kept): (FxHashSet<&str>, FxHashSet<&str>) = (urls(old), urls(new));
    let removed = old.iter().filter_map(|node| {
        let url = url(*node).filter(|url| !kept.contains(url))?;
        let message = format!("server `{url}` was removed");
        let place = node.get("url").unwrap_or(*node);
        Some(Found::new(removed_id, message).base(place).value(url))
    });
    let added = new.iter().filter_map(|node| {
        let url = url(*node).filter(|url| !known.contains(url))?;
        let message = format!("server `{url}` was added");
        let place = node.get("url").unwrap_or(*node);
        Some(Found::new(added_id, message).revision(place).value(url))
    });
    removed.chain(added).collect()
}

fn url(server: Node<'_>) -> Option<&str> {
    let url = server.get("url")?.as_str()?.trim();
    Some(url.strip_suffix('/').unwrap_or(url))
}
