//! A rollout started: the contract to come stands beside the running one, and the private beta opens.

use adoption::rollout::{Event, Phase, State};
use adoption::{KeyDigest, Micros, OperationId, SurfaceId};
use serde::{Deserialize, Serialize};
use store::contract::ContractRow;
use store::leaves::LeavesRow;
use store::operation::OperationRow;
use store::surface::SurfaceRow;
use store::version::{VersionOutcome, VersionRow};
use store::{Tx, WriteTx};

use super::commands::{Asked, Carried};
use super::touched::read_touched;
use super::version_settings::{NAME_BYTES_MAX, VersionSettings};
use super::{RolloutView, Stored, find, surface_name, to_json};
use crate::control::Control;
use crate::deprecation::deprecation_json;
use crate::error::ControlError;
use crate::leaves::leaves_of;
use crate::lookup::find_surface;
use crate::settings::{checked_upstreams, is_prefix};
use crate::{contracts, snapshot};

/// Where the new version answers, and how a request asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewVersion {
    /// What a request calls it; `info.version` of its contract when absent.
    pub name: Option<String>,
    /// Empty for those of the surface, which then read the version from the request's header.
    pub upstreams: Vec<String>,
    /// A path prefix that asks for it, such as `/v2`; the upstream does not see it.
    pub path: Option<String>,
    /// A media type that asks for it, such as `application/vnd.example.v2+json`.
    pub media_type: Option<String>,
}

/// The contract to come, read and numbered.
struct Incoming {
    parsed: contract::Contract,
    leaves: Vec<LeavesRow>,
    digest: String,
    file: String,
    source: String,
}

impl Control {
    /// Puts the version that a draft leads to beside the running one and opens the beta: its cohort is invited, and
    /// nobody else can reach it.
    ///
    /// Errors: `Refused` where the plan is not ready for a beta or its day has not come; `State` with code
    /// `rollout_running` while another rollout of the surface runs, `version_same` for a contract of the same version,
    /// `contract_moved` where another contract runs than the one that was compared.
    pub async fn start_rollout(
        &self,
        rollout: &str,
        asked: Asked<'_>,
        new: NewVersion,
    ) -> Result<RolloutView, ControlError> {
        let event = Event::Advance { to: Phase::Beta };
        let command = asked.command(event)?;
        self.freshen_usage().await;
        let mut tx = self.store().read().await?;
        let stored = find(&mut tx, rollout).await?;
        let incoming = self.incoming(&mut tx, &stored).await?;
        let known = self.known(&mut tx, &stored, &command.event).await?;
        drop(tx);

        let now = self.now();
        let mut tx = self.store().write().await?;
        let mut current = find(&mut tx, &stored.row.id.to_string()).await?;
        let name = surface_name(&mut tx, &current).await?;
        if current.rollout.state.phase() != Phase::Draft {
            // Started before: the law says whether that is the same request.
            self.carry_out(&mut tx, &mut current, &command, known, asked.actor, now)
                .await?;
            return Ok(current.view(name, now));
        }
        let surface = find_surface(&mut tx, &current.row.surface.to_string()).await?;
        check_contract(&current, &surface)?;
        make_room(&mut tx, surface.id, now).await?;
        let version = checked(&current, &incoming, new)?;
        let contract = insert_contract(&mut tx, &surface, &incoming, now).await?;
        let row = VersionRow {
            rollout: current.row.id,
            surface: surface.id,
            name_old: version.name_old,
            name: version.name,
            contract: contract.id,
            settings: to_json(&version.settings),
            created_at: now,
            outcome: None,
        };
        store::version::insert(&mut tx, &row).await?;
        insert_operations(&mut tx, &row, &incoming, now).await?;
        let carried = self
            .carry_out(&mut tx, &mut current, &command, known, asked.actor, now)
            .await?;
        if carried == Carried::Out {
            snapshot::check_surface(&mut tx, &surface).await?;
            self.commit_rollout(tx, now).await?;
        }
        Ok(current.view(name, now))
    }

    async fn incoming(&self, tx: &mut Tx, stored: &Stored) -> Result<Incoming, ControlError> {
        let revision = store::rollout::revision(tx, stored.row.id).await?;
        let (file, source) = revision.unwrap_or_default();
        if read_touched(tx, stored.row.id).await?.is_empty() {
            return Err(ControlError::State {
                code: "proposal_outdated",
                message: format!(
                    "rollout {} was proposed by an earlier version of Towpath: propose it again",
                    stored.row.id
                ),
            });
        }
        let surface = stored.row.surface;
        let read = move || {
            let parsed = contract::parse(&source, &file).map_err(contracts::refused)?;
            Ok(Incoming {
                leaves: leaves_of(surface, parsed.source()),
                digest: KeyDigest::of(source.as_bytes()).to_string(),
                parsed,
                file,
                source,
            })
        };
        // Megabytes take a while to parse: not on a thread that serves others.
        tokio::task::spawn_blocking(read)
            .await
            .expect("parsing does not panic")
    }
}

/// The version as it will be stored.
struct Checked {
    name_old: String,
    name: String,
    settings: VersionSettings,
}

fn checked(stored: &Stored, incoming: &Incoming, new: NewVersion) -> Result<Checked, ControlError> {
    let name = new
        .name
        .unwrap_or_else(|| incoming.parsed.version().to_owned());
    let name_old = stored.proposal.version_from.clone();
    if name == name_old {
        return Err(ControlError::State {
            code: "version_same",
            message: format!(
                "both contracts call themselves {name:?}: give the new version a name of its own (--version-name)"
            ),
        });
    }
    for name in [&name, &name_old] {
        let visible = name.bytes().all(|b| b.is_ascii_graphic() && b != b',');
        if name.is_empty() || name.len() > NAME_BYTES_MAX || !visible {
            return Err(ControlError::Invalid {
                field: "name",
                message: format!(
                    "{name:?} cannot be a header's value: 1 to {NAME_BYTES_MAX} visible ASCII characters without comma"
                ),
            });
        }
    }
    if !new.upstreams.is_empty() {
        checked_upstreams(&new.upstreams)?;
    }
    let path = new.path.map(|path| path.trim_end_matches('/').to_owned());
    if let Some(path) = path
        .as_deref()
        .filter(|path| path.is_empty() || !is_prefix(path))
    {
        return Err(ControlError::Invalid {
            field: "path",
            message: format!("{path:?} is no path such as /v2"),
        });
    }
    Ok(Checked {
        name_old,
        name,
        settings: VersionSettings {
            upstreams: new.upstreams,
            path,
            media_type: new.media_type.map(|text| text.to_ascii_lowercase()),
        },
    })
}

/// The changes are those from one contract: another one that runs meanwhile may have others.
fn check_contract(stored: &Stored, surface: &SurfaceRow) -> Result<(), ControlError> {
    match (&stored.proposal.contract, surface.contract) {
        (Some(compared), Some(running)) if *compared == running => Ok(()),
        _ => Err(ControlError::State {
            code: "contract_moved",
            message: format!(
                "another contract of {} was pushed since rollout {} was proposed: propose it again",
                surface.name, stored.row.id
            ),
        }),
    }
}

/// One version stands beside the running one; that of a rollout that was given up makes room.
async fn make_room(tx: &mut WriteTx, surface: SurfaceId, now: Micros) -> Result<(), ControlError> {
    let Some(open) = store::version::open(tx, surface).await? else {
        return Ok(());
    };
    let other = find(tx, &open.rollout.to_string()).await?;
    if matches!(other.rollout.state, State::Aborted { .. }) {
        store::version::end(tx, open.rollout, VersionOutcome::Dropped, now).await?;
        return Ok(());
    }
    Err(ControlError::State {
        code: "rollout_running",
        message: format!(
            "rollout {} ({}) of this surface runs and is in {}: finish or abort it first",
            open.rollout,
            other.row.name,
            other.rollout.state.as_str()
        ),
    })
}

async fn insert_contract(
    tx: &mut WriteTx,
    surface: &SurfaceRow,
    incoming: &Incoming,
    now: Micros,
) -> Result<ContractRow, ControlError> {
    let known = store::contract::by_digest(tx, surface.id, &incoming.digest).await?;
    let row = match known {
        Some(row) => row,
        None => {
            let row = contracts::row_of(
                &incoming.parsed,
                surface,
                incoming.digest.clone(),
                &incoming.file,
                &incoming.source,
                now,
            )?;
            store::contract::insert(tx, &row, &incoming.source).await?;
            row
        }
    };
    store::leaves::insert(tx, row.id, &incoming.leaves).await?;
    Ok(row)
}

/// Operations that the running contract has too keep what it says of them; the version has its own word.
async fn insert_operations(
    tx: &mut WriteTx,
    version: &VersionRow,
    incoming: &Incoming,
    now: Micros,
) -> Result<(), ControlError> {
    let stored = store::operation::of_surface(tx, version.surface).await?;
    let (mut rows, mut added) = (Vec::new(), Vec::new());
    for operation in incoming.parsed.operations() {
        let id = OperationId::of(version.surface, &operation.method, &operation.path);
        let old = stored.iter().find(|row| row.id == id);
        let deprecation = match &operation.deprecation {
            Some(deprecation) => Some(deprecation_json(deprecation, operation, old, now)?),
            None => None,
        };
        let row = OperationRow {
            id,
            surface: version.surface,
            method: operation.method.clone(),
            path: operation.path.clone(),
            operation_id: operation.operation_id.clone(),
            summary: operation.summary.clone(),
            deprecation,
            contract_first: old.map_or(version.contract, |old| old.contract_first),
            contract_last: version.contract,
        };
        if old.is_none() {
            added.push(row.clone());
        }
        rows.push(row);
    }
    store::operation::upsert(tx, &added).await?;
    store::version::insert_operations(tx, version.rollout, &rows).await?;
    Ok(())
}
