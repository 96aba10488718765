//! Tells the references that can be replaced by what they name from those that would never end.

use rustc_hash::FxHashMap;

use super::reference::Reference;
use crate::tree::{Node, NodeId};

/// The references that can be followed: slot to target. Left out are those into a circle: a reference that lies inside
/// of something that its own target leads back to.
pub(super) fn straight(root: Node<'_>, all: &[Reference<'_>]) -> FxHashMap<NodeId, NodeId> {
    let graph = Graph::of(root, all);
    let groups = graph.groups();
    let mut straight = FxHashMap::default();
    for (reference, around) in all.iter().zip(&graph.around) {
        let Some(target) = reference.target else {
            continue;
        };
        let own = graph.number[&target];
        let turns = around
            .iter()
            .any(|outer| *outer == own || groups[*outer] == groups[own]);
        if !turns {
            straight.insert(reference.slot, target);
        }
    }
    straight
}

/// The targets as nodes; an edge for each reference that lies inside of one.
struct Graph {
    number: FxHashMap<NodeId, usize>,
    edges: Vec<Vec<usize>>,
    /// For each reference: the targets that it lies in.
    around: Vec<Vec<usize>>,
}

impl Graph {
    fn of(root: Node<'_>, all: &[Reference<'_>]) -> Self {
        let tree = root.tree();
        let mut targets: Vec<NodeId> = all.iter().filter_map(|r| r.target).collect();
        targets.sort_unstable();
        targets.dedup();
        let number: FxHashMap<NodeId, usize> =
            targets.iter().enumerate().map(|(i, id)| (*id, i)).collect();

        let mut edges = vec![Vec::new(); targets.len()];
        let mut around = Vec::with_capacity(all.len());
        let mut next = 0;
        let mut open: Vec<usize> = Vec::new();
        // Both lists are in source order, so the targets around a reference are a stack.
        for reference in all {
            while next < targets.len() && targets[next] <= reference.slot {
                open.push(next);
                let start = tree.node(targets[next]).span().start;
                close(&mut open, |outer| {
                    tree.node(targets[outer]).span().end <= start && outer != next
                });
                next += 1;
            }
            let span = tree.node(reference.slot).span();
            close(&mut open, |outer| {
                tree.node(targets[outer]).span().end < span.end
            });
            if let Some(target) = reference.target {
                let to = number[&target];
                let target = tree.node(target).span();
                for outer in &open {
                    let outer_span = tree.node(targets[*outer]).span();
                    let holds_both =
                        outer_span.start <= target.start && target.end <= outer_span.end;
                    if !holds_both {
                        edges[*outer].push(to);
                    }
                }
            }
            around.push(open.clone());
        }
        Self {
            number,
            edges,
            around,
        }
    }

    /// The strongly connected component of each target (Tarjan, without recursion).
    fn groups(&self) -> Vec<usize> {
        let mut search = Search::new(self.edges.len());
        for start in 0..self.edges.len() {
            if search.index[start] == usize::MAX {
                search.run(start, &self.edges);
            }
        }
        search.group
    }
}

fn close(open: &mut Vec<usize>, mut is_over: impl FnMut(usize) -> bool) {
    open.retain(|outer| !is_over(*outer));
}

struct Search {
    index: Vec<usize>,
    low: Vec<usize>,
    group: Vec<usize>,
    stack: Vec<usize>,
    count: usize,
}

impl Search {
    fn new(size: usize) -> Self {
        Self {
            index: vec![usize::MAX; size],
            low: vec![0; size],
            group: vec![usize::MAX; size],
            stack: Vec::new(),
            count: 0,
        }
    }

    fn run(&mut self, start: usize, edges: &[Vec<usize>]) {
        let mut calls = vec![(start, 0)];
        self.enter(start);
        while let Some((node, edge)) = calls.last_mut() {
            let node = *node;
            if let Some(next) = edges[node].get(*edge).copied() {
                *edge += 1;
                if self.index[next] == usize::MAX {
                    self.enter(next);
                    calls.push((next, 0));
                } else if self.group[next] == usize::MAX {
                    self.low[node] = self.low[node].min(self.index[next]);
                }
                continue;
            }
            calls.pop();
            if let Some((parent, _)) = calls.last() {
                self.low[*parent] = self.low[*parent].min(self.low[node]);
            }
            if self.low[node] == self.index[node] {
                self.leave(node);
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.index[node] = self.count;
        self.low[node] = self.count;
        self.count += 1;
        self.stack.push(node);
    }

    fn leave(&mut self, root: usize) {
        while let Some(node) = self.stack.pop() {
            self.group[node] = root;
            if node == root {
                break;
            }
        }
    }
}
