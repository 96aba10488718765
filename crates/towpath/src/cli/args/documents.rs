//! Arguments of the commands that read contracts and need no server: diff, changelog, lint, score, explain.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use contract::Level;
use contract::report;

use crate::config::{ClientsSetting, VersionPolicySetting};

const SIDES: &str = "\
BASE and REVISION are each a file, `-` for stdin (one of them), or `REF:PATH`, which is read from git:
  towpath diff main:openapi.yaml openapi.yaml
Both may also be answers to MCP `tools/list`, as JSON or YAML.";

/// Format of a report of changes or findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ReportFormat {
    /// For reading: both source lines of each change
    #[default]
    Human,
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// GitLab Code Quality
    Gitlab,
    Junit,
    /// A comment on a pull request
    Markdown,
    /// One page without script
    Html,
}

impl From<ReportFormat> for report::Format {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Human => Self::Human,
            ReportFormat::Json => Self::Json,
            ReportFormat::Sarif => Self::Sarif,
            ReportFormat::Github => Self::Github,
            ReportFormat::Gitlab => Self::Gitlab,
            ReportFormat::Junit => Self::Junit,
            ReportFormat::Markdown => Self::Markdown,
            ReportFormat::Html => Self::Html,
        }
    }
}

/// From which level on a command exits with 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum FailOn {
    #[default]
    #[value(alias = "err")]
    Error,
    #[value(alias = "warn")]
    Warning,
    Info,
    Never,
}

impl FailOn {
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Error => Some(Level::Error),
            Self::Warning => Some(Level::Warning),
            Self::Info => Some(Level::Info),
            Self::Never => None,
        }
    }
}

/// The least level that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum LeastLevel {
    #[value(alias = "err")]
    Error,
    #[value(alias = "warn")]
    Warning,
    #[default]
    Info,
}

impl From<LeastLevel> for Level {
    fn from(level: LeastLevel) -> Self {
        match level {
            LeastLevel::Error => Self::Error,
            LeastLevel::Warning => Self::Warning,
            LeastLevel::Info => Self::Info,
        }
    }
}

/// Below which stage (`x-stability-level`) operations are not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum StabilityArg {
    Draft,
    Alpha,
    #[default]
    Beta,
    Stable,
}

#[derive(Debug, Clone, Args)]
#[command(after_help = SIDES)]
pub struct DiffArgs {
    #[command(flatten)]
    pub compare: CompareArgs,
    #[arg(long, short, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// Exit with 1 when a change has this level or a higher one
    #[arg(
        long,
        value_enum,
        default_value_t,
        ignore_case = true,
        value_name = "LEVEL"
    )]
    pub fail_on: FailOn,
    /// Show changes of this level and higher ones
    #[arg(
        long,
        value_enum,
        default_value_t,
        ignore_case = true,
        value_name = "LEVEL"
    )]
    pub level: LeastLevel,
    /// Report breaking changes that info.version does not tell of [default: what towpath.toml says, else none]
    #[arg(long, value_enum, value_name = "POLICY")]
    pub version_policy: Option<VersionPolicySetting>,
    /// Exit with 1 when info.version does not move as far as the changes need
    #[arg(long)]
    pub check_version: bool,
    /// Write the report there instead of to stdout
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// What is compared, and by which rules.
#[derive(Debug, Clone, Args)]
pub struct CompareArgs {
    /// The contract as it was
    pub base: String,
    /// The contract as it is to be
    pub revision: String,
    /// Levels of rules, one `RULE LEVEL` a line, as oasdiff reads them: err, warn, info, none
    #[arg(long, value_name = "FILE")]
    pub severity_levels: Option<PathBuf>,
    /// Which clients the levels are for [default: what towpath.toml says, else tolerant]
    #[arg(long, value_enum, value_name = "CLIENTS")]
    pub clients: Option<ClientsSetting>,
    /// Errors that are accepted, one a line: method, path, and the rule or the message
    #[arg(long, value_name = "FILE")]
    pub err_ignore: Option<PathBuf>,
    /// Warnings that are accepted
    #[arg(long, value_name = "FILE")]
    pub warn_ignore: Option<PathBuf>,
    /// Only these rules; `*` stands for any text; repeat for several
    #[arg(long, value_name = "RULE")]
    pub include: Vec<String>,
    /// Not these rules; `*` stands for any text; repeat for several
    #[arg(long, value_name = "RULE")]
    pub exclude: Vec<String>,
    /// Days that a deprecated stable operation must go on working; makes x-sunset required
    #[arg(long, value_name = "DAYS", default_value_t = 0)]
    pub deprecation_days_stable: u32,
    /// The same for beta operations
    #[arg(long, value_name = "DAYS", default_value_t = 0)]
    pub deprecation_days_beta: u32,
    /// Operations below this stage are not compared
    #[arg(long, value_enum, default_value_t, value_name = "STAGE")]
    pub stability_min: StabilityArg,
    /// Paths that differ in parameter names alone are different paths
    #[arg(long)]
    pub include_path_params: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ChangelogFormat {
    #[default]
    Markdown,
    Json,
}

#[derive(Debug, Clone, Args)]
#[command(after_help = SIDES)]
pub struct ChangelogArgs {
    #[command(flatten)]
    pub compare: CompareArgs,
    #[arg(long, short, value_enum, default_value_t)]
    pub format: ChangelogFormat,
    /// Write the changelog there instead of to stdout
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub struct LintArgs {
    /// A contract: a file, `-` for stdin, or REF:PATH from git
    pub spec: String,
    /// A Spectral ruleset in YAML or JSON [default: ./.spectral.yaml if it exists, else spectral:oas]
    #[arg(long, short, value_name = "FILE")]
    pub ruleset: Option<PathBuf>,
    /// Write what a machine can repair as an OpenAPI Overlay, by default beside the contract
    #[arg(long, value_name = "OVERLAY", num_args = 0..=1, require_equals = true)]
    pub fix: Option<Option<PathBuf>>,
    /// Write the repairs into the contract itself, and report what is left; an Overlay only when --fix names a file
    #[arg(long, requires = "fix")]
    pub in_place: bool,
    #[arg(long, short, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// Exit with 1 when a finding has this level or a higher one
    #[arg(
        long,
        value_enum,
        default_value_t,
        ignore_case = true,
        value_name = "LEVEL"
    )]
    pub fail_on: FailOn,
    /// Write the report there instead of to stdout
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub struct ScoreArgs {
    /// A contract: a file, `-` for stdin, or REF:PATH from git
    pub spec: String,
    /// Task sentences, one a line, each with a tab and `METHOD /path` or an operation id; or a YAML or JSON list
    #[arg(long, value_name = "FILE")]
    pub tasks: Option<PathBuf>,
    /// The contract as it was: adds what changed
    #[arg(long, value_name = "BASE")]
    pub base: Option<String>,
    /// Exit with 1 below this readability, 0 to 100
    #[arg(long, value_name = "N", value_parser = share)]
    pub min_readability: Option<f64>,
    /// Exit with 1 below this safety, 0 to 100
    #[arg(long, value_name = "N", value_parser = share)]
    pub min_safety: Option<f64>,
    #[arg(long, short, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// Write the report there instead of to stdout
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ExplainFormat {
    #[default]
    Human,
    Json,
    /// As `docs/rules` has it
    Markdown,
}

#[derive(Debug, Clone, Args)]
pub struct ExplainArgs {
    /// Id of a rule, as reports print it
    #[arg(required_unless_present = "list", conflicts_with = "list")]
    pub rule: Option<String>,
    /// List all rules instead
    #[arg(long)]
    pub list: bool,
    #[arg(long, short, value_enum, default_value_t)]
    pub format: ExplainFormat,
    /// With --list and --format markdown: write one page per family of rules, and an index, into this folder
    #[arg(long, short, value_name = "DIR", requires = "list")]
    pub output: Option<PathBuf>,
}

fn share(text: &str) -> Result<f64, String> {
    let share: Option<f64> = text.parse().ok();
    share
        .filter(|share| (0.0..=100.0).contains(share))
        .ok_or_else(|| format!("`{text}` is not from 0 to 100"))
}
