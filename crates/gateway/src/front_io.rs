//! The byte stream from a consumer's socket: held back until the strict front has judged it, and bounded in time.

use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::connection::{Connection, Refused};
use crate::front::{HeadState, Phase, Scanner};
use crate::shared::Shared;
use crate::timers::Timer;
use crate::worker::Worker;

/// What an HTTP/2 connection begins with (RFC 9113 section 3.4).
const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// The first read from the socket, and the largest one of a long body.
const READ_BYTES: usize = 8 * 1024;
const READ_BYTES_MAX: usize = 64 * 1024;
/// What is read and thrown away after a refusal, so that the consumer gets to see the answer.
const LINGER_BYTES: usize = 1024 * 1024;
const LINGER_MS: u64 = 1_000;
/// Which HTTP version the connection begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preface {
    Http1,
    Http2,
    /// The first bytes tell.
    Sniff,
}

/// What the reading side waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wait {
    Nothing,
    Idle,
    Head,
    Body,
}

/// A consumer's socket behind the strict front.
pub struct FrontIo<T> {
    io: T,
    connection: Rc<Connection>,
    /// `None` passes all bytes: HTTP/2, or a tunnel.
    scanner: Option<Scanner>,
    /// Bytes from `start` to `released` are to be consumed; those up to `end` are not judged yet; the rest is room.
    buffer: Vec<u8>,
    start: usize,
    released: usize,
    end: usize,
    ended: Ended,
    waits: Waits,
    refusal: Rc<str>,
    shared: Arc<Shared>,
}

/// Whether and why nothing more is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    No,
    /// The consumer closed its side, or was idle for too long.
    Eof,
    /// A head was refused: the stand-in is the last request.
    Refused,
    /// The body under way was refused.
    BodyRefused,
}

/// Deadlines of both directions.
struct Waits {
    read: Timer,
    write: Timer,
    wait: Wait,
    head_ms: u64,
    idle_ms: u64,
    body_idle_ms: u64,
    body_rate_min: u64,
    /// Time spent waiting for the body under way, and its bytes.
    body_waited_ms: u64,
    body_bytes: u64,
    waiting_since_ms: u64,
    writing: bool,
}

impl<T> FrontIo<T> {
    pub fn new(io: T, worker: &Worker, connection: Rc<Connection>) -> Self {
        let deadlines = &worker.config.deadlines;
        Self {
            io,
            connection,
            scanner: Some(Scanner::new(worker.front_limits)),
            buffer: Vec::new(),
            start: 0,
            released: 0,
            end: 0,
            ended: Ended::No,
            waits: Waits {
                read: Timer::new(Rc::clone(&worker.timers)),
                write: Timer::new(Rc::clone(&worker.timers)),
                wait: Wait::Nothing,
                head_ms: deadlines.head.as_millis() as u64,
                idle_ms: deadlines.keepalive_idle.as_millis() as u64,
                body_idle_ms: deadlines.body_idle.as_millis() as u64,
                body_rate_min: deadlines.body_bytes_per_second_min,
                body_waited_ms: 0,
                body_bytes: 0,
                waiting_since_ms: 0,
                writing: false,
            },
            refusal: Rc::clone(&worker.refusal),
            shared: Arc::clone(&worker.shared),
        }
    }

    /// From here on bytes are not HTTP/1: they pass as they are.
    pub fn pass_through(&mut self) {
        self.scanner = None;
        self.released = self.end;
    }

    /// Whether we stopped listening before the consumer stopped sending.
    pub fn broke_off(&self) -> bool {
        matches!(self.ended, Ended::Refused | Ended::BodyRefused) || self.phase() == Phase::Body
    }

    /// Whether nothing of a next request has come.
    pub fn is_at_rest(&self) -> bool {
        self.start == self.end && self.phase() == Phase::Idle
    }

    /// Has the strict front look at what was read.
    fn judge(&mut self) {
        let Some(scanner) = &mut self.scanner else {
            self.released = self.end;
            return;
        };
        let progress = scanner.advance(&self.buffer[self.released..self.end]);
        self.released += progress.released;
        if let Some(refusal) = progress.refusal {
            match refusal.head {
                HeadState::Held => self.refuse_head(Refused::Violation(refusal.violation)),
                HeadState::Released => self.refuse_body(Refused::Violation(refusal.violation)),
            }
        }
    }

    /// Puts a stand-in for the refused message behind those that came before it.
    fn refuse_head(&mut self, refused: Refused) {
        self.connection.note_head_refused(refused);
        self.buffer.truncate(self.released);
        self.buffer.extend_from_slice(self.refusal.as_bytes());
        self.released = self.buffer.len();
        self.end = self.released;
        self.ended = Ended::Refused;
    }

    fn refuse_body(&mut self, refused: Refused) {
        self.connection.note_body_refused(refused);
        self.end = self.released;
        self.ended = Ended::BodyRefused;
    }

    fn phase(&self) -> Phase {
        self.scanner.as_ref().map_or(Phase::Idle, Scanner::phase)
    }

    /// What to do when no byte has come: wait on, or give up.
    fn poll_deadline(&mut self, cx: &Context<'_>) -> Poll<()> {
        let wait = match self.phase() {
            Phase::Head => Wait::Head,
            Phase::Body => Wait::Body,
            Phase::Idle if self.connection.is_idle() => Wait::Idle,
            Phase::Idle | Phase::Tunnel | Phase::Refused => Wait::Nothing,
        };
        self.waits.turn_to(wait);
        // Also registers the task when no deadline is armed: a drain wakes every connection.
        if !self.waits.read.poll_due(cx) {
            return Poll::Pending;
        }
        match wait {
            Wait::Idle => self.ended = Ended::Eof,
            Wait::Head => self.refuse_head(Refused::TooSlow),
            Wait::Body => self.refuse_body(Refused::TooSlow),
            Wait::Nothing => return Poll::Pending,
        }
        Poll::Ready(())
    }
}

impl Waits {
    fn turn_to(&mut self, wait: Wait) {
        if self.wait == wait {
            return;
        }
        self.wait = wait;
        self.waiting_since_ms = self.read.now_ms();
        match wait {
            Wait::Nothing => self.read.disarm(),
            Wait::Idle => self.read.arm(self.idle_ms),
            Wait::Head => self.read.arm(self.head_ms),
            Wait::Body => self.read.arm(self.body_patience_ms()),
        }
    }

    /// The idle limit, or less when the body has been slower than the least rate for longer than the grace.
    fn body_patience_ms(&self) -> u64 {
        let allowed_ms =
            self.body_idle_ms + self.body_bytes.saturating_mul(1_000) / self.body_rate_min.max(1);
        self.body_idle_ms
            .min(allowed_ms.saturating_sub(self.body_waited_ms))
    }

    /// Bytes came. A head's deadline stays as it is: it runs from the first byte to the last.
    fn note_bytes(&mut self, n: usize, phase: Phase) {
        match phase {
            Phase::Body => {
                if self.wait == Wait::Body {
                    self.body_waited_ms += self.read.now_ms() - self.waiting_since_ms;
                    self.read.disarm();
                }
                self.wait = Wait::Nothing;
                self.body_bytes += n as u64;
            }
            Phase::Head => {}
            Phase::Idle | Phase::Tunnel | Phase::Refused => {
                if self.wait != Wait::Nothing {
                    self.read.disarm();
                    self.wait = Wait::Nothing;
                }
                self.body_bytes = 0;
                self.body_waited_ms = 0;
            }
        }
    }
}

impl<T: AsyncRead + Unpin> FrontIo<T> {
    /// Reads until the first bytes tell HTTP/2 from HTTP/1, within the head deadline.
    pub async fn sniff_http2(&mut self) -> io::Result<bool> {
        std::future::poll_fn(|cx| self.poll_sniff(cx)).await
    }

    fn poll_sniff(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        loop {
            let seen = self.end.min(HTTP2_PREFACE.len());
            if self.buffer[..seen] != HTTP2_PREFACE[..seen] {
                self.judge();
                return Poll::Ready(Ok(false));
            }
            if seen == HTTP2_PREFACE.len() {
                return Poll::Ready(Ok(true));
            }
            match self.poll_fill(cx) {
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
                Poll::Ready(Ok(_)) => {}
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => {
                    self.waits.turn_to(if self.end == 0 {
                        Wait::Idle
                    } else {
                        Wait::Head
                    });
                    let due = self.waits.read.poll_due(cx)
                        || self.shared.draining.load(Ordering::Relaxed);
                    return if due {
                        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
                    } else {
                        Poll::Pending
                    };
                }
            }
        }
    }

    /// One read from the socket to the end of what is held; how many bytes came.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.start == self.end {
            (self.start, self.released, self.end) = (0, 0, 0);
        } else if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.released -= self.start;
            self.start = 0;
        }
        if self.buffer.len() - self.end < READ_BYTES / 2 {
            self.buffer.resize(self.end + READ_BYTES, 0);
        }
        let mut room = ReadBuf::new(&mut self.buffer[self.end..]);
        ready!(Pin::new(&mut self.io).poll_read(cx, &mut room))?;
        let fresh = room.filled().len();
        self.end += fresh;
        // A full read means that more waits: an upload gets larger reads, up to a bound.
        if self.end == self.buffer.len() && self.end < READ_BYTES_MAX {
            self.buffer.resize((2 * self.end).min(READ_BYTES_MAX), 0);
        }
        Poll::Ready(Ok(fresh))
    }

    /// Reads and drops what still comes after a refusal: closing with unread bytes would reset the connection
    /// and could take our answer with it.
    pub async fn linger(&mut self) {
        self.waits.read.arm(LINGER_MS);
        let mut left = LINGER_BYTES;
        std::future::poll_fn(|cx| {
            loop {
                self.start = self.end;
                match self.poll_fill(cx) {
                    Poll::Ready(Ok(n)) if n > 0 && n <= left => left -= n,
                    Poll::Ready(_) => return Poll::Ready(()),
                    Poll::Pending if self.waits.read.poll_due(cx) => return Poll::Ready(()),
                    Poll::Pending => return Poll::Pending,
                }
            }
        })
        .await;
    }
}

impl<T: AsyncRead + Unpin> FrontIo<T> {
    /// Reads until more bytes are released than were; `false` when none will be.
    pub fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        let before = self.released - self.start;
        loop {
            match self.ended {
                Ended::No => {}
                Ended::Eof | Ended::Refused => return Poll::Ready(Ok(false)),
                Ended::BodyRefused => return Poll::Ready(Err(io::ErrorKind::InvalidData.into())),
            }
            match self.poll_fill(cx) {
                Poll::Ready(Ok(0)) => self.ended = Ended::Eof,
                Poll::Ready(Ok(fresh)) => {
                    self.judge();
                    let phase = self.phase();
                    self.waits.note_bytes(fresh, phase);
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => {
                    ready!(self.poll_deadline(cx));
                }
            }
            if self.released - self.start > before {
                return Poll::Ready(Ok(true));
            }
        }
    }

    /// Whether the consumer has gone while nothing is expected of it; what it sends ahead is kept, up to a bound.
    pub fn poll_gone(&mut self, cx: &mut Context<'_>) -> bool {
        while self.ended == Ended::No && self.end - self.start < READ_BYTES {
            match self.poll_fill(cx) {
                Poll::Ready(Ok(0)) => self.ended = Ended::Eof,
                Poll::Ready(Ok(fresh)) => {
                    self.judge();
                    let phase = self.phase();
                    self.waits.note_bytes(fresh, phase);
                }
                Poll::Ready(Err(_)) => return true,
                Poll::Pending => return false,
            }
        }
        self.ended == Ended::Eof
    }
}

impl<T> FrontIo<T> {
    /// What the strict front has let pass and nobody has consumed.
    pub fn released(&self) -> &[u8] {
        &self.buffer[self.start..self.released]
    }

    /// Takes `n` released bytes away.
    pub fn consume(&mut self, n: usize) {
        self.start += n;
        debug_assert!(
            self.start <= self.released,
            "only released bytes are consumed"
        );
    }

    /// Gives back the last `n` bytes that were consumed; nothing was read since.
    pub fn put_back(&mut self, n: usize) {
        self.start -= n;
    }
}

impl<T: AsyncRead + Unpin> Read for FrontIo<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut out: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.start == this.released {
            match ready!(this.poll_more(cx)) {
                Ok(true) => {}
                Ok(false) if this.ended == Ended::Refused => return Poll::Pending,
                Ok(false) => return Poll::Ready(Ok(())),
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        let n = out.remaining().min(this.released - this.start);
        out.put_slice(&this.buffer[this.start..this.start + n]);
        this.start += n;
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> FrontIo<T> {
    /// A consumer that does not read is given as long as one that does not send.
    fn bound_write<R>(
        &mut self,
        cx: &Context<'_>,
        polled: Poll<io::Result<R>>,
    ) -> Poll<io::Result<R>> {
        if polled.is_ready() {
            if self.waits.writing {
                self.waits.writing = false;
                self.waits.write.disarm();
            }
            return polled;
        }
        if !self.waits.writing {
            self.waits.writing = true;
            self.waits.write.arm(self.waits.body_idle_ms);
        }
        if self.waits.write.poll_due(cx) {
            return Poll::Ready(Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "the consumer does not read",
            )));
        }
        Poll::Pending
    }
}

impl<T: AsyncWrite + Unpin> FrontIo<T> {
    pub fn poll_write_bytes(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.bound_write(cx, polled)
    }

    pub fn poll_write_slices(
        &mut self,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write_vectored(cx, slices);
        self.bound_write(cx, polled)
    }

    pub fn poll_flush_bytes(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.io).poll_flush(cx);
        self.bound_write(cx, polled)
    }

    pub fn poll_close(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.io).poll_shutdown(cx);
        self.bound_write(cx, polled)
    }
}

impl<T: AsyncWrite + Unpin> Write for FrontIo<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.bound_write(cx, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write_vectored(cx, slices);
        self.bound_write(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.io).poll_flush(cx);
        self.bound_write(cx, polled)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.io).poll_shutdown(cx);
        self.bound_write(cx, polled)
    }
}
