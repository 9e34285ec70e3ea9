//! What stands between a connection and the HTTP/1.1 library: whole heads pass that everybody reads alike, and the bodies
//! behind them. Each head is kept as it came, since what was signed is what goes on. In place of a head that does not
//! pass goes an empty request, and what is wrong lies ready for it.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use daxsign_http::stream::{Framing, Kind, Limits, Refused, Step};
use http::Uri;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use super::arrival::Arrival;
use crate::deciding::{MAX_FIELDS, MAX_HEAD_LEN, MAX_TARGET_LEN, Part, Problem};

/// Of a head; its request line and separators stand beside names and values.
pub(super) const HEADS: Limits = Limits {
    head: MAX_HEAD_LEN + MAX_TARGET_LEN,
    fields: MAX_FIELDS,
};
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

/// A request whose head came.
#[derive(Clone, Debug)]
pub(super) struct Passed {
    pub(super) arrival: Arrival,
    /// The head as it came, with its empty line; or what is wrong with it.
    pub(super) head: Result<Bytes, Problem>,
}

/// The requests of a connection, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Heads(Arc<Mutex<VecDeque<Passed>>>);

impl Heads {
    /// The next one.
    pub(super) fn next(&self) -> Option<Passed> {
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
pub(super) struct Gate<S> {
    inner: S,
    framing: Framing,
    heads: Heads,
    head_time: Duration,
    waiting: Vec<u8>,
    /// So many of those may pass.
    cleared: usize,
    /// The first byte of the head that has begun.
    arrival: Option<Arrival>,
    /// Until when it may come to its end.
    late: Option<Pin<Box<Sleep>>>,
    /// Nothing more passes: a request was refused.
    closed: bool,
    /// Everything passes: it is no HTTP any more.
    open: Arc<AtomicBool>,
    lingering: Option<(Pin<Box<Sleep>>, usize)>,
}

impl<S> Gate<S> {
    pub(super) fn new(inner: S, head_time: Duration) -> Self {
        Self {
            inner,
            framing: Framing::new(HEADS, |target| target.parse::<Uri>().is_ok()),
            heads: Heads::default(),
            head_time,
            waiting: Vec::new(),
            cleared: 0,
            arrival: None,
            late: None,
            closed: false,
            open: Arc::default(),
            lingering: None,
        }
    }

    /// Its requests.
    pub(super) fn heads(&self) -> Heads {
        self.heads.clone()
    }

    /// What opens it for good.
    pub(super) fn opening(&self) -> Arc<AtomicBool> {
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
                        self.pass_head(Ok(head))?;
                    }
                }
                Step::More => break,
                // What stands before it passes first.
                _ if !first => break,
                Step::Drop(count) => drop(self.waiting.drain(..count)),
                Step::Refused(refused) => self.refuse(named(refused))?,
                Step::Broken(why) => {
                    self.closed = true;
                    return Err(io::Error::new(io::ErrorKind::InvalidData, why));
                }
            }
        }
        Ok(self.cleared > 0)
    }

    fn pass_head(&mut self, head: Result<Bytes, Problem>) -> io::Result<()> {
        self.late = None;
        let arrival = match self.arrival.take() {
            Some(arrival) => arrival,
            None => Arrival::now()?,
        };
        self.heads.push(Passed { arrival, head });
        Ok(())
    }

    /// Lets the stand-in pass, and nothing more.
    fn refuse(&mut self, problem: Problem) -> io::Result<()> {
        self.pass_head(Err(problem))?;
        self.waiting = STAND_IN.to_vec();
        self.cleared = STAND_IN.len();
        self.closed = true;
        Ok(())
    }

    /// Whether the head that has begun takes too long.
    fn is_late(&mut self, context: &mut Context<'_>) -> io::Result<bool> {
        if self.waiting.is_empty() || !self.framing.is_between() {
            self.late = None;
            return Ok(false);
        }
        if self.arrival.is_none() {
            self.arrival = Some(Arrival::now()?);
        }
        let time = self.head_time;
        let end = || Box::pin(tokio::time::sleep(time));
        let late = self.late.get_or_insert_with(end);
        Ok(late.as_mut().poll(context).is_ready())
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

/// What is answered in place of a head that does not pass.
fn named(refused: Refused) -> Problem {
    match refused.kind {
        Kind::TooLarge => Problem::Large(Part::Head),
        Kind::Framing | Kind::TargetForm | Kind::TargetBytes => Problem::Framing(refused.message),
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
            if gate.is_late(context)? {
                gate.refuse(Problem::Slow)?;
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
