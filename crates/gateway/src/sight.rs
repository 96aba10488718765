//! What is seen of one call: the leaves of its contract that were sent, and those that were delivered.

use std::rc::Rc;
use std::sync::Arc;

use bridge::observe::{Bits, Observer, Outcome};
use meter::{Lane, ShapeNumber, Shapes};

use crate::fields::Fields;
use crate::request_body::RequestSource;
use crate::request_head::RequestHead;
use crate::watched::Watched;

/// Watches one call of a watched operation.
pub struct Sight {
    watched: Arc<Watched>,
    sent: Bits,
    /// Whether the head was read whole.
    is_head_read: bool,
    /// Whether the body was read whole, once it has been asked for; what it held is in `sent` then.
    is_body_read: Option<bool>,
    response: Option<(Bits, Observer)>,
}

impl Sight {
    pub fn begin(watched: &Arc<Watched>, head: &RequestHead, path: &str) -> Self {
        let (sent, outcome) = watched.head(head, path);
        Self {
            watched: Arc::clone(watched),
            sent,
            is_head_read: outcome == Outcome::Complete,
            is_body_read: None,
            response: None,
        }
    }

    /// What watches the body that comes with the head.
    pub fn request_body(&self, fields: &Fields) -> Box<Observer> {
        Box::new(self.watched.request_body(fields))
    }

    /// The upstream's answer has begun.
    pub fn answer(&mut self, status: u16, fields: &Fields) {
        self.response = Some(self.watched.response(status, fields));
    }

    /// What was sent, and whether that is all of it. Asked before the body has come to its end, what the body holds is
    /// not among it.
    pub fn sent(&mut self, source: Option<&RequestSource>) -> (&Bits, bool) {
        if source.is_none_or(RequestSource::is_ended) {
            self.read_body(source);
        }
        (
            &self.sent,
            self.is_head_read && self.is_body_read == Some(true),
        )
    }

    fn read_body(&mut self, source: Option<&RequestSource>) -> bool {
        if let Some(is_read) = self.is_body_read {
            return is_read;
        }
        let is_read = source.is_none_or(|source| match source.take_observation() {
            Some(observation) => {
                self.sent.union(&observation.bits);
                observation.outcome == Outcome::Complete
            }
            None => false,
        });
        self.is_body_read = Some(is_read);
        is_read
    }

    pub fn pass(&mut self, data: &[u8]) {
        if let Some((_, observer)) = &mut self.response {
            observer.feed(data);
        }
    }

    /// The numbers of what was seen, once the call has ended. A side that was not read whole has none.
    pub fn shapes(
        mut self,
        source: Option<&Rc<RequestSource>>,
        is_whole: bool,
        lane: &Lane,
    ) -> Shapes {
        let is_body_read = self.read_body(source.map(Rc::as_ref));
        let Self {
            watched,
            sent,
            is_head_read,
            response,
            ..
        } = self;
        let table = watched.digest();
        let shape = |bits: &Bits| bits.read_bytes(|bits| lane.shape(table, bits));
        let request = match is_head_read && is_body_read {
            true => shape(&sent),
            false => ShapeNumber::UNOBSERVED,
        };
        let response = match response {
            // An answer of our own has nothing of the contract.
            None => shape(&Bits::default()),
            Some((mut bits, observer)) => {
                let observation = match is_whole {
                    true => observer.finish(),
                    false => observer.broken_off(),
                };
                bits.union(&observation.bits);
                match observation.outcome {
                    Outcome::Complete => shape(&bits),
                    _ => ShapeNumber::UNOBSERVED,
                }
            }
        };
        Shapes { request, response }
    }
}
