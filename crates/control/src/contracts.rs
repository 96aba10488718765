//! Contracts of a surface: push, list, show.

mod review;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use adoption::{ContractId, KeyDigest, Micros, OperationId, SurfaceId};
use contract::LevelOverride;
use contract::policy::RuleOverride;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::contract::ContractRow;
use store::leaves::LeavesRow;
use store::operation::OperationRow;
use store::surface::SurfaceRow;
use store::{StoreError, Tx, WriteTx};

use crate::actor::Actor;
use crate::audit::{Change, note};
use crate::control::Control;
use crate::deprecation::{deprecation_json, deprecation_of};
use crate::error::ControlError;
use crate::leaves::leaves_of;
use crate::lookup::find_surface;
use crate::page::{Page, PageRequest, cursor_of};
use crate::problem::Problem;
use crate::random;
use crate::snapshot;
pub use review::Breaking;
pub(crate) use review::today;

/// One published version of a surface's contract, without its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    pub id: ContractId,
    pub surface: SurfaceId,
    pub surface_name: String,
    /// `info.version`.
    pub version: String,
    /// `info.title`.
    pub title: String,
    /// The `openapi` field, such as `3.1.0`.
    pub openapi: String,
    /// SHA-256 of the source, hexadecimal.
    pub digest: String,
    /// The file name that was pushed.
    pub file: String,
    pub source_bytes: u64,
    pub operations: u64,
    pub operations_deprecated: u64,
    pub created_at: Micros,
    /// Whether this is the version that the gateway serves.
    pub running: bool,
}

/// A contract with the text that was pushed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractSource {
    pub contract: Contract,
    pub source: String,
}

/// What a push changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContractChange {
    Created,
    /// The running contract has the same digest: nothing was written.
    Unchanged,
    /// An earlier version of the same digest runs again.
    Reinstated,
}

/// The answer to a push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushedContract {
    pub change: ContractChange,
    pub contract: Contract,
    /// Operations that the contract before it did not have.
    pub operations_added: u64,
    /// Operations that only the contract before it had.
    pub operations_removed: u64,
    /// Changes that break consumers of the contract before it, which the caller declared.
    pub breaks: u64,
    /// Changes that may break them, which the documents cannot decide.
    pub warnings: u64,
}

/// One operation of a surface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    pub id: OperationId,
    pub surface: SurfaceId,
    pub method: String,
    pub path: String,
    pub operation_id: Option<String>,
    pub summary: Option<String>,
    pub deprecation: Option<DeprecationView>,
    /// Whether the running contract has it.
    pub running: bool,
    pub contract_first: ContractId,
    pub contract_last: ContractId,
}

/// The dates and links of a deprecated operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeprecationView {
    pub deprecated_at: Micros,
    pub sunset_at: Option<Micros>,
    pub replaced_by: Option<String>,
}

impl Control {
    /// Parses, compares with the running contract, and publishes a contract of a surface (name or id). `file` names
    /// it in problems. On an error the running contract stays. Errors: `NotFound`, `Contract`, `Breaks`, `State` with
    /// code `surface_unusable` or `contract_moved`.
    pub async fn push_contract(
        &self,
        actor: Actor,
        surface: &str,
        file: &str,
        source: &str,
        breaking: Breaking<'_>,
    ) -> Result<PushedContract, ControlError> {
        // Megabytes take a while to parse: not on a thread that serves others.
        let (named, given) = (file.to_owned(), source.as_bytes().to_vec());
        let parsed = tokio::task::spawn_blocking(move || contract::parse_owned(given, &named))
            .await
            .expect("parsing does not panic")
            .map_err(refused)?;
        let parsed = Arc::new(parsed);
        let digest = KeyDigest::of(source.as_bytes()).to_string();
        let now = self.now();
        // Neither needs the other; where there are two processors, each takes one.
        let (review, leaves) = tokio::join!(
            self.review_contract(surface, &parsed, &digest),
            self.numbered_leaves(surface, &parsed)
        );
        let (review, leaves) = (review?, leaves?);
        if breaking == Breaking::Refused && !review.breaks.is_empty() {
            return Err(ControlError::Breaks {
                changes: review.breaks,
                expired: review.expired,
            });
        }
        if breaking == Breaking::Refused && review.is_cut {
            return Err(not_compared());
        }

        let mut tx = self.store().write().await?;
        let surface = find_surface(&mut tx, surface).await?;
        if surface.contract != review.live {
            return Err(moved(&surface));
        }
        let known = store::contract::by_digest(&mut tx, surface.id, &digest).await?;
        if let Some(row) = known
            .as_ref()
            .filter(|row| surface.contract == Some(row.id))
        {
            // One that was stored before leaves were numbered gets them now.
            if store::leaves::insert(&mut tx, row.id, &leaves).await? > 0 {
                self.commit_with_snapshot(tx, now).await?;
            }
            let contract = view(row.clone(), &surface);
            let (operations_added, operations_removed) = (0, 0);
            return Ok(PushedContract {
                change: ContractChange::Unchanged,
                contract,
                operations_added,
                operations_removed,
                breaks: 0,
                warnings: 0,
            });
        }
        let (change, row) = match known {
            Some(row) => (ContractChange::Reinstated, row),
            None => {
                let row = row_of(&parsed, &surface, digest, file, source, now)?;
                store::contract::insert(&mut tx, &row, source).await?;
                (ContractChange::Created, row)
            }
        };
        store::leaves::insert(&mut tx, row.id, &leaves).await?;
        let (added, removed) = self
            .run_contract(&mut tx, &surface, &row, &parsed, now)
            .await?;
        let action = match change {
            ContractChange::Reinstated => "reinstate",
            ContractChange::Created | ContractChange::Unchanged => "push",
        };
        let detail = json!({
            "surface": surface.name, "version": row.version, "digest": row.digest,
            "operations_added": added, "operations_removed": removed,
            "breaks": breaks_json(&review.breaks, breaking),
            "overrides": overrides_json(&review.overrides),
        });
        note(
            &mut tx,
            now,
            Change {
                actor,
                action,
                noun: "contract",
                object: &row.id,
                detail,
            },
        )
        .await?;
        let surface = SurfaceRow {
            contract: Some(row.id),
            ..surface
        };
        let plans = snapshot::check_surface(&mut tx, &surface).await?;
        if change == ContractChange::Created {
            // Before the commit, since the publisher follows at once. Should it fail, nobody asks for this contract.
            self.learn_plans(plans);
        }
        self.commit_with_snapshot(tx, now).await?;
        let contract = view(row, &surface);
        Ok(PushedContract {
            change,
            contract,
            operations_added: added,
            operations_removed: removed,
            breaks: review.breaks.len() as u64,
            warnings: review.warnings,
        })
    }

    /// The leaves of the contract's operations. Numbers a few hundred thousand of them in a second: not on a thread that
    /// serves others.
    async fn numbered_leaves(
        &self,
        surface: &str,
        parsed: &Arc<contract::Contract>,
    ) -> Result<Vec<LeavesRow>, ControlError> {
        let mut tx = self.store().read().await?;
        let surface = find_surface(&mut tx, surface).await?.id;
        drop(tx);
        let parsed = Arc::clone(parsed);
        let numbered = tokio::task::spawn_blocking(move || leaves_of(surface, parsed.source()));
        Ok(numbered.await.expect("numbering does not panic"))
    }

    /// Makes `row` the contract that runs; how many operations came and went.
    async fn run_contract(
        &self,
        tx: &mut WriteTx,
        surface: &SurfaceRow,
        row: &ContractRow,
        parsed: &contract::Contract,
        now: Micros,
    ) -> Result<(u64, u64), ControlError> {
        let stored = store::operation::of_surface(tx, surface.id).await?;
        let ran: HashSet<OperationId> = stored
            .iter()
            .filter(|operation| Some(operation.contract_last) == surface.contract)
            .map(|operation| operation.id)
            .collect();
        let before: HashMap<OperationId, OperationRow> =
            stored.into_iter().map(|row| (row.id, row)).collect();
        let (mut runs, mut rows) = (HashSet::new(), Vec::new());
        for operation in parsed.operations() {
            let id = OperationId::of(surface.id, &operation.method, &operation.path);
            let old = before.get(&id);
            let deprecation = match &operation.deprecation {
                Some(deprecation) => Some(deprecation_json(deprecation, operation, old, now)?),
                None => None,
            };
            rows.push(OperationRow {
                id,
                surface: surface.id,
                method: operation.method.clone(),
                path: operation.path.clone(),
                operation_id: operation.operation_id.clone(),
                summary: operation.summary.clone(),
                deprecation,
                contract_first: old.map_or(row.id, |old| old.contract_first),
                contract_last: row.id,
            });
            runs.insert(id);
        }
        store::operation::upsert(tx, &rows).await?;
        store::surface::set_contract(tx, surface.id, row.id, now).await?;
        Ok((
            runs.difference(&ran).count() as u64,
            ran.difference(&runs).count() as u64,
        ))
    }

    /// Contracts, newest first; of one surface (name or id), or all.
    pub async fn list_contracts(
        &self,
        surface: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<Contract>, ControlError> {
        let before = page
            .cursor_parts::<i64, ContractId>()?
            .map(|(at, id)| (Micros(at), id));
        let mut tx = self.store().read().await?;
        let surface = match surface {
            Some(surface) => Some(find_surface(&mut tx, surface).await?.id),
            None => None,
        };
        let rows =
            store::contract::list(&mut tx, surface, before, page.limit_bounded() + 1).await?;
        let rows = page.page_of(rows, |row| cursor_of(row.created_at.0, &row.id));
        let mut owners: HashMap<SurfaceId, SurfaceRow> = HashMap::new();
        let mut items = Vec::with_capacity(rows.items.len());
        for row in rows.items {
            let owner = match owners.get(&row.surface) {
                Some(owner) => owner.clone(),
                None => owner_of(&mut tx, &row).await?,
            };
            owners.insert(row.surface, owner.clone());
            items.push(view(row, &owner));
        }
        Ok(Page {
            items,
            next: rows.next,
        })
    }

    /// The contract with this `ctr_` id, or the one that runs on the surface of this name or id.
    pub async fn show_contract(
        &self,
        contract_or_surface: &str,
    ) -> Result<ContractSource, ControlError> {
        let not_found = || ControlError::NotFound {
            noun: "contract",
            name: contract_or_surface.to_owned(),
        };
        let mut tx = self.store().read().await?;
        let id = match contract_or_surface.parse::<ContractId>() {
            Ok(id) => id,
            Err(_) => find_surface(&mut tx, contract_or_surface)
                .await?
                .contract
                .ok_or_else(not_found)?,
        };
        let contract = find(&mut tx, id).await?.ok_or_else(not_found)?;
        let source = store::contract::source(&mut tx, id)
            .await?
            .ok_or_else(not_found)?;
        Ok(ContractSource { contract, source })
    }

    /// Operations of a surface (name or id) in order of path and method, those of former contracts included.
    pub async fn list_operations(
        &self,
        surface: &str,
        page: &PageRequest,
    ) -> Result<Page<Operation>, ControlError> {
        let after = match &page.after {
            None => None,
            Some(cursor) => Some(cursor.split_once(' ').ok_or_else(|| page.bad_cursor())?),
        };
        let after = after.map(|(method, path)| (path, method));
        let mut tx = self.store().read().await?;
        let surface = find_surface(&mut tx, surface).await?;
        let rows =
            store::operation::list(&mut tx, surface.id, after, page.limit_bounded() + 1).await?;
        let rows = page.page_of(rows, |row| format!("{} {}", row.method, row.path));
        let items: Result<_, _> = rows
            .items
            .into_iter()
            .map(|row| operation_view(row, &surface))
            .collect();
        Ok(Page {
            items: items?,
            next: rows.next,
        })
    }
}

/// The contract of this id.
pub(crate) async fn find(tx: &mut Tx, id: ContractId) -> Result<Option<Contract>, ControlError> {
    let Some(row) = store::contract::by_id(tx, id).await? else {
        return Ok(None);
    };
    let owner = owner_of(tx, &row).await?;
    Ok(Some(view(row, &owner)))
}

async fn owner_of(tx: &mut Tx, row: &ContractRow) -> Result<SurfaceRow, ControlError> {
    find_surface(tx, &row.surface.to_string()).await
}

fn view(row: ContractRow, surface: &SurfaceRow) -> Contract {
    Contract {
        id: row.id,
        surface: row.surface,
        surface_name: surface.name.clone(),
        version: row.version,
        title: row.title,
        openapi: row.openapi,
        digest: row.digest,
        file: row.file,
        source_bytes: row.source_bytes,
        operations: row.operations,
        operations_deprecated: row.operations_deprecated,
        created_at: row.created_at,
        running: surface.contract == Some(row.id),
    }
}

fn operation_view(row: OperationRow, surface: &SurfaceRow) -> Result<Operation, StoreError> {
    let deprecation = deprecation_of(&row)?.map(|record| DeprecationView {
        deprecated_at: record.deprecated_at,
        sunset_at: record.sunset_at,
        replaced_by: record.replaced_by,
    });
    Ok(Operation {
        id: row.id,
        surface: row.surface,
        method: row.method,
        path: row.path,
        operation_id: row.operation_id,
        summary: row.summary,
        deprecation,
        running: surface.contract == Some(row.contract_last),
        contract_first: row.contract_first,
        contract_last: row.contract_last,
    })
}

pub(crate) fn row_of(
    parsed: &contract::Contract,
    surface: &SurfaceRow,
    digest: String,
    file: &str,
    source: &str,
    now: Micros,
) -> Result<ContractRow, ControlError> {
    let deprecated = parsed
        .operations()
        .iter()
        .filter(|operation| operation.deprecation.is_some())
        .count();
    Ok(ContractRow {
        id: ContractId::from_raw(random::raw_id()?),
        surface: surface.id,
        version: parsed.version().to_owned(),
        title: parsed.title().to_owned(),
        openapi: parsed.openapi().to_string(),
        digest,
        file: file.to_owned(),
        base_paths: serde_json::to_string(&parsed.base_paths()).expect("texts are always JSON"),
        source_bytes: source.len() as u64,
        operations: parsed.operations().len() as u64,
        operations_deprecated: deprecated as u64,
        created_at: now,
    })
}

/// Whether the gateway can serve the surface with what runs now.
pub(crate) async fn check_running(
    tx: &mut WriteTx,
    surface: SurfaceId,
) -> Result<(), ControlError> {
    let row = find_surface(tx, &surface.to_string()).await?;
    snapshot::check_surface(tx, &row).await?;
    Ok(())
}

/// What cannot be compared whole may break consumers unseen.
pub(crate) fn not_compared() -> ControlError {
    ControlError::State {
        code: "contract_not_compared",
        message: "the contract and the running one are beyond what one comparison holds, so they may break consumers in ways that are not told".to_owned(),
    }
}

/// Two pushes at once: the later one was compared with what no longer runs.
fn moved(surface: &SurfaceRow) -> ControlError {
    ControlError::State {
        code: "contract_moved",
        message: format!(
            "another contract of {} was pushed meanwhile; push again to compare with that one",
            surface.name
        ),
    }
}

/// What the audit log keeps: how many, by which rules, and why they were declared.
fn breaks_json(changes: &[contract::Change], breaking: Breaking<'_>) -> serde_json::Value {
    let rules: std::collections::BTreeSet<&str> = changes.iter().map(|change| change.id).collect();
    let reason = match breaking {
        Breaking::Declared(reason) if !changes.is_empty() => Some(reason),
        Breaking::Declared(_) | Breaking::Refused => None,
    };
    json!({"count": changes.len(), "rules": rules, "reason": reason})
}

/// By which levels the contract was judged that are not the rules' own, and who answers for them.
fn overrides_json(overrides: &[RuleOverride]) -> serde_json::Value {
    let one = |one: &RuleOverride| {
        let level = match one.level {
            LevelOverride::Level(level) => level.as_str(),
            LevelOverride::Off => "none",
        };
        json!({
            "rule": one.id, "level": level, "reason": one.reason, "owner": one.owner,
            "expires": one.expires.to_string(),
        })
    };
    overrides.iter().map(one).collect()
}

pub(crate) fn refused(error: contract::ContractError) -> ControlError {
    let problems = error.problems.into_iter().map(|problem| Problem {
        file: problem.file,
        line: u64::from(problem.line),
        column: u64::from(problem.column),
        pointer: problem.pointer,
        message: problem.message,
        next_step: problem.next_step,
    });
    ControlError::Contract {
        problems: problems.collect(),
    }
}
