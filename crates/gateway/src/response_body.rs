//! The response body on its way down: made here or forwarded, counted, and settled when it ends.

use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::record::Record;
use crate::timers::Timer;
use crate::upstream::{Down, Pool};

/// What the consumer gets.
pub enum ResponseBody {
    Empty,
    /// Made here; the record settles when it has been taken or dropped.
    Own {
        bytes: Option<Bytes>,
        record: Box<Record>,
    },
    /// Passed on from the upstream.
    Forwarded(Forwarded),
}

impl ResponseBody {
    /// An answer made here; an empty one is complete at once, since nobody will ask for its bytes.
    pub fn own(bytes: Bytes, mut record: Box<Record>) -> Self {
        if bytes.is_empty() {
            record.complete();
            return Self::Empty;
        }
        Self::Own {
            bytes: Some(bytes),
            record,
        }
    }
}

/// A response body on its way from the upstream to the consumer.
pub struct Forwarded {
    /// `None` once it has been read to its end, and its connection given back.
    down: Option<Down>,
    pool: Rc<Pool>,
    record: Box<Record>,
    /// Made when the upstream first pauses, which short bodies never do.
    idle: Option<Timer>,
    /// Longest pause of the upstream; 0 waits for ever.
    idle_ms: u64,
}

impl Forwarded {
    pub fn new(down: Down, pool: Rc<Pool>, record: Box<Record>, idle_ms: u64) -> Self {
        let mut forwarded = Self {
            down: Some(down),
            pool,
            record,
            idle: None,
            idle_ms,
        };
        forwarded.finish_if_ended();
        forwarded
    }

    /// The body has been read to its end: the connection is free, the call is over. Not to be left to the next
    /// poll: nobody asks for the frame after the last one of a known length.
    fn finish_if_ended(&mut self) {
        let ended = match &self.down {
            Some(Down::Http1(exchange)) => exchange.is_ended(),
            Some(Down::Http2(incoming)) => incoming.is_end_stream(),
            None => return,
        };
        if ended {
            self.finish();
        }
    }

    fn finish(&mut self) {
        if let Some(Down::Http1(exchange)) = self.down.take()
            && let Some(idle) = exchange.into_idle(self.pool.now_ms())
        {
            self.pool.give_back(idle);
        }
        self.record.complete();
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let polled = match &mut self.down {
            None => return Poll::Ready(None),
            Some(Down::Http1(exchange)) => exchange
                .poll_frame(cx)
                .map(|frame| frame.map(|f| f.map_err(io::Error::other))),
            Some(Down::Http2(incoming)) => Pin::new(incoming)
                .poll_frame(cx)
                .map(|frame| frame.map(|f| f.map_err(io::Error::other))),
        };
        match polled {
            Poll::Pending => self.poll_idle(cx),
            Poll::Ready(None) => {
                self.finish();
                Poll::Ready(None)
            }
            Poll::Ready(Some(Err(error))) => {
                self.record.upstream_aborted();
                Poll::Ready(Some(Err(error)))
            }
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(data) = frame.data_ref() {
                    self.record.pass_out(data);
                }
                if let Some(idle) = &self.idle {
                    idle.disarm();
                }
                self.finish_if_ended();
                Poll::Ready(Some(Ok(frame)))
            }
        }
    }

    fn poll_idle(&mut self, cx: &Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.idle_ms == 0 {
            return Poll::Pending;
        }
        let idle = self
            .idle
            .get_or_insert_with(|| Timer::new(self.pool.timers()));
        if !idle.is_armed() {
            idle.arm(self.idle_ms);
        }
        if !idle.poll_due(cx) {
            return Poll::Pending;
        }
        self.record.upstream_aborted();
        Poll::Ready(Some(Err(io::Error::new(
            io::ErrorKind::TimedOut,
            "upstream body stalled",
        ))))
    }

    fn size_hint(&self) -> SizeHint {
        match &self.down {
            None => SizeHint::with_exact(0),
            Some(Down::Http1(exchange)) => exchange
                .length_left()
                .map_or_else(SizeHint::default, SizeHint::with_exact),
            Some(Down::Http2(incoming)) => incoming.size_hint(),
        }
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match &mut *self {
            Self::Empty => Poll::Ready(None),
            Self::Own { bytes, record } => match bytes.take() {
                Some(bytes) if !bytes.is_empty() => {
                    record.count_out(bytes.len());
                    record.complete();
                    Poll::Ready(Some(Ok(Frame::data(bytes))))
                }
                _ => {
                    record.complete();
                    Poll::Ready(None)
                }
            },
            Self::Forwarded(forwarded) => forwarded.poll(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Own { bytes, .. } => bytes.is_none(),
            Self::Forwarded(forwarded) => forwarded.down.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Own { bytes, .. } => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |b| b.len() as u64))
            }
            Self::Forwarded(forwarded) => forwarded.size_hint(),
        }
    }
}
