//! An installation with the sample rollout, and a post office that keeps what it was handed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use adoption::rollout::{Notice, NoticeKind, Recipient, Rollout};
use adoption::{ConsumerId, SurfaceId};
use store::notice::NoticeRow;
use store::rollout::RolloutRow;

use super::super::world::{World, new_consumer};
use super::sample;
use crate::jobs::deliver::deliver_due;
use crate::notices::settings::{NoticeSettings, Secret, Statuspage};
use crate::notices::{Answer, HttpSend, Mail, MailSend, Outgoing, SendError, Senders, Sending};
use crate::{Actor, Contact, Delivery, PageRequest};

/// Takes everything, unless told what to answer next.
#[derive(Default)]
pub(super) struct Office {
    pub(super) mails: Mutex<Vec<Mail>>,
    pub(super) requests: Mutex<Vec<Outgoing>>,
    /// Answers to mails by address; each once, oldest first.
    pub(super) mail_answers: Mutex<VecDeque<(String, SendError)>>,
    pub(super) http_answers: Mutex<VecDeque<Result<Answer, SendError>>>,
}

impl MailSend for Office {
    fn send<'a>(&'a self, mail: &'a Mail) -> Sending<'a, ()> {
        Box::pin(async move {
            self.mails.lock().unwrap().push(mail.clone());
            let mut answers = self.mail_answers.lock().unwrap();
            let at = answers.iter().position(|(address, _)| *address == mail.to);
            match at.and_then(|at| answers.remove(at)) {
                Some((_, error)) => Err(error),
                None => Ok(()),
            }
        })
    }
}

impl HttpSend for Office {
    fn send<'a>(&'a self, request: &'a Outgoing) -> Sending<'a, Answer> {
        Box::pin(async move {
            let mut requests = self.requests.lock().unwrap();
            requests.push(request.clone());
            let number = requests.len();
            let answer = self.http_answers.lock().unwrap().pop_front();
            answer.unwrap_or_else(|| {
                Ok(Answer {
                    status: 201,
                    body: format!("{{\"id\": \"remote{number}\"}}").into_bytes(),
                })
            })
        })
    }
}

pub(super) struct Post {
    pub(super) world: World,
    pub(super) office: Arc<Office>,
    pub(super) surface: SurfaceId,
    pub(super) rollout: Rollout,
}

impl Post {
    /// The sample rollout, stored, without consumers.
    pub(super) async fn new() -> Self {
        let world = World::new().await;
        let surface = world.surface("payments").await.id;
        let mut rollout = sample::rollout();
        rollout.plan.surface = surface;
        let row = RolloutRow {
            id: rollout.id,
            surface,
            name: rollout.plan.name.clone(),
            phase: "brownouts".to_owned(),
            edition: 1,
            rollout: serde_json::to_string(&rollout).unwrap(),
            impact: serde_json::to_string(&sample::impact()).unwrap(),
            proposal: "{}".to_owned(),
            created_at: sample::NOW,
            updated_at: sample::NOW,
        };
        let mut tx = world.control.store().write().await.unwrap();
        store::rollout::insert(&mut tx, &row, "v2.yaml", "x", "{}")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let post = Self {
            world,
            office: Arc::new(Office::default()),
            surface,
            rollout,
        };
        post.configure(post.settings(), true);
        post
    }

    pub(super) fn settings(&self) -> NoticeSettings {
        NoticeSettings {
            public_url: Some("https://changes.example.com".to_owned()),
            from: Some("api@example.com".to_owned()),
            owner: Some("owner@example.com".to_owned()),
            statuspage: Some(Statuspage {
                api_url: "https://api.statuspage.io".to_owned(),
                page: "page1".to_owned(),
                token: Secret::new("token".to_owned()),
            }),
            ..NoticeSettings::default()
        }
    }

    pub(super) fn configure(&self, settings: NoticeSettings, has_mail: bool) {
        let mail = has_mail.then(|| Arc::clone(&self.office) as Arc<dyn MailSend>);
        self.world.control.set_senders(Senders {
            settings,
            mail,
            http: Arc::clone(&self.office) as Arc<dyn HttpSend>,
        });
    }

    /// A consumer with these mail addresses.
    pub(super) async fn consumer(&self, name: &str, addresses: &[&str]) -> ConsumerId {
        let contact = |address: &&str| Contact {
            address: (*address).to_owned(),
            name: None,
            role: None,
        };
        let mut new = new_consumer(name);
        new.contacts = addresses.iter().map(contact).collect();
        let created = self.world.control.create_consumer(Actor::Cli, new).await;
        created.unwrap().id
    }

    /// Writes a notice as a step does; its id.
    pub(super) async fn tell(&self, kind: NoticeKind, recipient: Recipient) -> String {
        let notice = Notice::new(self.rollout.id, kind, recipient, self.rollout.sequence());
        let row = NoticeRow {
            id: notice.id,
            rollout: notice.rollout,
            surface: self.surface,
            kind: kind.as_str().to_owned(),
            recipient: recipient.key(),
            revision: notice.revision,
            created_at: self.world.control.now(),
        };
        let mut tx = self.world.control.store().write().await.unwrap();
        store::notice::append(&mut tx, &[row.clone(), row])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        notice.id.to_string()
    }

    pub(super) async fn deliver(&self) -> u64 {
        deliver_due(&self.world.control).await.unwrap()
    }

    pub(super) async fn ledger(&self) -> Vec<Delivery> {
        let page = PageRequest::first(1_000);
        let rollout = self.rollout.id.to_string();
        let listed = self.world.control.list_deliveries(&rollout, None, &page);
        listed.await.unwrap().items
    }

    /// Channel, address and state of every delivery, in order.
    pub(super) async fn states(&self) -> Vec<String> {
        let ledger = self.ledger().await;
        let mut states: Vec<String> = ledger
            .iter()
            .map(|one| format!("{} {} {}", one.channel, one.address, one.state))
            .collect();
        states.sort();
        states
    }

    /// Receivers of mails so far.
    pub(super) fn mailed(&self) -> Vec<String> {
        let mails = self.office.mails.lock().unwrap();
        mails.iter().map(|mail| mail.to.clone()).collect()
    }

    pub(super) fn mail_fails(&self, address: &str, error: SendError) {
        let mut answers = self.office.mail_answers.lock().unwrap();
        answers.push_back((address.to_owned(), error));
    }

    pub(super) fn http_answers(&self, status: u16, body: &str) {
        self.office
            .http_answers
            .lock()
            .unwrap()
            .push_back(Ok(Answer {
                status,
                body: body.as_bytes().to_vec(),
            }));
    }
}
