//! A connection whose answers are read in time, or that ends: what waits for its reader takes memory.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// A connection whose answers are read in time.
///
/// What waits for its reader waits no longer than it may, however slowly it is read. Whoever asks for more of an
/// answer is not asked while none of it is read: this is where its time ends.
#[derive(Debug)]
pub struct Patience<S, P = ()> {
    inner: S,
    /// Given back with the connection, also where it was taken over.
    _place: P,
    time: Duration,
    /// Until when what waits may be read.
    until: Option<Pin<Box<Sleep>>>,
}

impl<S, P> Patience<S, P> {
    /// Around a connection, which takes up a place until it ends; `time` is what an answer may wait for its reader.
    pub const fn new(inner: S, place: P, time: Duration) -> Self {
        Self {
            inner,
            _place: place,
            time,
            until: None,
        }
    }

    /// What was written, unless it waits for too long.
    fn in_time<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            return written;
        }
        let time = self.time;
        let until = self
            .until
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(time)));
        ready!(until.as_mut().poll(context));
        let why = "the client does not read its answer";
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, why)))
    }
}

impl<S: AsyncRead + Unpin, P: Unpin> AsyncRead for Patience<S, P> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_read(context, out)
    }
}

impl<S: AsyncWrite + Unpin, P: Unpin> AsyncWrite for Patience<S, P> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.inner).poll_write(context, bytes);
        this.in_time(written, context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.inner).poll_write_vectored(context, pieces);
        this.in_time(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.inner).poll_flush(context);
        if flushed.is_ready() {
            // All is written.
            this.until = None;
        }
        this.in_time(flushed, context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let ended = Pin::new(&mut this.inner).poll_shutdown(context);
        this.in_time(ended, context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    #[tokio::test]
    async fn an_answer_that_is_read_too_slowly_ends() {
        let (mut client, server) = tokio::net::UnixStream::pair().expect("a pair");
        let mut patient = Patience::new(server, (), Duration::from_millis(300));
        let slowly = tokio::spawn(async move {
            while let Ok(1..) = client.read(&mut [0; 64]).await {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        let answer = vec![b'x'; 4 << 20];
        let error = patient.write_all(&answer).await.expect_err("not read");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(patient);
        slowly.abort();
    }
}
