//! The arguments of an operation as one object schema: its parameters by name, and its body.

use rustc_hash::FxHashMap;

use super::schema_text::SchemaText;
use super::text::push_string;
use crate::score::resolver::Resolver;
use crate::score::survey::{Operation, Parameter};

/// Header parameters that OpenAPI tells readers to ignore (3.1, 4.8.12.2), and which no agent fills in.
const IGNORED_HEADERS: [&str; 3] = ["accept", "authorization", "content-type"];

/// The argument that holds the request body.
const BODY: &str = "body";

pub(super) fn schema<'t>(
    operation: &Operation<'t>,
    resolver: &Resolver<'t>,
    limit: usize,
) -> String {
    let taken = || operation.parameters.iter().filter(|p| !is_ignored(p));
    let mut uses: FxHashMap<&str, u32> = FxHashMap::default();
    for parameter in taken() {
        *uses.entry(parameter.name).or_default() += 1;
    }
    let name = |parameter| argument_name(parameter, operation, uses[parameter.name]);
    let mut arguments: Vec<(String, &Parameter<'t>)> = taken()
        .map(|parameter| (name(parameter), parameter))
        .collect();
    arguments.sort_by(|a, b| a.0.cmp(&b.0));

    let mut text = SchemaText::new(resolver, limit);
    text.out.push_str("{\"type\":\"object\",\"properties\":{");
    let mut separator = "";
    for (name, parameter) in &arguments {
        text.out.push_str(separator);
        separator = ",";
        push_string(&mut text.out, name);
        text.out.push(':');
        match parameter.schema {
            Some(schema) => text.push(schema, parameter.description),
            None => push_described(&mut text.out, parameter.description),
        }
    }
    if let Some(body) = &operation.body {
        text.out.push_str(separator);
        push_string(&mut text.out, BODY);
        text.out.push(':');
        match body.chosen().and_then(|media| media.schema) {
            Some(schema) => text.push(schema, body.description),
            None => push_described(&mut text.out, body.description),
        }
    }
    text.out.push('}');
    let body_is_required = operation.body.as_ref().is_some_and(|body| body.is_required);
    let required = arguments.iter().filter(|(_, p)| p.is_required);
    let required = required.map(|(name, _)| name.as_str());
    push_required(
        &mut text.out,
        required.chain(body_is_required.then_some(BODY)),
    );
    text.push_definitions();
    text.out.push('}');
    text.out
}

fn is_ignored(parameter: &Parameter<'_>) -> bool {
    let name = parameter.name.to_ascii_lowercase();
    parameter.location == "header" && IGNORED_HEADERS.contains(&name.as_str())
}

/// A name that two places use, or that the body has, gets its place: `id_query`.
fn argument_name(parameter: &Parameter<'_>, operation: &Operation<'_>, uses: u32) -> String {
    let is_body = parameter.name == BODY && operation.body.is_some();
    match uses > 1 || is_body {
        true => format!("{}_{}", parameter.name, parameter.location),
        false => parameter.name.to_owned(),
    }
}

fn push_described(out: &mut String, description: &str) {
    if description.is_empty() {
        return out.push_str("{}");
    }
    out.push_str("{\"description\":");
    push_string(out, description);
    out.push('}');
}

fn push_required<'n>(out: &mut String, names: impl Iterator<Item = &'n str>) {
    let mut separator = ",\"required\":[";
    for name in names {
        out.push_str(separator);
        push_string(out, name);
        separator = ",";
    }
    if separator == "," {
        out.push(']');
    }
}
