//! What the gateway must do for a rollout, read whole from its state.

use super::day::start_of;
use super::event::{BrownoutInterval, GatewayPolicy, Gone, Warn};
use super::state::{BrownoutOutcome, Phase, Rollout, State};

impl Rollout {
    /// What the gateway must do now. While paused nothing is refused but to newcomers; after an abort nobody is warned
    /// or refused, and who is on the new stays there.
    pub fn gateway_policy(&self) -> GatewayPolicy {
        let phase = self.state.phase();
        let aborted = matches!(self.state, State::Aborted { .. });
        let running = matches!(self.state, State::Running { .. });
        let at_least = |least: Phase| phase >= least && !aborted;
        GatewayPolicy {
            rollout: self.id,
            revision: self.sequence(),
            phase,
            opted_in: self.opted_in.keys().copied().collect(),
            warn: self
                .plan
                .window
                .as_ref()
                .filter(|_| at_least(Phase::Announced))
                .map(|window| Warn {
                    deprecated: start_of(window.deprecate.date),
                    sunset: start_of(window.sunset.date),
                }),
            closed_since: self
                .entered
                .get(&Phase::Closed)
                .copied()
                .filter(|_| at_least(Phase::Closed)),
            brownouts: if running && phase == Phase::Brownouts {
                self.intervals()
            } else {
                Vec::new()
            },
            gone: (running && phase >= Phase::Sunset).then(|| self.gone(phase)),
        }
    }

    fn intervals(&self) -> Vec<BrownoutInterval> {
        let planned = self
            .brownouts
            .iter()
            .filter(|b| b.outcome == BrownoutOutcome::Planned);
        planned
            .map(|brownout| BrownoutInterval {
                segment: brownout.segment,
                from: brownout.from,
                until: brownout.until,
            })
            .collect()
    }

    fn gone(&self, phase: Phase) -> Gone {
        let bridge_stays_for = match phase {
            Phase::Removed => Vec::new(),
            _ => self.plan.sunset.bridge_stays_for.clone(),
        };
        Gone { bridge_stays_for }
    }
}
