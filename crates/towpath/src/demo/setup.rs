//! Brings the demo up: the sample upstream, Towpath in front of it, the cast with its keys, and the contract.

use std::collections::HashSet;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use adoption::{ConsumerId, SurfaceId};
use anyhow::Context as _;
use control::{Actor, Breaking, Contact, Control, ControlError, NewConsumer, NewKey};

use super::cast::{CAST, SignIn};
use super::load::Guest;
use super::operations::BASE_PATH;
use super::records::{CHARGE, Capture, PAYMENT, payment_number};
use super::upstream::Upstream;
use crate::config::surface::Anonymous;
use crate::config::{Config, LogRequests, SurfaceSection};
use crate::failure::Failure;
use crate::output;
use crate::run::{self, Running};

/// The contract of the sample payments API.
pub const CONTRACT: &str = include_str!("../../assets/payments.yaml");
pub const SURFACE: &str = "payments";
/// The consumer whose key the reader gets.
pub const READER: &str = "you";

/// How long the gateway may take to know every key.
const PUBLISHED_LIMIT: Duration = Duration::from_secs(10);

/// Everything that runs, and how to reach it.
pub struct Stage {
    pub running: Running,
    pub control: Control,
    pub upstream: Upstream,
    pub surface: SurfaceId,
    pub title: String,
    pub guests: Vec<Guest>,
    /// The consumers whose calls the demo's own clients make; reserved buckets included.
    pub cast: HashSet<ConsumerId>,
    pub consumers_registered: usize,
    pub commands: [String; 2],
    /// Removed after everything that uses it.
    _folder: DataFolder,
}

/// Where to listen, and whether another address may do.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub addr: SocketAddr,
    pub default: SocketAddr,
}

/// Starts everything but the load; tells on stderr what it does.
pub async fn set(gateway: Wanted, web: Wanted, data: Option<PathBuf>) -> anyhow::Result<Stage> {
    let folder = DataFolder::at(data)?;
    let gateway = free_addr(gateway, "gateway", None)?;
    let web = free_addr(web, "admin API", Some(gateway))?;
    let upstream = Upstream::start().context("the sample payments API cannot start")?;
    done(&format!(
        "sample payments API on http://{}",
        upstream.addr()
    ));

    let running = run::start(config(gateway, web, &folder.path, upstream.addr())).await?;
    let control = running
        .control()
        .await
        .context("the state could not be opened")?;
    done(&format!(
        "gateway on http://{}, admin API on http://{}",
        running.gateway_addr, running.web_addr
    ));

    let pushed = control
        .push_contract(
            Actor::Cli,
            SURFACE,
            "payments.yaml",
            CONTRACT,
            Breaking::Declared("the demo"),
        )
        .await
        .map_err(contract_failure)?;
    let contract = pushed.contract;
    let surface = contract.surface;
    done(&format!(
        "contract {} {}: {} operations",
        contract.title, contract.version, contract.operations
    ));

    let (guests, cast) = register(&control).await?;
    let reader = consumer(
        &control,
        READER,
        adoption::ConsumerKind::Developer,
        "starter",
        None,
    )
    .await?;
    let key = key(&control, reader).await?;
    wait_until_published(&control).await?;
    let consumers_registered = CAST
        .iter()
        .filter(|character| character.sign_in.is_registered())
        .count()
        + 1;
    done(&format!("{consumers_registered} consumers and their keys"));

    Ok(Stage {
        commands: commands(running.gateway_addr, &key),
        title: format!("{} {}", contract.title, contract.version),
        running,
        control,
        upstream,
        surface,
        guests,
        cast,
        consumers_registered,
        _folder: folder,
    })
}

impl Stage {
    /// Ends Towpath, then the upstream; the data folder goes last.
    pub async fn strike(self) {
        self.running.shutdown().await;
        let upstream = self.upstream;
        // Joins a thread.
        if tokio::task::spawn_blocking(move || upstream.stop())
            .await
            .is_err()
        {
            tracing::warn!("the sample payments API ended with a panic");
        }
    }
}

fn config(gateway: SocketAddr, web: SocketAddr, data: &Path, upstream: SocketAddr) -> Config {
    let mut surface = SurfaceSection::new(SURFACE.to_owned(), vec![format!("http://{upstream}")]);
    // So that some answers are the gateway's own, as they are in production.
    surface.anonymous = Anonymous::Unauthorized;
    let mut config = Config {
        data: data.to_owned(),
        surfaces: vec![surface],
        ..Config::default()
    };
    config.gateway.listen = gateway;
    config.web.listen = web;
    config.log.requests = LogRequests::Off;
    config
}

/// The wanted address, or where it is taken and only a default, another port of the same host.
fn free_addr(wanted: Wanted, noun: &str, not: Option<SocketAddr>) -> anyhow::Result<SocketAddr> {
    let Wanted { addr, default } = wanted;
    let taken = match TcpListener::bind(addr) {
        Ok(_) if not != Some(addr) || addr.port() == 0 => return Ok(addr),
        Ok(_) => "taken by the gateway".to_owned(),
        Err(error) => error.to_string(),
    };
    if addr != default {
        let flag = if noun == "gateway" {
            "--gateway"
        } else {
            "--web"
        };
        return Err(
            Failure::input(format!("the {noun} cannot listen on {addr}: {taken}"))
                .next(format!("choose another address with {flag}"))
                .into(),
        );
    }
    let listener = TcpListener::bind((addr.ip(), 0))
        .with_context(|| format!("no free port for the {noun}"))?;
    let free = listener.local_addr()?;
    output::note(&format!("  {addr} is in use: the {noun} takes {free}"));
    Ok(free)
}

/// Every consumer of the cast with its key; and the consumers that the meter will record their calls for.
async fn register(control: &Control) -> anyhow::Result<(Vec<Guest>, HashSet<ConsumerId>)> {
    let mut guests = Vec::with_capacity(CAST.len());
    for character in CAST {
        let registered = match character.sign_in.is_registered() {
            true => {
                let contact = Some(character.contact());
                Some(
                    consumer(
                        control,
                        character.name,
                        character.kind,
                        character.plan,
                        contact,
                    )
                    .await?,
                )
            }
            false => None,
        };
        let (key, metered) = match (character.sign_in, registered) {
            (SignIn::Bearer | SignIn::ApiKeyHeader, Some(id)) => {
                (Some(key(control, id).await?), id)
            }
            (SignIn::RevokedKey, Some(id)) => {
                (Some(revoked_key(control, id).await?), ConsumerId::UNKNOWN)
            }
            (SignIn::MistypedKey, _) => (Some(mistyped_key()), ConsumerId::UNKNOWN),
            _ => (None, ConsumerId::ANONYMOUS),
        };
        guests.push(Guest {
            character,
            key,
            consumer: metered,
        });
    }
    let cast = guests.iter().map(|guest| guest.consumer).collect();
    Ok((guests, cast))
}

/// The consumer of this name; made unless the data folder knows it from an earlier run.
async fn consumer(
    control: &Control,
    name: &str,
    kind: adoption::ConsumerKind,
    plan: &str,
    contact: Option<String>,
) -> anyhow::Result<ConsumerId> {
    let contacts = contact.into_iter().map(|address| Contact {
        address,
        name: None,
        role: None,
    });
    let new = NewConsumer {
        name: name.to_owned(),
        kind,
        contacts: contacts.collect(),
        plan: Some(plan.to_owned()),
        sla: None,
        external_id: None,
    };
    match control.create_consumer(Actor::Cli, new).await {
        Ok(consumer) => Ok(consumer.id),
        Err(ControlError::Exists { .. }) => Ok(control.consumer(name).await?.id),
        Err(error) => Err(error).with_context(|| format!("consumer {name} cannot be registered")),
    }
}

async fn key(control: &Control, consumer: ConsumerId) -> anyhow::Result<String> {
    Ok(control
        .create_key(Actor::Cli, new_key(consumer))
        .await?
        .secret
        .0)
}

async fn revoked_key(control: &Control, consumer: ConsumerId) -> anyhow::Result<String> {
    let issued = control.create_key(Actor::Cli, new_key(consumer)).await?;
    control
        .revoke_key(Actor::Cli, &issued.key.id.to_string())
        .await?;
    Ok(issued.secret.0)
}

fn new_key(consumer: ConsumerId) -> NewKey {
    NewKey {
        consumer: consumer.to_string(),
        surface: SURFACE.to_owned(),
        kind: None,
        expires_at: None,
    }
}

/// A key whose checksum is wrong.
fn mistyped_key() -> String {
    format!("{}{}", adoption::key::PREFIX, "0".repeat(36))
}

async fn wait_until_published(control: &Control) -> anyhow::Result<()> {
    let wanted = control.snapshot().await?.generation;
    let limit = Instant::now() + PUBLISHED_LIMIT;
    while control.health().await.generation < wanted {
        anyhow::ensure!(
            Instant::now() < limit,
            "the gateway did not learn of the keys within 10 s"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

/// One call that works, and one whose answer announces a deprecation.
fn commands(gateway: SocketAddr, key: &str) -> [String; 2] {
    // The payment that the examples of the contract show.
    let number = payment_number("order 0", Capture::Automatic);
    let url = |path: &str, id: String| format!("http://{gateway}{BASE_PATH}/{path}/{id}");
    let header = format!("-H 'Authorization: Bearer {key}'");
    [
        format!("curl {header} {}", url("payments", number.id(PAYMENT))),
        format!("curl -i {header} {}", url("charges", number.id(CHARGE))),
    ]
}

/// The contract is our own: a problem in it is a bug, told in full.
fn contract_failure(error: ControlError) -> anyhow::Error {
    match error {
        ControlError::Contract { problems } => {
            let problems: Vec<String> = problems
                .iter()
                .map(|problem| {
                    format!(
                        "{}:{}:{}: {}",
                        problem.file, problem.line, problem.column, problem.message
                    )
                })
                .collect();
            anyhow::anyhow!("the demo's contract was refused: {}", problems.join("; "))
        }
        other => other.into(),
    }
}

/// One finished step, on stderr.
fn done(what: &str) {
    output::note(&format!("  ready: {what}"));
}

/// The data folder: the reader's own, which stays, or a temporary one, which goes.
pub(crate) struct DataFolder {
    pub(crate) path: PathBuf,
    temporary: bool,
}

impl DataFolder {
    pub(crate) fn at(wanted: Option<PathBuf>) -> anyhow::Result<Self> {
        if let Some(path) = wanted {
            return Ok(Self {
                path,
                temporary: false,
            });
        }
        let mut random = [0; 8];
        getrandom::fill(&mut random)
            .map_err(|error| anyhow::anyhow!("no randomness for a folder name: {error}"))?;
        let name = format!("towpath-demo-{:016x}", u64::from_ne_bytes(random));
        let path = std::env::temp_dir().join(name);
        std::fs::DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self {
            path,
            temporary: true,
        })
    }
}

impl Drop for DataFolder {
    fn drop(&mut self) {
        if self.temporary
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            output::note(&format!(
                "  {} could not be removed: {error}",
                self.path.display()
            ));
        }
    }
}
