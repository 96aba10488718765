//! What a new contract breaks of the one that runs, told before it replaces it.

use adoption::{ContractId, Micros};
use contract::{DiffOptions, Level, Source};

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
pub(super) struct Review {
    /// What ran then; `None` for the first contract of a surface.
    pub(super) live: Option<ContractId>,
    /// Those of level error, in their order.
    pub(super) breaks: Vec<contract::Change>,
}

impl Control {
    /// Compares `source` with the running contract of a surface. A first contract, and the running one itself, break
    /// nothing.
    pub(super) async fn review_contract(
        &self,
        surface: &str,
        file: &str,
        source: &str,
        digest: &str,
    ) -> Result<Review, ControlError> {
        let mut tx = self.store().read().await?;
        let Some(live) = find_surface(&mut tx, surface).await?.contract else {
            let breaks = Vec::new();
            return Ok(Review { live: None, breaks });
        };
        let row = store::contract::by_id(&mut tx, live).await?;
        let running = store::contract::source(&mut tx, live).await?;
        drop(tx);
        let (Some(row), Some(running)) = (row, running) else {
            let breaks = Vec::new();
            return Ok(Review {
                live: Some(live),
                breaks,
            });
        };

        let breaks = match row.digest == digest {
            true => Vec::new(),
            false => {
                let (file, source, now) = (file.to_owned(), source.to_owned(), self.now());
                let compared = tokio::task::spawn_blocking(move || {
                    breaks(&running, &row.file, &source, &file, now)
                });
                compared.await.expect("a comparison does not panic")
            }
        };
        Ok(Review {
            live: Some(live),
            breaks,
        })
    }
}

/// Both texts were parsed before, so each can be read again.
fn breaks(
    base: &str,
    base_file: &str,
    revision: &str,
    file: &str,
    now: Micros,
) -> Vec<contract::Change> {
    let read = |text: &str, file: &str| Source::read(text.as_bytes(), file).ok();
    let (Some(base), Some(revision)) = (read(base, base_file), read(revision, file)) else {
        return Vec::new();
    };
    let today = jiff::Timestamp::from_microsecond(now.0)
        .unwrap_or_default()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    let mut changes = contract::diff(&base, &revision, &DiffOptions::new(today)).changes;
    changes.retain(|change| change.level == Level::Error);
    changes
}
