//! The end of a seed: everything is delivered, and every channel says what the plan says.

use std::collections::BTreeMap;

use adoption::rollout::Rollout;
use adoption::rollout::day::start_of;
use serde_json::Value;

use super::course::Course;
use super::dates::{Expected, calendar};
use crate::PublicPage as Page;
use crate::jobs::deliver::deliver_due;
use crate::notices::statuspage::StatusFile;

const DAY_S: i64 = 86_400;

/// How many notices there are, and of how many nobody ever heard.
pub(super) struct Settled {
    pub(super) notices: u64,
    pub(super) lost: u64,
}

impl Course<'_> {
    /// Delivers all that is owed and reads every channel.
    pub(super) async fn settle(&mut self) -> Settled {
        self.net.heal();
        self.control.set_senders(self.net.senders(true));
        let picture = self.camera.picture().await;
        let expected = Expected::of(&picture.rollout);
        self.net.expect(expected.clone());
        let deliveries = self.drain().await;
        let mut settled = Settled {
            notices: picture.notices.len() as u64,
            lost: 0,
        };
        for (id, kind, recipient) in &picture.notices {
            let own = deliveries.iter().filter(|row| row[0] == *id);
            let own: Vec<_> = own.collect();
            if !own.iter().any(|row| self.is_told(row, &deliveries)) {
                eprintln!("lost: {id} {kind} to {recipient}: {own:?}");
                settled.lost += 1;
            }
        }
        self.read_public(&picture.rollout, &expected).await;
        self.read_own(&expected).await;
        self.read_gateway(&picture.rollout).await;
        settled
    }

    /// Until nothing waits; the longest wait between two tries is a day.
    async fn drain(&mut self) -> Vec<[String; 5]> {
        for _ in 0..12 {
            self.clock.advance_seconds(2 * DAY_S);
            deliver_due(&self.control).await.unwrap();
            let deliveries = self.camera.deliveries().await;
            if deliveries.iter().all(|row| row[4] != "pending") {
                return deliveries;
            }
        }
        panic!("still pending: {:?}", self.camera.deliveries().await);
    }

    /// Whether a delivery reached somebody: the receiver has it under this id, or the owner knows who has not.
    fn is_told(&self, row: &[String; 5], deliveries: &[[String; 5]]) -> bool {
        let [notice, channel, address, _, state] = row;
        match (state.as_str(), channel.as_str()) {
            ("delivered", "email" | "webhook") => self.net.taken(address, notice) > 0,
            ("delivered", _) => true,
            ("bounced" | "unreachable" | "failed", _) => deliveries.iter().any(|row| {
                row[2] == "owner@provider.example" && self.net.taken(&row[2], &row[0]) > 0
            }),
            _ => false,
        }
    }

    async fn read_public(&mut self, rollout: &Rollout, expected: &Expected) {
        let mut pages = BTreeMap::new();
        for page in [
            Page::Atom,
            Page::JsonFeed,
            Page::Calendar,
            Page::Agent,
            Page::Banner,
            Page::Status(StatusFile::Maintenances),
        ] {
            let body: crate::PageBody = self.control.public_page("payments", page).await.unwrap();
            pages.insert(format!("{page:?}"), body.body);
        }
        let json = |name: &str| -> Value { serde_json::from_str(&pages[name]).unwrap() };
        let incidents = self.net.incidents();
        let is_public = rollout.entered.len() > 2;
        let feed = json("JsonFeed");
        let items = feed["items"].as_array().unwrap();
        assert_eq!(!items.is_empty(), is_public);
        if !is_public {
            assert!(incidents.is_empty());
            return;
        }
        for item in items {
            expected.assert_document(&item["_towpath"], "a JSON feed");
        }
        for entry in pages["Atom"].split("<entry>").skip(1) {
            expected.assert_text(entry, "the Atom feed");
        }
        expected.assert_dates(&calendar(&pages["Calendar"]), "the calendar");
        expected.assert_document(&json("Agent")["rollouts"][0], "the document for programs");
        for banner in json("Banner")["banners"].as_array().unwrap() {
            expected.assert_document(banner, "the banner");
        }
        let maintenances = json("Status(Maintenances)");
        self.compare_status(&maintenances, expected, &incidents);
    }

    /// Our status file, and what was pushed to the page of another service.
    fn compare_status(
        &self,
        file: &Value,
        expected: &Expected,
        incidents: &BTreeMap<String, [String; 3]>,
    ) {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let ours: BTreeMap<String, [String; 3]> = file["scheduled_maintenances"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                let told = ["name", "scheduled_for", "scheduled_until"].map(|key| text(&one[key]));
                (text(&one["id"]), told)
            })
            .collect();
        let sunset = &ours[&format!("{}-sunset", self.base.rollout)];
        assert!(sunset[1].starts_with(&expected.dates.sunset.to_string()));
        for (name, told) in incidents {
            assert_eq!(Some(told), ours.get(name), "{name} on the status page");
        }
    }

    /// The feeds of each consumer; whoever was told nothing reads of nothing.
    async fn read_own(&self, expected: &Expected) {
        for key in &self.base.keys {
            let secret = key.secret.0.as_bytes();
            let read = async |page: Page| {
                let found = self.control.page_by_key("payments", secret, page).await;
                found.unwrap().unwrap().body
            };
            let dates = calendar(&read(Page::Calendar).await);
            let agent: Value = serde_json::from_str(&read(Page::Agent).await).unwrap();
            let told = &agent["rollouts"];
            match told.as_array().unwrap().first() {
                None => assert!(dates.is_empty()),
                Some(document) => {
                    expected.assert_document(document, "a consumer's document");
                    expected.assert_dates(&dates, "a consumer's calendar");
                }
            }
        }
    }

    /// What the gateway writes into headers.
    async fn read_gateway(&self, rollout: &Rollout) {
        let snapshot = self.control.snapshot().await.unwrap();
        let surface = &snapshot.surfaces[0];
        let spec = surface.rollouts.iter().find(|spec| spec.id == rollout.id);
        let warn = spec.and_then(|spec| spec.warn.as_ref());
        let policy = rollout.gateway_policy();
        // A removed version is the one that runs: nothing is left to warn of.
        if rollout.state.as_str() == "removed" {
            assert!(warn.is_none_or(|_| policy.warn.is_some()));
        } else {
            assert_eq!(warn.is_some(), policy.warn.is_some());
        }
        if let Some(warn) = warn {
            let dates = rollout.plan.window.as_ref().unwrap().dates();
            assert_eq!(warn.deprecated_at, start_of(dates.deprecate));
            assert_eq!(warn.sunset_at, start_of(dates.sunset));
        }
    }
}
