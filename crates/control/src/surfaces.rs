//! Surfaces: anything others build on, and how the gateway serves it.

use adoption::{Micros, SurfaceId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::surface::SurfaceRow;
use store::{Tx, WriteTx};

use crate::actor::Actor;
use crate::audit::{Change, note};
use crate::contracts::{self, Contract};
use crate::control::Control;
use crate::error::ControlError;
use crate::lookup::find_surface;
use crate::page::{Page, PageRequest};
use crate::random;
use crate::settings::{SURFACES_MAX, SurfaceSettings, checked, settings_of};
use crate::snapshot;

/// A surface as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surface {
    pub id: SurfaceId,
    #[serde(flatten)]
    pub settings: SurfaceSettings,
    /// The contract that runs; `None` before the first push.
    pub contract: Option<Contract>,
    pub created_at: Micros,
    pub updated_at: Micros,
}

impl Control {
    /// Creates the surface of this name or changes it to these settings; without a difference nothing is written.
    /// Errors: `Invalid`, also when another surface answers at the same host and path prefix; `State` with code
    /// `surface_unusable` when the gateway could not serve it.
    pub async fn upsert_surface(
        &self,
        actor: Actor,
        settings: SurfaceSettings,
    ) -> Result<Surface, ControlError> {
        let settings = checked(settings)?;
        let json = serde_json::to_string(&settings).expect("settings are always JSON");
        let now = self.now();
        let mut tx = self.store().write().await?;
        let stored = store::surface::by_name(&mut tx, &settings.name).await?;
        if let Some(row) = stored.as_ref().filter(|row| row.settings == json) {
            return view(&mut tx, row.clone()).await;
        }
        refuse_overlap(&mut tx, &settings).await?;
        let row = match stored {
            Some(old) => {
                store::surface::set_settings(&mut tx, old.id, &json, now).await?;
                audit(&mut tx, actor, "update", &old, now).await?;
                SurfaceRow {
                    settings: json,
                    updated_at: now,
                    ..old
                }
            }
            None => {
                let row = SurfaceRow {
                    id: SurfaceId::from_raw(random::raw_id()?),
                    name: settings.name.clone(),
                    settings: json,
                    contract: None,
                    created_at: now,
                    updated_at: now,
                };
                store::surface::insert(&mut tx, &row).await?;
                audit(&mut tx, actor, "create", &row, now).await?;
                row
            }
        };
        snapshot::check_surface(&mut tx, &row).await?;
        let surface = view(&mut tx, row).await?;
        self.commit_with_snapshot(tx, now).await?;
        Ok(surface)
    }

    /// Surfaces in order of name.
    pub async fn list_surfaces(&self, page: &PageRequest) -> Result<Page<Surface>, ControlError> {
        let mut tx = self.store().read().await?;
        let rows =
            store::surface::list(&mut tx, page.after.as_deref(), page.limit_bounded() + 1).await?;
        let rows = page.page_of(rows, |row| row.name.clone());
        let mut items = Vec::with_capacity(rows.items.len());
        for row in rows.items {
            items.push(view(&mut tx, row).await?);
        }
        Ok(Page {
            items,
            next: rows.next,
        })
    }

    /// The surface with this name or `surf_` id.
    pub async fn surface(&self, surface: &str) -> Result<Surface, ControlError> {
        let mut tx = self.store().read().await?;
        let row = find_surface(&mut tx, surface).await?;
        view(&mut tx, row).await
    }
}

async fn view(tx: &mut Tx, row: SurfaceRow) -> Result<Surface, ControlError> {
    let contract = match row.contract {
        Some(id) => contracts::find(tx, id).await?,
        None => None,
    };
    Ok(Surface {
        id: row.id,
        settings: settings_of(&row)?,
        contract,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

async fn audit(
    tx: &mut WriteTx,
    actor: Actor,
    action: &'static str,
    row: &SurfaceRow,
    now: Micros,
) -> Result<(), ControlError> {
    let detail = json!({ "name": row.name });
    note(
        tx,
        now,
        Change {
            actor,
            action,
            noun: "surface",
            object: &row.id,
            detail,
        },
    )
    .await
}

async fn refuse_overlap(tx: &mut Tx, settings: &SurfaceSettings) -> Result<(), ControlError> {
    let others = store::surface::list(tx, None, SURFACES_MAX + 1).await?;
    if others.len() > SURFACES_MAX as usize {
        let message = format!("there are {SURFACES_MAX} surfaces already");
        return Err(ControlError::State {
            code: "surfaces_full",
            message,
        });
    }
    for other in others.iter().filter(|other| other.name != settings.name) {
        let theirs = settings_of(other)?;
        let same_host = match (settings.hosts.is_empty(), theirs.hosts.is_empty()) {
            (true, true) => true,
            _ => settings
                .hosts
                .iter()
                .any(|host| theirs.hosts.contains(host)),
        };
        if same_host && settings.path_prefix == theirs.path_prefix {
            let message = format!(
                "surface {:?} answers at the same host and path prefix: change one of the two",
                other.name
            );
            return Err(ControlError::Invalid {
                field: "path_prefix",
                message,
            });
        }
    }
    Ok(())
}
