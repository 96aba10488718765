//! A ruleset's schema made ready for one value: the patterns that look around, which the validator's engine cannot run,
//! are run beforehand on every text of the value, and what they found is written into the schema.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use super::convert::{Holds, holds};
use super::patterns;
use crate::lint::regex::{Pattern, translate};

/// Where the schemas stand that a pattern is turned into, each under the number of its pattern.
const ADDRESS: &str = "contract://ruleset/pattern/";

/// A schema, and its patterns that look around.
#[derive(Debug)]
pub(super) struct Template {
    schema: Json,
    patterns: Vec<Pattern>,
    numbers: BTreeMap<String, usize>,
}

/// The texts of one value that a pattern finds, and those that it does not.
#[derive(Debug, Default, Clone)]
struct Sorted<'v> {
    found: Vec<&'v str>,
    missed: Vec<&'v str>,
}

impl Template {
    /// Error: what the engine says of a pattern.
    pub(super) fn new(schema: &Json) -> Result<Self, String> {
        let mut template = Self {
            schema: schema.clone(),
            patterns: Vec::new(),
            numbers: BTreeMap::new(),
        };
        let mut refused = None;
        change(&mut schema.clone(), &mut |object| {
            let named = object.get("patternProperties").and_then(Json::as_object);
            let names = named.into_iter().flat_map(Map::keys).map(String::as_str);
            let pattern = object.get("pattern").and_then(Json::as_str);
            for text in pattern.into_iter().chain(names) {
                if let Err(message) = template.add(text) {
                    refused
                        .get_or_insert(format!("the pattern `{text}` cannot be read: {message}"));
                }
            }
        });
        match refused {
            Some(message) => Err(message),
            None => Ok(template),
        }
    }

    /// Every pattern is compiled once, so that a wrong one is told when the ruleset is read.
    fn add(&mut self, text: &str) -> Result<(), String> {
        let pattern = Pattern::new(text, "", text)?;
        if !is_run_by_validator(text) && !self.numbers.contains_key(text) {
            self.numbers.insert(text.to_owned(), self.patterns.len());
            self.patterns.push(pattern);
        }
        Ok(())
    }

    /// As the ruleset has it.
    pub(super) fn schema(&self) -> &Json {
        &self.schema
    }

    /// How many of its patterns look around; without any the schema is the same for each value.
    pub(super) fn pattern_count(&self) -> usize {
        self.patterns.len()
    }

    /// The schema for this value, and the schemas by address that it refers to.
    pub(super) fn fill(&self, value: &Json) -> (Json, Vec<(String, Json)>) {
        let mut texts = BTreeSet::new();
        gather(value, &mut texts);
        let sorted: Vec<Sorted<'_>> = self
            .patterns
            .iter()
            .map(|pattern| {
                let (found, missed) = texts.iter().partition(|text| pattern.finds(text));
                Sorted { found, missed }
            })
            .collect();

        let mut schema = self.schema.clone();
        change(&mut schema, &mut |object| self.rewrite(object, &sorted));
        let besides = sorted.iter().enumerate().map(|(number, sorted)| {
            // An `enum` names one value at least.
            let schema = match sorted.missed.is_empty() {
                true => json!({}),
                false => json!({ "not": { "enum": sorted.missed } }),
            };
            (format!("{ADDRESS}{number}"), schema)
        });
        (schema, besides.collect())
    }

    fn rewrite(&self, object: &mut Map<String, Json>, sorted: &[Sorted<'_>]) {
        let pattern = object.get("pattern").and_then(Json::as_str);
        if let Some(text) = pattern.map(str::to_owned) {
            match self.numbers.get(&text) {
                Some(number) => {
                    object.remove("pattern");
                    let condition = json!({ "$ref": format!("{ADDRESS}{number}") });
                    push(object, "allOf", condition);
                }
                None => {
                    object.insert("pattern".to_owned(), translate(&text, false).into());
                }
            }
        }
        let Some(Json::Object(named)) = object.remove("patternProperties") else {
            return;
        };
        let mut kept = Map::new();
        for (text, schema) in named {
            match self.numbers.get(&text) {
                Some(number) => {
                    for name in &sorted[*number].found {
                        add_property(object, name, &schema);
                    }
                }
                None => {
                    kept.insert(translate(&text, false), schema);
                }
            }
        }
        object.insert("patternProperties".to_owned(), kept.into());
    }

    /// The pattern that the schema at this address stands for.
    pub(super) fn pattern_at(&self, address: &str) -> Option<&str> {
        let number = address.strip_prefix(ADDRESS)?.split('#').next()?;
        let pattern = self.patterns.get(number.parse::<usize>().ok()?)?;
        Some(&pattern.text)
    }
}

fn is_run_by_validator(pattern: &str) -> bool {
    patterns::is_plain(&translate(pattern, false))
}

/// A property that has two schemas must fit both.
fn add_property(object: &mut Map<String, Json>, name: &str, schema: &Json) {
    let properties = object.entry("properties").or_insert_with(|| json!({}));
    let Json::Object(properties) = properties else {
        return;
    };
    let both = match properties.remove(name) {
        Some(own) => json!({ "allOf": [own, schema] }),
        None => schema.clone(),
    };
    properties.insert(name.to_owned(), both);
}

fn push(object: &mut Map<String, Json>, key: &str, schema: Json) {
    if let Json::Array(list) = object.entry(key).or_insert_with(|| json!([])) {
        list.push(schema);
    }
}

/// All texts of a value, the names of its members included.
fn gather<'v>(value: &'v Json, texts: &mut BTreeSet<&'v str>) {
    match value {
        Json::String(text) => {
            texts.insert(text);
        }
        Json::Array(items) => items.iter().for_each(|item| gather(item, texts)),
        Json::Object(members) => {
            for (name, member) in members {
                texts.insert(name);
                gather(member, texts);
            }
        }
        _ => {}
    }
}

/// What a keyword holds, definitions included, which only a schema of its own has.
fn holds_schemas(keyword: &str) -> Option<Holds> {
    match keyword {
        "$defs" | "definitions" => Some(Holds::Named),
        keyword => holds(keyword),
    }
}

/// Every object that is a schema, those inside first.
fn change(schema: &mut Json, each: &mut dyn FnMut(&mut Map<String, Json>)) {
    let Json::Object(object) = schema else {
        return;
    };
    for (keyword, value) in object.iter_mut() {
        match (holds_schemas(keyword), value) {
            (Some(Holds::One | Holds::List), Json::Array(schemas)) => {
                schemas.iter_mut().for_each(|schema| change(schema, each));
            }
            (Some(Holds::Named), Json::Object(schemas)) => {
                schemas.values_mut().for_each(|schema| change(schema, each));
            }
            (Some(Holds::One), schema) => change(schema, each),
            _ => {}
        }
    }
    each(object);
}
