//! How much work the schemas of a ruleset may be for one document, counted before it is done. What is not done is told:
//! a rule that stopped looking must not look as if it had found nothing.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value as Json;

use super::parts::{Part, parts};
use super::references::{References, refers};

/// Steps for one value, of a fifth of a microsecond to one each: a schema held against a part of the value.
const STEPS_MAX: u64 = 500_000;

/// Steps for all values of a document, whatever the number of rules: two seconds at most.
const TOTAL_STEPS_MAX: u64 = 2_000_000;

/// How many schemas lead to each other before one goes no deeper: what the stack of a thread of 1 MiB carries.
const DEPTH_MAX: usize = 400;

/// A part of a value is copied in a quarter of the time of a step.
pub(super) const NODES_PER_STEP: u64 = 4;

/// A schema outside of the ruleset is one that describes schemas: so many steps for each part of the value.
const OUTSIDE_STEPS: u64 = 30;

/// The value of a name, of which no schema looks at a part.
static NAME: Json = Json::Null;

/// Why a value is not held against a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// This value is too much.
    Steps,
    /// The document is too much.
    Total,
    Depth,
    Circle,
    /// The value has more parts than this.
    Size(usize),
}

impl Cut {
    /// What was cut, at which limit, and what to do.
    pub(super) fn message(self) -> String {
        match self {
            Self::Steps => format!(
                "the schema of this rule was not held against this value: that takes more than {STEPS_MAX} steps; give \
                 its `anyOf`, `oneOf` and `allOf` fewer alternatives that lead to alternatives"
            ),
            Self::Total => format!(
                "the schema of this rule was not held against this value or any after it: the schemas of the ruleset \
                 have taken {TOTAL_STEPS_MAX} steps in this document; narrow `given`, or give `anyOf`, `oneOf` and \
                 `allOf` fewer alternatives"
            ),
            Self::Depth => format!(
                "the schema of this rule was not held against this value: that leads through more than {DEPTH_MAX} \
                 schemas, one inside of the other; write it with fewer"
            ),
            Self::Circle => "the schema of this rule was not held against this value or any after it: its references \
                             lead back to where they began without a step into the value; break that circle"
                .to_owned(),
            Self::Size(nodes_max) => format!(
                "the schema of this rule was not held against this value: with its references followed it has more \
                 than {nodes_max} parts or is very deep; narrow `given`, or set `resolved: false`"
            ),
        }
    }
}

/// What is left for the schemas of a ruleset in one document.
#[derive(Debug)]
pub(in crate::lint) struct Budget {
    left: u64,
    /// The schemas that are done with, by their place in memory.
    closed: FxHashSet<usize>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            left: TOTAL_STEPS_MAX,
            closed: FxHashSet::default(),
        }
    }
}

/// A schema with where its references lead, and what it costs to make it ready for a value.
#[derive(Clone, Copy)]
pub(super) struct Work<'s> {
    pub(super) schema: &'s Json,
    pub(super) references: &'s References,
    pub(super) preparation: u64,
}

impl Budget {
    /// Whether the schema is done with for this document, which was told.
    pub(super) fn is_closed(&self, schema: &Json) -> bool {
        self.closed.contains(&place(schema))
    }

    /// Takes the steps of holding `value` against the schema, or those of finding out that they are too many.
    pub(super) fn take(&mut self, work: Work<'_>, value: &Json) -> Result<(), Cut> {
        let mut count = Count {
            work,
            known: FxHashMap::default(),
            calls: 0,
            calls_max: STEPS_MAX.min(self.left),
        };
        let steps = count.steps(work.schema, value, DEPTH_MAX);
        let steps = steps.map(|steps| steps.saturating_add(work.preparation));
        let judged = match steps {
            Ok(steps) if steps > STEPS_MAX => Err(Cut::Steps),
            Ok(steps) if steps > self.left => Err(Cut::Total),
            Ok(steps) => Ok(steps),
            Err(cut) => Err(cut),
        };
        self.charge(judged.unwrap_or(count.calls));
        let judged = judged.map(drop);
        self.closing(work.schema, judged)
    }

    /// A value that is larger than `nodes_max` was looked at in vain.
    pub(super) fn refuse_size(&mut self, schema: &Json, nodes_max: usize) -> Cut {
        self.charge(nodes_max as u64 / NODES_PER_STEP);
        let judged = self.closing(schema, Err(Cut::Size(nodes_max)));
        judged.err().unwrap_or(Cut::Total)
    }

    fn charge(&mut self, steps: u64) {
        self.left = self.left.saturating_sub(steps);
    }

    fn closing(&mut self, schema: &Json, judged: Result<(), Cut>) -> Result<(), Cut> {
        let judged = judged.map_err(|cut| match self.left {
            0 => Cut::Total,
            _ => cut,
        });
        if matches!(judged, Err(Cut::Total | Cut::Circle)) {
            self.closed.insert(place(schema));
        }
        judged
    }
}

fn place(schema: &Json) -> usize {
    std::ptr::from_ref(schema) as usize
}

/// Counts each pair of a schema and a part of the value once.
struct Count<'s> {
    work: Work<'s>,
    /// `None`: it is being counted.
    known: FxHashMap<(*const Json, *const Json), Option<u64>>,
    calls: u64,
    calls_max: u64,
}

impl<'s> Count<'s> {
    fn steps(&mut self, schema: &'s Json, value: &Json, depth: usize) -> Result<u64, Cut> {
        self.calls += 1;
        if self.calls > self.calls_max {
            return Err(match self.calls_max {
                STEPS_MAX => Cut::Steps,
                _ => Cut::Total,
            });
        }
        let Json::Object(members) = schema else {
            return Ok(1);
        };
        let key = (std::ptr::from_ref(schema), std::ptr::from_ref(value));
        match self.known.get(&key) {
            Some(Some(known)) => return Ok(*known),
            Some(None) => return Err(Cut::Circle),
            None => {}
        }
        let below = depth.checked_sub(1).ok_or(Cut::Depth)?;
        self.known.insert(key, None);

        let named = members.get("properties");
        let is_named = |name: &str| named.is_some_and(|named| named.get(name).is_some());
        let mut total = 1 + size(value) / 8;
        for (keyword, inner) in members {
            let steps = match (keyword.as_str(), inner) {
                (keyword, Json::String(reference)) if refers(keyword) => {
                    self.referred(reference, value, below)?
                }
                ("enum" | "required", list) => size(list) / 8,
                ("propertyNames", inner) if value.is_object() => {
                    self.steps(inner, &NAME, below)?.saturating_mul(size(value))
                }
                _ => self.under(keyword, inner, &is_named, value, below)?,
            };
            total = total.saturating_add(steps);
        }
        self.known.insert(key, Some(total));
        Ok(total)
    }

    fn under(
        &mut self,
        keyword: &str,
        inner: &'s Json,
        is_named: &dyn Fn(&str) -> bool,
        value: &Json,
        depth: usize,
    ) -> Result<u64, Cut> {
        let mut total: u64 = 0;
        for part in parts(keyword, is_named, value) {
            let (schemas, value): (Vec<&'s Json>, &Json) = match (part, inner) {
                (Part::All(value), Json::Array(list)) => (list.iter().collect(), value),
                (Part::All(value), one) => (vec![one], value),
                (Part::Named(value), Json::Object(named)) => (named.values().collect(), value),
                (Part::Named(value), _) => (Vec::new(), value),
                (Part::Property(name, value), named) => {
                    (named.get(name).into_iter().collect(), value)
                }
            };
            for schema in schemas {
                total = total.saturating_add(self.steps(schema, value, depth)?);
            }
        }
        Ok(total)
    }

    fn referred(&mut self, reference: &str, value: &Json, depth: usize) -> Result<u64, Cut> {
        let Work {
            schema, references, ..
        } = self.work;
        let targets = references.targets(reference);
        if targets.is_empty() {
            return Ok(OUTSIDE_STEPS.saturating_mul(weight(value)));
        }
        let mut total: u64 = 0;
        for target in targets.iter().filter_map(|at| schema.pointer(at)) {
            total = total.saturating_add(self.steps(target, value, depth)?);
        }
        Ok(total)
    }
}

fn size(value: &Json) -> u64 {
    match value {
        Json::Array(elements) => elements.len() as u64,
        Json::Object(members) => members.len() as u64,
        _ => 0,
    }
}

/// All parts of a value.
pub(super) fn weight(value: &Json) -> u64 {
    1 + match value {
        Json::Array(elements) => elements.iter().map(weight).sum(),
        Json::Object(members) => members.values().map(weight).sum(),
        _ => 0,
    }
}
