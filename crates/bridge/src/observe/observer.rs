//! Reads one body as its media type says, and tells what of the contract it held.

use std::sync::Arc;

use super::bits::Bits;
use super::form::{Form, Root};
use super::json::Json;
use super::media::{self, Reading};
use super::outcome::Outcome;
use super::table::{Message, Table};

/// Watches one body go by. Some 100 bytes, and 2 KB more where the body is read; feeding it never fails, and allocates
/// once where a leaf past 255 is met.
#[derive(Debug)]
pub struct Observer {
    table: Arc<Table>,
    reader: Reader,
    bits: Bits,
    /// The leaf that is set when the first byte comes: of the one media type that a body can be which does not say what
    /// it is.
    content_silent: Option<u16>,
}

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    pub bits: Bits,
    pub outcome: Outcome,
}

/// The two large ones are on the heap: a message without a body that matters costs nothing of them, and the others are
/// not copied from hand to hand.
#[derive(Debug)]
enum Reader {
    Json(Box<Json>),
    Form(Box<Form>),
    /// Nothing of the contract can be in this body.
    Irrelevant,
    /// Whether a byte came.
    Unread(bool),
}

#[derive(Debug, Clone, Copy)]
enum Side {
    Request,
    Response(u16),
}

impl Observer {
    /// For the body of a request with this `Content-Type`.
    pub fn request(table: Arc<Table>, content_type: Option<&[u8]>) -> Self {
        Self::new(table, Side::Request, content_type)
    }

    /// For the body of a response with this status and `Content-Type`.
    pub fn response(table: Arc<Table>, status: u16, content_type: Option<&[u8]>) -> Self {
        Self::new(table, Side::Response(status), content_type)
    }

    /// Whether something of the contract can be in this body.
    pub fn is_of_matter(&self) -> bool {
        !matches!(self.reader, Reader::Irrelevant)
    }

    /// For a body that cannot be read as it passes, because it is compressed: only its head is told.
    pub fn unread(mut self) -> Self {
        if self.is_of_matter() {
            self.reader = Reader::Unread(false);
        }
        self
    }

    fn new(table: Arc<Table>, side: Side, content_type: Option<&[u8]>) -> Self {
        let mut bits = Bits::default();
        let message = match side {
            Side::Request => Some(&table.request),
            Side::Response(status) => table.response(status).map(|response| {
                bits.set(u32::from(response.leaf));
                &response.message
            }),
        };
        let (reader, content_silent) = match message {
            None => (Reader::Irrelevant, None),
            Some(message) => {
                let content_silent = match content_type {
                    Some(sent) => {
                        set_content(message, sent, &mut bits);
                        None
                    }
                    None => likely_content(message),
                };
                let is_told = content_type.is_some() || content_silent.is_some();
                let reader = match message.body {
                    None => Reader::Irrelevant,
                    Some(node) if is_told => reader(message, node, content_type),
                    Some(_) => Reader::Unread(false),
                };
                (reader, content_silent)
            }
        };
        Self {
            table,
            reader,
            bits,
            content_silent,
        }
    }

    /// The next bytes of the body, transfer coding removed.
    pub fn feed(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        if let Some(leaf) = self.content_silent.take() {
            self.bits.set(u32::from(leaf));
        }
        match &mut self.reader {
            Reader::Json(json) => json.feed(&self.table, bytes, &mut self.bits),
            Reader::Form(form) => form.feed(&self.table, bytes, &mut self.bits),
            Reader::Unread(has_bytes) => *has_bytes = true,
            Reader::Irrelevant => {}
        }
    }

    /// The end of the body, as announced; of one that broke off use [`Observer::broken_off`].
    pub fn finish(mut self) -> Observation {
        let outcome = match &mut self.reader {
            Reader::Json(json) => json.finish(&self.table, &mut self.bits),
            Reader::Form(form) => form.finish(&self.table, &mut self.bits),
            Reader::Unread(true) => Outcome::NotObserved,
            Reader::Unread(false) | Reader::Irrelevant => Outcome::Complete,
        };
        Observation {
            bits: self.bits,
            outcome,
        }
    }

    /// The body ended before its announced end: what was seen stands, what was not is unknown.
    pub fn broken_off(self) -> Observation {
        let observation = self.finish();
        Observation {
            outcome: match observation.outcome {
                Outcome::Complete => Outcome::Truncated,
                outcome => outcome,
            },
            ..observation
        }
    }
}

fn reader(message: &Message, node: u16, content_type: Option<&[u8]>) -> Reader {
    let reading = content_type.map_or_else(|| likely_reading(message), media::reading);
    match reading {
        Reading::Json => Reader::Json(Box::new(Json::new(node))),
        Reading::Form => Reader::Form(Box::new(Form::new(Root::Body(node)))),
        Reading::Nothing => Reader::Unread(false),
    }
}

/// The media types of this very name; without one, the ranges that hold it.
fn set_content(message: &Message, sent: &[u8], bits: &mut Bits) {
    let mut is_known = false;
    for (_, leaf) in message.content.iter().filter(|(own, _)| own.is(sent)) {
        is_known = true;
        bits.set(u32::from(*leaf));
    }
    let ranges = message.content.iter().filter(|_| !is_known);
    for (_, leaf) in ranges.filter(|(own, _)| own.holds(sent)) {
        bits.set(u32::from(*leaf));
    }
}

/// Of a message that does not say: the only media type of its contract that is read as the body will be. With two of
/// them nobody knows.
fn likely_content(message: &Message) -> Option<u16> {
    let reading = likely_reading(message);
    let mut known = message
        .content
        .iter()
        .filter(|(own, _)| own.reading() == reading);
    let (_, leaf) = known.next()?;
    known.next().is_none().then_some(*leaf)
}

/// Of a message that does not say: JSON where the contract has any, else a form.
fn likely_reading(message: &Message) -> Reading {
    let has = |wanted| {
        let mut known = message.content.iter();
        known.any(|(own, _)| own.reading() == wanted)
    };
    if has(Reading::Json) {
        return Reading::Json;
    }
    if has(Reading::Form) {
        return Reading::Form;
    }
    Reading::Nothing
}
