//! Whether an example fits its schema, as far as a look tells: types, enums, constants, required members, bounds.

use crate::score::resolver::Resolver;
use crate::score::schema::{is_true, required, types};
use crate::tree::{Node, Value};

/// Schemas inside of schemas.
const DEPTH_MAX: usize = 24;
/// What is looked at of a list.
const ELEMENTS_MAX: usize = 100;

/// What is wrong, or `None`. Compositions other than `allOf` are not looked into, so nothing right is called wrong.
pub(super) fn misfit<'t>(
    value: Node<'t>,
    raw: Node<'t>,
    resolver: &Resolver<'t>,
) -> Option<String> {
    nested(value, raw, resolver, DEPTH_MAX)
}

fn nested<'t>(
    value: Node<'t>,
    raw: Node<'t>,
    resolver: &Resolver<'t>,
    depth: usize,
) -> Option<String> {
    let schema = resolver.follow(raw).filter(|_| depth > 0)?;
    if value.is_null() && is_true(schema, "nullable") {
        return None;
    }
    wrong_type(value, schema)
        .or_else(|| wrong_value(value, schema))
        .or_else(|| wrong_bounds(value, schema))
        .or_else(|| wrong_members(value, schema, resolver, depth))
}

fn wrong_type(value: Node<'_>, schema: Node<'_>) -> Option<String> {
    let allowed = types(schema);
    let fits = |name: &&str| match (*name, value.value()) {
        ("null", Value::Null)
        | ("boolean", Value::Bool(_))
        | ("number", Value::Number(_))
        | ("string", Value::String(_))
        | ("array", Value::Array(_))
        | ("object", Value::Object(_)) => true,
        ("integer", Value::Number(text)) => text
            .parse::<f64>()
            .is_ok_and(|number| number.fract() == 0.0),
        ("array" | "boolean" | "integer" | "null" | "number" | "object" | "string", _) => false,
        // A type that JSON Schema does not have restricts nothing.
        _ => true,
    };
    let is_wrong = !allowed.is_empty() && !allowed.iter().any(fits);
    is_wrong.then(|| {
        format!(
            "it is {}, not {}",
            value.value().described(),
            allowed.join(" or ")
        )
    })
}

fn wrong_value(value: Node<'_>, schema: Node<'_>) -> Option<String> {
    if let Some(values) = schema.get("enum").filter(|values| values.is_array()) {
        let listed = values.elements().any(|allowed| allowed.same_value(value));
        if !listed {
            return Some("it is none of the values of `enum`".to_owned());
        }
    }
    let fixed = schema.get("const")?;
    (!fixed.same_value(value)).then(|| "it is not the value of `const`".to_owned())
}

fn wrong_bounds(value: Node<'_>, schema: Node<'_>) -> Option<String> {
    let bound = |name: &str| schema.get(name)?.scalar_text()?.parse::<f64>().ok();
    let broken = |below: Option<f64>, above: Option<f64>, size: f64, what: &str| {
        let is_broken = below.is_some_and(|min| size < min) || above.is_some_and(|max| size > max);
        is_broken.then(|| format!("its {what} is out of bounds"))
    };
    match value.value() {
        Value::Number(text) => {
            let number = text.parse::<f64>().ok()?;
            broken(bound("minimum"), bound("maximum"), number, "value")
        }
        Value::String(text) => {
            let length = text.chars().count() as f64;
            broken(bound("minLength"), bound("maxLength"), length, "length")
        }
        Value::Array(elements) => {
            let length = elements.count() as f64;
            broken(
                bound("minItems"),
                bound("maxItems"),
                length,
                "number of elements",
            )
        }
        _ => None,
    }
}

fn wrong_members<'t>(
    value: Node<'t>,
    schema: Node<'t>,
    resolver: &Resolver<'t>,
    depth: usize,
) -> Option<String> {
    if value.is_object()
        && let Some(name) = required(schema)
            .into_iter()
            .filter(|name| value.get(name).is_none())
            .min()
        && !is_one_sided(schema, name, resolver)
    {
        return Some(format!("it lacks `{name}`"));
    }
    let members = value.members().filter_map(|member| {
        let schema = schema.get("properties")?.get(member.name())?;
        nested(member.value, schema, resolver, depth - 1)
            .map(|wrong| format!("in `{}` {wrong}", member.name()))
    });
    let items = schema.get("items");
    let elements = value.elements().take(ELEMENTS_MAX);
    let elements = elements.filter_map(|element| nested(element, items?, resolver, depth - 1));
    let parts = schema.get("allOf").into_iter().flat_map(Node::elements);
    let parts = parts.filter_map(|part| nested(value, part, resolver, depth - 1));
    members.chain(elements).chain(parts).next()
}

/// Whether the property belongs to requests or to responses alone; an example is of one side.
fn is_one_sided<'t>(schema: Node<'t>, name: &str, resolver: &Resolver<'t>) -> bool {
    let property = schema
        .get("properties")
        .and_then(|properties| properties.get(name));
    let property = property.and_then(|raw| resolver.follow(raw));
    property.is_some_and(|property| is_true(property, "readOnly") || is_true(property, "writeOnly"))
}
