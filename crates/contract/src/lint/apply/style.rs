//! How values of repairs are written: as JSON, in YAML's brackets, or as a YAML block.

use serde::Serialize as _;
use serde_json::Value as Json;
use serde_json::ser::{PrettyFormatter, Serializer};

/// Words that YAML 1.1 or 1.2 reads as something else than a text.
const NO_TEXTS: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

/// A text without quotes where no reader of YAML can take it for something else, else in single quotes, else as JSON.
pub(super) fn yaml_text(text: &str) -> String {
    match is_plain(text) {
        true => text.to_owned(),
        false => single_quoted(text),
    }
}

pub(super) fn single_quoted(text: &str) -> String {
    match text.chars().any(char::is_control) {
        true => Json::from(text).to_string(),
        false => format!("'{}'", text.replace('\'', "''")),
    }
}

fn is_plain(text: &str) -> bool {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "_-./: ".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(is_safe)
        && !text.ends_with([':', ' '])
        && !text.contains(": ")
        && !NO_TEXTS.contains(&text.to_ascii_lowercase().as_str())
}

/// On one line, with brackets.
pub(super) fn yaml_inline(value: &Json) -> String {
    match value {
        Json::String(text) => yaml_text(text),
        Json::Array(elements) => {
            let elements: Vec<String> = elements.iter().map(yaml_inline).collect();
            format!("[{}]", elements.join(", "))
        }
        Json::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| format!("{}: {}", yaml_text(name), yaml_inline(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        scalar => scalar.to_string(),
    }
}

/// As lines of a block, the first of which stands behind a key or a dash.
pub(super) fn yaml_lines(value: &Json) -> Vec<String> {
    match value {
        Json::Object(members) if !members.is_empty() => members
            .iter()
            .flat_map(|(name, value)| yaml_member(name, value))
            .collect(),
        Json::Array(elements) if !elements.is_empty() => {
            elements.iter().flat_map(yaml_element).collect()
        }
        value => vec![yaml_inline(value)],
    }
}

/// `name: value`, what is nested on lines of its own.
pub(super) fn yaml_member(name: &str, value: &Json) -> Vec<String> {
    let key = yaml_text(name);
    let lines = yaml_lines(value);
    let is_nested = match value {
        Json::Object(members) => !members.is_empty(),
        Json::Array(elements) => !elements.is_empty(),
        _ => false,
    };
    if !is_nested {
        return vec![format!("{key}: {}", lines.concat())];
    }
    let nested = lines.into_iter().map(|line| format!("  {line}"));
    std::iter::once(format!("{key}:")).chain(nested).collect()
}

/// `- value`, further lines below the value.
pub(super) fn yaml_element(value: &Json) -> Vec<String> {
    let lines = yaml_lines(value).into_iter().enumerate();
    let with_dash = lines.map(|(at, line)| match at {
        0 => format!("- {line}"),
        _ => format!("  {line}"),
    });
    with_dash.collect()
}

/// How a JSON document is laid out at one place.
#[derive(Debug, Clone)]
pub(super) enum JsonLayout {
    /// Without any space.
    Tight,
    /// On one line.
    Line,
    /// Over several lines: the indent of the place, and what one level adds.
    Lines { indent: String, unit: String },
}

pub(super) fn json(value: &Json, layout: &JsonLayout) -> String {
    let JsonLayout::Lines { indent, unit } = layout else {
        let tight = value.to_string();
        return match layout {
            JsonLayout::Tight => tight,
            _ => json_line(value),
        };
    };
    let mut bytes = Vec::new();
    let formatter = PrettyFormatter::with_indent(unit.as_bytes());
    let written = value.serialize(&mut Serializer::with_formatter(&mut bytes, formatter));
    match (written, String::from_utf8(bytes)) {
        // No text of JSON holds a line break as it is.
        (Ok(()), Ok(text)) => text.replace('\n', &format!("\n{indent}")),
        _ => json_line(value),
    }
}

fn json_line(value: &Json) -> String {
    match value {
        Json::Array(elements) => {
            let elements: Vec<String> = elements.iter().map(json_line).collect();
            format!("[{}]", elements.join(", "))
        }
        Json::Object(members) => {
            let members = members.iter().map(|(name, value)| {
                format!("{}: {}", Json::from(name.as_str()), json_line(value))
            });
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        scalar => scalar.to_string(),
    }
}
