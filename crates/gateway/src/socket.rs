//! A socket on which small writes of several pieces cost one plain write: cheaper for the kernel than a vector.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Up to here the copy costs less than the vector; a head and a small JSON body fit.
const COALESCE_BYTES_MAX: usize = 4 * 1024;

/// Any stream, with writes coalesced.
#[derive(Debug)]
pub struct Socket<T> {
    io: T,
    /// What a write of several pieces is put together in; none until the first.
    whole: Vec<u8>,
}

impl<T> Socket<T> {
    pub const fn new(io: T) -> Self {
        Self {
            io,
            whole: Vec::new(),
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Socket<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Socket<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let Self { io, whole } = &mut *self;
        let io = Pin::new(io);
        if let [one] = slices {
            return io.poll_write(cx, one);
        }
        let total: usize = slices.iter().map(|slice| slice.len()).sum();
        if total > COALESCE_BYTES_MAX {
            return io.poll_write_vectored(cx, slices);
        }
        whole.clear();
        slices
            .iter()
            .for_each(|slice| whole.extend_from_slice(slice));
        io.poll_write(cx, whole)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;

    #[derive(Default)]
    struct Written(Vec<usize>);

    impl AsyncWrite for Written {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            self.0.push(bytes.len());
            Poll::Ready(Ok(bytes.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    #[test]
    fn small_pieces_leave_as_one_and_large_ones_are_not_copied() {
        let mut socket = Socket::new(Written::default());
        let cx = &mut Context::from_waker(Waker::noop());
        let small = [IoSlice::new(b"head"), IoSlice::new(b"body")];
        assert!(matches!(
            Pin::new(&mut socket).poll_write_vectored(cx, &small),
            Poll::Ready(Ok(8))
        ));
        let large = vec![0; COALESCE_BYTES_MAX];
        let slices = [IoSlice::new(b"head"), IoSlice::new(&large)];
        // The default vectored write of the stand-in writes the first piece alone.
        assert!(matches!(
            Pin::new(&mut socket).poll_write_vectored(cx, &slices),
            Poll::Ready(Ok(4))
        ));
        assert_eq!(socket.io.0, [8, 4]);
    }
}
