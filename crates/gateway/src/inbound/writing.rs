//! The writing half: a response head and its body, small frames gathered into one write, large ones not copied.

use std::future::Future;
use std::io::{self, IoSlice, Write};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, TRAILER, TRANSFER_ENCODING};
use http_body::{Body, Frame};
use tokio::io::{AsyncRead, AsyncWrite};

use super::reading::{Inbound, Shared};
use super::response::{Delimited, write_field};
use crate::response_body::ResponseBody;

/// Frames are gathered up to this size before they are written.
const GATHER_BYTES_MAX: usize = 16 * 1024;
/// A frame from this size on is written from where it lies.
const COPY_BYTES_MAX: usize = 4 * 1024;

/// Sends the body behind a head that waits in `out`. Ready when all has been written, or with the reason why the
/// connection is lost.
pub struct Sending<'s, T> {
    pub inbound: &'s Shared<T>,
    pub body: ResponseBody,
    pub delimited: Delimited,
    pub takes_trailers: bool,
    /// A large frame on its way, and what must follow it.
    pub large: Bytes,
    pub ended: bool,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Future for Sending<'_, T> {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            this.gather(cx)?;
            let mut inbound = this.inbound.borrow_mut();
            let idle = inbound.out.is_empty() && this.large.is_empty();
            if idle && this.ended {
                return Poll::Ready(Ok(()));
            }
            if idle {
                // The body is waited for; so is the word that nobody waits for it any more.
                if inbound.poll_gone(cx) {
                    return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
                }
                return Poll::Pending;
            }
            let mid_chunk = !this.large.is_empty() && this.delimited == Delimited::Chunked;
            ready!(inbound.poll_send(cx, &mut this.large))?;
            if mid_chunk {
                inbound.out.extend_from_slice(b"\r\n");
            }
        }
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Sending<'_, T> {
    /// Takes what the body has ready, up to a bound. The borrow ends before the body is polled: the upload that it
    /// may carry along reads from the same connection.
    fn gather(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        while !self.ended && self.large.is_empty() {
            if self.inbound.borrow().out.len() >= GATHER_BYTES_MAX {
                break;
            }
            if self.delimited != Delimited::Chunked && self.body.is_end_stream() {
                return self.end(None);
            }
            match Pin::new(&mut self.body).poll_frame(cx) {
                Poll::Pending => break,
                Poll::Ready(Some(Ok(frame))) => self.take(frame)?,
                Poll::Ready(Some(Err(error))) => {
                    self.flush_before_abort(cx);
                    return Err(error);
                }
                Poll::Ready(None) => self.end(None)?,
            }
        }
        Ok(())
    }

    fn take(&mut self, frame: Frame<Bytes>) -> io::Result<()> {
        match frame.into_data() {
            Ok(data) if data.is_empty() => Ok(()),
            Ok(data) => self.take_data(data),
            Err(frame) => {
                let trailers = frame.into_trailers().ok();
                self.end(trailers.as_ref())
            }
        }
    }

    fn take_data(&mut self, data: Bytes) -> io::Result<()> {
        let out = &mut self.inbound.borrow_mut().out;
        match &mut self.delimited {
            // Read to its end so that the call is settled as complete, but not sent.
            Delimited::Bodyless => return Ok(()),
            Delimited::ByClose => {}
            Delimited::Length(left) => match left.checked_sub(data.len() as u64) {
                Some(rest) => *left = rest,
                None => return Err(io::Error::other("the body is longer than announced")),
            },
            // Writing to a Vec cannot fail.
            Delimited::Chunked => drop(write!(out, "{:x}\r\n", data.len())),
        }
        if data.len() >= COPY_BYTES_MAX {
            self.large = data;
            return Ok(());
        }
        out.extend_from_slice(&data);
        if self.delimited == Delimited::Chunked {
            out.extend_from_slice(b"\r\n");
        }
        Ok(())
    }

    fn end(&mut self, trailers: Option<&HeaderMap>) -> io::Result<()> {
        self.ended = true;
        match self.delimited {
            Delimited::Bodyless | Delimited::ByClose | Delimited::Length(0) => return Ok(()),
            Delimited::Length(_) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Delimited::Chunked => {}
        }
        let out = &mut self.inbound.borrow_mut().out;
        out.extend_from_slice(b"0\r\n");
        for (name, value) in trailers
            .filter(|_| self.takes_trailers)
            .into_iter()
            .flatten()
        {
            // RFC 9110 section 6.5.1: framing has no place in a trailer.
            if *name != CONTENT_LENGTH && *name != TRANSFER_ENCODING && *name != TRAILER {
                write_field(out, name.as_str().as_bytes(), value.as_bytes());
            }
        }
        out.extend_from_slice(b"\r\n");
        Ok(())
    }

    /// The consumer gets what there was: a cut body tells more than none.
    fn flush_before_abort(&mut self, cx: &mut Context<'_>) {
        let mut inbound = self.inbound.borrow_mut();
        // One try: what the socket does not take at once is lost with the connection.
        let _ = inbound.poll_flush(cx);
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Inbound<T> {
    /// Writes `out`, then `large` and, where the body is chunked, the end of its chunk.
    fn poll_send(&mut self, cx: &mut Context<'_>, large: &mut Bytes) -> Poll<io::Result<()>> {
        if large.is_empty() {
            return self.poll_flush(cx);
        }
        while !large.is_empty() {
            let head = &self.out[self.written..];
            let slices = [IoSlice::new(head), IoSlice::new(large)];
            let n = ready!(self.io.poll_write_slices(cx, &slices))?;
            if n == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            let of_head = n.min(head.len());
            self.written += of_head;
            large.advance(n - of_head);
        }
        self.out.clear();
        self.written = 0;
        Poll::Ready(Ok(()))
    }
}
