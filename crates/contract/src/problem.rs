//! What is wrong in a contract: where it is, what it is, and the next step.

use std::fmt::{self, Write as _};

use serde::Serialize;

use crate::span::Span;
use crate::syntax::SyntaxError;
use crate::tree::Tree;

/// How many characters of a line a rendering shows at most: a compact JSON contract is one line of megabytes.
const EXCERPT_CHARS_MAX: usize = 100;

/// What becomes of a contract with this problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The gateway could not act right on it: the contract is refused.
    Error,
    /// It is read all the same.
    Warning,
}

impl Severity {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One thing that is wrong, its place, and the next step. `Display` renders it for people, over several lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub severity: Severity,
    /// The name that the caller gave the source.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// JSON pointer of the value that the problem is about; empty for the document itself.
    pub pointer: String,
    /// Lower case, without full stop.
    pub message: String,
    /// What the owner of the contract can do about it.
    pub next_step: String,
    pub excerpt: Excerpt,
}

/// The part of the source line that holds a problem, tabs and control characters shown as spaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    pub text: String,
    /// Characters before the first marked one.
    pub mark_start: u32,
    /// Marked characters, at least 1.
    pub mark_length: u32,
}

impl Problem {
    pub(crate) fn at(
        tree: &Tree,
        file: &str,
        severity: Severity,
        span: Span,
        pointer: String,
    ) -> Self {
        let position = tree.position(span.start);
        Self {
            severity,
            file: file.to_owned(),
            line: position.line,
            column: position.column,
            pointer,
            message: String::new(),
            next_step: String::new(),
            excerpt: Excerpt::of(tree, span),
        }
    }

    /// `source` is the text that did not parse.
    pub(crate) fn of_syntax(error: SyntaxError, file: &str, source: &str) -> Self {
        let source = source.strip_prefix('\u{feff}').unwrap_or(source);
        let offset = error.span.start as usize;
        let start = source[..offset].rfind('\n').map_or(0, |at| at + 1);
        let end = memchr::memchr(b'\n', &source.as_bytes()[offset..])
            .map_or(source.len(), |at| offset + at);
        let line = source[start..end.max(start)].trim_end_matches('\r');
        Self {
            severity: Severity::Error,
            file: file.to_owned(),
            line: error.position.line,
            column: error.position.column,
            pointer: error.pointer,
            message: error.message,
            next_step: error.next_step,
            excerpt: Excerpt::new(line, start as u32, error.span, EXCERPT_CHARS_MAX),
        }
    }
}

impl Excerpt {
    /// The line on which `span` starts, with the part of the span that lies on it marked.
    pub fn of(tree: &Tree, span: Span) -> Self {
        Self::within(tree, span, EXCERPT_CHARS_MAX)
    }

    /// The same in at most `chars_max` characters, and the ellipses.
    pub(crate) fn within(tree: &Tree, span: Span, chars_max: usize) -> Self {
        let line = tree.lines().line_span(tree.source(), span.start);
        Self::new(&tree.source()[line.bytes()], line.start, span, chars_max)
    }

    /// `span` starts in `line`, whose first byte is byte `line_start` of the source; it may end in a later one.
    fn new(line: &str, line_start: u32, span: Span, chars_max: usize) -> Self {
        let at = line.floor_char_boundary(span.start.saturating_sub(line_start) as usize);
        let end = line
            .floor_char_boundary(span.end.saturating_sub(line_start) as usize)
            .max(at);

        // Room for the mark first, then for what stands before it.
        let marked = line[at..end].chars().count().clamp(1, chars_max);
        let is_short = line.len() <= chars_max * 4 && line.chars().count() <= chars_max;
        let room_before = match is_short {
            true => chars_max,
            false => (chars_max - marked).min(chars_max / 2),
        };
        let mut before: Vec<char> = line[..at].chars().rev().take(room_before + 1).collect();
        let cut_before = before.len() > room_before;
        before.truncate(room_before);
        before.reverse();

        let mut text = String::new();
        if cut_before {
            text.push('…');
        }
        text.extend(before.iter().copied().map(visible));
        let mut after = line[at..].chars();
        text.extend(after.by_ref().take(chars_max - before.len()).map(visible));
        if after.next().is_some() {
            text.push('…');
        }
        Self {
            text,
            mark_start: before.len() as u32 + u32::from(cut_before),
            mark_length: marked as u32,
        }
    }
}

/// The same width everywhere, and no escape sequence reaches a terminal.
fn visible(c: char) -> char {
    if c.is_control() { ' ' } else { c }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let indent = " ".repeat(self.excerpt.mark_start as usize);
        let mark = "^".repeat(self.excerpt.mark_length as usize);
        writeln!(f, "{}: {}", self.severity.as_str(), self.message)?;
        writeln!(f, "{margin}--> {}:{}:{}", self.file, self.line, self.column)?;
        writeln!(f, "{margin} |")?;
        writeln!(f, "{number} | {}", self.excerpt.text)?;
        writeln!(f, "{margin} | {indent}{mark}")?;
        if !self.pointer.is_empty() {
            writeln!(f, "{margin} = at: {}", self.pointer)?;
        }
        write!(f, "{margin} = help: {}", self.next_step)
    }
}

/// A contract that is refused, with everything that is wrong in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("contract {file} has {}", counted(*count))]
pub struct ContractError {
    pub file: String,
    /// In the order of the source; the first [`crate::PROBLEMS_TOLD_MAX`]; at least one.
    pub problems: Vec<Problem>,
    /// All of them, those beyond the bound included.
    pub count: usize,
}

impl ContractError {
    /// Every problem as rustc would print it, a blank line between two, and how many were left out.
    pub fn render(&self) -> String {
        let mut text = String::new();
        for problem in &self.problems {
            // A `String` takes everything that is written to it.
            let _ = write!(text, "{problem}\n\n");
        }
        let left_out = self.count - self.problems.len();
        if left_out > 0 {
            let _ = writeln!(text, "and {left_out} more");
        }
        text
    }
}

fn counted(count: usize) -> String {
    match count {
        1 => "1 problem".to_owned(),
        count => format!("{count} problems"),
    }
}
