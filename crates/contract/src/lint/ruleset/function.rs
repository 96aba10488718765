//! Reads the name of a function and its options.

use serde_json::Value as Json;

use super::problems::{Problems, texts};
use crate::lint::casing;
use crate::lint::function::{Function, OasFunction, SchemaOptions};
use crate::lint::json::to_json;
use crate::lint::path::Js;
use crate::lint::regex::Pattern;
use crate::lint::validate::Validator;
use crate::tree::Node;

const KNOWN: &str = "use alphabetical, casing, defined, enumeration, falsy, length, or, pattern, schema, truthy, typedEnum, undefined, unreferencedReusableObject or xor";

pub(super) fn read(
    name: Node<'_>,
    options: Option<Node<'_>>,
    problems: &mut Problems<'_>,
) -> Option<Function> {
    let reader = Options { name, options };
    let text = name.as_str().unwrap_or_default();
    Some(match text {
        "truthy" => Function::Truthy,
        "falsy" => Function::Falsy,
        "defined" => Function::Defined,
        "undefined" => Function::Undefined,
        "typedEnum" => Function::TypedEnum,
        "alphabetical" => Function::Alphabetical {
            keyed_by: reader.text("keyedBy"),
        },
        "casing" => reader.casing(problems)?,
        "enumeration" => {
            let values = reader.required("values", problems)?;
            Function::Enumeration(values.elements().map(to_json).collect())
        }
        "length" => reader.length(problems)?,
        "or" => Function::Or(reader.properties(problems)?),
        "xor" => Function::Xor(reader.properties(problems)?),
        "pattern" => reader.pattern(problems)?,
        "schema" => reader.schema(problems)?,
        "unreferencedReusableObject" => Function::Unreferenced {
            container: reader
                .required("reusableObjectsLocation", problems)?
                .as_str()?
                .to_owned(),
        },
        text => match OasFunction::named(text) {
            Some(function) => Function::Oas(function),
            None => {
                problems.error(
                    name,
                    format!("there is no function `{text}`; functions in JavaScript are not run"),
                    KNOWN,
                );
                return None;
            }
        },
    })
}

struct Options<'t> {
    name: Node<'t>,
    options: Option<Node<'t>>,
}

impl<'t> Options<'t> {
    fn get(&self, key: &str) -> Option<Node<'t>> {
        self.options.and_then(|options| options.get(key))
    }

    fn text(&self, key: &str) -> Option<String> {
        self.get(key).and_then(Node::scalar_text).map(str::to_owned)
    }

    fn number(&self, key: &str) -> Option<f64> {
        match self.get(key).map(Js::of) {
            Some(Js::Number(number)) => Some(number),
            _ => None,
        }
    }

    fn function(&self) -> &'t str {
        self.name.as_str().unwrap_or_default()
    }

    fn required(&self, key: &str, problems: &mut Problems<'_>) -> Option<Node<'t>> {
        let found = self.get(key);
        if found.is_none() {
            let message = format!("`{}` needs the option `{key}`", self.function());
            problems.error(
                self.options.unwrap_or(self.name),
                message,
                "add it under `functionOptions`",
            );
        }
        found
    }

    fn properties(&self, problems: &mut Problems<'_>) -> Option<Vec<String>> {
        let node = self.required("properties", problems)?;
        let names = texts(node, problems);
        if names.len() < 2 {
            problems.error(
                node,
                format!("`{}` compares at least two properties", self.function()),
                "list their names",
            );
            return None;
        }
        Some(names)
    }

    fn length(&self, problems: &mut Problems<'_>) -> Option<Function> {
        let (min, max) = (self.number("min"), self.number("max"));
        if min.is_none() && max.is_none() {
            problems.error(
                self.options.unwrap_or(self.name),
                "`length` needs the option `min` or `max`",
                "add a number under `functionOptions`",
            );
            return None;
        }
        Some(Function::Length { min, max })
    }

    fn pattern(&self, problems: &mut Problems<'_>) -> Option<Function> {
        if self.get("match").is_none() && self.get("notMatch").is_none() {
            problems.error(
                self.options.unwrap_or(self.name),
                "`pattern` needs the option `match` or `notMatch`",
                "add a regular expression under `functionOptions`",
            );
            return None;
        }
        Some(Function::Pattern {
            matches: self.compiled("match", problems)?,
            not_matches: self.compiled("notMatch", problems)?,
        })
    }

    /// The outer `None` where the pattern is wrong.
    fn compiled(&self, key: &str, problems: &mut Problems<'_>) -> Option<Option<Pattern>> {
        let Some(node) = self.get(key) else {
            return Some(None);
        };
        match Pattern::of_ruleset(node.scalar_text().unwrap_or_default()) {
            Ok(pattern) => Some(Some(pattern)),
            Err(error) => {
                problems.error(
                    node,
                    format!("this is no regular expression: {error}"),
                    "write it as ECMAScript does, with or without `/…/`",
                );
                None
            }
        }
    }

    fn casing(&self, problems: &mut Problems<'_>) -> Option<Function> {
        let kind = self.required("type", problems)?;
        let name = kind.as_str().unwrap_or_default();
        let separator = self.get("separator");
        let char = separator
            .and_then(|s| s.get("char"))
            .and_then(Node::scalar_text);
        let leads = separator
            .and_then(|s| s.get("allowLeading"))
            .and_then(Node::as_bool)
            .unwrap_or(false);
        let digits = self.get("disallowDigits").and_then(Node::as_bool) != Some(true);
        let Some(source) = casing::pattern(name, digits, char, leads) else {
            problems.error(
                kind,
                format!("there is no casing `{name}`"),
                "write flat, camel, pascal, kebab, cobol, snake or macro",
            );
            return None;
        };
        let pattern = Pattern::new(&source, "", &source).ok()?;
        Some(Function::Casing {
            name: name.to_owned(),
            pattern,
            lone: char.filter(|_| leads).map(str::to_owned),
        })
    }

    fn schema(&self, problems: &mut Problems<'_>) -> Option<Function> {
        let schema = self.required("schema", problems)?;
        let mut json = to_json(schema);
        if let Some(file) = outside_reference(&json) {
            problems.note(
                schema,
                &format!(
                    "a schema is not read from another file, `{file}`: the rule finds nothing"
                ),
                "write that schema into the ruleset",
            );
            json = Json::Bool(true);
        }
        match Validator::new(&json, self.text("dialect").as_deref()) {
            Ok(validator) => Some(Function::Schema(Box::new(SchemaOptions {
                validator,
                is_exhaustive: self.get("allErrors").map(to_json) == Some(Json::Bool(true)),
            }))),
            Err(error) => {
                problems.error(
                    schema,
                    format!("this is no JSON Schema: {error}"),
                    "correct it, or name its `dialect`",
                );
                None
            }
        }
    }
}

/// The first reference of a schema that leads out of it.
fn outside_reference(schema: &Json) -> Option<&str> {
    match schema {
        Json::Object(members) => {
            let own = members.get("$ref").and_then(Json::as_str);
            let own = own.filter(|text| !text.starts_with('#') && !text.contains("://"));
            own.or_else(|| members.values().find_map(outside_reference))
        }
        Json::Array(elements) => elements.iter().find_map(outside_reference),
        _ => None,
    }
}
