//! The request body on its way up: counted, bounded, and kept for a retry while it is small.

use std::cell::{Cell, RefCell};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use bridge::observe::{Observation, Observer};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

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

/// A connection that the body of its request under way is read from.
pub trait BodyIo {
    /// The next frame of the body of request number `turn` of the connection; `None` at its end.
    fn poll_body(&self, cx: &mut Context<'_>, turn: u64) -> Poll<Option<io::Result<Frame<Bytes>>>>;

    /// Bytes still to come, where the head told.
    fn body_length(&self) -> Option<u64>;
}

/// A request body at its source, by protocol.
pub enum RequestBody {
    Empty,
    Http1 { io: Rc<dyn BodyIo>, turn: u64 },
    Http2(Incoming),
}

impl RequestBody {
    pub fn http1(io: Rc<dyn BodyIo>, turn: u64) -> Self {
        Self::Http1 { io, turn }
    }

    pub fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Http1 { .. } => false,
            Self::Http2(incoming) => incoming.is_end_stream(),
        }
    }

    fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFailure>>> {
        let lost = |_| BodyFailure::Consumer;
        match self {
            Self::Empty => Poll::Ready(None),
            Self::Http1 { io, turn } => io
                .poll_body(cx, *turn)
                .map(|frame| frame.map(|frame| frame.map_err(lost))),
            Self::Http2(incoming) => Pin::new(incoming)
                .poll_frame(cx)
                .map(|frame| frame.map(|frame| frame.map_err(|_| BodyFailure::Consumer))),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Http1 { io, .. } => io
                .body_length()
                .map_or_else(SizeHint::default, SizeHint::with_exact),
            Self::Http2(incoming) => incoming.size_hint(),
        }
    }
}

impl std::fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Empty => "Empty",
            Self::Http1 { .. } => "Http1",
            Self::Http2(_) => "Http2",
        })
    }
}

/// The request body as read from the consumer; shared by the attempts to send it.
#[derive(Debug)]
pub struct RequestSource {
    incoming: RefCell<RequestBody>,
    /// Frames read so far, `None` once they were too many to keep.
    replay: RefCell<Option<Vec<Bytes>>>,
    trailers: RefCell<Option<http::HeaderMap>>,
    bytes: Cell<u64>,
    bytes_limit: u64,
    ended: Cell<bool>,
    failure: Cell<Option<BodyFailure>>,
    /// Watches the body as it comes in.
    observer: RefCell<Option<Box<Observer>>>,
}

impl RequestSource {
    /// `keep` says whether the method allows sending the body again.
    pub fn new(
        incoming: RequestBody,
        bytes_limit: Option<u64>,
        keep: bool,
        observer: Option<Box<Observer>>,
    ) -> Rc<Self> {
        Rc::new(Self {
            incoming: RefCell::new(incoming),
            replay: RefCell::new(keep.then(Vec::new)),
            trailers: RefCell::default(),
            bytes: Cell::new(0),
            bytes_limit: bytes_limit.unwrap_or(u64::MAX),
            ended: Cell::new(false),
            failure: Cell::new(None),
            observer: RefCell::new(observer),
        })
    }

    /// What was seen of the body, once; `None` where nothing watched.
    pub fn take_observation(&self) -> Option<Observation> {
        let observer = self.observer.take()?;
        let is_whole = self.is_ended() && self.failure.get().is_none();
        Some(match is_whole {
            true => observer.finish(),
            false => observer.broken_off(),
        })
    }

    /// Whether nothing of the body is still to come.
    pub fn is_ended(&self) -> bool {
        self.ended.get() || self.incoming.borrow().is_end_stream()
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
        let polled = self.incoming.borrow_mut().poll_frame(cx);
        match polled {
            Poll::Pending => Poll::Pending,
            Poll::Ready(None) => {
                self.ended.set(true);
                Poll::Ready(None)
            }
            Poll::Ready(Some(Err(failure))) => Poll::Ready(Some(Err(self.fail(failure)))),
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
        if let Some(observer) = self.observer.borrow_mut().as_mut() {
            observer.feed(data);
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
