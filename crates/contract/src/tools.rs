//! MCP tool lists: what changed between two answers to `tools/list`, for the agents that call the tools.

mod annotations;
mod arguments;
mod base;
mod compact;
mod list;
mod output;
mod pairs;
mod record;
mod rules;
mod schema;
#[cfg(test)]
mod tests;
mod tool;
mod types;

pub use list::is_tool_list;
pub use rules::RULES;

use crate::change::Change;
use crate::source::Source;
use pairs::Pair;
use record::Changes;

/// Every difference between two tool lists, in the order of the revision, what is gone last. Each side is an object
/// with `tools`, the JSON-RPC answer around one, or the array alone; anything else has no tools.
///
/// ```
/// let source = |text: &str| contract::Source::read(text.as_bytes(), "tools.json");
/// let base = source(r#"{"tools": [{"name": "find", "inputSchema": {"type": "object"}}]}"#)?;
/// let revision = source(r#"{"tools": []}"#)?;
/// let changes = contract::tools::diff(&base, &revision);
/// assert_eq!(changes[0].id, "mcp-tool-removed");
/// # Ok::<(), contract::ContractError>(())
/// ```
pub fn diff(base: &Source, revision: &Source) -> Vec<Change> {
    let mut changes = Changes::new(base, revision);
    for pair in pairs::pairs(&list::tools(base), &list::tools(revision)) {
        match pair {
            Pair::Added(tool) => {
                let message = format!("the tool `{}` was added", tool.name);
                changes
                    .about(tool.name)
                    .added(&rules::ADDED, tool.node, message);
            }
            Pair::Removed(tool) => {
                let message = format!("the tool `{}` was removed", tool.name);
                changes
                    .about(tool.name)
                    .removed(&rules::REMOVED, tool.node, message);
            }
            Pair::Both { base, revision } => tool::compare(&mut changes, &base, &revision),
        }
    }
    changes.into_vec()
}
