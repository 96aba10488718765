//! The command line as data: every command, flag and help text; parsing has no side effect.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::units::{self, UnitError};

mod documents;
mod rollout_steps;

pub use documents::{
    ChangelogArgs, ChangelogFormat, CompareArgs, DiffArgs, ExplainArgs, ExplainFormat, FailOn,
    LintArgs, ReportFormat, ScoreArgs, StabilityArg,
};
pub use rollout_steps::{FrictionCommand, RolloutHold, RolloutStart, RolloutStepCommand, StepArgs};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  a negative result: diff, lint, doctor or config check found something, nothing matched
  2  wrong usage or configuration
  3  an input file or the data folder could not be read or written, or its content is invalid
  4  the server refused, or could not be reached

Results go to stdout, everything else to stderr.";

/// Put Towpath in front of an API and see exactly who calls what.
#[derive(Debug, Parser)]
#[command(name = "towpath", version, after_help = EXIT_CODES, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command that talks to a server or a data folder takes.
#[derive(Debug, Clone, Default, Args)]
pub struct Global {
    /// Admin address of a running Towpath [default: the one the data folder names, else http://127.0.0.1:8081]
    #[arg(long, global = true, env = "TOWPATH_SERVER", value_name = "URL")]
    pub server: Option<String>,
    /// Admin token [default: the data folder's admin.token]
    #[arg(
        long,
        global = true,
        env = "TOWPATH_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    pub token: Option<String>,
    /// Data folder [default: the config file's, else ./towpath-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Config file [default: ./towpath.toml if it exists]
    #[arg(long, global = true, env = "TOWPATH_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the gateway and the admin API
    Up(UpArgs),
    /// See it work: a sample API, forty consumers and the gateway between them
    Demo(DemoArgs),
    /// Rehearse a whole rollout: seeded consumers, real connections, months in a minute
    Drill(DrillArgs),
    /// Who builds on your surfaces
    #[command(subcommand)]
    Consumer(ConsumerCommand),
    /// Credentials of consumers
    #[command(subcommand)]
    Key(KeyCommand),
    /// What you serve: the surfaces and where they lead
    #[command(subcommand)]
    Surface(SurfaceCommand),
    /// What you promise: the OpenAPI contracts of a surface
    #[command(subcommand)]
    Contract(ContractCommand),
    /// How a breaking change is carried out: who is concerned, by when, and what is still missing
    #[command(subcommand)]
    Rollout(RolloutCommand),
    /// Who was told of a rollout, how and when
    #[command(subcommand)]
    Notice(NoticeCommand),
    /// Where signed messages about rollouts go
    #[command(subcommand)]
    Webhook(WebhookCommand),
    /// What changes between two contracts, or two lists of MCP tools, and who breaks
    Diff(DiffArgs),
    /// The same changes as a changelog for people
    Changelog(ChangelogArgs),
    /// What a contract is found wanting in, by a Spectral ruleset or the built-in rules
    Lint(LintArgs),
    /// How ready a contract is for agents: readability and safety, and what to repair
    Score(ScoreArgs),
    /// What a rule finds, why it breaks whom, and how to do without
    Explain(ExplainArgs),
    /// Exactly who called what
    Usage(UsageArgs),
    /// Write a consistent copy of the state while traffic goes on
    Backup(BackupArgs),
    /// Put a backup into an empty or stopped data folder
    Restore(RestoreArgs),
    /// Look for what is wrong, and say what to do; works with the server down
    Doctor(FormatArgs),
    /// The effective configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// What the running server is doing now
    Status(FormatArgs),
}

#[derive(Debug, Clone, Default, Args)]
pub struct UpArgs {
    /// OpenAPI contract of the surface (YAML or JSON; 3.0, 3.1 or 3.2)
    #[arg(long, value_name = "FILE", requires = "upstream")]
    pub contract: Option<PathBuf>,
    /// Where the API runs: http://host:port[/base], https://… or h2c://…; repeat for several
    #[arg(long, value_name = "URL")]
    pub upstream: Vec<String>,
    /// Name of the surface [default: api]
    #[arg(long, value_name = "NAME", requires = "upstream")]
    pub surface: Option<String>,
    /// Address for consumers [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub gateway: Option<SocketAddr>,
    /// Address of the admin API [default: 127.0.0.1:8081]
    #[arg(long, value_name = "ADDR")]
    pub web: Option<SocketAddr>,
}

#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// Stop by itself after this time, such as 20s or 2m
    #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
    pub run_for: Option<std::time::Duration>,
    /// `human` draws a live view, `json` prints one summary at the end
    #[arg(long, value_enum, default_value_t = SummaryFormat::Human)]
    pub format: SummaryFormat,
    /// Address for consumers
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub gateway: SocketAddr,
    /// Address of the admin API
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8081")]
    pub web: SocketAddr,
    /// Seed of the simulated consumers; the same seed makes the same calls
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Multiplies how much the simulated consumers do: 1 is about 400 calls a second
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = rate)]
    pub rate: f64,
    /// How fast the clock of the rollout runs, in simulated seconds a second: 86400 is a day a second, the default a
    /// week. No step is skipped, however fast it runs
    #[arg(long, value_name = "FACTOR", default_value_t = 604_800.0, value_parser = clock_speed)]
    pub clock_speed: f64,
    /// Data folder to use and keep [default: a temporary one, removed at the end]
    #[arg(skip)]
    pub data: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, Args)]
pub struct DrillArgs {
    /// How many consumers there are
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u16).range(20..=2_000))]
    pub consumers: u16,
    /// Seed of the consumers; the same seed makes the same calls
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// `human` prints what happened when and the figures, `json` one object
    #[arg(long, value_enum, default_value_t = SummaryFormat::Human)]
    pub format: SummaryFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SummaryFormat {
    Human,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// Aligned columns for reading
    #[default]
    Human,
    Json,
    Csv,
}

#[derive(Debug, Clone, Default, Args)]
pub struct FormatArgs {
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

#[derive(Debug, Subcommand)]
pub enum ConsumerCommand {
    /// Add one consumer
    Create(ConsumerCreate),
    /// Add or update many from a CSV (with a header row) or JSON file
    Import(ImportArgs),
    /// List consumers by name
    List(FormatArgs),
    /// Show one consumer with its keys
    Show(ConsumerShow),
}

#[derive(Debug, Args)]
pub struct ConsumerCreate {
    /// Unique name, such as "Acme GmbH" or team/checkout
    pub name: String,
    #[arg(long, value_enum, default_value_t)]
    pub kind: Kind,
    /// How to reach them: an e-mail address, a channel, a URL, or "Name <address>"; repeat for several
    #[arg(long, value_name = "CONTACT")]
    pub contact: Vec<String>,
    #[arg(long)]
    pub plan: Option<String>,
    #[arg(long)]
    pub sla: Option<String>,
    /// Your own id of them, such as a CRM account
    #[arg(long, value_name = "ID")]
    pub external_id: Option<String>,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Args)]
pub struct ConsumerShow {
    /// Name or id
    pub consumer: String,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Args)]
pub struct ImportArgs {
    /// CSV or JSON file; `-` reads stdin
    pub file: PathBuf,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Args)]
pub struct KeyImport {
    /// CSV (with a header row) or JSON file; `-` reads stdin
    pub file: PathBuf,
    /// Surface of rows that name none
    #[arg(long, value_name = "NAME")]
    pub surface: Option<String>,
    #[command(flatten)]
    pub output: FormatArgs,
}

/// What a consumer is; never changes how its calls are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Kind {
    #[default]
    Developer,
    Agent,
    Squad,
}

impl From<Kind> for web::api::consumers::Kind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Developer => Self::Developer,
            Kind::Agent => Self::Agent,
            Kind::Squad => Self::Squad,
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a key and print it once
    Create(KeyCreate),
    /// Register credentials that consumers already use, by digest
    #[command(after_help = "\
Columns: consumer (it must exist), and either `digest` (SHA-256 of the credential as sent, without
scheme, 64 hexadecimal digits) or `value` (the credential itself: it is hashed on this machine and
never sent). Optional: surface, kind, expires_at (RFC 3339).")]
    Import(KeyImport),
    /// List keys in order of creation
    List(KeyList),
    /// Make a successor; the old key stays valid for the overlap
    Rotate(KeyRotate),
    /// End a key, effective in under a second
    Revoke(KeyRevoke),
}

#[derive(Debug, Args)]
pub struct KeyCreate {
    /// Name or id of the consumer
    #[arg(long, value_name = "NAME")]
    pub consumer: String,
    /// Name of the surface
    #[arg(long, value_name = "NAME")]
    pub surface: String,
    #[arg(long, value_enum)]
    pub kind: Option<Kind>,
    /// Lifetime, such as 90d [default: never expires]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub expires: Option<std::time::Duration>,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Args)]
pub struct KeyList {
    #[arg(long, value_name = "NAME")]
    pub consumer: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub surface: Option<String>,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Args)]
pub struct KeyRotate {
    /// Id of the key (key_…), or its start (twp_live_ and six characters)
    pub key: String,
    /// How long the old key stays valid
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "24h")]
    pub overlap: std::time::Duration,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Args)]
pub struct KeyRevoke {
    /// Id of the key (key_…), or its start (twp_live_ and six characters)
    pub key: String,
}

#[derive(Debug, Subcommand)]
pub enum SurfaceCommand {
    /// List surfaces
    List(FormatArgs),
}

#[derive(Debug, Subcommand)]
pub enum ContractCommand {
    /// Publish a contract; one that is broken or breaks consumers is refused with file, line and column
    Push(ContractPush),
    /// List the versions of a surface
    List(ContractList),
    /// Show a contract and its operations
    Show(ContractShow),
}

#[derive(Debug, Args)]
pub struct ContractPush {
    /// OpenAPI 3.0, 3.1 or 3.2 in YAML or JSON
    pub file: PathBuf,
    /// Name of the surface
    #[arg(long, value_name = "NAME")]
    pub surface: String,
    /// Publish it although it breaks consumers of the running contract; the audit log keeps the reason
    #[arg(long, value_name = "REASON", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub allow_breaking: Option<String>,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Args)]
pub struct ContractList {
    /// Only those of this surface
    #[arg(long, value_name = "NAME")]
    pub surface: Option<String>,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Args)]
pub struct ContractShow {
    /// Id of a contract (ctr_…), or name of a surface for the one that runs there
    pub contract: String,
    /// Print the text that was pushed, and nothing else
    #[arg(long, conflicts_with = "format")]
    pub source: bool,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Subcommand)]
pub enum RolloutCommand {
    /// Show what a contract to come breaks, for whom and how heavily, and keep the plan as a draft
    Propose(RolloutPropose),
    /// List rollouts
    List(ContractList),
    /// Show a rollout
    Show(RolloutShow),
    /// Show how many consumers are left, whether the rest will make it, and whom to call
    Status(RolloutStatusArgs),
    /// Say whether the plan is strong enough for the public to hear of it, and what it lacks
    Check(RolloutShow),
    /// Replace the plan; once announced, dates move later only
    Edit(RolloutEdit),
    #[command(flatten)]
    Step(RolloutStepCommand),
}

#[derive(Debug, Args)]
pub struct RolloutPropose {
    /// Name of the surface
    #[arg(long, value_name = "NAME")]
    pub surface: String,
    /// The contract to come, in YAML or JSON
    #[arg(long, value_name = "FILE")]
    pub revision: PathBuf,
    /// One line for people [default: the surface and both versions]
    #[arg(long)]
    pub name: Option<String>,
    /// Days of evidence, today included
    #[arg(long, value_name = "DAYS", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=400))]
    pub evidence_days: u32,
    /// Also write the plan to this file, to be edited
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Args)]
pub struct RolloutShow {
    /// Id of a rollout (roll_…), or name of a surface for its newest one
    pub rollout: String,
    /// Print the plan as TOML, and nothing else
    #[arg(long, conflicts_with = "format")]
    pub plan: bool,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Args)]
pub struct RolloutStatusArgs {
    /// Id of a rollout (roll_…), or name of a surface for its newest one [default: the only one under way]
    pub rollout: Option<String>,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Args)]
pub struct RolloutEdit {
    /// Id of a rollout (roll_…), or name of a surface for its newest one
    pub rollout: String,
    /// The edited plan
    #[arg(long, value_name = "FILE")]
    pub plan: PathBuf,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Subcommand)]
pub enum NoticeCommand {
    /// Each notice of a rollout and each address: delivered, waiting, bounced, or nobody to tell
    List(NoticeList),
    /// Send a notice again, under the same id
    Resend(NoticeResend),
}

#[derive(Debug, Args)]
pub struct NoticeList {
    /// Id of a rollout (roll_…), or name of a surface for its newest one
    pub rollout: String,
    /// Only these: pending, delivered, failed, bounced, suppressed or unreachable
    #[arg(long)]
    pub state: Option<String>,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Args)]
pub struct NoticeResend {
    /// Id of a notice (ntc_…)
    pub notice: String,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Subcommand)]
pub enum WebhookCommand {
    /// Add one; its secret is shown this once
    Add(WebhookAdd),
    List(WebhookList),
    /// Give one a new secret; the one before signs too for a day
    Rotate(WebhookRef),
    /// End one: nothing is sent there any more
    Remove(WebhookRef),
}

#[derive(Debug, Args)]
pub struct WebhookAdd {
    /// Name or id
    #[arg(long)]
    pub surface: String,
    /// Name or id [default: the owner's own]
    #[arg(long)]
    pub consumer: Option<String>,
    /// https://…
    pub url: String,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Args)]
pub struct WebhookList {
    /// Only of this surface
    #[arg(long)]
    pub surface: Option<String>,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Args)]
pub struct WebhookRef {
    /// Id of a webhook (hook_…)
    pub webhook: String,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Clone, Args)]
pub struct UsageArgs {
    /// What each row is
    #[arg(long, value_enum, default_value_t)]
    pub by: By,
    /// Instead: who still calls operations that the contracts deprecate
    #[arg(long, conflicts_with_all = ["by", "consumer"])]
    pub deprecated: bool,
    /// Start: a time ago (24h, 7d) or an instant (2026-01-31T00:00:00Z)
    #[arg(long, default_value = "24h", value_name = "WHEN")]
    pub since: String,
    /// End, exclusive [default: now]
    #[arg(long, value_name = "WHEN")]
    pub until: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub surface: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub consumer: Option<String>,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum By {
    #[default]
    Operation,
    Consumer,
    Key,
    Version,
    /// Client software by name and version, over whole UTC days
    Client,
    /// What kind of client: sdk, browser, agent, cli, unknown
    ClientClass,
}

impl By {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Consumer => "consumer",
            Self::Key => "key",
            Self::Version => "version",
            Self::Client => "client",
            Self::ClientClass => "client-class",
        }
    }
}

#[derive(Debug, Args)]
pub struct BackupArgs {
    /// File to write; must not exist
    pub file: PathBuf,
    #[command(flatten)]
    pub output: FormatArgs,
}

#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// A file that `backup` wrote
    pub file: PathBuf,
    /// Replace the state that the data folder has
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print every setting with its source
    Show(FormatArgs),
    /// Check the config file, the environment and the files they name
    Check,
}

fn duration(text: &str) -> Result<std::time::Duration, UnitError> {
    units::duration(text)
}

/// More would measure the clients rather than the gateway.
const RATE_MAX: f64 = 50.0;

fn rate(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(rate) if rate > 0.0 && rate <= RATE_MAX => Ok(rate),
        _ => Err(format!("a number above 0 and up to {RATE_MAX}")),
    }
}

/// A hundred days in a tenth of a second: faster than calls are answered anyhow.
const CLOCK_SPEED_MAX: f64 = 86_400_000.0;

fn clock_speed(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(speed) if (1.0..=CLOCK_SPEED_MAX).contains(&speed) => Ok(speed),
        _ => Err(format!("a number from 1 to {CLOCK_SPEED_MAX}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_the_documentation_shows_parses() {
        for line in [
            "towpath up --contract openapi.yaml --upstream http://127.0.0.1:9000 --surface payments --gateway 127.0.0.1:8080 --web 127.0.0.1:8081 --data ./towpath-data",
            "towpath up",
            "towpath demo --for 20s --format json",
            "towpath demo --clock-speed 86400",
            "towpath consumer create acme --kind agent --contact a@example.com --contact #acme --plan gold --sla 24h",
            "towpath consumer import consumers.csv",
            "towpath key create --consumer acme --surface payments --kind squad --format json",
            "towpath key rotate key_0000000000001 --overlap 7d",
            "towpath contract push openapi.yaml --surface payments",
            "towpath diff main:openapi.yaml - --format sarif --fail-on WARN --output report.sarif",
            "towpath diff a.json b.json --include api-* --exclude *-added --severity-levels levels.txt",
            "towpath changelog a.yaml b.yaml --format json",
            "towpath lint openapi.yaml --ruleset r.yaml --fix --format junit",
            "towpath lint - --fix=repairs.json --fail-on warn",
            "towpath score openapi.yaml --tasks tasks.txt --base main:openapi.yaml --min-safety 80",
            "towpath explain api-removed-without-deprecation",
            "towpath explain --list --format json",
            "towpath usage --by client --since 24h --format csv",
            "towpath usage --by client-class --until 1h",
            "towpath usage --deprecated",
            "towpath backup b.tar --server https://towpath.example --token t",
            "towpath restore b.tar --replace --data d",
            "towpath config show --format json",
            "towpath doctor --format json",
        ] {
            Cli::try_parse_from(line.split(' ')).unwrap_or_else(|error| panic!("{line}: {error}"));
        }
        for line in [
            "towpath",
            "towpath usage --by colour",
            "towpath diff a.yaml",
            "towpath diff a.yaml b.yaml --fail-on sometimes",
            "towpath explain",
            "towpath score a.yaml --min-safety 101",
            "towpath explain a --list",
            "towpath demo --for soon",
            "towpath demo --clock-speed 0",
            "towpath up --contract x",
        ] {
            assert!(Cli::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }
}
