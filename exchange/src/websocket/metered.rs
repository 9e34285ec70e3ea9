//! A stream that ends where too much was read for one message.

use core::pin::Pin;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::task::{Context, Poll};
use std::io;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What frames may add to a message: heads of fragments, and control frames between them.
const BESIDE: usize = 64 << 10;

/// A stream of which so much at most is read until somebody says that a whole message was.
///
/// A message's length is bounded by who reads the frames, and the number of its fragments is not: they may be empty.
#[derive(Debug)]
pub(crate) struct Metered<S> {
    stream: S,
    meter: Meter,
}

/// How much more may be read. Its clones are the same one.
#[derive(Clone, Debug)]
pub(crate) struct Meter {
    room: Arc<AtomicUsize>,
    most: usize,
}

/// What such a stream ends with.
#[derive(Debug)]
struct Endless;

impl core::fmt::Display for Endless {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("a message has fragments without an end")
    }
}

impl std::error::Error for Endless {}

/// Whether it ended so.
pub(super) fn is_endless(error: &io::Error) -> bool {
    error
        .get_ref()
        .is_some_and(<dyn std::error::Error + Send + Sync>::is::<Endless>)
}

impl<S> Metered<S> {
    pub(crate) fn new(stream: S, meter: Meter) -> Self {
        Self { stream, meter }
    }
}

impl Meter {
    /// For messages of such a length.
    pub(crate) fn new(max_message: usize) -> Self {
        let most = max_message.saturating_add(BESIDE);
        Self {
            room: Arc::new(AtomicUsize::new(most)),
            most,
        }
    }

    /// A whole message was read.
    pub(crate) fn whole(&self) {
        self.room.store(self.most, Ordering::Relaxed);
    }

    fn room(&self) -> usize {
        self.room.load(Ordering::Relaxed)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Metered<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let room = self.meter.room();
        if room == 0 {
            return Poll::Ready(Err(io::Error::other(Endless)));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let came = buffer.filled().len().saturating_sub(before);
        let left = room.saturating_sub(came);
        self.meter.room.store(left, Ordering::Relaxed);
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Metered<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
