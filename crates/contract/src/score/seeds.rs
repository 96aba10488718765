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

/// Path and method of the operation that place number `number` is in; `None` for the document.
pub fn operation_of(contract: &Json, seed: &Seed, number: usize) -> Option<(String, String)> {
    match seed.place {
        Place::Document(_) => None,
        Place::Operation(methods, _) | Place::Pair(methods, _) => {
            edit::places(contract, methods).into_iter().nth(number)
        }
    }
}

/// The contract with the defect in its place number `number`; `None` when there are fewer places.
pub fn planted(contract: &Json, seed: &Seed, number: usize) -> Option<Json> {
    let mut contract = contract.clone();
    match &seed.place {
        Place::Document(_) if number > 0 => return None,
        Place::Document(plant) => plant(&mut contract),
        Place::Operation(methods, plant) => {
            let at = edit::places(&contract, methods).into_iter().nth(number)?;
            plant(edit::operation(&mut contract, &at), number);
        }
        Place::Pair(methods, plant) => {
            let places = edit::places(&contract, methods);
            let at = places.get(number)?;
            let other = places
                .iter()
                .rev()
                .find(|other| other.1 == at.1 && *other != at)?;
            let other = edit::operation(&mut contract, other).clone();
            plant(edit::operation(&mut contract, at), &other, number);
        }
    }
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
