//! What the drill found, for people and for programs.

use serde::Serialize;

/// The figures of one drill.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    pub consumers: u64,
    /// The phase that it came to; empty before the proposal.
    pub phase: &'static str,
    /// Consumers that the plan counts as concerned.
    pub concerned: u64,
    /// Of these, the ones that the evidence does not show to have cut over.
    pub remaining: u64,
    /// Consumers that something changes for, and that call the new version by now.
    pub moved: u64,
    /// Consumers that something changes for.
    pub to_move: u64,
    pub days: u64,
    pub calls: u64,
    /// Calls that did not succeed, other than by an announced brownout.
    pub failed_calls: u64,
    /// Calls that an announced brownout refused.
    pub brownout_calls: u64,
    /// Calls whose answers said that what they use goes.
    pub warned_calls: u64,
    /// Deliveries that arrived.
    pub notices_sent: u64,
    /// Notices of which no delivery arrived, not even at the owner's.
    pub notices_lost: u64,
    /// Deliveries that bounced and were passed on.
    pub notices_bounced: u64,
    /// How often the removal was refused because calls still succeeded on the old.
    pub removals_refused: u64,
    pub brownouts: u64,
    /// What happened when.
    pub course: Vec<String>,
    /// The first failures, in words.
    pub failures: Vec<String>,
    pub seconds: f64,
}

impl Report {
    /// The course, then the figures.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.course {
            text.push_str(line);
            text.push('\n');
        }
        text.push('\n');
        let rows = [
            ("days of the rollout", self.days),
            ("consumers", self.consumers),
            ("concerned by the plan", self.concerned),
            ("of these left, by evidence", self.remaining),
            ("had to move", self.to_move),
            ("moved", self.moved),
            ("calls", self.calls),
            ("told in headers", self.warned_calls),
            ("refused by announced brownouts", self.brownout_calls),
            ("failed otherwise", self.failed_calls),
            ("brownouts", self.brownouts),
            ("notices that arrived", self.notices_sent),
            ("bounced and passed on", self.notices_bounced),
            ("notices lost", self.notices_lost),
            ("removals refused while in use", self.removals_refused),
        ];
        for (what, figure) in rows {
            text.push_str(&format!("{what:<32} {figure:>9}\n"));
        }
        for failure in &self.failures {
            text.push_str(&format!("failed: {failure}\n"));
        }
        text
    }
}
