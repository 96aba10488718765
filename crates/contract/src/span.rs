//! Places in a source text: byte spans, and the line and column they stand for.

use serde::Serialize;

/// A half-open byte range `start..end` of the source text (a byte order mark is not counted).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    pub const fn bytes(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A line and a column, both from 1; the column counts characters, not bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// Where each line of one source text starts. A line ends at `\n`; the `\r` of `\r\n` belongs to its line.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// Within long lines, every 4 KiB: a byte and the characters of its line before it. A minified contract is one
    /// line of megabytes.
    marks: Vec<(u32, u32)>,
}

/// From one mark to the next, and the length from which a line is long.
const MARK_BYTES: usize = 4096;

impl LineIndex {
    pub fn new(source: &str) -> Self {
        let after_breaks = memchr::memchr_iter(b'\n', source.as_bytes()).map(|at| at as u32 + 1);
        let starts: Vec<u32> = std::iter::once(0).chain(after_breaks).collect();
        let marks = marks(source, &starts);
        Self { starts, marks }
    }

    /// The position of byte `offset` of the `source` that the index was made of. An offset inside a character is
    /// that character's; one past the end is the end's.
    pub fn position(&self, source: &str, offset: u32) -> Position {
        let offset = source.floor_char_boundary(offset as usize);
        let line = self.line_at(offset);
        let before = self.marks.partition_point(|(at, _)| *at as usize <= offset);
        let mark = before.checked_sub(1).map(|at| self.marks[at]);
        let start = self.starts[line];
        let (from, known) = mark.filter(|(at, _)| *at >= start).unwrap_or((start, 0));
        let column = known as usize + source[from as usize..offset].chars().count();
        Position {
            line: line as u32 + 1,
            column: column as u32 + 1,
        }
    }

    /// The line of byte `offset`, from 1: without the walk over the line that a column takes.
    pub fn line(&self, offset: u32) -> u32 {
        self.line_at(offset as usize) as u32 + 1
    }

    /// The bytes of the line that holds `offset`, without its line break.
    pub fn line_span(&self, source: &str, offset: u32) -> Span {
        let line = self.line_at((offset as usize).min(source.len()));
        let start = self.starts[line];
        let end = self
            .starts
            .get(line + 1)
            .map_or(source.len(), |next| *next as usize - 1);
        let text = source[start as usize..end].trim_end_matches('\r');
        Span::new(start, start + text.len() as u32)
    }

    fn line_at(&self, offset: usize) -> usize {
        // The first line starts at 0, so at least one start is not past the offset.
        self.starts
            .partition_point(|start| *start as usize <= offset)
            - 1
    }
}

fn marks(source: &str, starts: &[u32]) -> Vec<(u32, u32)> {
    let mut marks = Vec::new();
    for (line, start) in starts.iter().enumerate() {
        let end = starts
            .get(line + 1)
            .map_or(source.len(), |end| *end as usize);
        let (mut at, mut characters) = (*start as usize, 0);
        while end - at > MARK_BYTES {
            let next = source.floor_char_boundary(at + MARK_BYTES);
            characters += source[at..next].chars().count() as u32;
            marks.push((next as u32, characters));
            at = next;
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, offset: u32, line: u32, column: u32) {
        let position = LineIndex::new(source).position(source, offset);
        assert_eq!(LineIndex::new(source).line(offset), line);
        assert_eq!(
            position,
            Position { line, column },
            "{source:?} at {offset}"
        );
    }

    #[test]
    fn columns_count_characters() {
        check("", 0, 1, 1);
        check("a\nb", 2, 2, 1);
        check("é\r\nüx", 6, 2, 2);
        check("é", 1, 1, 1);
        check("ab", 99, 1, 3);
        check("ab\n", 3, 2, 1);
    }

    #[test]
    fn long_lines_are_counted_the_same() {
        let line = "aé漢😀".repeat(2500);
        let source = format!("x\n{line}\n{line}");
        let index = LineIndex::new(&source);
        let mut expect = Position { line: 1, column: 1 };
        for (offset, c) in source.char_indices() {
            assert_eq!(index.position(&source, offset as u32), expect);
            expect = match c {
                '\n' => Position {
                    line: expect.line + 1,
                    column: 1,
                },
                _ => Position {
                    column: expect.column + 1,
                    ..expect
                },
            };
        }
    }

    #[test]
    fn a_line_ends_before_its_break() {
        let source = "one\r\ntwo\n";
        let index = LineIndex::new(source);
        assert_eq!(&source[index.line_span(source, 1).bytes()], "one");
        assert_eq!(&source[index.line_span(source, 5).bytes()], "two");
        assert_eq!(&source[index.line_span(source, 9).bytes()], "");
    }
}
