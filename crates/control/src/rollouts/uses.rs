//! What a rollout takes away, in terms of calls, and what takes over: by this its use is followed.

use adoption::rollout::{Phase, day};
use adoption::{ContractId, Micros, OperationId, SurfaceId};
use contract::leaves::{self, Condition};
use store::{StoreError, Tx};

use super::Stored;
use super::touched::{ItemTouched, read_touched};

/// The calls that one item of the plan touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ItemUse {
    /// [`adoption::rollout::Item::id`].
    pub(crate) item: String,
    /// Operations under their old names; empty for every operation of the surface.
    pub(crate) operations: Vec<OperationId>,
    pub(crate) shown: Shown,
}

/// What of a call shows that the item touches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shown {
    /// That it was made.
    Call,
    /// Any of these leaves of it; never empty.
    Leaves(Vec<LeafUse>),
    /// Nothing: webhooks and callbacks go the other way.
    Nothing,
}

/// One condition on the leaves of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LeafUse {
    Sends { key: String },
    Lacks { key: String, under: Option<String> },
    Receives { key: String },
}

/// Everything that must be known to follow the use of old and new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Uses {
    pub(crate) surface: SurfaceId,
    /// What consumers move to; calls under it are use of the new. `None` as long as nothing serves it.
    pub(crate) new_contract: Option<ContractId>,
    pub(crate) items: Vec<ItemUse>,
    /// The first day looked at is that of this instant.
    pub(crate) since: Micros,
    /// The last day looked at is that of this instant.
    pub(crate) now: Micros,
    /// When the old was refused: whether a call came before or after is then told to the hour. `None` before.
    pub(crate) sunset_at: Option<Micros>,
}

impl ItemUse {
    fn of(surface: SurfaceId, item: &ItemTouched) -> Self {
        Self {
            item: item.item.clone(),
            operations: item.operation(surface).into_iter().collect(),
            shown: match &item.touched.evidence {
                leaves::Evidence::AnyCall(_) => Shown::Call,
                leaves::Evidence::Calls(conditions) => {
                    Shown::Leaves(conditions.iter().map(LeafUse::of).collect())
                }
                leaves::Evidence::NoCall => Shown::Nothing,
            },
        }
    }
}

impl LeafUse {
    fn of(condition: &Condition) -> Self {
        match condition {
            Condition::Sends { key, .. } => Self::Sends { key: key.clone() },
            Condition::Receives { key } => Self::Receives { key: key.clone() },
            Condition::Lacks { key, under, .. } => Self::Lacks {
                key: key.clone(),
                under: under.clone(),
            },
        }
    }

    /// The leaves that must be counted to decide it.
    pub(crate) fn names(&self) -> impl Iterator<Item = &String> {
        let (key, under) = match self {
            Self::Sends { key } | Self::Receives { key } => (key, None),
            Self::Lacks { key, under } => (key, under.as_ref()),
        };
        under.into_iter().chain([key])
    }
}

impl Uses {
    /// Of a rollout, from the beta or the first day of evidence on, whichever is earlier. Empty of items for a rollout
    /// of which it was not kept what it touches.
    pub(super) async fn of(tx: &mut Tx, stored: &Stored, now: Micros) -> Result<Self, StoreError> {
        let surface = stored.row.surface;
        let touched = read_touched(tx, stored.row.id).await?;
        let version = store::version::by_rollout(tx, stored.row.id).await?;
        let evidence_us = i64::from(stored.proposal.evidence_days) * day::DAY_US;
        let evidence = Micros(now.0.saturating_sub(evidence_us));
        let entered = |phase| stored.rollout.entered.get(&phase).copied();
        Ok(Self {
            surface,
            new_contract: version.map(|version| version.contract),
            items: touched
                .iter()
                .map(|one| ItemUse::of(surface, one))
                .collect(),
            since: entered(Phase::Beta).map_or(evidence, |beta| beta.min(evidence)),
            now,
            sunset_at: entered(Phase::Sunset),
        })
    }

    /// UTC days since the epoch, half open.
    pub(crate) fn days(&self) -> (i64, i64) {
        (self.since.day(), self.now.day() + 1)
    }
}
