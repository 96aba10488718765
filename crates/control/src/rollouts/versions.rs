//! The versions of a surface as the gateway serves them: which stand side by side, who is on which, who may ask.

use adoption::rollout::{Phase, Rollout, State};
use gateway::{Access, ContractSpec, VersionName, VersionSpec, VersionsSpec};
use store::surface::SurfaceRow;
use store::version::VersionRow;
use store::{StoreError, Tx};

use super::policy::rollout_spec;
use super::version_settings::settings_of;
use super::{Stored, find};
use crate::error::ControlError;
use crate::settings::SurfaceSettings;

/// How a request asks for a version where nothing else is configured.
const HEADER: &str = "Towpath-Version";

/// What the rollouts of a surface mean for the gateway.
#[derive(Debug, Default)]
pub(crate) struct Versions {
    /// `None` for a surface that has had one version only.
    pub(crate) versions: Option<VersionsSpec>,
    pub(crate) rollouts: Vec<gateway::RolloutSpec>,
    /// Those of the running version, where a rollout brought its own.
    pub(crate) upstreams: Option<Vec<String>>,
}

/// The version beside the running one, and what its contract says to the gateway.
pub(crate) struct Beside {
    row: VersionRow,
    stored: Stored,
}

impl Beside {
    pub(crate) async fn read(
        tx: &mut Tx,
        surface: &SurfaceRow,
    ) -> Result<Option<Self>, ControlError> {
        let Some(row) = store::version::open(tx, surface.id).await? else {
            return Ok(None);
        };
        let stored = find(tx, &row.rollout.to_string()).await?;
        Ok(Some(Self { row, stored }))
    }

    pub(crate) const fn version(&self) -> &VersionRow {
        &self.row
    }
}

/// The versions of `surface`; `contract` is what the gateway is told of the one beside the running one.
pub(crate) async fn versions(
    tx: &mut Tx,
    surface: &SurfaceRow,
    settings: &SurfaceSettings,
    beside: Option<(Beside, ContractSpec)>,
) -> Result<Versions, ControlError> {
    let running = store::version::running(tx, surface.id).await?;
    let running = match &running {
        Some(row) => Some((row, settings_of(row)?)),
        None => None,
    };
    let upstreams = running
        .as_ref()
        .map(|(_, settings)| settings.upstreams.clone())
        .filter(|upstreams| !upstreams.is_empty());
    let current = |name: &str| match &running {
        Some((row, settings)) => VersionName {
            name: row.name.clone(),
            path: settings.path.clone(),
            media_type: settings.media_type.clone(),
        },
        None => VersionName {
            name: name.to_owned(),
            path: None,
            media_type: None,
        },
    };
    let Some((beside, contract)) = beside else {
        let versions = running.as_ref().map(|(row, _)| VersionsSpec {
            header: HEADER.to_owned(),
            default: row.name.clone(),
            current: current(&row.name),
            others: Vec::new(),
            pins: Vec::new(),
            key_pins: Vec::new(),
        });
        return Ok(Versions {
            versions,
            rollouts: Vec::new(),
            upstreams,
        });
    };
    let (row, rollout) = (&beside.row, &beside.stored.rollout);
    let own = settings_of(row)?;
    let of_surface = upstreams.as_ref().unwrap_or(&settings.upstreams);
    let other = VersionSpec {
        name: VersionName {
            name: row.name.clone(),
            path: own.path,
            media_type: own.media_type,
        },
        upstreams: match own.upstreams.is_empty() {
            true => of_surface.clone(),
            false => own.upstreams,
        },
        contract,
        access: access(rollout),
    };
    let current = current(&row.name_old);
    let name_old = current.name.clone();
    let versions = VersionsSpec {
        header: HEADER.to_owned(),
        default: match newcomers_get_the_new(rollout) {
            true => row.name.clone(),
            false => name_old.clone(),
        },
        current,
        others: vec![other],
        pins: pins(tx, row, &name_old).await?,
        key_pins: rollout
            .opted_in
            .keys()
            .map(|key| (*key, row.name.clone()))
            .collect(),
    };
    let rollouts = vec![rollout_spec(tx, surface, &beside.stored, row, &name_old).await?];
    Ok(Versions {
        versions: Some(versions),
        rollouts,
        upstreams,
    })
}

/// A pin holds as long as what it names stands.
async fn pins(
    tx: &mut Tx,
    row: &VersionRow,
    name_old: &str,
) -> Result<Vec<(adoption::ConsumerId, String)>, StoreError> {
    let mut pins = store::version::pins(tx, row.surface).await?;
    pins.retain(|(_, version)| *version == row.name || version == name_old);
    Ok(pins)
}

/// The beta is private, and so is what a rollout leaves that was given up.
fn access(rollout: &Rollout) -> Access {
    let is_public = rollout.state.phase() >= Phase::Announced && !is_aborted(rollout);
    match is_public {
        true => Access::Everyone,
        false => Access::Keys,
    }
}

fn newcomers_get_the_new(rollout: &Rollout) -> bool {
    rollout.state.phase() >= Phase::Closed && !is_aborted(rollout)
}

const fn is_aborted(rollout: &Rollout) -> bool {
    matches!(rollout.state, State::Aborted { .. })
}
