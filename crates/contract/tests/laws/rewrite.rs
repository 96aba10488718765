//! Ways to write the same contract differently, and what must stay the same when both sides are.

use std::collections::BTreeMap;

use contract::{Diff, DiffOptions, Source, diff};
use serde_json::{Map, Value};

/// The text of a contract written differently, and the name of its file; the second is what it is compared with.
type Rewrite = fn(&Value, &Value) -> (String, &'static str);

const REWRITINGS: [(&str, Rewrite); 4] = [
    ("the same under key order", |value, _| {
        (reordered(value), "a.json")
    }),
    ("the same in YAML", |value, _| (yaml(value), "a.yaml")),
    ("the same under $ref inlining", |value, other| {
        (inlined(value, other).to_string(), "a.json")
    }),
    ("the same under single-element allOf", |value, _| {
        (wrapped(value).to_string(), "a.json")
    }),
];

/// The laws that the pair breaks, each with what differs.
pub fn broken(base: &Value, revision: &Value) -> Vec<(&'static str, String)> {
    let mut broken = Vec::new();
    let plain = |value: &Value| source(&value.to_string(), "a.json");
    let (old, new) = (plain(base), plain(revision));
    for source in [&old, &new] {
        let changes = compared(source, source);
        if !changes.changes.is_empty() {
            broken.push(("diff(a, a) is empty", changes.changes[0].id.to_owned()));
        }
    }
    let expect = identities(&compared(&old, &new));
    for (name, rewrite) in REWRITINGS {
        let side = |value: &Value, other: &Value| {
            let (text, file) = rewrite(value, other);
            source(&text, file)
        };
        let found = compared(&side(base, revision), &side(revision, base));
        let found = identities(&found);
        if let Some(difference) = difference(&expect, &found) {
            broken.push((name, difference));
        }
    }
    broken
}

pub fn source(text: &str, file: &str) -> Source {
    Source::read(text.as_bytes(), file).expect("what was rewritten can be read")
}

pub fn compared(base: &Source, revision: &Source) -> Diff {
    diff(
        base,
        revision,
        &DiffOptions::new(jiff::civil::date(2026, 1, 1)),
    )
}

type Counts = BTreeMap<String, i64>;

/// Of each change its id, its operation, and its fingerprint, which is made of the pointer relative to the operation
/// and the values.
fn identities(diff: &Diff) -> Counts {
    let mut counts = Counts::new();
    for change in &diff.changes {
        let operation = change.operation.as_ref();
        let operation = operation.map_or(String::new(), |o| format!("{} {}", o.method, o.path));
        let text = format!(
            "{} {operation} {} ({})",
            change.id, change.fingerprint, change.message
        );
        *counts.entry(text).or_default() += 1;
    }
    counts
}

fn difference(expect: &Counts, found: &Counts) -> Option<String> {
    let missing = expect.iter().filter(|(key, n)| found.get(*key) < Some(n));
    let extra = found.iter().filter(|(key, n)| expect.get(*key) < Some(n));
    let missing: Vec<_> = missing.map(|(key, _)| key.as_str()).collect();
    let extra: Vec<_> = extra.map(|(key, _)| key.as_str()).collect();
    (!missing.is_empty() || !extra.is_empty()).then(|| {
        format!(
            "{} missing, {} extra\n  missing {:#?}\n  extra {:#?}",
            missing.len(),
            extra.len(),
            &missing[..missing.len().min(3)],
            &extra[..extra.len().min(3)]
        )
    })
}

/// JSON with the members of each object from the last to the first.
fn reordered(value: &Value) -> String {
    match value {
        Value::Array(elements) => {
            let elements: Vec<_> = elements.iter().map(reordered).collect();
            format!("[{}]", elements.join(","))
        }
        Value::Object(members) => {
            let members = members.iter().rev();
            let members: Vec<_> = members
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), reordered(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        scalar => scalar.to_string(),
    }
}

/// YAML in blocks, texts in double quotes.
pub fn yaml(value: &Value) -> String {
    let mut text = String::new();
    block(value, 0, &mut text);
    text
}

fn block(value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Array(elements) if !elements.is_empty() => {
            for element in elements {
                text.push_str(&format!("\n{:indent$}-", ""));
                block(element, indent + 1, text);
            }
        }
        Value::Object(members) if !members.is_empty() => {
            for (key, value) in members {
                text.push_str(&format!("\n{:indent$}{}:", "", Value::from(key.as_str())));
                block(value, indent + 1, text);
            }
        }
        leaf => text.push_str(&format!(" {leaf}")),
    }
}

/// Keywords whose members are paired by the names of their references.
const LISTS: [&str; 4] = ["oneOf", "anyOf", "allOf", "prefixItems"];

/// Every reference that is the only one to its target, leads to no reference around itself and is in no list of either
/// side, replaced by the target.
fn inlined(document: &Value, other: &Value) -> Value {
    let mut counts = BTreeMap::new();
    count_references(document, &mut counts);
    for side in [document, other] {
        count_listed(side, &mut counts);
    }
    replaced(document, document, &counts, 0)
}

fn count_references(value: &Value, counts: &mut BTreeMap<String, usize>) {
    match value {
        Value::Array(elements) => elements
            .iter()
            .for_each(|one| count_references(one, counts)),
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                *counts.entry(reference.to_owned()).or_default() += 1;
            }
            members
                .values()
                .for_each(|one| count_references(one, counts));
        }
        _ => {}
    }
}

fn count_listed(value: &Value, counts: &mut BTreeMap<String, usize>) {
    match value {
        Value::Array(elements) => elements.iter().for_each(|one| count_listed(one, counts)),
        Value::Object(members) => {
            let listed = LISTS
                .iter()
                .filter_map(|name| members.get(*name)?.as_array());
            for reference in listed.flatten().filter_map(|one| one.get("$ref")?.as_str()) {
                *counts.entry(reference.to_owned()).or_default() += 2;
            }
            members.values().for_each(|one| count_listed(one, counts));
        }
        _ => {}
    }
}

fn replaced(
    value: &Value,
    document: &Value,
    counts: &BTreeMap<String, usize>,
    depth: usize,
) -> Value {
    match value {
        Value::Array(elements) => {
            let elements = elements.iter();
            elements
                .map(|one| replaced(one, document, counts, depth))
                .collect()
        }
        Value::Object(members) => {
            let target = members
                .get("$ref")
                .and_then(Value::as_str)
                .filter(|reference| members.len() == 1 && counts[*reference] == 1 && depth < 8)
                .and_then(|reference| document.pointer(reference.strip_prefix('#')?))
                .filter(|target| target.is_object());
            match target {
                Some(target) => replaced(target, document, counts, depth + 1),
                None => Value::Object(kept(members, document, counts, depth)),
            }
        }
        scalar => scalar.clone(),
    }
}

fn kept(
    members: &Map<String, Value>,
    document: &Value,
    counts: &BTreeMap<String, usize>,
    depth: usize,
) -> Map<String, Value> {
    let member = |(key, value): (&String, &Value)| {
        let value = match LISTS.contains(&key.as_str()) {
            true => value.clone(),
            false => replaced(value, document, counts, depth),
        };
        (key.clone(), value)
    };
    members.iter().map(member).collect()
}

/// Each schema of a media type, a property or a list of items as the only member of an `allOf`.
fn wrapped(value: &Value) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(wrapped).collect(),
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                let value = match (key.as_str(), value) {
                    ("default" | "example" | "examples" | "enum" | "const", value) => value.clone(),
                    ("properties", Value::Object(properties)) => {
                        let wrap = |(name, schema): (&String, &Value)| (name.clone(), only(schema));
                        Value::Object(properties.iter().map(wrap).collect())
                    }
                    ("schema" | "items", schema @ Value::Object(_)) => only(schema),
                    (_, value) => wrapped(value),
                };
                (key.clone(), value)
            };
            Value::Object(members.iter().map(member).collect())
        }
        scalar => scalar.clone(),
    }
}

fn only(schema: &Value) -> Value {
    match schema {
        Value::Object(members) if !members.contains_key("allOf") => {
            serde_json::json!({"allOf": [wrapped(schema)]})
        }
        other => wrapped(other),
    }
}
