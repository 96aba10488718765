//! Identity: names of operations and tools.

pub(super) mod ids;
pub(super) mod tool_names;
