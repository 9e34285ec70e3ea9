//! What stands between a client's connection and the HTTP library: whole heads pass that everybody
//! reads alike, and the bodies behind them. In place of another an empty request passes, and its refusal
//! lies ready for it.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use daxsign_http::stream::{self, Framing, Kind, Refused, Step};
use http::{StatusCode, Uri};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use crate::limits::Limits;
use crate::refusal::Refusal;

/// Read at once.
const PIECE: usize = 8 << 10;
/// The buffer of a connection on which nothing comes.
const KEPT: usize = 2 << 10;
/// What passes in place of a request that is refused.
const STAND_IN: &[u8] = b"GET / HTTP/1.1\r\nhost: refused\r\nconnection: close\r\n\r\n";
/// How long, and for how many bytes, a client is listened to that has not sent all: it would not read
/// an answer whose connection ends before (RFC 9112 9.6).
const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: usize = 8 << 20;

const HEADS: stream::Limits = stream::Limits {
    head: Limits::MAX_HEAD,
    fields: Limits::MAX_FIELDS,
};

/// What is answered in place of a head that does not pass.
fn named(refused: Refused) -> Refusal {
    match refused.kind {
        Kind::Framing => Refusal::bad("framing", refused.message),
        Kind::TargetForm => Refusal::bad("target-form", refused.message),
        Kind::TargetBytes => Refusal::bad("target-bytes", refused.message),
        Kind::TooLarge => Refusal::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "head-too-large",
            refused.message,
        ),
    }
}

/// What became of the requests of a connection, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Refusals(Arc<Mutex<VecDeque<Option<Refusal>>>>);

impl Refusals {
    /// Why the next request is refused, if it is.
    pub(crate) fn next(&self) -> Option<Refusal> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.pop_front().flatten()
    }

    fn push(&self, one: Option<Refusal>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push_back(one);
    }
}

/// A connection behind the gate.
pub(crate) struct Gate<S> {
    inner: S,
    framing: Framing,
    refusals: Refusals,
    waiting: Vec<u8>,
    /// So many of those may pass.
    cleared: usize,
    /// Nothing more passes: a request was refused.
    closed: bool,
    lingering: Option<(Pin<Box<Sleep>>, usize)>,
    /// Until when the head that has begun may come to its end.
    head: Option<Pin<Box<Sleep>>>,
    /// How long an answer may wait for its reader.
    patience: Duration,
    /// Until when this one may, which waits.
    unread: Option<Pin<Box<Sleep>>>,
}

impl<S> Gate<S> {
    pub(crate) fn new(inner: S, patience: Duration) -> Self {
        Self {
            inner,
            framing: Framing::new(HEADS, |target| target.parse::<Uri>().is_ok()),
            refusals: Refusals::default(),
            waiting: Vec::new(),
            cleared: 0,
            closed: false,
            lingering: None,
            head: None,
            patience,
            unread: None,
        }
    }

    /// What becomes of its requests.
    pub(crate) fn refusals(&self) -> Refusals {
        self.refusals.clone()
    }

    /// Lets pass what may of the bytes that wait; whether something does.
    fn clear(&mut self) -> io::Result<bool> {
        while !self.closed {
            let rest = self.waiting.get(self.cleared..).unwrap_or_default();
            let (is_head, first) = (self.framing.is_between(), self.cleared == 0);
            match self.framing.advance(rest) {
                Step::Pass(count) => {
                    self.cleared = self.cleared.saturating_add(count);
                    if is_head {
                        self.refusals.push(None);
                    }
                }
                Step::More => break,
                // What stands before it passes first.
                _ if !first => break,
                Step::Drop(count) => drop(self.waiting.drain(..count)),
                Step::Refused(refused) => self.refuse(named(refused)),
                Step::Broken(why) => {
                    self.closed = true;
                    return Err(io::Error::new(io::ErrorKind::InvalidData, why));
                }
            }
        }
        Ok(self.cleared > 0)
    }

    /// Lets the stand-in pass, and nothing more.
    fn refuse(&mut self, refusal: Refusal) {
        self.refusals.push(Some(refusal));
        self.waiting = STAND_IN.to_vec();
        self.cleared = STAND_IN.len();
        self.closed = true;
    }

    /// Whether the head that has begun takes too long.
    fn is_late(&mut self, context: &mut Context<'_>) -> bool {
        if self.waiting.is_empty() || !self.framing.is_between() {
            self.head = None;
            return false;
        }
        let end = || Box::pin(tokio::time::sleep(Limits::HEAD_TIME));
        self.head
            .get_or_insert_with(end)
            .as_mut()
            .poll(context)
            .is_ready()
    }

    fn pass(&mut self, out: &mut ReadBuf<'_>) {
        let count = self.cleared.min(out.remaining());
        out.put_slice(self.waiting.get(..count).unwrap_or_default());
        self.waiting.drain(..count);
        self.cleared = self.cleared.saturating_sub(count);
        if self.waiting.is_empty() && self.waiting.capacity() > KEPT {
            self.waiting = Vec::new();
        }
    }
}

impl<S> Gate<S> {
    /// What waits for its reader waits no longer than it may, however slowly it is read. Whoever asks for
    /// more of an answer is not asked while none of it is read: this is where its time ends.
    fn in_time<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if written.is_pending() {
            let patience = self.patience;
            let end = || Box::pin(tokio::time::sleep(patience));
            if self
                .unread
                .get_or_insert_with(end)
                .as_mut()
                .poll(context)
                .is_ready()
            {
                let why = "the client does not read its answer";
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, why)));
            }
        }
        written
    }
}

impl<S: AsyncRead + Unpin> Gate<S> {
    fn poll_more(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut piece = [0; PIECE];
        let mut piece = ReadBuf::new(&mut piece);
        ready!(Pin::new(&mut self.inner).poll_read(context, &mut piece))?;
        let came = piece.filled();
        if self.lingering.is_none() {
            self.waiting.extend_from_slice(came);
        }
        Poll::Ready(Ok(came.len()))
    }

    /// Takes what still comes, and throws it away, for a while.
    fn poll_linger(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            let Some((end, left)) = &mut self.lingering else {
                let end = Box::pin(tokio::time::sleep(LINGER));
                self.lingering = Some((end, LINGER_BYTES));
                continue;
            };
            if *left == 0 || end.as_mut().poll(context).is_ready() {
                return Poll::Ready(());
            }
            let Ok(count) = ready!(self.poll_more(context)) else {
                return Poll::Ready(());
            };
            if let Some((_, left)) = &mut self.lingering {
                *left = if count == 0 {
                    0
                } else {
                    left.saturating_sub(count)
                };
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Gate<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let gate = self.get_mut();
        loop {
            if gate.clear()? {
                gate.head = None;
                gate.pass(out);
                return Poll::Ready(Ok(()));
            }
            if gate.closed {
                // The answer to the refused request ends the connection.
                return Poll::Pending;
            }
            if gate.is_late(context) {
                gate.refuse(Refusal::new(
                    StatusCode::REQUEST_TIMEOUT,
                    "head-late",
                    "the head of the request did not come in time",
                ));
                continue;
            }
            if ready!(gate.poll_more(context))? == 0 {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Gate<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let gate = self.get_mut();
        let written = Pin::new(&mut gate.inner).poll_write(context, bytes);
        gate.in_time(written, context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let gate = self.get_mut();
        let written = Pin::new(&mut gate.inner).poll_write_vectored(context, pieces);
        gate.in_time(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let gate = self.get_mut();
        ready!(Pin::new(&mut gate.inner).poll_flush(context))?;
        // All is written.
        gate.unread = None;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let gate = self.get_mut();
        if gate.lingering.is_none() {
            ready!(Pin::new(&mut gate.inner).poll_shutdown(context))?;
            if gate.framing.is_between() && !gate.closed {
                return Poll::Ready(Ok(()));
            }
        }
        gate.poll_linger(context).map(Ok)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    /// Both ends of a connection that holds little.
    fn ends(patience: Duration) -> (tokio::net::UnixStream, Gate<tokio::net::UnixStream>) {
        let (client, server) = tokio::net::UnixStream::pair().expect("a pair");
        (client, Gate::new(server, patience))
    }

    #[tokio::test]
    async fn what_is_refused_lies_ready_for_an_empty_request() {
        let (mut client, mut gate) = ends(Duration::from_secs(9));
        let good = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        let text = [&good[..], b"GET /#b HTTP/1.1\r\nHost: a\r\n\r\n"].concat();
        client.write_all(&text).await.expect("written");
        let (refusals, mut came) = (gate.refusals(), Vec::new());
        while came.len() < good.len() + STAND_IN.len() {
            let mut piece = [0; 7];
            let count = gate.read(&mut piece).await.expect("more");
            came.extend_from_slice(&piece[..count]);
        }
        assert_eq!(came, [&good[..], STAND_IN].concat());
        assert!(refusals.next().is_none());
        assert_eq!(refusals.next().expect("refused").name, "target-form");
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_drips_is_refused_in_time() {
        let (mut client, mut gate) = ends(Duration::from_secs(9));
        let start = tokio::time::Instant::now();
        let drips = tokio::spawn(async move {
            for byte in b"GET / HTTP/1.1\r\nX: ".iter().chain(&[b'a'; 99]) {
                client.write_all(&[*byte]).await.expect("written");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        });
        let mut came = [0; STAND_IN.len()];
        gate.read_exact(&mut came).await.expect("the stand-in");
        assert_eq!(came, STAND_IN);
        assert_eq!(gate.refusals().next().expect("refused").name, "head-late");
        assert_eq!(start.elapsed().as_secs(), Limits::HEAD_TIME.as_secs());
        drips.abort();
    }

    #[tokio::test]
    async fn an_answer_that_is_read_too_slowly_ends() {
        let (mut client, mut gate) = ends(Duration::from_millis(300));
        let slowly = tokio::spawn(async move {
            while let Ok(1..) = client.read(&mut [0; 64]).await {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        let answer = vec![b'x'; 4 << 20];
        let error = gate.write_all(&answer).await.expect_err("not read");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(gate);
        slowly.abort();
    }
}
