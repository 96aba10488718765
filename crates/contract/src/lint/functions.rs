//! The core functions: one value in, what is wrong with it out.

use super::call::{Call, Fault, Target};
use super::function::Function;
use super::path::Js;
use super::{oas, schema};

mod compare;
mod kinds;

/// Calls `function`, which adds what it finds.
pub(super) fn run(function: &Function, call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    match function {
        Function::Truthy => require(
            call,
            is_truthy(call.target),
            "must be there and not empty",
            faults,
        ),
        Function::Falsy => require(
            call,
            !is_truthy(call.target),
            "must be empty or absent",
            faults,
        ),
        Function::Defined => require(call, is_defined(call.target), "must be defined", faults),
        Function::Undefined => require(
            call,
            !is_defined(call.target),
            "must not be defined",
            faults,
        ),
        Function::Pattern {
            matches,
            not_matches,
        } => kinds::pattern(matches.as_ref(), not_matches.as_ref(), call, faults),
        Function::Casing {
            name,
            pattern,
            lone,
        } => kinds::casing(name, pattern, lone.as_deref(), call, faults),
        Function::Length { min, max } => kinds::length(*min, *max, call, faults),
        Function::Enumeration(values) => kinds::enumeration(values, call, faults),
        Function::Alphabetical { keyed_by } => {
            compare::alphabetical(keyed_by.as_deref(), call, faults);
        }
        Function::Or(names) => compare::or(names, call, faults),
        Function::Xor(names) => compare::xor(names, call, faults),
        Function::TypedEnum => kinds::typed_enum(call, faults),
        Function::Unreferenced { container } => oas::unreferenced(container, call, faults),
        Function::Schema(options) => schema::check(options, call, faults),
        Function::Oas(function) => oas::run(*function, call, faults),
    }
}

fn require(call: &Call<'_, '_>, holds: bool, message: &str, faults: &mut Vec<Fault>) {
    if !holds {
        faults.push(call.fault(format!("{} {message}", call.subject())));
    }
}

fn is_truthy(target: Target<'_>) -> bool {
    match target {
        Target::Missing => false,
        Target::Key(key) => !key.is_empty(),
        Target::Index(_) => true,
        Target::Node(node) => Js::of(node).is_truthy(),
    }
}

fn is_defined(target: Target<'_>) -> bool {
    !matches!(target, Target::Missing)
}
