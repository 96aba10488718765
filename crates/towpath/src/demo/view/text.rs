//! Styled text of known width: what a line of the live view is made of.

use crate::output::Colour;

/// How a piece of text looks; meaning never hangs on it alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Plain,
    Bold,
    Dim,
    Good,
    Bad,
    Warning,
    Accent,
}

impl Style {
    /// Parameters of the SGR escape sequence (ECMA-48 8.3.117).
    const fn parameters(self) -> &'static str {
        match self {
            Self::Plain => "0",
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Good => "32",
            Self::Bad => "31",
            Self::Warning => "33",
            Self::Accent => "36",
        }
    }
}

/// One line: pieces with their styles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(Vec<(Style, String)>);

impl Line {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn with(mut self, style: Style, text: impl Into<String>) -> Self {
        self.0.push((style, text.into()));
        self
    }

    pub fn plain(self, text: impl Into<String>) -> Self {
        self.with(Style::Plain, text)
    }

    /// The text in exactly `width` columns, at the left.
    pub fn left(self, style: Style, text: &str, width: usize) -> Self {
        let cut = cut(text, width);
        let padding = width - columns(&cut);
        self.with(style, cut).plain(" ".repeat(padding))
    }

    /// The text in exactly `width` columns, at the right.
    pub fn right(self, style: Style, text: &str, width: usize) -> Self {
        let cut = cut(text, width);
        let padding = width - columns(&cut);
        self.plain(" ".repeat(padding)).with(style, cut)
    }

    /// This line, padded to `width`, and then the other.
    pub fn beside(self, width: usize, other: Self) -> Self {
        let mut line = self.fitted(width);
        let padding = width - line.columns();
        line.0.push((Style::Plain, " ".repeat(padding)));
        line.0.extend(other.0);
        line
    }

    pub fn columns(&self) -> usize {
        self.0.iter().map(|(_, text)| columns(text)).sum()
    }

    /// The line without what is beyond `width`.
    pub fn fitted(self, width: usize) -> Self {
        let mut left = width;
        let mut pieces = Vec::with_capacity(self.0.len());
        for (style, text) in self.0 {
            let cut = if columns(&text) > left {
                cut(&text, left)
            } else {
                text
            };
            left -= columns(&cut);
            pieces.push((style, cut));
        }
        Self(pieces)
    }

    /// The text, with escape sequences only where the colour is on.
    pub fn render(&self, colour: Colour) -> String {
        let mut line = String::new();
        for (style, text) in &self.0 {
            match (colour, style) {
                (Colour::Off, _) | (_, Style::Plain) => line.push_str(text),
                (Colour::On, style) => {
                    line.extend(["\u{1b}[", style.parameters(), "m", text, "\u{1b}[0m"])
                }
            }
        }
        line.truncate(line.trim_end_matches(' ').len());
        line
    }
}

/// Characters: every text of the demo is made of narrow ones.
pub fn columns(text: &str) -> usize {
    text.chars().count()
}

/// At most `width` characters, the last one an ellipsis where something is missing; control characters become spaces.
fn cut(text: &str, width: usize) -> String {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    if columns(text) <= width {
        return text.chars().map(visible).collect();
    }
    match width {
        0 => String::new(),
        _ => text
            .chars()
            .map(visible)
            .take(width - 1)
            .chain(['…'])
            .collect(),
    }
}

/// A bar of `share` (0 to 1) of `width` columns, in eighths of a column.
pub fn bar(share: f64, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (share.clamp(0.0, 1.0) * (width * 8) as f64).round() as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// One column for each value, by its height between nothing and the largest.
pub fn sparkline(values: impl Iterator<Item = f64> + Clone) -> String {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let largest = values.clone().fold(1.0, f64::max);
    values
        .map(|value| HEIGHTS[((value / largest * 8.0) as usize).min(7)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_exactly_their_width() {
        let line = Line::new()
            .left(Style::Bold, "a long name", 6)
            .right(Style::Plain, "42", 5)
            .plain("!");
        assert_eq!(line.render(Colour::Off), "a lon…   42!");
        assert_eq!(line.columns(), 12);
        assert_eq!(line.render(Colour::On), "\u{1b}[1ma lon…\u{1b}[0m   42!");
        assert_eq!(
            Line::new()
                .left(Style::Plain, "é\u{7}", 4)
                .plain("|")
                .render(Colour::Off),
            "é   |"
        );
    }

    #[test]
    fn a_line_is_cut_at_the_edge() {
        let line = Line::new()
            .plain("abc")
            .with(Style::Dim, "defg")
            .plain("hi");
        assert_eq!(line.clone().fitted(5).render(Colour::Off), "abcd…");
        assert_eq!(line.clone().fitted(0).render(Colour::Off), "");
        assert_eq!(
            line.beside(12, Line::new().plain("x")).render(Colour::Off),
            "abcdefghi   x"
        );
    }

    #[test]
    fn bars_and_sparklines_show_proportions() {
        assert_eq!(
            [bar(0.0, 4), bar(0.5, 4), bar(0.53, 4), bar(2.0, 4)],
            ["", "██", "██▏", "████"]
        );
        assert_eq!(sparkline([0.0, 5.0, 10.0].into_iter()), "▁▅█");
    }
}
