//! A command on its way, and what it comes to.

use adoption::RolloutId;
use adoption::rollout::{Command, Event, Phase, Rollout, Step};

use crate::rollouts::{Asked, NewVersion};
use crate::{Actor, Control, ControlError};

/// A command as its asker sends it: under one id however often.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) id: String,
    pub(super) what: What,
}

#[derive(Debug, Clone)]
pub(super) enum What {
    Start,
    /// The next step, whichever that is when it arrives.
    Next,
    Ask(Event),
}

impl Order {
    /// As the laws are asked it while the rollout is as `before`.
    pub(super) fn command(&self, before: &Rollout) -> Command {
        let event = match &self.what {
            What::Start => Event::Advance { to: Phase::Beta },
            What::Next => Event::Advance {
                to: before.state.phase().next().unwrap_or(Phase::Removed),
            },
            What::Ask(event) => event.clone(),
        };
        Command {
            id: self.id.clone(),
            by: "Ada".to_owned(),
            event,
        }
    }
}

/// Hands `order` to `control`.
pub(super) async fn perform(
    control: &Control,
    rollout: RolloutId,
    order: &Order,
) -> Result<(), ControlError> {
    let asked = Asked {
        actor: Actor::Cli,
        by: Some("Ada"),
        id: Some(&order.id),
        edition: None,
    };
    let rollout = rollout.to_string();
    let done = match &order.what {
        What::Start => {
            let new = NewVersion {
                path: Some("/v3".to_owned()),
                ..NewVersion::default()
            };
            control.start_rollout(&rollout, asked, new).await
        }
        What::Next => control.advance_rollout(&rollout, asked, None).await,
        What::Ask(event) => control.ask_rollout(&rollout, asked, event.clone()).await,
    };
    done.map(|_| ())
}

/// The command of the clock that `step` tells of, read back from its id.
pub(super) fn carried(step: &Step) -> Command {
    let parts: Vec<&str> = step.command.split(':').collect();
    let read = |text: &str| serde_json::from_value(text.into()).unwrap();
    let event = match parts[..] {
        ["date", _] => Event::Advance { to: step.to },
        ["ended", segment, stage, _] => Event::BrownoutCompleted {
            segment: read(segment),
            stage: stage.parse().unwrap(),
        },
        _ => panic!("{}", step.command),
    };
    Command {
        id: step.command.clone(),
        by: "towpath".to_owned(),
        event,
    }
}
