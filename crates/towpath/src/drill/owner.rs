//! What the owner does in the drill: proposes, follows the fixes, starts, listens to the beta, announces, extends, finishes.

use adoption::ConsumerId;
use adoption::rollout::{BridgeSlot, Commitment, Event, Friction, Phase, Plan, Refusal};
use anyhow::Context as _;
use control::rollouts::{Asked, NewVersion, Proposed, RolloutView};
use control::{Actor, Control, ControlError};
use jiff::civil::Date;

use super::stage::{NEW, SURFACE, Stage};

const BY: &str = "Ada Owner";

/// In the name of the owner.
const fn asked<'a>() -> Asked<'a> {
    Asked {
        actor: Actor::Cli,
        by: Some(BY),
        id: None,
        edition: None,
    }
}

/// Proposes the rollout and writes what the bar asks for into its plan, until it passes.
pub async fn propose(control: &Control) -> anyhow::Result<RolloutView> {
    let proposed = Proposed {
        surface: SURFACE,
        file: "orders-2.yaml",
        revision: NEW,
        name: None,
        evidence_days: 60,
    };
    let view = control.propose_rollout(Actor::Cli, proposed).await?;
    anyhow::ensure!(
        !view.summary.passes,
        "the bar let a proposal pass that nobody had looked at"
    );
    let id = view.summary.id.to_string();
    let text = control.rollout_plan(&id).await?;
    let mut plan: Plan = toml::from_str(&text).context("a plan as printed is a plan")?;
    for item in &mut plan.items {
        item.bridge = BridgeSlot::Parallel;
    }
    plan.guide = Some("https://orders.example/guides/2.0".to_owned());
    for name in ["growth", "enterprise", "starter", "internal"] {
        let promised = Commitment { notice_days: 180 };
        plan.sla.insert(name.to_owned(), promised);
    }
    if let Some(segmentation) = &mut plan.segmentation {
        let reason = "every consumer of this drill calls at least once a month";
        segmentation.short_window_reason = Some(reason.to_owned());
    }
    plan.sunset.bridge_stays_for = vec!["enterprise".to_owned()];
    let text = toml::to_string(&plan)?;
    let view = control.edit_rollout(asked(), &id, &text).await?;
    if !view.summary.passes {
        let below: Vec<String> = view
            .bar
            .iter()
            .filter(|one| one.strength != "strong")
            .map(|one| format!("{}: {}", one.dimension, one.reasons.join("; ")))
            .collect();
        anyhow::bail!("the plan is not strong: {}", below.join(" | "));
    }
    Ok(view)
}

pub async fn start(stage: &Stage, id: &str) -> anyhow::Result<RolloutView> {
    let new = NewVersion {
        upstreams: vec![format!("http://{}", stage.new.addr)],
        ..NewVersion::default()
    };
    Ok(stage.control.start_rollout(id, asked(), new).await?)
}

pub async fn opt_in(control: &Control, id: &str, key: adoption::KeyId) -> anyhow::Result<()> {
    control.opt_in_key(id, asked(), key).await?;
    Ok(())
}

pub async fn stumble(stage: &Stage, id: &str, consumer: ConsumerId) -> anyhow::Result<()> {
    let friction = Friction {
        id: "f1".to_owned(),
        consumer,
        item: None,
        text: "what is `reference` for, and may it repeat?".to_owned(),
        at: adoption::Clock::now(&*stage.clock),
        resolution: None,
    };
    ask(&stage.control, id, Event::AddFriction { friction }).await?;
    Ok(())
}

pub async fn answer(control: &Control, id: &str) -> anyhow::Result<()> {
    let event = Event::CloseFriction {
        id: "f1".to_owned(),
        resolution: "the guide says it now".to_owned(),
    };
    ask(control, id, event).await?;
    Ok(())
}

pub async fn announce(control: &Control, id: &str) -> anyhow::Result<RolloutView> {
    let to = Phase::Announced;
    Ok(ask(control, id, Event::Advance { to }).await?)
}

pub async fn extend(control: &Control, id: &str, sunset: Date) -> anyhow::Result<RolloutView> {
    let reason = "the guide came a week late".to_owned();
    Ok(ask(control, id, Event::Extend { sunset, reason }).await?)
}

/// Removes the old, or says whose calls still succeed on it.
pub async fn finish(
    control: &Control,
    id: &str,
) -> anyhow::Result<Result<RolloutView, Vec<ConsumerId>>> {
    let to = Phase::Removed;
    let refused = match ask(control, id, Event::Advance { to }).await {
        Ok(view) => return Ok(Ok(view)),
        Err(ControlError::Refused(refused)) => refused,
        Err(error) => return Err(error.into()),
    };
    match *refused {
        Refusal::InUse { in_use } => Ok(Err(in_use.iter().map(|one| one.consumer).collect())),
        other => Err(other).context("the removal was refused"),
    }
}

async fn ask(control: &Control, id: &str, event: Event) -> Result<RolloutView, ControlError> {
    control.ask_rollout(id, asked(), event).await
}
