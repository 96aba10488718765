//! Many paths as one automaton: a state for each common beginning.

use rustc_hash::FxHashMap;

use super::path::{Expression, Names, Path, Selector, Step, Tail};

/// One bit for each state.
pub(super) const STATES_MAX: usize = 128;

/// The beginning of one or more paths.
#[derive(Debug, Default)]
pub(super) struct State<'p> {
    steps: Vec<(&'p Step, usize)>,
    /// The state that holds the steps to any descendant: it stays while the walk goes down, this one does not.
    descending: Option<usize>,
    /// The paths that end here.
    pub(super) accepts: Vec<(usize, Tail)>,
}

/// All paths of one walk.
#[derive(Debug)]
pub(super) struct Machine<'p> {
    pub(super) states: Vec<State<'p>>,
    pub(super) accepting: u128,
    pub(super) names: Names,
}

/// How many states a path can take.
pub(super) fn states_of(path: &Path) -> usize {
    let descending = path.steps.iter().filter(|step| step.descends).count();
    path.steps.len() + descending
}

/// What a set of states looks for among the children of one container.
#[derive(Debug, Default)]
pub(super) struct Plan<'p> {
    /// The states that hold on for any descendant.
    pub(super) keep: u128,
    pub(super) every: u128,
    pub(super) names: FxHashMap<&'p str, u128>,
    indexes: Vec<(&'p Selector, u128)>,
    /// Each with the names that its values need, and the states after it.
    pub(super) filters: Vec<(&'p Expression, Vec<u64>, u128)>,
}

impl<'p> Machine<'p> {
    /// `first` is the number of the first path.
    pub(super) fn new(paths: &'p [Path], first: usize) -> Self {
        let mut machine = Self {
            states: vec![State::default()],
            accepting: 0,
            names: Names::default(),
        };
        for (at, path) in paths.iter().enumerate() {
            let mut state = 0;
            for step in &path.steps {
                state = machine.after(state, step);
            }
            machine.states[state].accepts.push((first + at, path.tail));
            machine.accepting |= 1 << state;
        }
        machine
    }

    fn after(&mut self, state: usize, step: &'p Step) -> usize {
        let state = match step.descends {
            true => self.descending(state),
            false => state,
        };
        let known = self.states[state]
            .steps
            .iter()
            .find(|(other, _)| *other == step);
        if let Some((_, next)) = known {
            return *next;
        }
        let next = self.state();
        collect_names(&step.selector, &mut self.names);
        self.states[state].steps.push((step, next));
        next
    }

    fn descending(&mut self, state: usize) -> usize {
        if let Some(known) = self.states[state].descending {
            return known;
        }
        let made = self.state();
        self.states[state].descending = Some(made);
        made
    }

    /// A new state. Whoever makes a machine sees to it that there are not too many.
    fn state(&mut self) -> usize {
        assert!(
            self.states.len() < STATES_MAX,
            "paths are walked in groups that fit"
        );
        self.states.push(State::default());
        self.states.len() - 1
    }

    /// The state itself, and the one that stays below it.
    pub(super) fn bits(&self, state: usize) -> u128 {
        let below = self.states[state].descending;
        1 << state | below.map_or(0, |below| 1 << below)
    }

    pub(super) fn plan(&self, states: u128) -> Plan<'p> {
        let mut plan = Plan::default();
        for (number, state) in self.states.iter().enumerate() {
            if states & (1 << number) == 0 {
                continue;
            }
            for (step, next) in &state.steps {
                if step.descends {
                    plan.keep |= 1 << number;
                }
                plan.add(&step.selector, self.bits(*next), &self.names);
            }
        }
        plan
    }
}

fn collect_names(selector: &Selector, names: &mut Names) {
    match selector {
        Selector::Filter(expression) => names.collect(expression),
        Selector::Union(parts) => parts.iter().for_each(|part| collect_names(part, names)),
        _ => {}
    }
}

impl<'p> Plan<'p> {
    fn add(&mut self, selector: &'p Selector, bits: u128, names: &Names) {
        match selector {
            Selector::Name(name) => *self.names.entry(name).or_default() |= bits,
            Selector::Every => self.every |= bits,
            Selector::Index(_) | Selector::Slice { .. } => self.indexes.push((selector, bits)),
            Selector::Filter(expression) => {
                self.filters
                    .push((expression, names.needs(expression), bits));
            }
            Selector::Union(parts) => parts.iter().for_each(|part| self.add(part, bits, names)),
        }
    }

    /// The states after the element at `index`.
    pub(super) fn element(&self, index: i64, length: i64) -> u128 {
        let mut bits = 0;
        for (selector, next) in &self.indexes {
            if selector.takes_index(index, length) {
                bits |= next;
            }
        }
        bits
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keep == 0
            && self.every == 0
            && self.names.is_empty()
            && self.indexes.is_empty()
            && self.filters.is_empty()
    }
}
