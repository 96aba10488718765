//! The configuration printed back: each value with its source, secrets hidden; and its errors, rustc-like.

use std::path::Path;

use toml::{Table, Value};
use web::ConfigLine;

use super::loaded::{ConfigError, Invalid, Loaded, Source};
use super::locate::Position;
use super::secret::without_userinfo;
use super::settings::SETTINGS;
use crate::failure::{Exit, Failure, chain};
use crate::output::Place;

/// Every setting, in the order of the reference; then each rule's override, then each surface's.
pub fn lines(loaded: &Loaded) -> Vec<ConfigLine> {
    let table = Table::try_from(&loaded.config).expect("every section is a plain table");
    let mut lines: Vec<ConfigLine> = SETTINGS
        .iter()
        .map(|setting| ConfigLine {
            setting: setting.path.to_owned(),
            value: lookup(&table, setting.path)
                .map(value_text)
                .unwrap_or_default(),
            source: loaded.source(setting.path).to_string(),
        })
        .collect();

    for path in ["contract.rule", "surface"] {
        let items = lookup(&table, path).and_then(Value::as_array);
        for (index, item) in items.into_iter().flatten().enumerate() {
            if let Value::Table(item) = item {
                item_lines(loaded, &format!("{path}[{index}]"), item, &mut lines);
            }
        }
    }
    lines
}

/// Settings that differ between two configurations and need a restart: not surfaces, `contract` and `notices`, which a reload
/// takes.
pub fn settings_changed(old: &Loaded, new: &Loaded) -> Vec<&'static str> {
    let table =
        |loaded: &Loaded| Table::try_from(&loaded.config).expect("every section is a plain table");
    let (old, new) = (table(old), table(new));
    let changed = SETTINGS
        .iter()
        .filter(|setting| {
            !["contract.", "notices."]
                .iter()
                .any(|taken| setting.path.starts_with(taken))
        })
        .filter(|setting| lookup(&old, setting.path) != lookup(&new, setting.path));
    changed.map(|setting| setting.path).collect()
}

fn item_lines(loaded: &Loaded, prefix: &str, table: &Table, lines: &mut Vec<ConfigLine>) {
    for (key, value) in table {
        let setting = format!("{prefix}.{key}");
        match value {
            Value::Table(inner) => item_lines(loaded, &setting, inner, lines),
            value => lines.push(ConfigLine {
                value: value_text(value),
                source: loaded.source(&setting).to_string(),
                setting,
            }),
        }
    }
}

fn lookup<'a>(table: &'a Table, path: &str) -> Option<&'a Value> {
    match path.split_once('.') {
        None => table.get(path),
        Some((head, rest)) => lookup(table.get(head)?.as_table()?, rest),
    }
}

fn value_text(value: &Value) -> String {
    match value {
        Value::String(text) => Value::String(without_userinfo(text)).to_string(),
        Value::Array(items) => format!(
            "[{}]",
            items.iter().map(value_text).collect::<Vec<_>>().join(", ")
        ),
        value => value.to_string(),
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let help = "see packaging/towpath.toml for every setting, or run `towpath config show`";
        match error {
            ConfigError::Read {
                ref path,
                ref source,
            } => {
                let what = format!("{}: {}", error, chain(source));
                Self::new(Exit::Input, what)
                    .at(path.display())
                    .next("name the file with --config")
            }
            ConfigError::File {
                path,
                position,
                source_line,
                message,
                help,
            } => {
                let file = path.display().to_string();
                let Position { line, column } = position;
                let mut failure = Self::usage(message);
                failure.place = Some(
                    Place {
                        file: &file,
                        line,
                        column,
                        source_line: &source_line,
                    }
                    .render(),
                );
                failure.next_step = help;
                failure
            }
            ConfigError::Environment { variable, message } => Self::usage(message)
                .at(format!("environment variable {variable}"))
                .next(help),
            ConfigError::Flag { flag, message } => Self::usage(message)
                .at(flag)
                .next("see `towpath up --help`"),
            ConfigError::Invalid(mut invalid) => {
                let last = invalid.pop().map(invalid_failure);
                let mut failure =
                    last.unwrap_or_else(|| Self::usage("the configuration is invalid"));
                failure.details = invalid
                    .into_iter()
                    .map(|one| invalid_failure(one).to_string())
                    .collect();
                failure
            }
        }
    }
}

fn invalid_failure(invalid: Invalid) -> Failure {
    let mut failure = Failure::usage(invalid.message).next(invalid.next_step);
    failure.place = Some(match &invalid.source {
        Source::File { path, line } => place_in_file(path, *line),
        source => format!(" --> {} ({source})", invalid.path),
    });
    failure
}

fn place_in_file(path: &Path, line: usize) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let source_line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let column = source_line.len() - source_line.trim_start().len() + 1;
    Place {
        file: &path.display().to_string(),
        line,
        column,
        source_line,
    }
    .render()
}
