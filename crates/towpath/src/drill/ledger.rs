//! What became of the notices of a drilled rollout, read from its delivery ledger.

use std::collections::{HashMap, HashSet};

use control::{Control, PageRequest};

/// The deliveries of one rollout, summed up.
#[derive(Debug, Default)]
pub struct Ledger {
    pub delivered: u64,
    pub bounced: u64,
    /// Whether each notice has arrived somewhere.
    arrived: HashMap<String, bool>,
    bounced_notices: HashSet<String>,
    /// Notices with a delivery that will not be tried again.
    given_up: HashSet<String>,
    /// The owner was told of those who could not be reached.
    owner_knows: bool,
}

/// Reads the whole ledger.
pub async fn read(control: &Control, rollout: &str) -> anyhow::Result<Ledger> {
    let mut ledger = Ledger::default();
    let mut page = PageRequest::default();
    loop {
        let found = control.list_deliveries(rollout, None, &page).await?;
        for one in &found.items {
            ledger.add(&one.notice.to_string(), &one.kind, one.state);
        }
        match found.next {
            Some(next) => page.after = Some(next),
            None => return Ok(ledger),
        }
    }
}

impl Ledger {
    fn add(&mut self, notice: &str, kind: &str, state: &str) {
        let arrived = self.arrived.entry(notice.to_owned()).or_default();
        match state {
            "delivered" => {
                self.delivered += 1;
                *arrived = true;
            }
            "bounced" => {
                self.bounced += 1;
                self.bounced_notices.insert(notice.to_owned());
            }
            "failed" | "unreachable" => _ = self.given_up.insert(notice.to_owned()),
            _ => {}
        }
        self.owner_knows |= kind == "unreached" && state == "delivered";
    }

    /// Notices that reached nobody once everything has been tried. Of a mailbox that takes nothing, the owner hears.
    pub fn lost_at_the_end(&self) -> u64 {
        self.missing(|notice| !(self.owner_knows && self.bounced_notices.contains(notice)))
    }

    /// Notices that were given up while others are still on their way.
    pub fn lost_so_far(&self) -> u64 {
        self.missing(|notice| self.given_up.contains(notice))
    }

    fn missing(&self, is_lost: impl Fn(&String) -> bool) -> u64 {
        let missing = self.arrived.iter().filter(|(_, there)| !**there);
        missing.filter(|(notice, _)| is_lost(notice)).count() as u64
    }
}
