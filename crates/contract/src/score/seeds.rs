//! A clean contract, and known defects to plant: how sensitive the rules are, and how often they are wrong.

#[path = "seeds/clean.rs"]
mod clean;
#[path = "seeds/edit.rs"]
mod edit;
#[path = "seeds/inputs.rs"]
mod inputs;
#[path = "seeds/names.rs"]
mod names;
#[path = "seeds/outputs.rs"]
mod outputs;
#[path = "seeds/safety.rs"]
mod safety;
#[path = "seeds/seed.rs"]
mod seed;

use serde_json::Value as Json;

pub use clean::clean;
pub use seed::{Place, Seed};

/// Every kind of defect.
pub fn seeds() -> Vec<Seed> {
    [
        names::seeds(),
        inputs::seeds(),
        outputs::seeds(),
        safety::seeds(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Path and method of every operation that the defect can be planted into; none of a defect of the document.
pub fn places(contract: &Json, seed: &Seed) -> Vec<(String, String)> {
    match seed.place {
        Place::Document(_) => Vec::new(),
        Place::Operation(methods, _) | Place::Pair(methods, _) => edit::places(contract, methods),
    }
}

/// What the operation of place number `number` becomes by the defect; `None` when nothing is to be planted there.
pub fn planted_operation(
    contract: &Json,
    seed: &Seed,
    places: &[(String, String)],
    number: usize,
) -> Option<Json> {
    let at = places.get(number)?;
    let mut operation = edit::operation(contract, at).clone();
    match &seed.place {
        Place::Document(_) => return None,
        Place::Operation(_, plant) => plant(&mut operation, number),
        Place::Pair(_, plant) => {
            let mut others = places.iter().rev();
            let other = others.find(|other| other.1 == at.1 && *other != at)?;
            plant(&mut operation, edit::operation(contract, other), number);
        }
    }
    Some(operation)
}

/// The contract with the defect in its place number `number`; `None` when there are fewer places.
pub fn planted(contract: &Json, seed: &Seed, number: usize) -> Option<Json> {
    if let Place::Document(plant) = seed.place {
        let mut contract = (number == 0).then(|| contract.clone())?;
        plant(&mut contract);
        return Some(contract);
    }
    let places = places(contract, seed);
    let operation = planted_operation(contract, seed, &places, number)?;
    let (path, method) = &places[number];
    let mut contract = contract.clone();
    contract["paths"][path][method] = operation;
    Some(contract)
}

/// The contract after an Overlay action whose target is a path in brackets.
pub fn applied(contract: &Json, target: &str, update: Option<&Json>) -> Json {
    let mut contract = contract.clone();
    let mut steps = edit::steps(target);
    let last = match update {
        Some(_) => None,
        None => steps.pop(),
    };
    let mut at = &mut contract;
    for step in &steps {
        at = edit::child(at, step);
    }
    match (update, last) {
        (Some(update), _) => edit::merge(at, update),
        (None, Some(last)) => edit::remove(at, &last),
        (None, None) => *at = Json::Null,
    }
    contract
}
