//! One request and its response on one connection: the body may still go up while the response comes down.

use std::io::{self, Write};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, StatusCode};
use http_body::{Body, Frame};
use tokio::io::{AsyncReadExt, AsyncWrite};

use super::head::{HEAD_BYTES_MAX, Head, HeadError, take_response, write_request, write_trailers};
use super::stream::Stream;
use crate::framing::{BodyError, Framing};
use crate::front::canonical::Canonical;
use crate::request_body::{RequestSource, UpstreamBody};

/// One read from the upstream; grows while reads come back full.
const READ_BYTES: usize = 8 * 1024;
const READ_BYTES_MAX: usize = 64 * 1024;
/// Body frames are gathered up to this size before they are written.
const COALESCE_BYTES_MAX: usize = 16 * 1024;

/// Why an exchange broke off.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// Not one byte of the request was written.
    #[error("the connection was closed before the request was written")]
    Unsent(#[source] io::Error),
    #[error("the connection broke")]
    Io(#[source] io::Error),
    #[error("the connection was closed before the response had ended")]
    Closed,
    #[error(transparent)]
    Head(#[from] HeadError),
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The request's own body failed: see its source.
    #[error("the request body broke off")]
    Source,
}

/// A connection with its buffers, in use or idle. Dropped, it closes.
#[derive(Debug)]
pub struct Exchange {
    stream: Stream,
    /// Worker time at which it was opened, and at which it became idle.
    pub born_ms: u64,
    pub idle_since_ms: u64,
    /// What is still to be written, from `written` on.
    out: Vec<u8>,
    written: usize,
    any_written: bool,
    upload: Upload,
    input: BytesMut,
    read_bytes: usize,
    method: Method,
    framing: Framing,
    keep_alive: bool,
}

/// The request body on its way up.
#[derive(Debug)]
enum Upload {
    Done,
    Running { body: UpstreamBody, chunked: bool },
}

impl Exchange {
    pub fn new(stream: Stream, now_ms: u64) -> Self {
        Self {
            stream,
            born_ms: now_ms,
            idle_since_ms: now_ms,
            out: Vec::with_capacity(1024),
            written: 0,
            any_written: false,
            upload: Upload::Done,
            input: BytesMut::new(),
            read_bytes: READ_BYTES,
            method: Method::GET,
            framing: Framing::None,
            keep_alive: false,
        }
    }

    /// Whether an idle connection can still be used.
    pub fn is_quiet(&mut self) -> bool {
        self.stream.is_quiet()
    }

    /// Makes ready to send a head and the body of `source`.
    pub fn begin(
        &mut self,
        method: &Method,
        target: &str,
        host: &[u8],
        canonical: &Canonical<'_>,
        source: Option<&Rc<RequestSource>>,
    ) {
        let chunked = source.is_some() && !canonical.fields.contains(b"content-length");
        self.any_written = false;
        self.method = method.clone();
        write_request(&mut self.out, method, target, host, canonical, chunked);
        if let Some(source) = source {
            self.upload = Upload::Running {
                body: UpstreamBody::of(Some(source)),
                chunked,
            };
        }
    }

    /// Sends what `begin` made ready, as much of the body as goes, until the response head is there.
    pub fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<Result<Head, ExchangeError>> {
        // An upstream may refuse a body and close while we write: its answer is still read.
        let upload = match self.poll_upload(cx) {
            Poll::Ready(Err(ExchangeError::Io(error))) if self.any_written => Some(error),
            Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
            Poll::Ready(Ok(())) | Poll::Pending => None,
        };
        loop {
            if !self.input.is_empty()
                && let Some(head) = take_response(&mut self.input, &self.method)?
            {
                let status = head.status;
                if status.is_informational() && status != StatusCode::SWITCHING_PROTOCOLS {
                    continue;
                }
                self.framing = head.framing;
                self.keep_alive = head.keep_alive;
                return Poll::Ready(Ok(head));
            }
            if self.input.len() > HEAD_BYTES_MAX {
                return Poll::Ready(Err(HeadError::TooLarge.into()));
            }
            match self.poll_fill(cx) {
                Poll::Pending => match upload {
                    Some(error) => return Poll::Ready(Err(ExchangeError::Io(error))),
                    None => return Poll::Pending,
                },
                Poll::Ready(Ok(0)) if self.any_written => {
                    return Poll::Ready(Err(ExchangeError::Closed));
                }
                Poll::Ready(Ok(0)) => {
                    return Poll::Ready(Err(ExchangeError::Unsent(
                        io::ErrorKind::UnexpectedEof.into(),
                    )));
                }
                Poll::Ready(Ok(_)) => {}
                Poll::Ready(Err(error)) if self.any_written => {
                    return Poll::Ready(Err(ExchangeError::Io(error)));
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Err(ExchangeError::Unsent(error))),
            }
        }
    }

    /// The next frame of the response body; `None` at its end. Carries the rest of the upload along.
    pub fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ExchangeError>>> {
        if !matches!(self.upload, Upload::Done)
            && matches!(self.poll_upload(cx), Poll::Ready(Err(_)))
        {
            // The response is whole without it; only the connection is lost.
            self.upload = Upload::Done;
            self.keep_alive = false;
        }
        loop {
            match self.framing.take_frame(&mut self.input) {
                Ok(Some(frame)) => return Poll::Ready(Some(Ok(frame))),
                Ok(None) if self.framing.is_ended() => return Poll::Ready(None),
                Ok(None) => {}
                Err(error) => return Poll::Ready(Some(Err(error.into()))),
            }
            match ready!(self.poll_fill(cx)) {
                Ok(0) if self.framing == Framing::UntilClose => self.framing = Framing::None,
                Ok(0) => return Poll::Ready(Some(Err(ExchangeError::Closed))),
                Ok(_) => {}
                Err(error) => return Poll::Ready(Some(Err(ExchangeError::Io(error)))),
            }
        }
    }

    pub fn is_ended(&self) -> bool {
        self.framing.is_ended()
    }

    /// Bytes of the body still to come, where the head told.
    pub fn length_left(&self) -> Option<u64> {
        self.framing.length()
    }

    /// The connection for another request, unless either side may still have something to say on it.
    pub fn into_idle(mut self: Box<Self>, now_ms: u64) -> Option<Box<Self>> {
        let clean = self.keep_alive
            && self.framing.is_ended()
            && matches!(self.upload, Upload::Done)
            && self.out.is_empty()
            && self.input.is_empty();
        self.idle_since_ms = now_ms;
        clean.then_some(self)
    }

    /// After a 101: the bare connection, and what came behind the head.
    pub fn into_tunnel(self) -> (Stream, BytesMut) {
        (self.stream, self.input)
    }

    /// Pulls what the body has and writes it; ready when all of it is written.
    fn poll_upload(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), ExchangeError>> {
        loop {
            // Frames that are already there leave in one write, the first of them together with the head.
            while self.out.len() - self.written < COALESCE_BYTES_MAX && self.pull(cx)? {}
            if self.written < self.out.len() {
                ready!(self.poll_write_pending(cx))?;
                self.out.clear();
                self.written = 0;
                if matches!(self.upload, Upload::Running { .. }) {
                    continue;
                }
            }
            return match self.upload {
                Upload::Done => Poll::Ready(Ok(())),
                Upload::Running { .. } => Poll::Pending,
            };
        }
    }

    /// Takes one frame from the source into `out`; whether there may be another at once.
    fn pull(&mut self, cx: &mut Context<'_>) -> Result<bool, ExchangeError> {
        let Upload::Running { body, chunked } = &mut self.upload else {
            return Ok(false);
        };
        let chunked = *chunked;
        let frame = match Pin::new(body).poll_frame(cx) {
            Poll::Pending => return Ok(false),
            Poll::Ready(Some(Err(_))) => return Err(ExchangeError::Source),
            Poll::Ready(Some(Ok(frame))) => Some(frame),
            Poll::Ready(None) => None,
        };
        match frame.map(Frame::into_data) {
            Some(Ok(data)) => {
                write_data(&mut self.out, &data, chunked);
                return Ok(true);
            }
            Some(Err(frame)) if chunked => write_end(&mut self.out, frame.trailers_ref()),
            None if chunked => write_end(&mut self.out, None),
            // Trailers of a body with a length have nowhere to go.
            Some(Err(_)) | None => {}
        }
        self.upload = Upload::Done;
        Ok(false)
    }

    fn poll_write_pending(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), ExchangeError>> {
        while self.written < self.out.len() {
            let polled = Pin::new(&mut self.stream).poll_write(cx, &self.out[self.written..]);
            match ready!(polled) {
                Ok(0) => {
                    return Poll::Ready(Err(self.write_error(io::ErrorKind::WriteZero.into())));
                }
                Ok(n) => {
                    self.written += n;
                    self.any_written = true;
                }
                Err(error) => return Poll::Ready(Err(self.write_error(error))),
            }
        }
        match ready!(Pin::new(&mut self.stream).poll_flush(cx)) {
            Ok(()) => Poll::Ready(Ok(())),
            Err(error) => Poll::Ready(Err(self.write_error(error))),
        }
    }

    fn write_error(&self, error: io::Error) -> ExchangeError {
        if self.any_written {
            ExchangeError::Io(error)
        } else {
            ExchangeError::Unsent(error)
        }
    }

    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        self.input.reserve(self.read_bytes);
        let fresh = ready!(pin!(self.stream.read_buf(&mut self.input)).poll(cx))?;
        if fresh >= self.read_bytes {
            self.read_bytes = (2 * self.read_bytes).min(READ_BYTES_MAX);
        }
        Poll::Ready(Ok(fresh))
    }
}

fn write_data(out: &mut Vec<u8>, data: &[u8], chunked: bool) {
    if data.is_empty() {
        return;
    }
    if chunked {
        // Writing to a Vec cannot fail.
        drop(write!(out, "{:x}\r\n", data.len()));
    }
    out.extend_from_slice(data);
    if chunked {
        out.extend_from_slice(b"\r\n");
    }
}

fn write_end(out: &mut Vec<u8>, trailers: Option<&HeaderMap>) {
    out.extend_from_slice(b"0\r\n");
    if let Some(trailers) = trailers {
        write_trailers(out, trailers);
    }
    out.extend_from_slice(b"\r\n");
}
