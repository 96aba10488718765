//! Rollouts: proposed from two contracts and what is known of their consumers, kept as a plan that people edit.

mod carry;
mod commands;
mod course;
mod evidence;
mod experience;
mod facts;
mod gather;
mod history;
mod leaf_use;
pub(crate) mod learnt;
pub(crate) mod live;
mod policy;
mod propose;
mod start;
mod status;
mod touched;
pub(crate) mod uses;
mod version_settings;
pub(crate) mod versions;
mod view;

use adoption::rollout::{Bar, Event, Impact, Plan, Rollout, day, judge};
use adoption::{Micros, RolloutId};
use serde::{Deserialize, Serialize};
use store::rollout::RolloutRow;
use store::{StoreError, Tx, WriteTx};

use crate::control::Control;
use crate::error::ControlError;
use crate::lookup::find_surface;
use crate::page::{Page, PageRequest, cursor_of};

pub use commands::Asked;
pub use history::{BrownoutCourse, CourseView, FrictionView, StepView};
pub use propose::Proposed;
#[cfg(test)]
pub(crate) use propose::check_running;
pub use start::NewVersion;
pub use status::{
    BandView, ComebackView, ConsumerStatus, DateBandView, DayAhead, DaySoFar, DaysLeft, HealthView,
    MilestoneView, Outlook, OutlookView, RolloutStatus,
};
pub use view::{
    ChangeView, ConsumerView, DateView, DimensionView, RolloutSummary, RolloutView, SegmentView,
};

/// What a proposal found that is no part of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// `info.version` of the contract that runs, and of the one to come.
    pub version_from: String,
    pub version_to: String,
    /// Changes that may break consumers, where the documents cannot tell; no items of the plan.
    pub warnings: u64,
    /// The contract that was compared; `None` for a rollout that was proposed before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<adoption::ContractId>,
    /// Days that evidence was asked for.
    pub evidence_days: u32,
}

/// A rollout as it is stored, read back.
struct Stored {
    row: RolloutRow,
    rollout: Rollout,
    impact: Impact,
    proposal: Proposal,
}

impl Control {
    /// Rollouts, newest first; of one surface (name or id), or all.
    pub async fn list_rollouts(
        &self,
        surface: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<RolloutSummary>, ControlError> {
        let before = page
            .cursor_parts::<i64, RolloutId>()?
            .map(|(at, id)| (Micros(at), id));
        let mut tx = self.store().read().await?;
        let surface = match surface {
            Some(surface) => Some(find_surface(&mut tx, surface).await?.id),
            None => None,
        };
        let rows = store::rollout::list(&mut tx, surface, before, page.limit_bounded() + 1).await?;
        let rows = page.page_of(rows, |row| cursor_of(row.created_at.0, &row.id));
        let mut items = Vec::with_capacity(rows.items.len());
        for row in rows.items {
            let stored = read(row).await?;
            let name = surface_name(&mut tx, &stored).await?;
            items.push(stored.summary(name, self.now()));
        }
        Ok(Page {
            items,
            next: rows.next,
        })
    }

    /// The rollout with this id, or the newest one of the surface of this name or id.
    pub async fn show_rollout(&self, rollout: &str) -> Result<RolloutView, ControlError> {
        let mut tx = self.store().read().await?;
        let stored = find(&mut tx, rollout).await?;
        let name = surface_name(&mut tx, &stored).await?;
        drop(tx);
        let now = self.now();
        let view = tokio::task::spawn_blocking(move || stored.view(name, now));
        Ok(view.await.expect("a view does not panic"))
    }

    /// The plan as a person edits it: TOML, with what the bar says of it as comments.
    pub async fn rollout_plan(&self, rollout: &str) -> Result<String, ControlError> {
        let mut tx = self.store().read().await?;
        let stored = find(&mut tx, rollout).await?;
        Ok(stored.plan_text(self.now()))
    }

    /// Takes an edited plan. Of a draft the bar refuses nothing yet; what was announced keeps its items, and its dates
    /// move later only.
    pub async fn edit_rollout(
        &self,
        asked: Asked<'_>,
        rollout: &str,
        plan: &str,
    ) -> Result<RolloutView, ControlError> {
        let plan: Plan = toml::from_str(plan).map_err(|error| invalid_plan(plan, &error))?;
        let plan = Box::new(plan);
        self.ask_rollout(rollout, asked, Event::Edit { plan }).await
    }
}

impl Stored {
    fn read(row: RolloutRow) -> Result<Self, StoreError> {
        let decode = |column, text: &str| StoreError::Decode {
            column,
            text: text.chars().take(200).collect(),
        };
        Ok(Self {
            rollout: serde_json::from_str(&row.rollout)
                .map_err(|_| decode("rollout", &row.rollout))?,
            impact: serde_json::from_str(&row.impact).map_err(|_| decode("impact", &row.impact))?,
            proposal: serde_json::from_str(&row.proposal)
                .map_err(|_| decode("proposal", &row.proposal))?,
            row,
        })
    }

    /// The moment up to which the impact was counted.
    fn impact_at(&self) -> Micros {
        Micros(day::start_of(self.impact.until).0 - 1)
    }

    /// What the bar says of the plan as it is.
    fn bar(&self, now: Micros) -> Bar {
        judge(&self.rollout.plan, &self.impact, now, None)
    }

    /// Writes the rollout back. Errors: `State` with code `rollout_moved` when another change was faster.
    async fn save(&mut self, tx: &mut WriteTx, now: Micros) -> Result<(), ControlError> {
        self.row.name.clone_from(&self.rollout.plan.name);
        self.row.phase = self.rollout.state.as_str().to_owned();
        self.row.edition += 1;
        self.row.rollout = to_json(&self.rollout);
        self.row.updated_at = now;
        match store::rollout::update(tx, &self.row).await? {
            true => Ok(()),
            false => Err(ControlError::State {
                code: "rollout_moved",
                message: format!("rollout {} was changed meanwhile; try again", self.row.id),
            }),
        }
    }
}

async fn find(tx: &mut Tx, rollout: &str) -> Result<Stored, ControlError> {
    let not_found = || ControlError::NotFound {
        noun: "rollout",
        name: rollout.to_owned(),
    };
    if let Ok(id) = rollout.parse::<RolloutId>() {
        let row = store::rollout::by_id(tx, id).await?;
        return Ok(read(row.ok_or_else(not_found)?).await?);
    }
    let surface = find_surface(tx, rollout).await.map_err(|_| not_found())?;
    let newest = store::rollout::list(tx, Some(surface.id), None, 1).await?;
    let row = newest.into_iter().next().ok_or_else(not_found)?;
    Ok(read(row).await?)
}

/// The evidence of ten thousand consumers is megabytes of JSON: it is read on a thread that may block.
async fn read(row: RolloutRow) -> Result<Stored, StoreError> {
    let read = tokio::task::spawn_blocking(move || Stored::read(row));
    read.await.expect("reading does not panic")
}

/// The id of the rollout that is named so: by its id, or by its surface for the newest one.
pub(crate) async fn find_id(tx: &mut Tx, rollout: &str) -> Result<RolloutId, ControlError> {
    let not_found = || ControlError::NotFound {
        noun: "rollout",
        name: rollout.to_owned(),
    };
    if let Ok(id) = rollout.parse::<RolloutId>() {
        let edition = store::rollout::edition(tx, id).await?;
        return edition.map(|_| id).ok_or_else(not_found);
    }
    let surface = find_surface(tx, rollout).await.map_err(|_| not_found())?;
    let newest = store::rollout::list(tx, Some(surface.id), None, 1).await?;
    newest.first().map(|row| row.id).ok_or_else(not_found)
}

async fn surface_name(tx: &mut Tx, stored: &Stored) -> Result<String, StoreError> {
    let surface = store::surface::by_id(tx, stored.row.surface).await?;
    Ok(surface.map_or_else(|| stored.row.surface.to_string(), |row| row.name))
}

fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data is always JSON")
}

/// Line and column of the mistake, where TOML says it.
fn invalid_plan(text: &str, error: &toml::de::Error) -> ControlError {
    let place = error.span().map(|span| {
        let before = &text[..span.start.min(text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        format!("line {line}, column {column}: ")
    });
    ControlError::Invalid {
        field: "plan",
        message: format!("{}{}", place.unwrap_or_default(), error.message()),
    }
}
