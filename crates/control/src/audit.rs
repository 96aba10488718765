//! Writing and reading the audit log.

use adoption::Micros;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::WriteTx;
use store::audit::{NewAudit, append};

use crate::actor::Actor;
use crate::control::Control;
use crate::error::ControlError;
use crate::page::{Page, PageRequest};

/// One state change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    pub id: i64,
    pub at: Micros,
    pub who: String,
    /// Such as `create` or `revoke`.
    pub action: String,
    /// Such as `consumer` or `key`.
    pub noun: String,
    /// The id of the object.
    pub object: String,
    pub detail: Value,
}

impl Control {
    /// State changes, newest first.
    pub async fn list_audit(&self, page: &PageRequest) -> Result<Page<AuditEntry>, ControlError> {
        let before = match &page.after {
            None => None,
            Some(cursor) => Some(cursor.parse().map_err(|_| page.bad_cursor())?),
        };
        let mut tx = self.store().read().await?;
        let rows = store::audit::list(&mut tx, before, page.limit_bounded() + 1).await?;
        let entries = rows
            .into_iter()
            .map(|row| AuditEntry {
                id: row.id,
                at: row.at,
                who: row.who,
                action: row.action,
                noun: row.noun,
                object: row.object,
                detail: serde_json::from_str(&row.detail).unwrap_or(Value::Null),
            })
            .collect();
        Ok(page.page_of(entries, |entry| entry.id.to_string()))
    }
}

/// What was done to which object.
pub(crate) struct Change<'a> {
    pub(crate) actor: Actor,
    pub(crate) action: &'static str,
    pub(crate) noun: &'static str,
    pub(crate) object: &'a (dyn std::fmt::Display + Sync),
    /// Never a secret.
    pub(crate) detail: Value,
}

/// Notes the change in the transaction that makes it.
pub(crate) async fn note(
    tx: &mut WriteTx,
    now: Micros,
    change: Change<'_>,
) -> Result<(), ControlError> {
    let entry = NewAudit {
        at: now,
        who: change.actor.as_str(),
        action: change.action,
        noun: change.noun,
        object: &change.object.to_string(),
        detail: &change.detail.to_string(),
    };
    Ok(append(tx, entry).await?)
}
