//! The state as the wiring brings it up: opened, given the configuration's surfaces and contracts.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use adoption::Clock;
use control::{
    Actor, Breaking, Control, ControlConfig, ControlError, Retention, SurfaceSettings, TimeoutSpec,
};
use gateway::{IdentitySpec, SnapshotSpec};

use crate::config::surface::{Anonymous, UnknownPath};
use crate::config::{Config, Keep, RetentionSection, SurfaceSection};
use crate::failure::{Failure, chain};
use crate::output::Place;
use crate::run::notices;

/// How long the first attempt may take before the gateway starts from the last-good Snapshot.
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);

pub fn control_config(config: &Config) -> ControlConfig {
    ControlConfig {
        retention: retention(&config.retention),
        ..ControlConfig::new(config.data.clone())
    }
}

/// Rounded up to the whole hours and days that the jobs work in; the configuration bounds them to a century.
fn retention(section: &RetentionSection) -> Retention {
    let whole =
        |seconds: u64, unit_s: u64| u32::try_from(seconds.div_ceil(unit_s)).unwrap_or(u32::MAX);
    Retention {
        minute_hours: whole(section.minutes.0.as_secs(), 3_600),
        hour_days: whole(section.hours.0.as_secs(), 86_400),
        day_days: match section.days {
            Keep::Forever => None,
            Keep::For(days) => Some(whole(days.0.as_secs(), 86_400)),
        },
    }
}

/// What the first look at the state gave.
pub struct Opened {
    /// `None`: traffic starts from the last-good Snapshot.
    pub control: Option<Control>,
    pub snapshot: SnapshotSpec,
    pub warnings: Vec<Failure>,
}

/// Opens the state and brings the configuration in; without a database falls back to the last-good Snapshot.
pub async fn open(config: &Config, clock: &Arc<dyn Clock>) -> Result<Opened, Failure> {
    let opened = tokio::time::timeout(
        OPEN_TIMEOUT,
        Control::open(control_config(config), Arc::clone(clock)),
    )
    .await;
    let reason = match opened {
        Ok(Ok(control)) => {
            let warnings = apply_surfaces(&control, config).await?;
            match control.snapshot().await {
                Ok(snapshot) => {
                    return Ok(Opened {
                        control: Some(control),
                        snapshot,
                        warnings,
                    });
                }
                Err(error) => chain(&error),
            }
        }
        Ok(Err(error)) => chain(&error),
        Err(_) => format!("the state did not open within {}s", OPEN_TIMEOUT.as_secs()),
    };

    let last = control::last_snapshot(&config.data).map_err(|error| {
        Failure::input(chain(&error)).next("check the data folder's owner and mode")
    })?;
    let Some(snapshot) = last else {
        return Err(Failure::input(reason)
            .at(config.data.display())
            .next("there is no last-good snapshot to start from; see `towpath doctor`"));
    };
    tracing::error!(
        generation = snapshot.generation,
        "the state cannot be opened ({reason}): traffic starts from the last-good snapshot, usage is kept in the journal"
    );
    Ok(Opened {
        control: None,
        snapshot,
        warnings: Vec::new(),
    })
}

/// Brings the policy on contracts, the way of notices, every surface of the configuration and its contract into the state. Stops at the first surface that
/// is refused; a contract that is refused stops only a surface that has none yet, otherwise the running one
/// stays and the problem is in the answer.
pub async fn apply_surfaces(control: &Control, config: &Config) -> Result<Vec<Failure>, Failure> {
    control.set_contract_policy(config.contract.to_policy());
    let mut refused = Vec::new();
    match notices::senders(&config.notices) {
        Ok(senders) => control.set_senders(senders),
        // Traffic does not wait for mail: what cannot be sent waits in the ledger.
        Err(failure) => refused.push(failure),
    }
    for section in &config.surfaces {
        let settings = settings(section);
        let surface = control
            .upsert_surface(Actor::Config, settings)
            .await
            .map_err(|error| {
                Failure::usage(chain(&error))
                    .at(format!("surface {:?}", section.name))
                    .next("see the surface in the configuration")
            })?;
        let Some(path) = &section.contract else {
            continue;
        };
        if let Err(failure) = push(control, &section.name, path).await {
            if surface.contract.is_none() {
                return Err(failure);
            }
            refused.push(failure);
        }
    }
    Ok(refused)
}

/// Who writes the configuration decides what runs: a refusal would leave the gateway with a contract that its owner
/// has replaced.
const DECLARED: Breaking<'_> = Breaking::Declared("the configuration names this contract");

async fn push(control: &Control, surface: &str, path: &Path) -> Result<(), Failure> {
    let file = path.display().to_string();
    let read = tokio::fs::read(path).await;
    let bytes = read
        .map_err(|error| Failure::input(format!("cannot read the contract: {error}")).at(&file))?;
    let source = String::from_utf8(bytes).map_err(|_| {
        Failure::input("the contract is not UTF-8")
            .at(&file)
            .next("save it as UTF-8")
    })?;
    match control
        .push_contract(Actor::Config, surface, &file, &source, DECLARED)
        .await
    {
        Ok(pushed) => {
            tracing::info!(
                surface = surface,
                version = pushed.contract.version,
                operations = pushed.contract.operations,
                change = ?pushed.change,
                "contract of {surface}: {} {}",
                pushed.contract.title,
                pushed.contract.version
            );
            Ok(())
        }
        Err(ControlError::Contract { problems }) => {
            Err(contract_failure(surface, &file, &source, &problems))
        }
        Err(error) => Err(Failure::input(chain(&error)).at(&file)),
    }
}

fn contract_failure(
    surface: &str,
    file: &str,
    source: &str,
    problems: &[control::Problem],
) -> Failure {
    let count = problems.len();
    let noun = if count == 1 { "problem" } else { "problems" };
    let mut failure = Failure::input(format!("the contract of {surface} has {count} {noun}"))
        .at(file)
        .next("correct the file; a contract that ran before goes on running");
    failure.details = problems
        .iter()
        .map(|problem| {
            let line = usize::try_from(problem.line).unwrap_or(usize::MAX);
            let column = usize::try_from(problem.column).unwrap_or(usize::MAX);
            let source_line = source
                .lines()
                .nth(line.saturating_sub(1))
                .unwrap_or_default();
            let place = Place {
                file,
                line,
                column,
                source_line,
            }
            .render();
            let at = match problem.pointer.as_str() {
                "" => String::new(),
                pointer => format!("\n  = at: {pointer}"),
            };
            format!(
                "error: {}\n{place}{at}\n  = help: {}\n",
                problem.message, problem.next_step
            )
        })
        .collect();
    failure
}

/// Files are named absolutely, so that the last-good Snapshot works from any folder.
fn settings(section: &SurfaceSection) -> SurfaceSettings {
    let mut settings = SurfaceSettings::new(&section.name, "");
    settings.hosts = section
        .host
        .iter()
        .map(|host| host.to_ascii_lowercase())
        .collect();
    settings.path_prefix = section.path_prefix.clone();
    settings.strip_path_prefix = section.strip_path_prefix;
    settings.base_path = section.base_path.clone();
    settings.upstreams = section.upstream.clone();
    settings.upstream_ca_file = section.upstream_ca_file.as_deref().map(absolute);
    settings.preserve_host = section.preserve_host;
    settings.identity = section
        .identity
        .iter()
        .cloned()
        .map(with_absolute_file)
        .collect();
    settings.unknown_path = match section.unknown_path {
        UnknownPath::Pass => control::UnknownPath::Pass,
        UnknownPath::NotFound => control::UnknownPath::NotFound,
    };
    settings.anonymous = match section.anonymous {
        Anonymous::Pass => control::Anonymous::Pass,
        Anonymous::Unauthorized => control::Anonymous::Unauthorized,
    };
    settings.timeouts = TimeoutSpec {
        connect_ms: section.timeouts.connect.as_ms(),
        response_head_ms: section.timeouts.response_head.as_ms(),
        response_idle_ms: section.timeouts.response_idle.as_ms(),
    };
    settings.body_bytes_limit = section.body_limit.map(|limit| limit.0);
    settings
}

fn absolute(path: &Path) -> String {
    std::path::absolute(path)
        .unwrap_or_else(|_| path.to_owned())
        .to_string_lossy()
        .into_owned()
}

fn with_absolute_file(identity: IdentitySpec) -> IdentitySpec {
    match identity {
        IdentitySpec::JwtClaim {
            claim,
            jwks_file,
            issuer,
            audience,
        } => IdentitySpec::JwtClaim {
            claim,
            jwks_file: absolute(Path::new(&jwks_file)),
            issuer,
            audience,
        },
        other => other,
    }
}
