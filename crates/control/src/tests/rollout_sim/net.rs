//! Receivers of every kind that lose, answer late, or take something just before the sender dies.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use store::faults::Faults;
use testkit::Random;

use super::base::DEAD;
use super::dates::{Expected, attached};
use crate::notices::settings::Secret;
use crate::notices::{
    Answer, HttpSend, Mail, MailSend, NoticeSettings, Outgoing, SendError, Senders, Sending,
    Statuspage,
};

const STATUS_API: &str = "https://status.example";

/// All that is outside; a clone is the same.
#[derive(Clone)]
pub(super) struct Net(Arc<Mutex<State>>);

struct State {
    dice: Random,
    is_healthy: bool,
    /// How many things this process still sends until it dies; 0 for no end.
    sends_left: u64,
    /// Those of the store that runs now: a crash is the next statement failing.
    faults: Faults,
    expected: Option<Expected>,
    taken: BTreeMap<(String, String), u64>,
    incidents: BTreeMap<String, Value>,
    crashes: u64,
}

/// What becomes of something that is sent.
enum Fate {
    Taken,
    /// Taken, and the answer comes too late.
    TakenUnheard,
    Lost,
}

impl Net {
    pub(super) fn new(seed: u64, faults: Faults) -> Self {
        Self(Arc::new(Mutex::new(State {
            dice: Random::new(!seed),
            is_healthy: false,
            sends_left: 0,
            faults,
            expected: None,
            taken: BTreeMap::new(),
            incidents: BTreeMap::new(),
            crashes: 0,
        })))
    }

    pub(super) fn senders(&self, with_mail: bool) -> Senders {
        Senders {
            settings: NoticeSettings {
                public_url: Some("https://api.example".to_owned()),
                from: Some("Payments <api@provider.example>".to_owned()),
                owner: Some("owner@provider.example".to_owned()),
                statuspage: Some(Statuspage {
                    api_url: STATUS_API.to_owned(),
                    page: "page".to_owned(),
                    token: Secret::new("secret".to_owned()),
                }),
                ..NoticeSettings::default()
            },
            mail: with_mail.then(|| Arc::new(self.clone()) as Arc<dyn MailSend>),
            http: Arc::new(self.clone()),
        }
    }

    /// The store was opened again.
    pub(super) fn follow(&self, faults: Faults) {
        self.state().faults = faults;
    }

    /// What the plan says while the next things are sent.
    pub(super) fn expect(&self, expected: Expected) {
        self.state().expected = Some(expected);
    }

    pub(super) fn heal(&self) {
        self.state().is_healthy = true;
    }

    /// The sender dies as soon as so many things are taken.
    pub(super) fn kill_at(&self, sends: u64) {
        self.state().sends_left = sends;
    }

    pub(super) fn crashes(&self) -> u64 {
        self.state().crashes
    }

    /// How often `address` took the notice of this id.
    pub(super) fn taken(&self, address: &str, notice: &str) -> u64 {
        let key = (address.to_owned(), notice.to_owned());
        self.state().taken.get(&key).copied().unwrap_or(0)
    }

    /// Incidents of the status page by what we call them, with their name and interval. Panics when one is there twice.
    pub(super) fn incidents(&self) -> BTreeMap<String, [String; 3]> {
        let mut found = BTreeMap::new();
        let mut twice = BTreeSet::new();
        for incident in self.state().incidents.values() {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let ours = &incident["metadata"]["towpath"];
            let name = format!("{}-{}", text(&ours["rollout"]), text(&ours["event"]));
            let told = ["name", "scheduled_for", "scheduled_until"].map(|key| text(&incident[key]));
            if found.insert(name.clone(), told).is_some() {
                twice.insert(name);
            }
        }
        assert!(twice.is_empty(), "on the status page twice: {twice:?}");
        found
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn fate(&mut self) -> Fate {
        if self.sends_left > 0 {
            self.sends_left -= 1;
            if self.sends_left == 0 {
                return self.crash();
            }
        }
        if self.is_healthy {
            return Fate::Taken;
        }
        match self.dice.below(100) {
            0..=9 => Fate::Lost,
            10..=14 => Fate::TakenUnheard,
            15..=18 => self.crash(),
            _ => Fate::Taken,
        }
    }

    /// Nothing is kept any more.
    fn crash(&mut self) -> Fate {
        self.crashes += 1;
        self.faults.fail_at(1);
        Fate::Taken
    }

    fn mail(&mut self, mail: &Mail) -> Result<(), SendError> {
        if mail.to == DEAD {
            return Err(SendError::Refused("550 no such mailbox".to_owned()));
        }
        let fate = self.fate();
        if matches!(fate, Fate::Lost) {
            return Err(SendError::Later("451 try again".to_owned()));
        }
        let text = String::from_utf8(mail.bytes.clone()).unwrap();
        let id = text
            .lines()
            .find_map(|line| line.strip_prefix("Message-ID: <"))
            .and_then(|id| id.split('@').next())
            .unwrap();
        // The owner's own tell of no dates.
        if mail.to != "owner@provider.example" {
            let expected = self.expected.as_ref().unwrap();
            expected.assert_dates(&attached(&text), &mail.to);
        }
        self.take(&mail.to, id);
        heard(fate, ())
    }

    fn http(&mut self, request: &Outgoing) -> Result<Answer, SendError> {
        let fate = self.fate();
        if matches!(fate, Fate::Lost) {
            return Err(SendError::Later("connection refused".to_owned()));
        }
        let answer = match request.url.strip_prefix(STATUS_API) {
            Some(path) => self.status_page(request, path),
            None => self.webhook(request),
        };
        heard(fate, answer)
    }

    fn webhook(&mut self, request: &Outgoing) -> Answer {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let named = |name: &str| {
            let header = request.headers.iter().find(|(is, _)| *is == name);
            header.unwrap().1.clone()
        };
        let id = named("webhook-id");
        assert_eq!(body["data"]["notice"], id);
        let expected = self.expected.as_ref().unwrap();
        expected.assert_document(&body["data"], &request.url);
        self.take(&request.url, &id);
        answer(&json!({}))
    }

    fn status_page(&mut self, request: &Outgoing, path: &str) -> Answer {
        let sent = || {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            body["incident"].clone()
        };
        match request.method {
            "GET" => answer(&json!(self.incidents.values().collect::<Vec<_>>())),
            "POST" => {
                let id = format!("i{}", self.incidents.len());
                let mut incident = sent();
                incident["id"] = json!(id);
                self.incidents.insert(id.clone(), incident);
                answer(&json!({"id": id}))
            }
            "PATCH" => {
                let id = path.rsplit('/').next().unwrap();
                let mut incident = sent();
                incident["id"] = json!(id);
                let known = self.incidents.insert(id.to_owned(), incident);
                assert!(known.is_some(), "{id} was never made");
                answer(&json!({"id": id}))
            }
            other => panic!("{other}"),
        }
    }

    fn take(&mut self, address: &str, id: &str) {
        let key = (address.to_owned(), id.to_owned());
        *self.taken.entry(key).or_default() += 1;
    }
}

fn heard<T>(fate: Fate, answer: T) -> Result<T, SendError> {
    match fate {
        Fate::TakenUnheard => Err(SendError::Later("no answer in time".to_owned())),
        _ => Ok(answer),
    }
}

fn answer(body: &Value) -> Answer {
    Answer {
        status: 200,
        body: body.to_string().into_bytes(),
    }
}

impl MailSend for Net {
    fn send<'a>(&'a self, mail: &'a Mail) -> Sending<'a, ()> {
        Box::pin(async move { self.state().mail(mail) })
    }
}

impl HttpSend for Net {
    fn send<'a>(&'a self, request: &'a Outgoing) -> Sending<'a, Answer> {
        Box::pin(async move {
            // Others go on meanwhile, as they do while a network is waited for.
            tokio::task::yield_now().await;
            self.state().http(request)
        })
    }
}
