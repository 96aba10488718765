//! A connection that left HTTP (WebSocket and the like): bytes both ways until either side ends, counted.

use std::cell::{Cell, RefCell};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use adoption::Outcome;
use bytes::BytesMut;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, copy_bidirectional};

use crate::front_io::FrontIo;
use crate::record::Record;
use crate::upstream::Stream;

/// An upgrade that the upstream has accepted; the record settles when it ends.
pub struct Tunnel {
    pub upstream: Stream,
    /// What the upstream sent right behind its 101.
    pub early: BytesMut,
    pub record: Box<Record>,
}

/// Where `serve` leaves a tunnel to be run once the response head with status 101 has been written.
pub type TunnelSlot = RefCell<Option<Tunnel>>;

/// Carries bytes, those first that the consumer sent before we had answered.
pub async fn run<T>(tunnel: Tunnel, mut consumer: FrontIo<T>)
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let Tunnel {
        mut upstream,
        early: from_upstream,
        record,
    } = tunnel;
    consumer.pass_through();
    let counts = Rc::new(Counts::default());
    let mut guard = Settle {
        record,
        counts: Rc::clone(&counts),
        outcome: Outcome::Interrupted,
    };

    let mut consumer = Counted {
        io: TokioIo::new(consumer),
        counts: Rc::clone(&counts),
    };
    if consumer.write_all(&from_upstream).await.is_err() {
        guard.outcome = Outcome::ConsumerAborted;
        return;
    }
    guard.outcome = match copy_bidirectional(&mut consumer, &mut upstream).await {
        Ok(_) => Outcome::Complete,
        Err(_) => Outcome::ConsumerAborted,
    };
}

#[derive(Debug, Default)]
struct Counts {
    bytes_in: Cell<u64>,
    bytes_out: Cell<u64>,
}

/// Settles the record with what was counted, however the tunnel ends; dropped half-way it was interrupted.
struct Settle {
    record: Box<Record>,
    counts: Rc<Counts>,
    outcome: Outcome,
}

impl Drop for Settle {
    fn drop(&mut self) {
        let (bytes_in, bytes_out) = (self.counts.bytes_in.get(), self.counts.bytes_out.get());
        self.record.close_tunnel(bytes_in, bytes_out, self.outcome);
    }
}

/// The consumer's side with its bytes counted.
struct Counted<T> {
    io: T,
    counts: Rc<Counts>,
}

impl<T: AsyncRead + Unpin> AsyncRead for Counted<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut tokio::io::ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.io).poll_read(cx, buf);
        self.counts
            .bytes_in
            .set(self.counts.bytes_in.get() + (buf.filled().len() - before) as u64);
        polled
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Counted<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write(cx, bytes);
        if let Poll::Ready(Ok(n)) = &polled {
            self.counts
                .bytes_out
                .set(self.counts.bytes_out.get() + *n as u64);
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
