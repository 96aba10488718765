//! Severity files in oasdiff's form: a rule's id and its level on each line.

use std::collections::BTreeMap;

use crate::diff::options::LevelOverride;
use crate::level::Level;

/// A line that is not `ID LEVEL`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeverityError {
    #[error("expected a rule and its level, found `{text}`")]
    Form { line: usize, text: String },
    #[error("`{word}` is no level: use err, warn, info or none")]
    Level { line: usize, word: String },
}

impl SeverityError {
    /// From 1.
    pub fn line(&self) -> usize {
        match self {
            Self::Form { line, .. } | Self::Level { line, .. } => *line,
        }
    }
}

/// The levels by rule id; the last line of a rule counts. Empty lines and those that start with `#` say nothing.
pub fn severities(text: &str) -> Result<BTreeMap<String, LevelOverride>, SeverityError> {
    let mut levels = BTreeMap::new();
    for (index, text) in text.lines().enumerate() {
        let (line, text) = (index + 1, text.trim());
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let mut words = text.split_whitespace();
        let (Some(id), Some(level), None) = (words.next(), words.next(), words.next()) else {
            let text = text.to_owned();
            return Err(SeverityError::Form { line, text });
        };
        let level = level_of(level).ok_or_else(|| SeverityError::Level {
            line,
            word: level.to_owned(),
        })?;
        levels.insert(id.to_owned(), level);
    }
    Ok(levels)
}

fn level_of(word: &str) -> Option<LevelOverride> {
    Some(match word.to_ascii_lowercase().as_str() {
        "err" | "error" => LevelOverride::Level(Level::Error),
        "warn" | "warning" => LevelOverride::Level(Level::Warning),
        "info" => LevelOverride::Level(Level::Info),
        "none" => LevelOverride::Off,
        _ => return None,
    })
}
