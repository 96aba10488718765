//! The reading half of a consumer's HTTP/1.x connection: the next head, and the body of the request under way.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::Frame;
use tokio::io::{AsyncRead, AsyncWrite};

use super::request::{Arrived, parse_request};
use crate::framing::Framing;
use crate::front_io::FrontIo;
use crate::request_body::BodyIo;

/// What an unread body may still hold for the connection to be worth reading on: a usual JSON body.
const DRAIN_BYTES_MAX: usize = 64 * 1024;

/// A consumer's connection with the request under way.
pub struct Inbound<T> {
    pub io: FrontIo<T>,
    /// What is still to be written, from `written` on.
    pub out: Vec<u8>,
    pub written: usize,
    /// Which request the body belongs to: an attempt that outlives its request must not read the next one's body.
    turn: u64,
    framing: Framing,
    /// Released bytes of a chunked body that were taken from `io`.
    chunks: BytesMut,
    /// The consumer waits for a 100 before it sends the body.
    continue_owed: bool,
}

/// The connection, shared by the loop over its requests and the body of the one under way. Never borrowed across an await.
pub type Shared<T> = Rc<RefCell<Inbound<T>>>;

impl<T> Inbound<T> {
    pub fn new(io: FrontIo<T>) -> Self {
        Self {
            io,
            out: Vec::with_capacity(1024),
            written: 0,
            turn: 0,
            framing: Framing::None,
            chunks: BytesMut::new(),
            continue_owed: false,
        }
    }

    pub fn turn(&self) -> u64 {
        self.turn
    }

    /// Bytes of the body still to come, where the head told.
    pub fn body_length(&self) -> Option<u64> {
        self.framing.length()
    }

    /// Whether the consumer still waits to be asked for the body.
    pub fn continue_owed(&self) -> bool {
        self.continue_owed
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Inbound<T> {
    /// The next request; `None` when the connection is to be closed.
    pub fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<Option<Arrived>> {
        loop {
            let released = self.io.released();
            if !released.is_empty() {
                match parse_request(released) {
                    Ok(Some((arrived, length))) => {
                        self.io.consume(length);
                        self.turn += 1;
                        self.framing = arrived.framing;
                        self.continue_owed = arrived.expects_continue;
                        return Poll::Ready(Some(arrived));
                    }
                    Ok(None) => {}
                    Err(_) => return Poll::Ready(None),
                }
            }
            match ready!(self.io.poll_more(cx)) {
                Ok(true) => {}
                Ok(false) | Err(_) => return Poll::Ready(None),
            }
        }
    }

    /// The next frame of the body of request number `turn`; `None` at its end.
    pub fn poll_body(
        &mut self,
        cx: &mut Context<'_>,
        turn: u64,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if turn != self.turn {
            return Poll::Ready(Some(Err(io::ErrorKind::BrokenPipe.into())));
        }
        if self.continue_owed && !self.framing.is_ended() {
            ready!(self.poll_continue(cx))?;
        }
        loop {
            match self.take_frame() {
                Ok(Some(frame)) => return Poll::Ready(Some(Ok(frame))),
                Ok(None) if self.framing.is_ended() => return Poll::Ready(None),
                Ok(None) => {}
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
            if !ready!(self.io.poll_more(cx))? {
                return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
            }
        }
    }

    /// Asks for the body, unless it is already on its way.
    fn poll_continue(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.io.released().is_empty() && self.out.is_empty() {
            self.out.extend_from_slice(b"HTTP/1.1 100 Continue\r\n\r\n");
        }
        ready!(self.poll_flush(cx))?;
        self.continue_owed = false;
        Poll::Ready(Ok(()))
    }

    fn take_frame(&mut self) -> io::Result<Option<Frame<Bytes>>> {
        if let Framing::Length(left) = self.framing {
            let held = self.io.released();
            let n = held.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            if n == 0 {
                return Ok(None);
            }
            let data = Bytes::copy_from_slice(&held[..n]);
            self.io.consume(n);
            self.framing = Framing::of_length(left - n as u64);
            return Ok(Some(Frame::data(data)));
        }
        if self.framing.is_ended() {
            return Ok(None);
        }
        let held = self.io.released();
        let n = held.len();
        self.chunks.extend_from_slice(held);
        self.io.consume(n);
        let frame = self
            .framing
            .take_frame(&mut self.chunks)
            .map_err(io::Error::other)?;
        if self.framing.is_ended() {
            // What lies behind the body is the next request; nothing has been read since it was taken.
            self.io.put_back(self.chunks.len());
            self.chunks.clear();
        }
        Ok(frame)
    }

    /// Reads away what is left of the body if that costs no waiting; whether another request can follow.
    pub fn drain_body(&mut self, cx: &mut Context<'_>) -> bool {
        let mut left = DRAIN_BYTES_MAX;
        while !self.framing.is_ended() {
            if self.continue_owed {
                return false;
            }
            match self.poll_body(cx, self.turn) {
                Poll::Ready(Some(Ok(frame))) => {
                    let n = frame.data_ref().map_or(0, Bytes::len);
                    match left.checked_sub(n) {
                        Some(rest) => left = rest,
                        None => return false,
                    }
                }
                Poll::Ready(None) => {}
                Poll::Ready(Some(Err(_))) | Poll::Pending => return false,
            }
        }
        true
    }

    /// Whether the consumer has gone away while its request is served; reads ahead a little to find out.
    pub fn poll_gone(&mut self, cx: &mut Context<'_>) -> bool {
        self.framing.is_ended() && self.io.poll_gone(cx)
    }

    /// Writes all of `out`.
    pub fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.written < self.out.len() {
            let n = ready!(self.io.poll_write_bytes(cx, &self.out[self.written..]))?;
            if n == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += n;
        }
        self.out.clear();
        self.written = 0;
        self.io.poll_flush_bytes(cx)
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> BodyIo for RefCell<Inbound<T>> {
    fn poll_body(&self, cx: &mut Context<'_>, turn: u64) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.borrow_mut().poll_body(cx, turn)
    }

    fn body_length(&self) -> Option<u64> {
        self.borrow().body_length()
    }
}
