//! What repairs make of the value of a document: the measure of what they make of its text.

use serde_json::Value as Json;

use super::repairs::{Repairs, merge};
use super::steps::Step;

pub(super) fn apply(document: &mut Json, repairs: &Repairs) {
    for (steps, values) in &repairs.updates {
        let Some(target) = at(document, steps) else {
            continue;
        };
        for value in values {
            match target {
                Json::Array(entries) => entries.push(value.clone()),
                _ => merge(target, value),
            }
        }
    }
    // From the end, so that no index moves under a later removal.
    for steps in repairs.removals.iter().rev() {
        let Some((last, parent)) = steps.split_last() else {
            continue;
        };
        match (at(document, parent), last) {
            (Some(Json::Object(members)), Step::Name(name)) => {
                members.remove(name);
            }
            (Some(Json::Array(elements)), Step::Index(index)) if *index < elements.len() => {
                elements.remove(*index);
            }
            _ => {}
        }
    }
}

fn at<'j>(document: &'j mut Json, steps: &[Step]) -> Option<&'j mut Json> {
    steps.iter().try_fold(document, |value, step| match step {
        Step::Name(name) => value.as_object_mut()?.get_mut(name),
        Step::Index(index) => value.as_array_mut()?.get_mut(*index),
    })
}
