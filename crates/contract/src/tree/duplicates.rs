//! Finds keys that stand twice in one object and hides all but the last.

use std::collections::HashMap;

use super::{Irregularity, IrregularityKind, NodeId, RawKind, Tree};

/// Up to here every key is compared with every other: at most 66 comparisons, mostly of lengths.
const PAIRWISE_KEYS_MAX: usize = 12;

/// A key and the next equal one of the same object.
struct Pair {
    object: NodeId,
    earlier: NodeId,
    later: NodeId,
}

/// Marks each key that a later equal key of the same object replaces; tells at most `told_max` of them.
pub(super) fn shadow_duplicates(tree: &mut Tree, told_max: usize) -> Vec<Irregularity> {
    let mut pairs = find_all_pairs(tree);
    for pair in &pairs {
        tree.nodes[pair.earlier.0 as usize].shadowed = true;
    }
    pairs.sort_unstable_by_key(|pair| pair.later);
    pairs.truncate(told_max);
    pairs
        .into_iter()
        .map(|pair| Irregularity {
            node: pair.later,
            kind: IrregularityKind::DuplicateKey {
                object: pair.object,
                earlier: pair.earlier,
            },
        })
        .collect()
}

fn find_all_pairs(tree: &Tree) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut keys = Vec::new();
    for (index, raw) in tree.nodes.iter().enumerate() {
        if raw.kind == RawKind::Object {
            let object = NodeId(index as u32);
            collect_keys(tree, object, &mut keys);
            find_pairs(object, &keys, &mut pairs);
        }
    }
    pairs
}

fn collect_keys<'t>(tree: &'t Tree, object: NodeId, keys: &mut Vec<(NodeId, &'t str)>) {
    keys.clear();
    let end = tree.after(object);
    let mut key = NodeId(object.0 + 1);
    while key < end {
        keys.push((key, tree.text(key)));
        key = tree.after(NodeId(key.0 + 1));
    }
}

fn find_pairs(object: NodeId, keys: &[(NodeId, &str)], pairs: &mut Vec<Pair>) {
    let mut push = |earlier, later| {
        pairs.push(Pair {
            object,
            earlier,
            later,
        })
    };
    if keys.len() > PAIRWISE_KEYS_MAX {
        let mut last = HashMap::with_capacity(keys.len());
        for (key, text) in keys {
            if let Some(earlier) = last.insert(*text, *key) {
                push(earlier, *key);
            }
        }
        return;
    }
    for (i, (key, text)) in keys.iter().enumerate().skip(1) {
        let same = |(_, earlier): &&(NodeId, &str)| earlier == text;
        if let Some((earlier, _)) = keys[..i].iter().rev().find(same) {
            push(*earlier, *key);
        }
    }
}
