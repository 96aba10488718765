//! Whether the schemas of a request say what may be sent: types, formats, alternatives.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::level::Level;
use crate::score::rule::{Family, Number, Rule};
use crate::score::schema::{self, has_type, properties, types};
use crate::score::survey::Survey;
use crate::score::tally::{Failure, Fix, Tally};
use crate::score::words::words;
use crate::tree::Node;

/// Alternatives that are compared with each other.
const ALTERNATIVES_MAX: usize = 50;

/// Keywords that say something about the value by themselves.
const TELLING: [&str; 14] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "enum",
    "if",
    "items",
    "not",
    "oneOf",
    "pattern",
    "patternProperties",
    "properties",
    "type",
];

pub(in crate::score::rules) fn is_untyped(schema: Node<'_>) -> bool {
    !schema
        .members()
        .any(|member| TELLING.contains(&member.name()))
}

pub(in crate::score::rules) const UNTYPED: Rule = Rule {
    id: "schema-untyped",
    family: Family::Inputs,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "Every value that is sent has a type.",
    measure: "Schemas that requests use; one fails with nothing that restricts the value.",
    explain: "Without a type an agent sends what looks right, and learns from the error what was meant.",
    repair: "Give it a `type`.",
    check: untyped,
};

fn untyped<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    for used in survey.schemas.iter().filter(|used| used.role.is_input) {
        let failure = || Failure::at(used.node, None, "the schema says nothing about the value");
        tally.check(is_untyped(used.node).then(failure));
    }
}

pub(in crate::score::rules) const FREE_FORM: Rule = Rule {
    id: "free-form-object",
    family: Family::Inputs,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "Every object that is sent names its members.",
    measure: "Object schemas that requests use; one fails with neither properties nor a schema for its values.",
    explain: "An open object invites invented members, which most servers drop without a word.",
    repair: "List the `properties`, or describe the values with `additionalProperties`.",
    check: free_form,
};

fn free_form<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let inputs = survey.schemas.iter().filter(|used| used.role.is_input);
    for used in inputs.filter(|used| has_type(used.node, "object")) {
        let named = ["allOf", "anyOf", "oneOf", "patternProperties", "properties"];
        let has_names = named.iter().any(|name| used.node.get(name).is_some());
        let values = used.node.get("additionalProperties");
        let has_values =
            values.is_some_and(|values| values.is_object() && values.members().next().is_some());
        let is_closed = values.and_then(Node::as_bool) == Some(false);
        let failure = || Failure::at(used.node, None, "the object may have any member");
        tally.check((!has_names && !has_values && !is_closed).then(failure));
    }
}

pub(in crate::score::rules) const UNCONSTRAINED: Rule = Rule {
    id: "string-unconstrained",
    family: Family::Inputs,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "A text with a known form says which.",
    measure: "String parameters and request properties whose name ends in a word such as `email`, `url`, `date`, `currency`; one fails without `format`, `enum`, `pattern` or `const`.",
    explain: "`2026-03-01`, `1 March` and `1772323200` are all dates. The format costs two tokens and saves a call.",
    repair: "Add `format`, or a `pattern` where no format fits.",
    check: unconstrained,
};

/// The last word of a name, and the format that a machine may be sure of.
const FORMS: [(&str, Option<&str>); 12] = [
    ("country", None),
    ("currency", None),
    ("date", None),
    ("email", Some("email")),
    ("language", None),
    ("locale", None),
    ("phone", None),
    ("timestamp", None),
    ("timezone", None),
    ("uri", Some("uri")),
    ("url", Some("uri")),
    ("uuid", Some("uuid")),
];

fn unconstrained<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let parameters = survey.parameters().into_iter().filter_map(|(at, p)| {
        let schema = survey.resolver.follow(p.schema?)?;
        Some((at, p.name, p.node, schema))
    });
    let properties = survey.properties.iter().filter(|p| p.role.is_input);
    let properties = properties.map(|p| (None, p.name, p.key, p.schema));
    for (at, name, place, schema) in parameters.chain(properties) {
        let last = words(name).pop().unwrap_or_default();
        let form = FORMS.iter().find(|(word, _)| *word == last);
        let Some((_, format)) = form.filter(|_| types(schema) == ["string"]) else {
            continue;
        };
        let forms = ["const", "enum", "format", "pattern"];
        let is_wrong = !forms.iter().any(|name| schema.get(name).is_some());
        tally.check(is_wrong.then(|| {
            let failure = Failure::at(
                place,
                at,
                format!("`{name}` is any text, though its name promises a form"),
            );
            match format {
                Some(format) => failure.fixed(Fix::update(
                    schema,
                    json!({ "format": format }),
                    "the format that the name promises",
                )),
                None => failure,
            }
        }));
    }
}

pub(in crate::score::rules) const ENUM_UNDOCUMENTED: Rule = Rule {
    id: "enum-value-undocumented",
    family: Family::Inputs,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "Codes that do not speak for themselves are explained.",
    measure: "Enums of requests whose values are all numbers or of at most 2 letters; one fails when its description leaves out any of the values.",
    explain: "An agent cannot choose between 1, 2 and 3.",
    repair: "Say in the description what each value stands for.",
    check: enum_undocumented,
};

fn enum_undocumented<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let parameters = survey.parameters().into_iter().filter_map(|(at, p)| {
        let schema = survey.resolver.follow(p.schema?)?;
        Some((at, p.node, schema, p.description))
    });
    let properties = survey.properties.iter().filter(|p| p.role.is_input);
    let properties = properties.map(|p| (None, p.key, p.schema, text(p.raw)));
    for (at, place, schema, beside) in parameters.chain(properties) {
        let values = schema.get("enum").into_iter().flat_map(Node::elements);
        let values: Vec<&str> = values
            .filter(|v| !v.is_null())
            .filter_map(Node::scalar_text)
            .collect();
        let is_code = |value: &&str| value.chars().count() <= 2 || value.parse::<f64>().is_ok();
        if values.len() < 2 || !values.iter().all(is_code) {
            continue;
        }
        let says = format!("{beside}\n{}", text(schema));
        let said: BTreeSet<&str> = says
            .split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_')
            .collect();
        let missing = values
            .iter()
            .find(|value| !said.contains(**value) && !says.contains(&format!("`{value}`")));
        tally.check(missing.map(|value| {
            Failure::at(
                place,
                at,
                format!("nothing says what the value `{value}` stands for"),
            )
        }));
    }
}

fn text(schema: Node<'_>) -> &str {
    let text = schema.get("description").and_then(Node::as_str);
    text.unwrap_or_default()
}

pub(in crate::score::rules) const NO_DISCRIMINATOR: Rule = Rule {
    id: "one-of-without-discriminator",
    family: Family::Inputs,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "Alternatives of an object can be told apart.",
    measure: "`oneOf` and `anyOf` of two or more objects that requests use; one fails without a discriminator, a property that every alternative fixes, or a required property of its own in each.",
    explain: "Agents mix the members of alternatives that nothing holds apart.",
    repair: "Add a `discriminator`, or a property with a `const` of its own to each alternative.",
    check: no_discriminator,
};

fn no_discriminator<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    for used in survey.schemas.iter().filter(|used| used.role.is_input) {
        for keyword in ["oneOf", "anyOf"] {
            let Some(list) = used.node.get(keyword) else {
                continue;
            };
            let alternatives = list.elements().take(ALTERNATIVES_MAX);
            let alternatives = alternatives.filter_map(|raw| survey.resolver.follow(raw));
            let objects: Vec<Node<'t>> = alternatives
                .filter(|node| schema::is_object(*node))
                .collect();
            if objects.len() < 2 {
                continue;
            }
            let told = used.node.get("discriminator").is_some() || is_told_apart(survey, &objects);
            let failure = || {
                Failure::at(
                    list,
                    None,
                    format!("nothing tells the alternatives of `{keyword}` apart"),
                )
            };
            tally.check((!told).then(failure));
        }
    }
}

fn is_told_apart<'t>(survey: &Survey<'t>, objects: &[Node<'t>]) -> bool {
    let all: Vec<_> = objects
        .iter()
        .map(|node| properties(*node, &survey.resolver))
        .collect();
    let is_fixed = |schema: Node<'t>| {
        let values = schema.get("enum").map(|values| values.elements().count());
        schema.get("const").is_some() || values == Some(1)
    };
    let fixed_in = |properties: &[schema::Property<'t>], name: &str| {
        properties
            .iter()
            .any(|p| p.name == name && is_fixed(p.schema))
    };
    let shared = all[0]
        .iter()
        .any(|first| all.iter().all(|other| fixed_in(other, first.name)));
    shared
        || objects.iter().enumerate().all(|(at, object)| {
            let own = schema::required(*object);
            let others = || all.iter().enumerate().filter(|(other, _)| *other != at);
            own.iter().any(|name| {
                others().all(|(_, properties)| properties.iter().all(|p| p.name != *name))
            })
        })
}

pub(in crate::score::rules) const OVERLAP: Rule = Rule {
    id: "any-of-overlap",
    family: Family::Inputs,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "Alternatives of a scalar exclude each other.",
    measure: "`oneOf` and `anyOf` that requests use; one fails when two alternatives are of the same scalar type and neither is restricted.",
    explain: "Two alternatives that accept the same value are one, written twice; under `oneOf` every value of both is refused.",
    repair: "Join them, or restrict each.",
    check: overlap,
};

fn overlap<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    for used in survey.schemas.iter().filter(|used| used.role.is_input) {
        for keyword in ["oneOf", "anyOf"] {
            let Some(list) = used.node.get(keyword) else {
                continue;
            };
            let mut seen = BTreeSet::new();
            let alternatives = list.elements().take(ALTERNATIVES_MAX);
            let mut alternatives = alternatives.filter_map(|raw| survey.resolver.follow(raw));
            let double =
                alternatives.find_map(|node| open_scalar(node).filter(|name| !seen.insert(*name)));
            tally.check(double.map(|name| {
                Failure::at(
                    list,
                    None,
                    format!("two alternatives of `{keyword}` are any {name}"),
                )
            }));
        }
    }
}

/// The type of a scalar schema that restricts nothing else.
fn open_scalar<'t>(schema: Node<'t>) -> Option<&'t str> {
    let limits = [
        "const",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "format",
        "maxLength",
        "maximum",
        "minLength",
        "minimum",
        "multipleOf",
        "pattern",
    ];
    let is_limited = limits.iter().any(|name| schema.get(name).is_some());
    match types(schema).as_slice() {
        [name] if !is_limited && !matches!(*name, "object" | "array" | "null") => Some(name),
        _ => None,
    }
}

pub(in crate::score::rules) const DEFAULT_UNDOCUMENTED: Rule = Rule {
    id: "default-undocumented",
    family: Family::Inputs,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "A default is in the schema, not only in the prose.",
    measure: "Optional parameters and request properties whose description names a number, a truth value or a listed value as the default; one fails without `default` in the schema.",
    explain: "Tools and SDKs read the schema. A default in prose is filled in by some callers and not by others.",
    repair: "Add `default`.",
    check: default_undocumented,
};

const DEFAULT_PHRASES: [&str; 4] = [
    "default is ",
    "default value is ",
    "default: ",
    "defaults to ",
];

fn default_undocumented<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let parameters = survey
        .parameters()
        .into_iter()
        .filter(|(_, p)| !p.is_required);
    let parameters = parameters.filter_map(|(at, p)| {
        let schema = survey.resolver.follow(p.schema?)?;
        Some((at, p.node, schema, p.description))
    });
    let properties = survey
        .properties
        .iter()
        .filter(|p| p.role.is_input && !p.is_required);
    let properties = properties.map(|p| (None, p.key, p.schema, text(p.raw)));
    for (at, place, schema, description) in parameters.chain(properties) {
        let named = named_default(description).and_then(|word| typed(word, schema));
        let Some(value) = named else {
            continue;
        };
        let is_wrong = schema.get("default").is_none();
        tally.check(is_wrong.then(|| {
            let update = json!({ "default": value });
            Failure::at(
                place,
                at,
                "the default is in the description and not in the schema",
            )
            .fixed(Fix::update(
                schema,
                update,
                "the default that the description names",
            ))
        }));
    }
}

/// The word after the phrase that names a default.
fn named_default(description: &str) -> Option<&str> {
    // ASCII only, so that places in the copy are places in the original.
    let lower = description.to_ascii_lowercase();
    let starts = DEFAULT_PHRASES
        .iter()
        .filter_map(|phrase| Some(lower.find(phrase)? + phrase.len()));
    let rest = &description[starts.min()?..];
    let word = rest.split_whitespace().next()?;
    let word = word
        .trim_matches(|c: char| matches!(c, '`' | '"' | '\'' | '.' | ',' | ';' | '*' | ')' | '('));
    (!word.is_empty()).then_some(word)
}

/// The word as a value of the schema; `None` when it may be no value at all.
fn typed(word: &str, schema: Node<'_>) -> Option<Json> {
    let values = schema.get("enum").into_iter().flat_map(Node::elements);
    let is_listed = values.filter_map(Node::as_str).any(|value| value == word);
    match types(schema).first().copied()? {
        "integer" | "number" => word.parse::<i64>().ok().map(Json::from),
        "boolean" => word.parse::<bool>().ok().map(Json::from),
        "string" if is_listed => Some(Json::from(word)),
        _ => None,
    }
}
