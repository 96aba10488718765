//! Escape sequences of a terminal, written only where the caller wants colour.

use crate::level::Level;

/// Whether escape sequences are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    On,
    Off,
}

impl Colour {
    pub(super) fn level(self, level: Level, text: &str) -> String {
        let code = match level {
            Level::Error => "1;31",
            Level::Warning => "1;33",
            Level::Info => "1;36",
            Level::Hint => "1;32",
        };
        self.with(code, text)
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    /// Line numbers, arrows and bars.
    pub(super) fn frame(self, text: &str) -> String {
        self.with("1;34", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        match self {
            Self::On => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Self::Off => text.to_owned(),
        }
    }
}
