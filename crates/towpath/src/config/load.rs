//! Layers the configuration: defaults, file, environment, flags; each value remembers where it came from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};

use super::loaded::{ConfigError, Loaded, Source};
use super::locate::{self, Position};
use super::settings::{OTHER_VARIABLES, SETTINGS, nearest};
use super::{Config, check};

/// What is layered over the defaults.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    /// A file that must exist; `None` takes no file.
    pub file: Option<PathBuf>,
    /// Environment variables, of which those named `TOWPATH_*` are read.
    pub environment: BTreeMap<String, String>,
    pub flags: Flags,
}

/// The flags of `up` that are settings.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    pub data: Option<PathBuf>,
    pub gateway: Option<String>,
    pub web: Option<String>,
    pub surface: Option<SurfaceFlags>,
}

/// A surface given by flags: it replaces contract and upstream of the one in the file with the same name.
#[derive(Debug, Clone)]
pub struct SurfaceFlags {
    pub name: String,
    pub upstream: Vec<String>,
    pub contract: Option<PathBuf>,
}

/// Reads and layers everything, then checks the values against each other.
pub fn load(layers: &Layers) -> Result<Loaded, ConfigError> {
    let mut table = Table::new();
    let mut sources = BTreeMap::new();
    if let Some(path) = &layers.file {
        table = read_file(path, &mut sources)?;
    }

    let warnings = apply_environment(&layers.environment, &mut table, &mut sources)?;
    apply_flags(&layers.flags, &mut table, &mut sources)?;

    let mut config = typed(&table).map_err(|message| ConfigError::Flag {
        flag: "up",
        message,
    })?;
    if let Some(folder) = layers.file.as_deref().and_then(Path::parent) {
        rebase_paths(&mut config, &sources, folder);
    }

    let loaded = Loaded {
        config,
        file: layers.file.clone(),
        sources,
        warnings,
    };
    let invalid = check::invalid_values(&loaded);
    if invalid.is_empty() {
        Ok(loaded)
    } else {
        Err(ConfigError::Invalid(invalid))
    }
}

fn typed(table: &Table) -> Result<Config, String> {
    Config::deserialize(table.clone()).map_err(|error| error.message().to_owned())
}

fn read_file(path: &Path, sources: &mut BTreeMap<String, Source>) -> Result<Table, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
        path: path.to_owned(),
        source,
    })?;
    // Typed first, because only this pass knows the position of an unknown key or a wrong type.
    toml::from_str::<Config>(&text).map_err(|error| file_error(path, &text, &error))?;
    let table = text
        .parse::<Table>()
        .map_err(|error| file_error(path, &text, &error))?;

    for (setting, position) in locate::positions(&text) {
        let source = Source::File {
            path: path.to_owned(),
            line: position.line,
        };
        sources.insert(canonical(&setting), source);
    }
    Ok(table)
}

/// Aliases are recorded under the name that `config show` prints.
fn canonical(path: &str) -> String {
    match path.rsplit_once('.') {
        Some((surface, "hosts")) if surface.starts_with("surface[") => format!("{surface}.host"),
        Some((surface, "upstreams")) if surface.starts_with("surface[") => {
            format!("{surface}.upstream")
        }
        _ => path.to_owned(),
    }
}

fn file_error(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let span = error.span().unwrap_or(0..0);
    let position = Position::of(text, span.start);
    let (message, help) = explain(error.message());
    ConfigError::File {
        path: path.to_owned(),
        position,
        source_line: text
            .lines()
            .nth(position.line - 1)
            .unwrap_or_default()
            .to_owned(),
        message,
        help,
    }
}

/// Serde says "unknown field `a`, expected one of `b`, `c`": the names between backticks are what we need.
fn explain(message: &str) -> (String, Option<String>) {
    let mut quoted = message.split('`').skip(1).step_by(2);
    if message.starts_with("unknown field") {
        let word = quoted.next().unwrap_or_default();
        let known: Vec<&str> = quoted.collect();
        let help = match nearest(word, known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("known keys here: {}", known.join(", ")),
        };
        return (format!("unknown key `{word}`"), Some(help));
    }
    if message.starts_with("unknown variant") {
        let word = quoted.next().unwrap_or_default();
        let known: Vec<&str> = quoted.collect();
        return (
            format!("`{word}` is not a choice here"),
            Some(format!("use one of: {}", known.join(", "))),
        );
    }
    if let Some(name) = message.strip_prefix("missing field ") {
        return (format!("key {name} is missing"), None);
    }
    (message.to_owned(), None)
}

fn apply_environment(
    environment: &BTreeMap<String, String>,
    table: &mut Table,
    sources: &mut BTreeMap<String, Source>,
) -> Result<Vec<String>, ConfigError> {
    let mut layer = Table::new();
    for setting in SETTINGS {
        let variable = setting.variable();
        let Some(text) = environment.get(&variable) else {
            continue;
        };
        let value = setting.value(text);

        // Alone, so that the message names this variable; a TLS file alone lacks its pair, judged after merging.
        let mut alone = Table::new();
        insert(&mut alone, setting.path, value.clone());
        if !setting.path.starts_with("gateway.tls.") {
            typed(&alone).map_err(|message| ConfigError::Environment {
                variable: variable.clone(),
                message,
            })?;
        }

        insert(&mut layer, setting.path, value);
        sources.insert(setting.path.to_owned(), Source::Environment { variable });
    }
    merge(table, layer);
    typed(table).map_err(|message| ConfigError::Environment {
        variable: "TOWPATH_GATEWAY_TLS_*".to_owned(),
        message: explain(&message).0,
    })?;
    Ok(unknown_variables(environment))
}

/// A warning and no refusal: container platforms put variables such as `TOWPATH_PORT` into every process
/// that runs beside a service named towpath.
fn unknown_variables(environment: &BTreeMap<String, String>) -> Vec<String> {
    let known: Vec<String> = SETTINGS
        .iter()
        .map(super::settings::Setting::variable)
        .collect();
    let all = || known.iter().map(String::as_str).chain(OTHER_VARIABLES);
    environment
        .keys()
        .filter(|variable| {
            variable.starts_with("TOWPATH_") && !all().any(|name| name == variable.as_str())
        })
        .map(|variable| match nearest(variable, all()) {
            Some(meant) => {
                format!("environment variable {variable} is no setting; did you mean {meant}?")
            }
            None => format!("environment variable {variable} is no setting and has no effect"),
        })
        .collect()
}

fn apply_flags(
    flags: &Flags,
    table: &mut Table,
    sources: &mut BTreeMap<String, Source>,
) -> Result<(), ConfigError> {
    let path_text = |path: &PathBuf| path.to_string_lossy().into_owned();
    let given = [
        ("data", "--data", flags.data.as_ref().map(path_text)),
        ("gateway.listen", "--gateway", flags.gateway.clone()),
        ("web.listen", "--web", flags.web.clone()),
    ];
    for (path, name, value) in given {
        let Some(value) = value else { continue };
        insert(table, path, Value::String(value));
        sources.insert(path.to_owned(), Source::Flag { name });
    }

    if let Some(surface) = &flags.surface {
        apply_surface(surface, table, sources);
    }
    Ok(())
}

fn apply_surface(flags: &SurfaceFlags, table: &mut Table, sources: &mut BTreeMap<String, Source>) {
    let surfaces = table
        .entry("surface")
        .or_insert_with(|| Value::Array(Vec::new()));
    let Value::Array(surfaces) = surfaces else {
        return;
    };
    let is_named =
        |surface: &Value| surface.get("name").and_then(Value::as_str) == Some(&flags.name);
    let index = surfaces.iter().position(is_named).unwrap_or_else(|| {
        surfaces.push(Value::Table(Table::new()));
        surfaces.len() - 1
    });
    let Value::Table(surface) = &mut surfaces[index] else {
        return;
    };

    let mut set = |key: &str, name: &'static str, value: Value| {
        surface.insert(key.to_owned(), value);
        sources.insert(format!("surface[{index}].{key}"), Source::Flag { name });
    };
    set("name", "--surface", Value::String(flags.name.clone()));
    let upstreams = flags.upstream.iter().cloned().map(Value::String).collect();
    set("upstream", "--upstream", Value::Array(upstreams));
    if let Some(contract) = &flags.contract {
        set(
            "contract",
            "--contract",
            Value::String(contract.to_string_lossy().into_owned()),
        );
    }
    surface.remove("upstreams");
}

/// Paths in a file mean files beside it; paths in the environment and in flags mean the working folder.
fn rebase_paths(config: &mut Config, sources: &BTreeMap<String, Source>, folder: &Path) {
    let rebase = |setting: &str, path: &mut PathBuf| {
        if matches!(sources.get(setting), Some(Source::File { .. })) {
            *path = folder.join(&*path);
        }
    };

    rebase("data", &mut config.data);
    if let Some(tls) = &mut config.gateway.tls {
        rebase("gateway.tls.cert_file", &mut tls.cert_file);
        rebase("gateway.tls.key_file", &mut tls.key_file);
    }
    for (setting, path) in config.notices.files_mut() {
        rebase(setting, path);
    }
    for (index, surface) in config.surfaces.iter_mut().enumerate() {
        let name = |key: &str| format!("surface[{index}].{key}");
        if let Some(contract) = &mut surface.contract {
            rebase(&name("contract"), contract);
        }
        if let Some(ca_file) = &mut surface.upstream_ca_file {
            rebase(&name("upstream_ca_file"), ca_file);
        }
        for identity in &mut surface.identity {
            rebase_identity(identity, folder);
        }
    }
}

/// Identities come from the file only.
fn rebase_identity(identity: &mut gateway::IdentitySpec, folder: &Path) {
    if let gateway::IdentitySpec::JwtClaim { jwks_file, .. } = identity {
        *jwks_file = folder.join(&*jwks_file).to_string_lossy().into_owned();
    }
}

fn insert(table: &mut Table, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            table.insert(path.to_owned(), value);
        }
        Some((head, rest)) => {
            let inner = table
                .entry(head)
                .or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

fn merge(base: &mut Table, layer: Table) {
    for (key, value) in layer {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(inner)), Value::Table(over)) => merge(inner, over),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}
