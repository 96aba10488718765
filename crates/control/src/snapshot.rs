//! The Snapshot as data: built from the store, written beside it so that the gateway starts without the database.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use adoption::{ContractId, Micros};
use store::operation::OperationRow;
use store::surface::SurfaceRow;
use store::{StoreError, Tx};

use crate::control::Control;
use crate::deprecation::{DeprecationRecord, deprecation_of};
use crate::error::{ControlError, error_chain};
use crate::plans::Plans;
use crate::rollouts::versions::{Beside, versions};
use crate::settings::{SURFACES_MAX, SurfaceSettings, settings_of};
use gateway::{
    ContractSpec, DeprecationSpec, KeySpec, LeavesSpec, OperationSpec, SnapshotSpec, SurfaceSpec,
};

pub(crate) const SNAPSHOT_FILE: &str = "snapshot.json";

impl Control {
    /// The Snapshot as the database has it now.
    pub async fn snapshot(&self) -> Result<SnapshotSpec, ControlError> {
        let mut tx = self.store().read().await?;
        let mut plans = self.plans();
        build(&mut tx, self.now(), &mut plans).await
    }

    /// The generation of the Snapshot that the stored state asks for.
    pub async fn generation_due(&self) -> Result<u64, ControlError> {
        let mut tx = self.store().read().await?;
        Ok(store::outbox::newest_snapshot(&mut tx).await?)
    }
}

/// The Snapshot that was published last; `None` when none was. Needs no database.
/// Errors: `File`, also when it cannot be understood.
pub fn last_snapshot(data_dir: &Path) -> Result<Option<SnapshotSpec>, ControlError> {
    let path = data_dir.join(SNAPSHOT_FILE);
    let failed = |source| ControlError::File {
        action: "read",
        path: path.clone(),
        source,
    };
    let json = match std::fs::read(&path) {
        Ok(json) => json,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    serde_json::from_slice(&json)
        .map(Some)
        .map_err(|error| failed(error.into()))
}

/// Writes the last-good file: whole or not at all, readable by its owner only.
pub(crate) fn write_last(data_dir: &Path, spec: &SnapshotSpec) -> Result<(), ControlError> {
    let path = data_dir.join(SNAPSHOT_FILE);
    let partial = data_dir.join("snapshot.json.partial");
    let write = || -> std::io::Result<()> {
        let file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&partial)?;
        let mut file = std::io::BufWriter::new(file);
        serde_json::to_writer(&mut file, spec)?;
        file.flush()?;
        file.get_ref().sync_all()?;
        std::fs::rename(&partial, &path)?;
        // The rename is durable once its folder is.
        std::fs::File::open(data_dir)?.sync_all()
    };
    write().map_err(|source| ControlError::File {
        action: "write",
        path: path.clone(),
        source,
    })
}

/// Whether the gateway can serve the surface as the transaction has it; the watches that were read and compiled for it.
/// Errors: `State` with code `surface_unusable`.
pub(crate) async fn check_surface(tx: &mut Tx, row: &SurfaceRow) -> Result<Plans, ControlError> {
    let mut plans = Plans::default();
    let spec = SnapshotSpec {
        surfaces: vec![surface_spec(tx, row, &mut plans).await?],
        ..SnapshotSpec::default()
    };
    check(Arc::new(spec)).await?;
    Ok(plans)
}

/// Whether the gateway can take the Snapshot.
pub(crate) async fn check(spec: Arc<SnapshotSpec>) -> Result<(), ControlError> {
    // Key sets and roots are read from files.
    let compiled =
        tokio::task::spawn_blocking(move || gateway::Snapshot::compile(&spec).map(|_| ()));
    compiled
        .await
        .expect("compiling does not panic")
        .map_err(|error| ControlError::State {
            code: "surface_unusable",
            message: error_chain(&error),
        })
}

/// Everything that the gateway must know, its generation included.
pub(crate) async fn build(
    tx: &mut Tx,
    now: Micros,
    plans: &mut Plans,
) -> Result<SnapshotSpec, ControlError> {
    let generation = store::outbox::newest_snapshot(tx).await?;
    let mut surfaces = Vec::new();
    for row in store::surface::list(tx, None, SURFACES_MAX).await? {
        surfaces.push(surface_spec(tx, &row, plans).await?);
    }
    let keys = store::key::working(tx, now).await?;
    let keys = keys.into_iter().map(|key| KeySpec {
        id: key.id,
        consumer: key.consumer,
        surface: key.surface,
        kind: key.kind,
        digest: key.digest,
        expires_at: key.expires_at,
    });
    Ok(SnapshotSpec {
        generation,
        surfaces,
        keys: keys.collect(),
    })
}

async fn surface_spec(
    tx: &mut Tx,
    row: &SurfaceRow,
    plans: &mut Plans,
) -> Result<SurfaceSpec, ControlError> {
    let settings = settings_of(row)?;
    let contract = match row.contract {
        Some(id) => {
            let operations = store::operation::running(tx, row.id).await?;
            contract_spec(tx, id, operations, &settings, plans).await?
        }
        None => None,
    };
    let beside = match Beside::read(tx, row).await? {
        Some(beside) => {
            let operations = store::version::operations(tx, beside.version()).await?;
            let contract = beside.version().contract;
            let spec = contract_spec(tx, contract, operations, &settings, plans).await?;
            spec.map(|spec| (beside, spec))
        }
        None => None,
    };
    let versions = versions(tx, row, &settings, beside).await?;
    Ok(SurfaceSpec {
        id: row.id,
        name: settings.name,
        hosts: settings.hosts,
        path_prefix: settings.path_prefix,
        strip_path_prefix: settings.strip_path_prefix,
        upstreams: versions.upstreams.unwrap_or(settings.upstreams),
        upstream_ca_file: settings.upstream_ca_file,
        preserve_host: settings.preserve_host,
        identity: settings.identity,
        unknown_path: settings.unknown_path,
        anonymous: settings.anonymous,
        timeouts: settings.timeouts,
        body_bytes_limit: settings.body_bytes_limit,
        contract,
        versions: versions.versions,
        rollouts: versions.rollouts,
    })
}

/// What the gateway is told of a contract with these operations; `None` for one that is not stored.
async fn contract_spec(
    tx: &mut Tx,
    id: ContractId,
    operations: Vec<OperationRow>,
    settings: &SurfaceSettings,
    plans: &mut Plans,
) -> Result<Option<ContractSpec>, ControlError> {
    let Some(contract) = store::contract::by_id(tx, id).await? else {
        return Ok(None);
    };
    let leaves = plans.of(tx, id).await?;
    let base_paths = match &settings.base_path {
        Some(base_path) => vec![base_path.clone()],
        None => serde_json::from_str(&contract.base_paths).map_err(|_| StoreError::Decode {
            column: "base_paths",
            text: contract.base_paths.clone(),
        })?,
    };
    let operations: Result<_, StoreError> = operations
        .into_iter()
        .map(|operation| {
            let leaves = leaves.get(&operation.id).cloned();
            operation_spec(operation, leaves, settings)
        })
        .collect();
    Ok(Some(ContractSpec {
        id: contract.id,
        version: contract.version,
        base_paths,
        operations: operations?,
    }))
}

fn operation_spec(
    row: OperationRow,
    leaves: Option<LeavesSpec>,
    settings: &SurfaceSettings,
) -> Result<OperationSpec, StoreError> {
    let deprecation = deprecation_of(&row)?.map(|record| DeprecationSpec {
        deprecated_at: record.deprecated_at,
        sunset_at: record.sunset_at,
        successor_link: successor_link(&record, settings),
        deprecation_link: record.deprecation_link,
        sunset_link: record.sunset_link,
    });
    Ok(OperationSpec {
        id: row.id,
        method: row.method,
        path: row.path,
        operation_id: row.operation_id,
        deprecation,
        leaves,
    })
}

/// The successor as a URI reference that resolves where the consumer stands: a path of this API gets the prefixes
/// of its surface and server, and the braces of a template are escaped, since RFC 3986 has none.
fn successor_link(record: &DeprecationRecord, settings: &SurfaceSettings) -> Option<String> {
    let target = record.replaced_by.as_ref()?;
    let target = target.replace('{', "%7B").replace('}', "%7D");
    if !target.starts_with('/') {
        return Some(target);
    }
    let base_path = settings.base_path.as_ref().unwrap_or(&record.base_path);
    Some(format!("{}{base_path}{target}", settings.path_prefix))
}
