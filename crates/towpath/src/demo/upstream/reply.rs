//! The bodies of the sample upstream: whole, or in pieces with a pause before each.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::demo::records::{Event, Number, Payment};

/// 64 pieces of 10 payments of about 320 bytes: 200 KiB.
const EXPORT_PIECES: u64 = 64;
const EXPORT_PAYMENTS_PER_PIECE: u64 = 10;
const EXPORT_GAP: Duration = Duration::from_millis(4);
const EVENT_GAP: Duration = Duration::from_millis(250);

pub enum Reply {
    /// `None` once it was sent.
    Whole(Option<Bytes>),
    Paced(Paced),
}

pub struct Paced {
    pieces: Box<dyn Iterator<Item = Bytes> + Send>,
    gap: Duration,
    pause: Pin<Box<Sleep>>,
}

impl Reply {
    pub fn whole(body: Vec<u8>) -> Self {
        Self::Whole((!body.is_empty()).then(|| body.into()))
    }

    /// The payments of one month, a line each.
    pub fn export(month: String) -> Self {
        let pieces = (0..EXPORT_PIECES).map(move |piece| {
            let mut lines = Vec::with_capacity(4 * 1024);
            for index in 0..EXPORT_PAYMENTS_PER_PIECE {
                let payment = Payment::of(Number::of(&format!("{month} {piece} {index}")));
                serde_json::to_writer(&mut lines, &payment)
                    .expect("a payment has text keys and no failing field");
                lines.push(b'\n');
            }
            lines.into()
        });
        Self::paced(pieces, EXPORT_GAP)
    }

    /// The events after one, for ever.
    pub fn events(after: Number) -> Self {
        let numbers =
            std::iter::successors(Some(after), |number| Some(number.related("next event"))).skip(1);
        let pieces = numbers.map(|number| {
            let event = Event::of(number);
            let data =
                serde_json::to_string(&event).expect("an event has text keys and no failing field");
            format!("id: {}\nevent: {}\ndata: {data}\n\n", event.id, event.kind).into()
        });
        Self::paced(pieces, EVENT_GAP)
    }

    fn paced(pieces: impl Iterator<Item = Bytes> + Send + 'static, gap: Duration) -> Self {
        Self::Paced(Paced {
            pieces: Box::new(pieces),
            gap,
            pause: Box::pin(sleep(gap)),
        })
    }
}

impl Body for Reply {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = match self.get_mut() {
            Self::Whole(body) => body.take(),
            Self::Paced(paced) => {
                ready!(paced.pause.as_mut().poll(context));
                paced.pause = Box::pin(sleep(paced.gap));
                paced.pieces.next()
            }
        };
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(body) => SizeHint::with_exact(body.as_ref().map_or(0, Bytes::len) as u64),
            Self::Paced(_) => SizeHint::default(),
        }
    }
}
