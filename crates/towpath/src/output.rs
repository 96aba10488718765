//! What people read at a terminal: aligned tables, colour when wanted, source excerpts, numbers and ages.

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};

use serde::Serialize;
use web::time::Instant;

use crate::failure::Failure;

/// How a column's cells stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// Whether escape sequences are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    On,
    Off,
}

impl Colour {
    /// On a terminal only, and never with `NO_COLOR` or `TERM=dumb` (https://no-color.org).
    pub fn of_stdout() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if !refused && std::io::stdout().is_terminal() {
            Self::On
        } else {
            Self::Off
        }
    }
}

/// Writes a result to stdout. A reader that has gone away, such as `head`, is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::input(format!("cannot write to stdout: {error}")))
        }
        _ => Ok(()),
    }
}

/// Pretty JSON with a newline.
pub fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::input(format!("cannot write JSON: {error}")))?;
    print(&format!("{text}\n"))
}

/// A remark for the person, beside the result.
pub fn note(text: &str) {
    _ = writeln!(std::io::stderr(), "{text}");
}

/// Rows under a header, columns two spaces apart.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<(&'static str, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(columns: &[(&'static str, Align)]) -> Self {
        Self {
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    /// One row; a missing cell is empty. Control characters become spaces: a cell is never a way
    /// to move the reader's cursor.
    pub fn row(&mut self, cells: Vec<String>) {
        let clean = |cell: String| {
            if cell.chars().any(char::is_control) {
                cell.chars()
                    .map(|c| if c.is_control() { ' ' } else { c })
                    .collect()
            } else {
                cell
            }
        };
        self.rows.push(cells.into_iter().map(clean).collect());
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as text, each line ended by a newline, none with trailing spaces.
    pub fn render(&self, colour: Colour) -> String {
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|column| self.width(column))
            .collect();
        let mut text = String::new();

        let header: Vec<String> = self
            .columns
            .iter()
            .map(|(name, _)| name.to_uppercase())
            .collect();
        let header = self.line(&header, &widths);
        match colour {
            Colour::On => _ = writeln!(text, "\u{1b}[1m{header}\u{1b}[0m"),
            Colour::Off => _ = writeln!(text, "{header}"),
        }
        for row in &self.rows {
            _ = writeln!(text, "{}", self.line(row, &widths));
        }
        text
    }

    fn width(&self, column: usize) -> usize {
        let cells = self
            .rows
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| columns_of(cell));
        cells
            .chain([self.columns[column].0.len()])
            .max()
            .unwrap_or(0)
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for (index, (width, (_, align))) in widths.iter().zip(&self.columns).enumerate() {
            let cell = cells.get(index).map_or("", String::as_str);
            let padding = " ".repeat(width - columns_of(cell));
            if index > 0 {
                line.push_str("  ");
            }
            match align {
                Align::Left => line.extend([cell, &padding]),
                Align::Right => line.extend([padding.as_str(), cell]),
            }
        }
        line.truncate(line.trim_end().len());
        line
    }
}

/// Terminal columns of a text: wide East Asian characters and emoji take two, combining marks none.
fn columns_of(text: &str) -> usize {
    text.chars().map(columns_of_char).sum()
}

fn columns_of_char(c: char) -> usize {
    match u32::from(c) {
        0x0300..=0x036f | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// A place in a text, as compilers show it.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub file: &'a str,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The whole line; empty when the text is not at hand.
    pub source_line: &'a str,
}

impl Place<'_> {
    /// `--> file:line:column` and the line with a mark under the column.
    pub fn render(&self) -> String {
        // A line of a minified contract can be megabytes long: show what surrounds the column.
        const SHOWN: usize = 96;
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let arrow = format!("{margin}--> {}:{}:{}", self.file, self.line, self.column);
        if self.source_line.is_empty() {
            return arrow;
        }

        let at = self.column.saturating_sub(1);
        let is_long = self.source_line.chars().count() > SHOWN;
        let first = if is_long {
            at.saturating_sub(SHOWN / 2)
        } else {
            0
        };
        let visible = |c: char| if c.is_control() { ' ' } else { c };
        let shown: String = self
            .source_line
            .chars()
            .skip(first)
            .take(SHOWN)
            .map(visible)
            .collect();
        let indent = " ".repeat(at - first);
        format!(
            "{arrow}\n{margin} |\n{number} | {}\n{margin} | {indent}^",
            shown.trim_end()
        )
    }
}

/// `1234567` as `1,234,567`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Microseconds in the unit that needs at most four digits: `850us`, `12.3ms`, `2.50s`.
pub fn latency(us: u64) -> String {
    match us {
        0..1_000 => format!("{us}us"),
        1_000..1_000_000 => format!("{:.1}ms", us as f64 / 1e3),
        _ => format!("{:.2}s", us as f64 / 1e6),
    }
}

/// Bytes in binary units: `512B`, `1.5MiB`.
pub fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    if unit == 0 {
        format!("{bytes}B")
    } else {
        format!("{value:.1}{}", UNITS[unit])
    }
}

/// An instant to the second in UTC; `-` when absent.
pub fn instant(instant: Option<Instant>) -> String {
    formatted(instant, "%Y-%m-%d %H:%M:%SZ")
}

/// An instant to the minute in UTC, for figures that are known by the minute; `-` when absent.
pub fn minute(instant: Option<Instant>) -> String {
    formatted(instant, "%Y-%m-%d %H:%MZ")
}

fn formatted(instant: Option<Instant>, format: &str) -> String {
    match instant.and_then(|instant| jiff::Timestamp::from_second(instant.0.seconds()).ok()) {
        Some(instant) => instant.strftime(format).to_string(),
        None => "-".to_owned(),
    }
}

/// An optional text; `-` when absent.
pub fn optional(text: &Option<String>) -> String {
    text.clone().unwrap_or_else(|| "-".to_owned())
}

/// Names and values of one thing, one a line, the values aligned.
pub fn fields(fields: &[(&str, &str)]) -> String {
    let width = fields.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, value) in fields {
        let clean: String = value
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        _ = writeln!(text, "{name:<width$}  {clean}");
    }
    text
}

/// A share of 0 to 1 as a percentage with one digit.
pub fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_and_wide_characters_count_twice() {
        let mut table = Table::new(&[("name", Align::Left), ("calls", Align::Right)]);
        table.row(vec!["acme".into(), "1,204".into()]);
        table.row(vec!["日本\u{1b}[2J".into(), "7".into()]);
        table.row(vec!["x".into()]);
        insta::assert_snapshot!(table.render(Colour::Off), @r"
        NAME      CALLS
        acme      1,204
        日本 [2J      7
        x
        ");
        assert!(table.render(Colour::On).starts_with("\u{1b}[1mNAME"));
    }

    #[test]
    fn numbers_are_readable() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(count),
            ["0", "999", "1,000", "1,234,567"]
        );
        assert_eq!(
            [850, 12_300, 2_500_000].map(latency),
            ["850us", "12.3ms", "2.50s"]
        );
        assert_eq!([512, 1_572_864].map(bytes), ["512B", "1.5MiB"]);
        assert_eq!(percent(0.123), "12.3%");
    }

    #[test]
    fn a_place_points_at_the_column_even_in_a_huge_line() {
        let place = Place {
            file: "openapi.yaml",
            line: 12,
            column: 3,
            source_line: "  /payments:",
        };
        insta::assert_snapshot!(place.render(), @r"
          --> openapi.yaml:12:3
           |
        12 |   /payments:
           |   ^
        ");
        let line = "x".repeat(1_000_000);
        let long = Place {
            file: "a",
            line: 1,
            column: 500_000,
            source_line: &line,
        }
        .render();
        assert!(long.len() < 400, "{}", long.len());
        assert!(long.ends_with('^'));
    }
}
