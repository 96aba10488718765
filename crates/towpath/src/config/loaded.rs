//! A loaded configuration and what can be wrong with one: values, their sources, errors with their place.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use super::Config;
use super::locate::Position;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Default,
    File { path: PathBuf, line: usize },
    Environment { variable: String },
    Flag { name: &'static str },
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Environment { variable } => f.write_str(variable),
            Self::Flag { name } => f.write_str(name),
        }
    }
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read the config file")]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    /// The file is not TOML, or a key or value in it is wrong.
    #[error("{message}")]
    File {
        path: PathBuf,
        position: Position,
        source_line: String,
        message: String,
        help: Option<String>,
    },
    #[error("{variable}: {message}")]
    Environment { variable: String, message: String },
    #[error("{flag}: {message}")]
    Flag { flag: &'static str, message: String },
    /// The values are each well-formed, but make no sense, or not together.
    #[error("{}", .0[0].message)]
    Invalid(Vec<Invalid>),
}

/// A value that makes no sense, where it came from, and the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    pub path: String,
    pub source: Source,
    pub message: String,
    pub next_step: String,
}

/// A checked configuration with the source of each value.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub config: Config,
    pub file: Option<PathBuf>,
    /// By path, such as `gateway.listen` or `surface[0].upstream`; what is absent has its default.
    pub sources: BTreeMap<String, Source>,
    /// Oddities that stop nothing, such as an unknown `TOWPATH_*` variable.
    pub warnings: Vec<String>,
}

impl Loaded {
    /// A configuration made in code: no value has a source.
    pub fn of(config: Config) -> Self {
        Self {
            config,
            file: None,
            sources: BTreeMap::new(),
            warnings: Vec::new(),
        }
    }

    pub fn source(&self, path: &str) -> &Source {
        self.sources.get(path).unwrap_or(&Source::Default)
    }
}
