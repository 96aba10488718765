//! Functions that compare the members of a container with each other or with names.

use std::cmp::Ordering;

use crate::lint::call::{Call, Fault};
use crate::lint::path::{Js, to_number};
use crate::lint::text;
use crate::tree::Node;

/// How many names a sentence lists.
const LISTED_MAX: usize = 4;

pub(super) fn alphabetical(keyed_by: Option<&str>, call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let Some(node) = call.target.node() else {
        return;
    };
    if !node.is_array() && !node.is_object() {
        return;
    }
    let items: Option<Vec<Js<'_>>> = match (node.is_array(), keyed_by) {
        (true, _) => node
            .elements()
            .map(|element| key_of(call, call.view.follow(element), keyed_by))
            .collect(),
        (false, None) => Some(node.members().map(|m| Js::Text(m.name().into())).collect()),
        // Names have no members to be compared by.
        (false, Some(_)) if node.members().nth(1).is_some() => None,
        (false, Some(_)) => return,
    };
    let Some(items) = items else {
        faults.push(call.fault(format!("{} must hold objects only", call.subject())));
        return;
    };
    if items.len() < 2 {
        return;
    }
    if !items
        .iter()
        .all(|item| matches!(item, Js::Text(_) | Js::Number(_)))
    {
        faults.push(call.fault(format!(
            "{} must hold texts and numbers only",
            call.subject()
        )));
        return;
    }
    let wrong = items
        .windows(2)
        .position(|pair| order(&pair[0], &pair[1]) == Ordering::Greater);
    let Some(at) = wrong else {
        return;
    };
    let message = format!(
        "{} must stand after {}",
        shown(&items[at]),
        shown(&items[at + 1])
    );
    let name = match (&items[at], node.is_array()) {
        (Js::Text(name), false) => name.clone().into_owned(),
        _ => at.to_string(),
    };
    faults.push(match keyed_by {
        Some(_) => call.fault(message),
        None => call.fault_at([name.as_str()], message),
    });
}

fn key_of<'t>(call: &Call<'_, 't>, item: Node<'t>, keyed_by: Option<&str>) -> Option<Js<'t>> {
    match keyed_by {
        None => Some(Js::of(item)),
        Some(_) if !item.is_object() && !item.is_array() => None,
        Some(key) => Some(Js::of_option(call.get(item, key))),
    }
}

fn shown(value: &Js<'_>) -> String {
    match value {
        Js::Text(value) => text::quoted(value),
        Js::Number(value) => value.to_string(),
        _ => String::new(),
    }
}

/// Numbers by size, where a step below one counts as none; a text that is no number has no order against a number.
fn order(a: &Js<'_>, b: &Js<'_>) -> Ordering {
    let by_size = |a: f64, b: f64| match a - b {
        step if step >= 1.0 => Ordering::Greater,
        step if step <= -1.0 => Ordering::Less,
        _ => Ordering::Equal,
    };
    let as_number = |text: &str| Some(to_number(text)).filter(|number| !number.is_nan());
    match (a, b) {
        (Js::Text(a), Js::Text(b)) if as_number(a).is_none() && as_number(b).is_some() => {
            Ordering::Equal
        }
        (Js::Text(a), Js::Text(b)) => collate(a, b),
        (Js::Number(a), Js::Number(b)) => by_size(*a, *b),
        (Js::Number(a), Js::Text(b)) => as_number(b).map_or(Ordering::Equal, |b| by_size(*a, b)),
        _ => Ordering::Equal,
    }
}

/// The order of marks in the root collation of Unicode.
const MARKS: &str = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

/// Close to what a dictionary does: marks before digits before letters, small letters before the same capital.
fn collate(a: &str, b: &str) -> Ordering {
    let weight = |c: char| match MARKS.find(c) {
        Some(at) => (0, at as u32),
        None => (
            1 + u8::from(c.is_ascii_digit()) + 2 * u8::from(c.is_alphabetic()),
            c as u32,
        ),
    };
    let folded = |text: &str| -> Vec<(u8, u32)> {
        text.chars()
            .flat_map(char::to_lowercase)
            .map(weight)
            .collect()
    };
    let capitals = |text: &str| -> Vec<bool> { text.chars().map(char::is_uppercase).collect() };
    folded(a)
        .cmp(&folded(b))
        .then_with(|| capitals(a).cmp(&capitals(b)))
}

pub(super) fn or(names: &[String], call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    if present(names, call).is_some_and(|found| found.is_empty()) {
        faults.push(call.fault(at_least_one(names)));
    }
}

pub(super) fn xor(names: &[String], call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    match present(names, call) {
        Some(found) if found.is_empty() => faults.push(call.fault(at_least_one(names))),
        Some(found) if found.len() > 1 => {
            faults.push(call.fault(format!("only one of {} may be defined", listed(&found))));
        }
        _ => {}
    }
}

fn present<'n>(names: &'n [String], call: &Call<'_, '_>) -> Option<Vec<&'n str>> {
    let node = call.target.node().filter(|node| node.is_object())?;
    let found = names.iter().filter(|name| node.get(name).is_some());
    Some(found.map(String::as_str).collect())
}

fn at_least_one(names: &[String]) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    format!("at least one of {} must be defined", listed(&names))
}

fn listed(names: &[&str]) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(LISTED_MAX)
        .map(|name| format!("`{name}`"))
        .collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
