//! What stands between a connection and the HTTP/1.1 library: whole heads pass that everybody reads alike, and the bodies
//! behind them. Each head is kept as it came, since what was signed is what goes on. In place of a head that does not
//! pass goes an empty request, and what is wrong lies ready for it.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use std::time::{Duration, Instant};
//! use daxsign_hosting::gate::{Gate, Wrong};
//! use daxsign_http::stream::Limits;
//! use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
//!
//! let (mut client, server) = tokio::io::duplex(1024);
//! let limits = Limits { head: 8192, fields: 100 };
//! let mut gate = Gate::new(server, limits, Duration::from_secs(30));
//! let heads = gate.heads();
//! client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").await?;
//! // What HTTP's library reads: an empty request, whose connection closes.
//! gate.read(&mut [0; 64]).await?;
//! let passed = heads.next().expect("one came");
//! assert!(matches!(passed.head, Err(Wrong::Refused(_))));
//! # std::io::Result::Ok(())
//! # }).unwrap();
//! ```

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use daxsign_http::stream::{Framing, Limits, Refused, Step};
use http::Uri;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// Read at once.
const PIECE: usize = 8 << 10;
/// The buffer of a connection on which nothing comes.
const KEPT: usize = 2 << 10;
/// What passes in place of a request that is refused.
const STAND_IN: &[u8] = b"GET / HTTP/1.1\r\nhost: refused\r\nconnection: close\r\n\r\n";
/// How long, and for how many bytes, a client is listened to that has not sent all: it would not read an answer whose
/// connection ends before (RFC 9112 9.6).
const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: usize = 8 << 20;

/// Why an empty request passes in place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Its head is not one that everybody reads alike, or is too large.
    Refused(Refused),
    /// Its head did not come in time.
    Late,
}

/// A request whose head came.
#[derive(Clone, Debug)]
pub struct Passed {
    /// When its first byte did.
    pub begun: Instant,
    /// The head as it came, with its empty line; or what is wrong with it.
    pub head: Result<Bytes, Wrong>,
}

/// The requests of a connection, in their order.
#[derive(Clone, Debug, Default)]
pub struct Heads(Arc<Mutex<VecDeque<Passed>>>);

impl Heads {
    /// The next one; `None` where none came.
    #[must_use]
    pub fn next(&self) -> Option<Passed> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.pop_front()
    }

    fn push(&self, one: Passed) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push_back(one);
    }
}

/// A connection behind the gate.
#[derive(Debug)]
pub struct Gate<S> {
    inner: S,
    framing: Framing,
    heads: Heads,
    head_time: Duration,
    waiting: Vec<u8>,
    /// So many of those may pass.
    cleared: usize,
    /// The first byte of the head that has begun.
    begun: Option<Instant>,
    /// Until when it may come to its end.
    late: Option<Pin<Box<Sleep>>>,
    /// Nothing more passes: a request was refused.
    closed: bool,
    /// Everything passes: it is no HTTP any more.
    open: Arc<AtomicBool>,
    lingering: Option<(Pin<Box<Sleep>>, usize)>,
}

impl<S> Gate<S> {
    /// Before a connection; `limits` are a head's, `head_time` is what one may take to come.
    pub fn new(inner: S, limits: Limits, head_time: Duration) -> Self {
        Self {
            inner,
            framing: Framing::new(limits, |target| target.parse::<Uri>().is_ok()),
            heads: Heads::default(),
            head_time,
            waiting: Vec::new(),
            cleared: 0,
            begun: None,
            late: None,
            closed: false,
            open: Arc::default(),
            lingering: None,
        }
    }

    /// Its requests.
    #[must_use]
    pub fn heads(&self) -> Heads {
        self.heads.clone()
    }

    /// What opens it for good, once it is set: what follows is no HTTP.
    #[must_use]
    pub fn opening(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.open)
    }

    /// Lets pass what may of the bytes that wait; whether something does.
    fn clear(&mut self) -> io::Result<bool> {
        while !self.closed {
            let rest = self.waiting.get(self.cleared..).unwrap_or_default();
            let (is_head, first) = (self.framing.is_between(), self.cleared == 0);
            match self.framing.advance(rest) {
                Step::Pass(count) => {
                    let head = rest.get(..count).filter(|_| is_head);
                    let head = head.map(Bytes::copy_from_slice);
                    self.cleared = self.cleared.saturating_add(count);
                    if let Some(head) = head {
                        self.pass_head(Ok(head));
                    }
                }
                Step::More => break,
                // What stands before it passes first.
                _ if !first => break,
                Step::Drop(count) => drop(self.waiting.drain(..count)),
                Step::Refused(refused) => self.refuse(Wrong::Refused(refused)),
                Step::Broken(why) => {
                    self.closed = true;
                    return Err(io::Error::new(io::ErrorKind::InvalidData, why));
                }
            }
        }
        Ok(self.cleared > 0)
    }

    fn pass_head(&mut self, head: Result<Bytes, Wrong>) {
        self.late = None;
        let begun = self.begun.take().unwrap_or_else(Instant::now);
        self.heads.push(Passed { begun, head });
    }

    /// Lets the stand-in pass, and nothing more.
    fn refuse(&mut self, wrong: Wrong) {
        self.pass_head(Err(wrong));
        self.waiting = STAND_IN.to_vec();
        self.cleared = STAND_IN.len();
        self.closed = true;
    }

    /// Whether the head that has begun takes too long.
    fn is_late(&mut self, context: &mut Context<'_>) -> bool {
        if self.waiting.is_empty() || !self.framing.is_between() {
            self.late = None;
            return false;
        }
        self.begun.get_or_insert_with(Instant::now);
        let time = self.head_time;
        let end = || Box::pin(tokio::time::sleep(time));
        let late = self.late.get_or_insert_with(end);
        late.as_mut().poll(context).is_ready()
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
                let over = left.saturating_sub(count);
                *left = if count == 0 { 0 } else { over };
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
        if gate.open.load(Ordering::Acquire) && !gate.closed {
            if gate.waiting.is_empty() {
                return Pin::new(&mut gate.inner).poll_read(context, out);
            }
            gate.cleared = gate.waiting.len();
            gate.pass(out);
            return Poll::Ready(Ok(()));
        }
        loop {
            if gate.clear()? {
                gate.pass(out);
                return Poll::Ready(Ok(()));
            }
            if gate.closed {
                // The answer to the refused request ends the connection.
                return Poll::Pending;
            }
            if gate.is_late(context) {
                gate.refuse(Wrong::Late);
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
        Pin::new(&mut self.get_mut().inner).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(context)
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
    use daxsign_http::stream::Kind;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const HEAD_TIME: Duration = Duration::from_secs(30);

    /// Both ends of a connection.
    fn ends() -> (tokio::net::UnixStream, Gate<tokio::net::UnixStream>) {
        let (client, server) = tokio::net::UnixStream::pair().expect("a pair");
        let limits = Limits {
            head: 8 << 10,
            fields: 100,
        };
        (client, Gate::new(server, limits, HEAD_TIME))
    }

    #[tokio::test]
    async fn what_is_refused_lies_ready_for_an_empty_request() {
        let (mut client, mut gate) = ends();
        let good = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        let text = [&good[..], b"GET /#b HTTP/1.1\r\nHost: a\r\n\r\n"].concat();
        client.write_all(&text).await.expect("written");
        let (heads, mut came) = (gate.heads(), Vec::new());
        while came.len() < good.len() + STAND_IN.len() {
            let mut piece = [0; 7];
            let count = gate.read(&mut piece).await.expect("more");
            came.extend_from_slice(&piece[..count]);
        }
        assert_eq!(came, [&good[..], STAND_IN].concat());
        assert_eq!(heads.next().expect("came").head.expect("good"), &good[..]);
        let Some(Err(Wrong::Refused(refused))) = heads.next().map(|passed| passed.head) else {
            panic!("not refused");
        };
        assert_eq!(refused.kind, Kind::TargetForm);
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_drips_is_refused_in_time() {
        let (mut client, mut gate) = ends();
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
        assert_eq!(gate.heads().next().expect("late").head, Err(Wrong::Late));
        assert_eq!(start.elapsed().as_secs(), HEAD_TIME.as_secs());
        drips.abort();
    }
}
