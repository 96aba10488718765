//! Two documents compared by the rules at the levels that the team set: what `diff` and `changelog` share.

use std::collections::BTreeMap;
use std::path::Path;

use adoption::Clock as _;
use contract::policy::{self, Ignores};
use contract::{
    Change, Clients, Diff, DiffOptions, Level, LevelOverride, Source, Stability, VersionPolicy,
    tools,
};
use jiff::civil::Date;
use meter::SystemClock;

use super::args::{CompareArgs, Global, StabilityArg};
use super::document::{read_sides, read_text};
use super::remote::layers;
use super::rulebook;
use crate::config::{self, Flags, VersionPolicySetting};
use crate::failure::Failure;
use crate::output::{self, Place};

/// Two documents and what changed between them.
pub struct Comparison {
    pub base: Source,
    pub revision: Source,
    pub changes: Vec<Change>,
    /// How many changes an ignore file took out.
    pub ignored: usize,
    /// Whether the documents were beyond a limit, so that there may be more changes than these.
    pub is_cut: bool,
    /// For whom the levels are.
    pub clients: Clients,
}

impl Comparison {
    /// What to say of a comparison that is not whole, with the next step.
    pub fn cut_text(&self) -> Option<String> {
        let text = "warning: the contracts are beyond what one comparison holds: there may be more changes than these\n  = help: compare parts of them, each with its paths and what these refer to";
        self.is_cut.then(|| text.to_owned())
    }
}

/// What is said of the versions of two contracts, among their changes.
#[derive(Debug, Clone, Copy)]
pub enum Versions {
    /// What the flag says, else the configuration.
    Judged(Option<VersionPolicySetting>),
    /// Nothing: the reader is a consumer, who does not choose them.
    Unjudged,
}

/// Reads both sides, compares them, and applies levels, filters and ignore files.
pub fn compare(
    global: &Global,
    args: &CompareArgs,
    versions: Versions,
) -> Result<Comparison, Failure> {
    let options = options(global, args, versions)?;
    let (base, revision) = read_sides(&args.base, &args.revision)?;
    let Diff { changes, is_cut } =
        match (tools::is_tool_list(&base), tools::is_tool_list(&revision)) {
            (true, true) => Diff {
                changes: policy::apply_levels(tools::diff(&base, &revision), &options.levels),
                is_cut: false,
            },
            (false, false) => contract_changes(&base, &revision, &options)?,
            (is_base, _) => return Err(mixed(&base, &revision, is_base)),
        };

    let changes = filtered(changes, args);
    let (changes, errors) = ignored(changes, args.err_ignore.as_deref(), Level::Error)?;
    let (changes, warnings) = ignored(changes, args.warn_ignore.as_deref(), Level::Warning)?;
    Ok(Comparison {
        base,
        revision,
        changes,
        ignored: errors + warnings,
        is_cut,
        clients: options.clients,
    })
}

/// The day in UTC.
pub fn today() -> Date {
    let now = jiff::Timestamp::from_microsecond(SystemClock.now().0);
    let now = now.expect("the clock is within the years that are");
    now.to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn contract_changes(
    base: &Source,
    revision: &Source,
    options: &DiffOptions,
) -> Result<Diff, Failure> {
    for source in [base, revision] {
        if source.root().get("openapi").is_none() {
            return Err(not_openapi(source));
        }
    }
    Ok(contract::diff(base, revision, options))
}

/// `parse` knows best what the document is instead.
fn not_openapi(source: &Source) -> Failure {
    match contract::parse(source.tree.source(), &source.file) {
        Err(error) => Failure {
            details: vec![error.render().trim_end().to_owned()],
            ..Failure::input(&error)
        },
        Ok(_) => Failure::input("the document has no `openapi` field"),
    }
    .at(&source.file)
    .next("compare OpenAPI 3.0, 3.1 or 3.2 contracts, or two answers to MCP `tools/list`")
}

fn mixed(base: &Source, revision: &Source, is_base: bool) -> Failure {
    let (list, other) = match is_base {
        true => (base, revision),
        false => (revision, base),
    };
    let what = format!(
        "{} is a list of MCP tools, and {} is not",
        list.file, other.file
    );
    Failure::input(what).next("compare two contracts, or two lists of tools")
}

/// What `towpath.toml` decides, then the flags, then the levels of the severity file.
fn options(
    global: &Global,
    args: &CompareArgs,
    versions: Versions,
) -> Result<DiffOptions, Failure> {
    let today = today();
    let loaded = config::load(&layers(global, Flags::default()))?;
    let mut policy = loaded.config.contract.to_policy();
    if let Some(clients) = args.clients {
        policy.clients = clients.into();
    }
    match versions {
        Versions::Judged(Some(flag)) => policy.version_policy = flag.into(),
        Versions::Judged(None) => {}
        Versions::Unjudged => policy.version_policy = VersionPolicy::None,
    }

    for one in policy.expired(today) {
        output::note(&format!("warning: {}", one.expiry_text()));
    }
    let file = loaded.file.as_deref().unwrap_or("towpath.toml".as_ref());
    let held = policy.held(today);
    warn_of_unknown(&file.display().to_string(), held.iter().map(|one| &one.id));

    let mut options = DiffOptions {
        deprecation_days_stable: args.deprecation_days_stable,
        deprecation_days_beta: args.deprecation_days_beta,
        include_path_params: args.include_path_params,
        stability_min: match args.stability_min {
            StabilityArg::Draft => Stability::Draft,
            StabilityArg::Alpha => Stability::Alpha,
            StabilityArg::Beta => Stability::Beta,
            StabilityArg::Stable => Stability::Stable,
        },
        ..policy.options(today)
    };
    if let Some(path) = &args.severity_levels {
        options.levels.extend(severity_file(path)?);
    }
    Ok(options)
}

fn severity_file(path: &Path) -> Result<BTreeMap<String, LevelOverride>, Failure> {
    let text = read_text(path)?;
    let file = path.display().to_string();
    let levels = policy::severities(&text).map_err(|error| {
        let line = error.line();
        let place = Place {
            file: &file,
            line,
            column: 1,
            source_line: text.lines().nth(line - 1).unwrap_or_default(),
        };
        let mut failure = Failure::usage(&error);
        failure.place = Some(place.render());
        failure.next("write one rule a line, such as `api-security-removed err`")
    })?;
    warn_of_unknown(&file, levels.keys());
    Ok(levels)
}

fn warn_of_unknown<'a>(file: &str, ids: impl Iterator<Item = &'a String>) {
    for remark in ids.filter_map(|id| rulebook::unknown(id)) {
        output::note(&format!("warning: {file}: {remark}"));
    }
}

fn filtered(changes: Vec<Change>, args: &CompareArgs) -> Vec<Change> {
    let any = |patterns: &[String], id: &str| patterns.iter().any(|pattern| matches(pattern, id));
    changes
        .into_iter()
        .filter(|change| args.include.is_empty() || any(&args.include, change.id))
        .filter(|change| !any(&args.exclude, change.id))
        .collect()
}

fn ignored(
    changes: Vec<Change>,
    file: Option<&Path>,
    level: Level,
) -> Result<(Vec<Change>, usize), Failure> {
    let Some(file) = file else {
        return Ok((changes, 0));
    };
    let (kept, ignored) = Ignores::parse(&read_text(file)?).split(changes, level);
    Ok((kept, ignored.len()))
}

/// Whether the whole of `text` is what `pattern` describes, `*` being any text.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, expect) in [
            ("api-removed", "api-removed", true),
            ("api-removed", "api-removed-before-sunset", false),
            ("api-*", "api-removed", true),
            ("*-removed", "api-removed", true),
            ("*removed*", "api-removed-before-sunset", true),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "a-c", false),
            ("*", "", true),
            ("ab*b", "ab", false),
        ] {
            assert_eq!(matches(pattern, text), expect, "{pattern} {text}");
        }
    }
}
