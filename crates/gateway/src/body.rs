//! The two bodies of a call: the request's on its way up, counted and kept for a retry; the response's on its way down.

use std::cell::{Cell, RefCell};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use crate::record::Record;
use crate::timers::Timer;
use crate::upstream::{Down, Pool};

/// A request body of at most this size can be sent a second time: 64 KiB covers nearly all JSON.
const REPLAY_BYTES_MAX: usize = 64 * 1024;

/// Why a request body could not be read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyFailure {
    /// The consumer went away, was too slow, or broke the framing.
    Consumer,
    /// More bytes than the surface accepts.
    TooLarge,
}

/// The request body as read from the consumer; shared by the attempts to send it.
#[derive(Debug)]
pub struct RequestSource {
    incoming: RefCell<Incoming>,
    /// Frames read so far, `None` once they were too many to keep.
    replay: RefCell<Option<Vec<Bytes>>>,
    trailers: RefCell<Option<http::HeaderMap>>,
    bytes: Cell<u64>,
    bytes_limit: u64,
    ended: Cell<bool>,
    failure: Cell<Option<BodyFailure>>,
}

impl RequestSource {
    /// `keep` says whether the method allows sending the body again.
    pub fn new(incoming: Incoming, bytes_limit: Option<u64>, keep: bool) -> Rc<Self> {
        Rc::new(Self {
            incoming: RefCell::new(incoming),
            replay: RefCell::new(keep.then(Vec::new)),
            trailers: RefCell::default(),
            bytes: Cell::new(0),
            bytes_limit: bytes_limit.unwrap_or(u64::MAX),
            ended: Cell::new(false),
            failure: Cell::new(None),
        })
    }

    pub fn bytes(&self) -> u64 {
        self.bytes.get()
    }

    pub fn failure(&self) -> Option<BodyFailure> {
        self.failure.get()
    }

    /// Whether another attempt can send the whole body: unread, or kept.
    pub fn can_replay(&self) -> bool {
        self.failure.get().is_none() && (self.bytes.get() == 0 || self.replay.borrow().is_some())
    }

    fn poll_read(&self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyFailure>>> {
        if self.ended.get() {
            return Poll::Ready(None);
        }
        match Pin::new(&mut *self.incoming.borrow_mut()).poll_frame(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(None) => {
                self.ended.set(true);
                Poll::Ready(None)
            }
            Poll::Ready(Some(Err(_))) => Poll::Ready(Some(Err(self.fail(BodyFailure::Consumer)))),
            Poll::Ready(Some(Ok(frame))) => Poll::Ready(Some(self.keep(frame))),
        }
    }

    fn keep(&self, frame: Frame<Bytes>) -> Result<Frame<Bytes>, BodyFailure> {
        if let Some(trailers) = frame.trailers_ref() {
            *self.trailers.borrow_mut() = Some(trailers.clone());
            return Ok(frame);
        }
        let Some(data) = frame.data_ref() else {
            return Ok(frame);
        };

        let bytes = self.bytes.get() + data.len() as u64;
        self.bytes.set(bytes);
        if bytes > self.bytes_limit {
            return Err(self.fail(BodyFailure::TooLarge));
        }
        let mut replay = self.replay.borrow_mut();
        if bytes > REPLAY_BYTES_MAX as u64 {
            *replay = None;
        } else if let Some(kept) = replay.as_mut() {
            kept.push(data.clone());
        }
        Ok(frame)
    }

    fn fail(&self, failure: BodyFailure) -> BodyFailure {
        self.failure.set(Some(failure));
        self.ended.set(true);
        failure
    }
}

/// What one attempt sends upstream.
#[derive(Debug)]
pub enum UpstreamBody {
    Empty,
    Stream(Attempt),
}

/// One pass over a `RequestSource`: first what was kept, then what is still to come.
#[derive(Debug)]
pub struct Attempt {
    source: Rc<RequestSource>,
    replayed: usize,
}

impl UpstreamBody {
    pub fn of(source: Option<&Rc<RequestSource>>) -> Self {
        match source {
            None => Self::Empty,
            Some(source) => Self::Stream(Attempt {
                source: Rc::clone(source),
                replayed: 0,
            }),
        }
    }
}

impl Body for UpstreamBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let Self::Stream(attempt) = &mut *self else {
            return Poll::Ready(None);
        };
        if let Some(kept) = attempt.next_kept() {
            return Poll::Ready(Some(Ok(Frame::data(kept))));
        }
        match attempt.source.poll_read(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Ready(Some(Ok(frame))) => {
                attempt.replayed += usize::from(frame.is_data());
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(_))) => Poll::Ready(Some(Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "request body broke off",
            )))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Stream(attempt) => {
                attempt.source.bytes.get() == 0 && attempt.source.incoming.borrow().is_end_stream()
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Stream(attempt) => attempt.size_hint(),
        }
    }
}

impl Attempt {
    fn next_kept(&mut self) -> Option<Bytes> {
        let replay = self.source.replay.borrow();
        let kept = replay.as_ref()?.get(self.replayed)?.clone();
        self.replayed += 1;
        Some(kept)
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.source.incoming.borrow().size_hint();
        let kept: usize = match self.source.replay.borrow().as_ref() {
            Some(kept) => kept.iter().skip(self.replayed).map(Bytes::len).sum(),
            None => 0,
        };
        match rest.exact() {
            Some(rest) => SizeHint::with_exact(rest + kept as u64),
            None => SizeHint::default(),
        }
    }
}

/// What the consumer gets.
pub enum ResponseBody {
    Empty,
    /// Made here; the record settles when it has been taken or dropped.
    Own {
        bytes: Option<Bytes>,
        record: Record,
    },
    /// Passed on from the upstream.
    Forwarded(Forwarded),
}

impl ResponseBody {
    /// An answer made here; an empty one is complete at once, since nobody will ask for its bytes.
    pub fn own(bytes: Bytes, mut record: Record) -> Self {
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
    record: Record,
    idle: Timer,
    /// Longest pause of the upstream; 0 waits for ever.
    idle_ms: u64,
}

impl Forwarded {
    pub fn new(down: Down, pool: Rc<Pool>, record: Record, idle_ms: u64) -> Self {
        let idle = Timer::new(pool.timers());
        let mut forwarded = Self {
            down: Some(down),
            pool,
            record,
            idle,
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
        if let Some(Down::Http1(exchange)) = self.down.take() {
            exchange.recycle(&self.pool);
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
                self.record
                    .count_out(frame.data_ref().map_or(0, Bytes::len));
                if self.idle.is_armed() {
                    self.idle.disarm();
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
        if !self.idle.is_armed() {
            self.idle.arm(self.idle_ms);
        }
        if !self.idle.poll_due(cx) {
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
