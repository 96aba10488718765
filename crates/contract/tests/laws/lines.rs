//! Lines and columns, counted anew from the text.

use contract::Source;

/// Where the lines of a text start.
pub struct Lines<'t> {
    pub source: &'t Source,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub fn of(source: &'t Source) -> Self {
        let text = source.tree.source();
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            source,
            starts: std::iter::once(0).chain(breaks).collect(),
        }
    }

    /// Line and column of a byte, both from 1, the column in characters.
    pub fn place(&self, offset: u32) -> (u32, u32) {
        let offset = offset as usize;
        let line = self.starts.partition_point(|start| *start <= offset);
        let before = &self.source.tree.source()[self.starts[line - 1]..offset];
        (line as u32, before.chars().count() as u32 + 1)
    }
}
