//! What a new contract breaks of the one that runs, told before it replaces it.

use std::sync::Arc;

use adoption::{ContractId, Micros};
use contract::policy::RuleOverride;
use contract::{Change, Contract, Diff, Level, Source};
use jiff::civil::Date;

use crate::control::Control;
use crate::error::ControlError;
use crate::lookup::find_surface;

/// What becomes of a push that breaks consumers of the running contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breaking<'a> {
    /// It is refused with the list.
    Refused,
    /// It is published, and the audit log keeps the reason.
    Declared(&'a str),
}

/// A comparison with the contract that ran when it was made.
#[derive(Default)]
pub(super) struct Review {
    /// What ran then; `None` for the first contract of a surface.
    pub(super) live: Option<ContractId>,
    /// Those of level error, in their order.
    pub(super) breaks: Vec<Change>,
    /// How many changes may break consumers: those of level warning.
    pub(super) warnings: u64,
    /// Whether the contracts were beyond what one comparison holds, so that they may break more.
    pub(super) is_cut: bool,
    /// Overrides of rules that held for the comparison.
    pub(super) overrides: Vec<RuleOverride>,
    /// Overrides that no longer did.
    pub(super) expired: Vec<RuleOverride>,
}

impl Control {
    /// Compares `revision` with the running contract of a surface. A first contract, and the running one itself, break
    /// nothing.
    pub(super) async fn review_contract(
        &self,
        surface: &str,
        revision: &Arc<Contract>,
        digest: &str,
    ) -> Result<Review, ControlError> {
        let mut tx = self.store().read().await?;
        let Some(live) = find_surface(&mut tx, surface).await?.contract else {
            return Ok(Review::default());
        };
        let row = store::contract::by_id(&mut tx, live).await?;
        let running = store::contract::source(&mut tx, live).await?;
        drop(tx);
        let nothing = Review {
            live: Some(live),
            ..Review::default()
        };
        let (Some(row), Some(running)) = (row, running) else {
            return Ok(nothing);
        };
        if row.digest == digest {
            return Ok(nothing);
        }

        let policy = self.contract_policy();
        let (revision, today) = (Arc::clone(revision), today(self.now()));
        let owned = |overrides: Vec<&RuleOverride>| overrides.into_iter().cloned().collect();
        let overrides = owned(policy.held(today));
        let expired = owned(policy.expired(today));
        let compared = tokio::task::spawn_blocking(move || {
            // It was read when it was pushed, so it can be read again.
            match Source::read_owned(running.into_bytes(), &row.file) {
                Ok(base) => contract::diff(&base, revision.source(), &policy.options(today)),
                Err(_) => Diff::default(),
            }
        });
        let Diff { changes, is_cut } = compared.await.expect("a comparison does not panic");
        let (breaks, rest): (Vec<_>, Vec<_>) = changes
            .into_iter()
            .partition(|change| change.level == Level::Error);
        let may_break = rest.iter().filter(|change| change.level == Level::Warning);
        Ok(Review {
            live: Some(live),
            breaks,
            warnings: may_break.count() as u64,
            is_cut,
            overrides,
            expired,
        })
    }
}

/// The day in UTC.
pub(crate) fn today(now: Micros) -> Date {
    jiff::Timestamp::from_microsecond(now.0)
        .unwrap_or_default()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date()
}
