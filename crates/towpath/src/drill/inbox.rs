//! Where the drill's mail arrives: a mail server that loses one try in five and knows no such mailbox for some.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use control::notices::{Mail, MailSend, SendError, Sending};

use crate::demo::seed::Sequence;

/// The mails that were taken, by address.
#[derive(Debug)]
pub struct Inbox {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    draw: Sequence,
    taken: BTreeMap<String, u64>,
}

impl Inbox {
    pub fn new(seed: u64) -> Self {
        Self {
            inner: Mutex::new(Inner {
                draw: Sequence::new(seed, "mail"),
                taken: BTreeMap::new(),
            }),
        }
    }
}

impl MailSend for Inbox {
    fn send<'a>(&'a self, mail: &'a Mail) -> Sending<'a, ()> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let result = if mail.to.starts_with("gone-") {
            Err(SendError::Refused("550 no such mailbox".to_owned()))
        } else if inner.draw.once_in(5) {
            Err(SendError::Later("451 try again".to_owned()))
        } else {
            *inner.taken.entry(mail.to.clone()).or_default() += 1;
            Ok(())
        };
        Box::pin(std::future::ready(result))
    }
}
