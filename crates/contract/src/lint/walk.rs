//! Walks the document once for many paths: their common beginnings are shared, and no place is seen twice for the
//! same reason, however many references lead there.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::machine::{Machine, Plan, STATES_MAX, states_of};
use super::path::{Js, Names, Path, Subject, Tail, holds};
use super::view::{Slot, View};
use crate::tree::{Node, NodeId, Value};

/// A place that a path leads to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit<'t> {
    /// Which of the paths.
    pub(super) path: usize,
    pub(super) slot: Slot,
    /// The key itself, where the path asks for it.
    pub(super) key: Option<&'t str>,
}

/// Calls `visit` for every place that one of `paths` leads to; the order is the same in every run.
pub(super) fn walk<'t>(view: View<'_, 't>, paths: &[Path], visit: &mut dyn FnMut(Hit<'t>)) {
    let mut first = 0;
    while first < paths.len() {
        let mut states = 1;
        let count = paths[first..]
            .iter()
            .take_while(|path| {
                states += states_of(path);
                states <= STATES_MAX
            })
            .count()
            .max(1);
        let machine = Machine::new(&paths[first..first + count], first);
        Walk::new(view, &machine).run(visit);
        first += count;
    }
}

struct Walk<'a, 'p, 't> {
    view: View<'a, 't>,
    machine: &'a Machine<'p>,
    /// By node: the states in which its inside was seen.
    seen: Vec<u128>,
    plans: FxHashMap<u128, Rc<Plan<'p>>>,
    open: Vec<(Slot, u128)>,
    /// Behind references: seen after all that is written in place, so that a place is met in its own right first.
    behind: Vec<(Slot, u128)>,
}

/// A child of a container, by name or by index.
#[derive(Clone, Copy)]
enum Child<'t> {
    Member(&'t str),
    Element { index: i64, length: i64 },
}

impl<'a, 'p, 't> Walk<'a, 'p, 't> {
    fn new(view: View<'a, 't>, machine: &'a Machine<'p>) -> Self {
        Self {
            view,
            machine,
            seen: vec![0; view.tree().node_count()],
            plans: FxHashMap::default(),
            open: Vec::new(),
            behind: Vec::new(),
        }
    }

    fn run(&mut self, visit: &mut dyn FnMut(Hit<'t>)) {
        let root = self.view.start();
        for (path, _) in &self.machine.states[0].accepts {
            visit(Hit {
                path: *path,
                slot: root,
                key: None,
            });
        }
        self.open.push((root, self.machine.bits(0)));
        while let Some((slot, states)) = self.open.pop().or_else(|| self.behind.pop()) {
            self.enter(slot, states, visit);
        }
    }

    fn enter(&mut self, slot: Slot, states: u128, visit: &mut dyn FnMut(Hit<'t>)) {
        let value = self.view.value(slot.node);
        let seen = &mut self.seen[value.id().0 as usize];
        let fresh = states & !*seen;
        *seen |= fresh;
        if fresh == 0 {
            return;
        }
        let machine = self.machine;
        let plan = Rc::clone(
            self.plans
                .entry(fresh)
                .or_insert_with(|| Rc::new(machine.plan(fresh))),
        );
        if plan.is_empty() {
            return;
        }
        match value.value() {
            Value::Object(members) => {
                for member in members {
                    let child = Child::Member(member.name());
                    self.child(slot, value, member.value, child, &plan, visit);
                }
            }
            Value::Array(elements) => {
                let length = elements.clone().count() as i64;
                for (index, element) in elements.enumerate() {
                    let index = index as i64;
                    let child = Child::Element { index, length };
                    self.child(slot, value, element, child, &plan, visit);
                }
            }
            _ => {}
        }
    }

    fn child(
        &mut self,
        parent: Slot,
        container: Node<'t>,
        written: Node<'t>,
        child: Child<'t>,
        plan: &Plan<'p>,
        visit: &mut dyn FnMut(Hit<'t>),
    ) {
        let slot = self.view.inside(parent, written.id());
        let value = self.view.follow(written);
        let mut matched = plan.every
            | match child {
                Child::Member(name) => plan.names.get(name).copied().unwrap_or(0),
                Child::Element { index, length } => plan.element(index, length),
            };
        if !plan.filters.is_empty() {
            matched |= self.filtered(container, slot.node, value, child, plan);
        }
        self.report(matched, parent, slot, child, visit);

        let next = matched | plan.keep;
        if next != 0 && (value.is_object() || value.is_array()) {
            match value.id() == written.id() {
                true => self.open.push((slot, next)),
                false => self.behind.push((slot, next)),
            }
        }
    }

    fn filtered(
        &self,
        container: Node<'t>,
        slot: NodeId,
        value: Node<'t>,
        child: Child<'t>,
        plan: &Plan<'p>,
    ) -> u128 {
        let names: &Names = &self.machine.names;
        let subject = Subject {
            view: self.view,
            value,
            parent: container,
            slot,
            property: match child {
                Child::Member(name) => Js::Text(name.into()),
                Child::Element { index, .. } => Js::Number(index as f64),
            },
            names,
            present: names.bits(value.members().map(|member| member.name())),
        };
        let mut matched = 0;
        for (filter, needs, bits) in &plan.filters {
            if needs.iter().all(|names| names & subject.present != 0) && holds(filter, &subject) {
                matched |= bits;
            }
        }
        matched
    }

    fn report(
        &self,
        matched: u128,
        parent: Slot,
        slot: Slot,
        child: Child<'t>,
        visit: &mut dyn FnMut(Hit<'t>),
    ) {
        let mut left = matched & self.machine.accepting;
        while left != 0 {
            let state = left.trailing_zeros() as usize;
            left &= left - 1;
            for (path, tail) in &self.machine.states[state].accepts {
                let key = match (tail, child) {
                    (Tail::Key, Child::Member(name)) => Some(name),
                    _ => None,
                };
                visit(Hit {
                    path: *path,
                    slot: if *tail == Tail::Parent { parent } else { slot },
                    key,
                });
            }
        }
    }
}
