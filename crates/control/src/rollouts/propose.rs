//! A rollout proposed: what changes, whom it breaks and how heavily, by when, and what the bar asks for.

use std::collections::BTreeMap;

use adoption::rollout::{
    Breaks, BridgeSlot, Communication, Impact, Item, Law, Plan, Policy, Rollout, strengthened,
};
use adoption::{ContractId, Micros, RolloutId, SurfaceId};
use contract::leaves::{Touched, Touching};
use contract::{Change as ContractChange, Level, Source};
use serde_json::json;
use store::Tx;
use store::rollout::RolloutRow;
use store::surface::SurfaceRow;

use super::evidence;
use super::gather::{self, Gathered, Window};
use super::{Proposal, RolloutView, Stored, to_json, touched};
use crate::actor::Actor;
use crate::audit::{Change, note};
use crate::contracts::refused;
use crate::control::Control;
use crate::error::ControlError;
use crate::leaves::LIMITS;
use crate::lookup::find_surface;
use crate::random;

/// What is proposed.
#[derive(Debug, Clone, Copy)]
pub struct Proposed<'a> {
    /// Name or id.
    pub surface: &'a str,
    /// The contract to come, and how to name it in problems.
    pub file: &'a str,
    pub revision: &'a str,
    /// One line for people; made from the versions when absent.
    pub name: Option<&'a str>,
    /// Days of evidence, today included; 1 to 400.
    pub evidence_days: u32,
}

/// What two contracts differ in, as far as a rollout is about it.
struct Compared {
    /// Each breaking change with the calls that it touches.
    breaking: Vec<(ContractChange, Touched)>,
    warnings: u64,
    is_cut: bool,
    version_from: String,
    version_to: String,
}

impl Compared {
    fn touched(&self) -> Vec<&Touched> {
        self.breaking.iter().map(|(_, touched)| touched).collect()
    }
}

impl Control {
    /// Compares the contract that runs with one to come, joins the breaking changes with what consumers were seen to
    /// use, and keeps the plan as a draft. Nobody is told anything.
    ///
    /// Errors: `Contract` for a contract that cannot be read; `State` with code `contract_missing` where none runs,
    /// `nothing_breaks` where a push is all that is needed, `contract_not_compared` beyond the limits of a comparison,
    /// `contract_moved` where another was pushed meanwhile.
    pub async fn propose_rollout(
        &self,
        actor: Actor,
        proposed: Proposed<'_>,
    ) -> Result<RolloutView, ControlError> {
        if !(1..=400).contains(&proposed.evidence_days) {
            return Err(ControlError::Invalid {
                field: "evidence_days",
                message: "evidence of 1 to 400 days can be asked for".to_owned(),
            });
        }
        let mut tx = self.store().read().await?;
        let surface = find_surface(&mut tx, proposed.surface).await?;
        let Some(running_id) = surface.contract else {
            return Err(ControlError::State {
                code: "contract_missing",
                message: format!("surface {} has no contract to roll out from", surface.name),
            });
        };
        let running = store::contract::source(&mut tx, running_id).await?;
        drop(tx);
        let compared = self
            .compare(
                running.unwrap_or_default(),
                proposed.file,
                proposed.revision,
            )
            .await?;
        if compared.is_cut {
            return Err(crate::contracts::not_compared());
        }
        if compared.breaking.is_empty() {
            return Err(ControlError::State {
                code: "nothing_breaks",
                message: "no change breaks a consumer: push the contract, no rollout is needed"
                    .to_owned(),
            });
        }

        self.freshen_usage().await;
        let now = self.now();
        let window = Window::ending_today(now, proposed.evidence_days);
        let status = self.status();
        let asked = gather::Asked {
            surface: surface.id,
            window,
            touched: &compared.touched(),
            is_journal_damaged: status.streams_damaged > 0 || status.apply_error.is_some(),
        };
        let gathered = gather::gather_at_once(self.store(), &asked).await?;

        let drafting = Drafting {
            surface: surface.id,
            running: running_id,
            name: proposed.name.map(str::to_owned),
            surface_name: surface.name.clone(),
            window,
            evidence_days: proposed.evidence_days,
            id: RolloutId::from_raw(random::raw_id()?),
            now,
        };
        let drafted = tokio::task::spawn_blocking(move || drafting.draft(compared, &gathered));
        let (stored, touched) = drafted.await.expect("a draft does not panic");
        let mut tx = self.store().write().await?;
        check_running(&mut tx, &surface, running_id).await?;
        let row = &stored.row;
        store::rollout::insert(&mut tx, row, proposed.file, proposed.revision, &touched).await?;
        let items = stored.rollout.plan.items.len();
        let detail = json!({"surface": surface.name, "name": row.name, "items": items});
        let change = Change {
            actor,
            action: "propose",
            noun: "rollout",
            object: &row.id,
            detail,
        };
        note(&mut tx, now, change).await?;
        tx.commit().await?;
        let view = tokio::task::spawn_blocking(move || stored.view(surface.name, now));
        Ok(view.await.expect("a view does not panic"))
    }

    async fn compare(
        &self,
        running: String,
        file: &str,
        revision: &str,
    ) -> Result<Compared, ControlError> {
        let options = self
            .contract_policy()
            .options(crate::contracts::today(self.now()));
        let (file, revision) = (file.to_owned(), revision.to_owned());
        let compared = tokio::task::spawn_blocking(move || {
            let parsed = contract::parse(&revision, &file)?;
            let base = Source::read(running.as_bytes(), "running contract")?;
            let revision = Source::read(revision.as_bytes(), &file)?;
            let diff = contract::diff(&base, &revision, &options);
            let mut touching = Touching::new(&base, &revision, LIMITS);
            let warnings = diff.count(Level::Warning) as u64;
            let breaking = diff
                .changes
                .into_iter()
                .filter(|change| change.level == Level::Error)
                .map(|change| {
                    let touched = touching.of(&change);
                    (change, touched)
                })
                .collect();
            Ok(Compared {
                breaking,
                warnings,
                is_cut: diff.is_cut,
                version_from: version_of(&base),
                version_to: parsed.version().to_owned(),
            })
        });
        compared
            .await
            .expect("a comparison does not panic")
            .map_err(refused)
    }
}

/// What a draft is made of, beside the changes and the evidence.
struct Drafting {
    surface: SurfaceId,
    running: ContractId,
    name: Option<String>,
    surface_name: String,
    window: Window,
    evidence_days: u32,
    id: RolloutId,
    now: Micros,
}

impl Drafting {
    /// The rollout as it is stored, and what each item touches.
    fn draft(self, compared: Compared, gathered: &Gathered) -> (Stored, String) {
        let (surface, now) = (self.surface, self.now);
        let ids = item_ids(&compared.breaking);
        let touched = compared.touched();
        let impact = evidence::impact(gathered, surface, &self.window, &ids, &touched);
        let (from, to) = (&compared.version_from, &compared.version_to);
        let name = self.name;
        let name = name.unwrap_or_else(|| format!("{} {from} to {to}", self.surface_name));
        let items = items(&compared.breaking, &ids, &impact);
        let plan = plan(name, surface, to, items, &impact, now);
        let rollout = Rollout::draft(self.id, plan, now);
        let touched = touched::to_json(&ids, &compared.breaking);
        let proposal = Proposal {
            version_from: compared.version_from,
            version_to: compared.version_to,
            contract: Some(self.running),
            warnings: compared.warnings,
            evidence_days: self.evidence_days,
        };
        let row = RolloutRow {
            id: rollout.id,
            surface,
            name: rollout.plan.name.clone(),
            phase: rollout.state.as_str().to_owned(),
            edition: 1,
            rollout: to_json(&rollout),
            impact: to_json(&impact),
            proposal: to_json(&proposal),
            created_at: now,
            updated_at: now,
        };
        let stored = Stored {
            row,
            rollout,
            impact,
            proposal,
        };
        (stored, touched)
    }
}

/// Whether the surface still runs the contract that was compared: what was judged must be what is written.
pub(crate) async fn check_running(
    tx: &mut Tx,
    surface: &SurfaceRow,
    compared: ContractId,
) -> Result<(), ControlError> {
    let row = store::surface::by_id(tx, surface.id).await?;
    match row.is_some_and(|row| row.contract == Some(compared)) {
        true => Ok(()),
        false => Err(ControlError::State {
            code: "contract_moved",
            message: format!(
                "another contract was pushed to surface {} meanwhile: propose again",
                surface.name
            ),
        }),
    }
}

fn version_of(source: &Source) -> String {
    let version = source
        .root()
        .get("info")
        .and_then(|info| info.get("version"));
    let text = version.and_then(contract::Node::scalar_text);
    text.unwrap_or("").to_owned()
}

/// The fingerprint of each change; of several with the same one, the later get a number.
fn item_ids(breaking: &[(ContractChange, Touched)]) -> Vec<String> {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    breaking
        .iter()
        .map(|(change, _)| {
            let count = seen.entry(&change.fingerprint).or_default();
            *count += 1;
            match *count {
                1 => change.fingerprint.clone(),
                count => format!("{}-{count}", change.fingerprint),
            }
        })
        .collect()
}

fn items(breaking: &[(ContractChange, Touched)], ids: &[String], impact: &Impact) -> Vec<Item> {
    let counts = impact.by_item();
    let item = |((change, touched), id): (&(ContractChange, Touched), &String)| Item {
        id: id.clone(),
        subject: match &change.operation {
            Some(operation) => format!("{} {}", operation.method, operation.path),
            None => "the whole surface".to_owned(),
        },
        rule: change.id.to_owned(),
        summary: change.message.to_string(),
        breaks: change.breaks.iter().map(|one| breaks(*one)).collect(),
        touch: evidence::touch_of(touched),
        bridge: BridgeSlot::Missing,
        impact: counts.get(id.as_str()).copied().unwrap_or_default(),
    };
    breaking.iter().zip(ids).map(item).collect()
}

const fn breaks(breaks: contract::Breaks) -> Breaks {
    match breaks {
        contract::Breaks::Wire => Breaks::Wire,
        contract::Breaks::Sdk => Breaks::Sdk,
        contract::Breaks::Agent => Breaks::Agent,
        contract::Breaks::Docs => Breaks::Docs,
    }
}

/// What can be decided from evidence is decided: dates, segments, cohort, channels. What only a person can know, the
/// bridges, the promises and the guide, is left open for the bar to ask for.
fn plan(
    name: String,
    surface: SurfaceId,
    version_to: &str,
    items: Vec<Item>,
    impact: &Impact,
    now: Micros,
) -> Plan {
    let open = Plan {
        name,
        surface,
        guide: None,
        successor: Some(version_to.to_owned()),
        policy: Policy::default(),
        segmentation: None,
        window: None,
        sla: BTreeMap::new(),
        beta: None,
        communication: Communication::default(),
        brownouts: Default::default(),
        sunset: Default::default(),
        freezes: Vec::new(),
        overrides: Vec::new(),
        items,
    };
    let Ok(strong) = strengthened(&open, impact, now, None) else {
        return open;
    };
    let mut plan = Plan {
        items: open.items,
        sla: open.sla,
        ..strong
    };
    // A reason must be a person's.
    if let Some(segmentation) = &mut plan.segmentation {
        segmentation.short_window_reason = None;
    }
    plan.window = Law::new(&plan, impact, now, None).window(None).ok();
    plan
}
