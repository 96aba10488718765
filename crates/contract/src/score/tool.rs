//! Projects an operation to a tool: a name, a description and one JSON Schema for its arguments.

use std::collections::BTreeSet;

use super::resolver::Resolver;
use super::survey::Operation;

mod arguments;
mod name;
mod schema_text;
mod text;

pub use name::TOOL_NAME_LEN_MAX;
pub(crate) use name::{derived_id, is_legal, tool_name};
use text::push_string;

/// All definitions together; beyond it each gets [`SCHEMA_BYTES_LATE`].
const ALL_SCHEMAS_BYTES_MAX: usize = 32 * 1024 * 1024;
/// One input schema; what does not fit is left open (`{}`). The largest seen in a published contract has 30 kB.
const SCHEMA_BYTES_MAX: usize = 256 * 1024;
const SCHEMA_BYTES_LATE: usize = 2 * 1024;

/// One operation as an agent sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// `[a-zA-Z0-9_-]{1,64}`; unique among the tools of one contract.
    pub name: String,
    /// Summary and description.
    pub description: String,
    /// A JSON object: the parameters by name, and the request body as `body`. References are written out; a schema that
    /// holds itself is in `$defs`. Keywords and properties are in a fixed order.
    pub input_schema: String,
}

impl Tool {
    /// The definition as it stands in a prompt, on one line.
    pub fn to_json(&self) -> String {
        let mut json = String::with_capacity(self.input_schema.len() + self.description.len() + 64);
        json.push_str("{\"name\":");
        push_string(&mut json, &self.name);
        json.push_str(",\"description\":");
        push_string(&mut json, &self.description);
        json.push_str(",\"input_schema\":");
        json.push_str(&self.input_schema);
        json.push('}');
        json
    }
}

/// One tool per operation, in their order.
pub(crate) fn project<'t>(operations: &[Operation<'t>], resolver: &Resolver<'t>) -> Vec<Tool> {
    let mut taken = BTreeSet::new();
    let mut bytes = 0;
    let mut tools = Vec::with_capacity(operations.len());
    for operation in operations {
        let limit = match bytes < ALL_SCHEMAS_BYTES_MAX {
            true => SCHEMA_BYTES_MAX,
            false => SCHEMA_BYTES_LATE,
        };
        let tool = Tool {
            name: unique(tool_name(operation), &mut taken),
            description: description(operation),
            input_schema: arguments::schema(operation, resolver, limit),
        };
        bytes += tool.input_schema.len();
        tools.push(tool);
    }
    tools
}

/// The first of equals keeps the name; the next ones end in `_2`, `_3`.
fn unique(name: String, taken: &mut BTreeSet<String>) -> String {
    let mut candidate = name.clone();
    let mut number = 1;
    while !taken.insert(candidate.clone()) {
        number += 1;
        let suffix = format!("_{number}");
        candidate = name[..name.len().min(TOOL_NAME_LEN_MAX - suffix.len())].to_owned() + &suffix;
    }
    candidate
}

fn description(operation: &Operation<'_>) -> String {
    match operation.summary == operation.description {
        true => operation.summary.to_owned(),
        false => operation.text(),
    }
}
