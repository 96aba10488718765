//! The circles among the targets of references, each after all that it refers to (Tarjan's algorithm, with its own stack).

use rustc_hash::FxHashMap;

use crate::model::document::Document;
use crate::tree::NodeId;

/// Targets that refer to each other.
#[derive(Debug)]
pub(super) enum Circle {
    /// One that does not refer to itself.
    Alone(u32),
    Round(Vec<u32>),
}

impl Circle {
    pub(super) fn members(&self) -> &[u32] {
        match self {
            Self::Alone(id) => std::slice::from_ref(id),
            Self::Round(ids) => ids,
        }
    }
}

const UNSEEN: u32 = u32::MAX;

pub(super) fn in_order(document: &Document<'_>) -> Vec<Circle> {
    let graph = Graph::of(document);
    let mut search = Search {
        index: vec![UNSEEN; graph.ids.len()],
        low: vec![0; graph.ids.len()],
        on_stack: vec![false; graph.ids.len()],
        stack: Vec::new(),
        next: 0,
        circles: Vec::new(),
    };
    for start in 0..graph.ids.len() {
        if search.index[start] == UNSEEN {
            search.from(&graph, start);
        }
    }
    search.circles
}

/// Targets and the targets that each refers to.
struct Graph {
    ids: Vec<u32>,
    edges: Vec<Vec<u32>>,
}

impl Graph {
    fn of(document: &Document<'_>) -> Self {
        let mut ids: Vec<u32> = document.targets().collect();
        ids.sort_unstable();
        ids.dedup();
        let at: FxHashMap<u32, u32> = ids.iter().zip(0..).map(|(id, at)| (*id, at)).collect();
        let edges = ids
            .iter()
            .map(|id| {
                let mut edges: Vec<u32> = document
                    .targets_inside(NodeId(*id))
                    .map(|target| at[&target])
                    .collect();
                edges.sort_unstable();
                edges.dedup();
                edges
            })
            .collect();
        Self { ids, edges }
    }
}

struct Search {
    index: Vec<u32>,
    low: Vec<u32>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    next: u32,
    circles: Vec<Circle>,
}

impl Search {
    fn from(&mut self, graph: &Graph, start: usize) {
        // Each entry: a target, and how many of its edges have been taken.
        let mut calls = vec![(start, 0)];
        self.enter(start);
        while let Some((at, taken)) = calls.last_mut() {
            let at = *at;
            match graph.edges[at].get(*taken) {
                Some(to) => {
                    *taken += 1;
                    let to = *to as usize;
                    if self.index[to] == UNSEEN {
                        self.enter(to);
                        calls.push((to, 0));
                    } else if self.on_stack[to] {
                        self.low[at] = self.low[at].min(self.index[to]);
                    }
                }
                None => {
                    calls.pop();
                    if let Some((parent, _)) = calls.last() {
                        self.low[*parent] = self.low[*parent].min(self.low[at]);
                    }
                    self.leave(graph, at);
                }
            }
        }
    }

    fn enter(&mut self, at: usize) {
        self.index[at] = self.next;
        self.low[at] = self.next;
        self.next += 1;
        self.stack.push(at);
        self.on_stack[at] = true;
    }

    fn leave(&mut self, graph: &Graph, at: usize) {
        if self.low[at] != self.index[at] {
            return;
        }
        let mut members = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.on_stack[member] = false;
            members.push(member);
            if member == at {
                break;
            }
        }
        let is_round = members.len() > 1 || graph.edges[at].contains(&(at as u32));
        self.circles.push(match is_round {
            true => Circle::Round(members.iter().map(|at| graph.ids[*at]).collect()),
            false => Circle::Alone(graph.ids[at]),
        });
    }
}
