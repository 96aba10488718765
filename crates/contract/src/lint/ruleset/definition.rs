//! Reads one rule of a ruleset.

use std::sync::Arc;

use super::edit::{Definition, Edit};
use super::function;
use super::problems::{Problems, formats, texts};
use crate::level::Level;
use crate::lint::formats::SpecFormat;
use crate::lint::path;
use crate::lint::rule::{Aliases, Field, Then};
use crate::tree::{Member, Node, Value};

const LEVELS: &str = "write error, warn, info, hint or off";

/// What the ruleset says about the rule; `None` where it is wrong, which is among the problems then.
pub(super) fn edit(
    member: Member<'_>,
    is_known: bool,
    aliases: &Arc<Aliases>,
    problems: &mut Problems<'_>,
) -> Option<Edit> {
    if !is_known && !member.value.is_object() {
        let message = format!("there is no rule `{}` to change", member.name());
        problems.error(
            member.key,
            message,
            "extend the ruleset that has it, or correct the name",
        );
        return None;
    }
    match member.value.value() {
        Value::Bool(is_enabled) => Some(Edit::Enabled(is_enabled)),
        Value::Object(_) => define(member, is_known, aliases, problems),
        _ => level(member.value, problems).map(Edit::Level),
    }
}

/// A severity; the inner `None` is off.
fn level(node: Node<'_>, problems: &mut Problems<'_>) -> Option<Option<Level>> {
    let level = match node.scalar_text() {
        Some("error" | "0") => Some(Level::Error),
        Some("warn" | "1") => Some(Level::Warning),
        Some("info" | "2") => Some(Level::Info),
        Some("hint" | "3") => Some(Level::Hint),
        Some("off" | "-1") => None,
        _ => {
            problems.error(node, "this is no severity", LEVELS);
            return None;
        }
    };
    Some(level)
}

fn define(
    member: Member<'_>,
    is_known: bool,
    aliases: &Arc<Aliases>,
    problems: &mut Problems<'_>,
) -> Option<Edit> {
    let before = problems.errors.len();
    let mut definition = Definition {
        aliases: Arc::clone(aliases),
        ..Definition::default()
    };
    for field in member.value.members() {
        read_field(&mut definition, field, problems);
    }
    for (name, is_missing) in [
        ("given", definition.given.is_none()),
        ("then", definition.then.is_none()),
    ] {
        if is_missing && !is_known && problems.errors.len() == before {
            let message = format!("the rule `{}` has no `{name}`", member.name());
            problems.error(
                member.key,
                message,
                "a rule says where it looks (`given`) and what must hold there (`then`)",
            );
        }
    }
    (problems.errors.len() == before).then(|| Edit::Define(Box::new(definition)))
}

fn read_field(definition: &mut Definition, field: Member<'_>, problems: &mut Problems<'_>) {
    let value = field.value;
    match field.name() {
        "description" => definition.description = value.as_str().map(str::to_owned),
        "message" => definition.message = value.as_str().map(str::to_owned),
        "severity" => definition.level = level(value, problems),
        "recommended" => definition.is_recommended = Some(value.as_bool() != Some(false)),
        "resolved" => definition.is_resolved = Some(value.as_bool() != Some(false)),
        "formats" => definition.formats = formats(Some(value), problems),
        "given" => definition.given = given(value, &definition.aliases, problems),
        "then" => definition.then = thens(value, problems),
        "documentationUrl" | "tags" | "type" | "enabled" | "extensions" => {}
        name => problems.error(
            field.key,
            format!("a rule has no field `{name}`"),
            "remove it or correct its name: description, message, severity, recommended, resolved, formats, given, then",
        ),
    }
}

fn given(node: Node<'_>, aliases: &Aliases, problems: &mut Problems<'_>) -> Option<Vec<String>> {
    let written = texts(node, problems);
    let versions = [
        SpecFormat::Oas3_0,
        SpecFormat::Oas3_1,
        SpecFormat::Oas3_2,
        SpecFormat::Oas3,
    ];
    for text in &written {
        for format in versions {
            let wrong = aliases.expand(text, &[format]).and_then(|paths| {
                paths.iter().try_for_each(|path| {
                    path::parse(path)
                        .map(|_| ())
                        .map_err(|error| format!("`{path}` is not understood: {error}"))
                })
            });
            if let Err(message) = wrong {
                problems.error(
                    node,
                    message,
                    "write a JSONPath such as `$.paths[*][get,post]` or `#Alias`",
                );
                return None;
            }
        }
    }
    Some(written)
}

fn thens(node: Node<'_>, problems: &mut Problems<'_>) -> Option<Vec<Then>> {
    let items: Vec<Node<'_>> = match node.is_array() {
        true => node.elements().collect(),
        false => vec![node],
    };
    items.into_iter().map(|item| then(item, problems)).collect()
}

fn then(node: Node<'_>, problems: &mut Problems<'_>) -> Option<Then> {
    let field = match node.get("field") {
        Some(field) => Some(field_of(field, problems)?),
        None => None,
    };
    let Some(name) = node.get("function") else {
        problems.error(
            node,
            "`then` has no `function`",
            "name a built-in function such as `truthy` or `pattern`",
        );
        return None;
    };
    let function = function::read(name, node.get("functionOptions"), problems)?;
    Some(Then {
        field,
        function: Arc::new(function),
    })
}

fn field_of(node: Node<'_>, problems: &mut Problems<'_>) -> Option<Field> {
    let text = node.scalar_text().unwrap_or_default();
    match text {
        "@key" => Some(Field::Keys),
        text if is_path(text) => match path::parse(text) {
            Ok(path) => Some(Field::Path(Box::new(path))),
            Err(error) => {
                problems.error(
                    node,
                    format!("`{text}` is not understood: {error}"),
                    "write a name, `@key` or a JSONPath",
                );
                None
            }
        },
        text => Some(Field::Names(names(text))),
    }
}

/// `$.a`, `$..a`, `$[0]`; but `$ref` is a name.
fn is_path(field: &str) -> bool {
    let rest = field.strip_prefix('$');
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// `a.b[0]['c']` in its parts.
fn names(text: &str) -> Vec<String> {
    text.split(['.', '['])
        .map(|part| part.trim_end_matches(']').trim_matches(['\'', '"']))
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}
