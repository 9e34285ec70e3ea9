//! A socket that asks, at each turn of waiting and before each piece, whether the time is over and whether the other
//! side is still good: nobody stays by sending a byte now and then.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

use daxsign_core::Timestamp;
use daxsign_pki::tls::Peer;
use daxsign_pki::tls::rustls::{ConnectionCommon, SideData};

use crate::clock;

/// How long a socket waits at once: several times within the second after which whoever was revoked is out.
pub(super) const TURN: Duration = Duration::from_millis(200);

/// The socket.
pub(super) struct Watched<'a> {
    stream: &'a TcpStream,
    /// Who is at the other end, once that is known.
    pub(super) peer: Option<&'a Peer>,
    until: Instant,
}

impl<'a> Watched<'a> {
    /// For so long.
    pub(super) fn new(stream: &'a TcpStream, longest: Duration) -> io::Result<Self> {
        stream.set_read_timeout(Some(TURN))?;
        stream.set_write_timeout(Some(TURN))?;
        let mut watched = Self {
            stream,
            peer: None,
            until: Instant::now(),
        };
        watched.wait(longest);
        Ok(watched)
    }

    /// For so long from now on.
    pub(super) fn wait(&mut self, longest: Duration) {
        let now = Instant::now();
        self.until = now.checked_add(longest).unwrap_or(now);
    }

    fn check(&self) -> io::Result<()> {
        if Instant::now() > self.until {
            return Err(ErrorKind::TimedOut.into());
        }
        match self.peer {
            Some(peer) => peer
                .is_still_good(now()?)
                .map_err(|refusal| io::Error::new(ErrorKind::PermissionDenied, refusal)),
            None => Ok(()),
        }
    }

    fn turns<T>(&self, mut turn: impl FnMut(&TcpStream) -> io::Result<T>) -> io::Result<T> {
        loop {
            self.check()?;
            match turn(self.stream) {
                Err(error) if is_no_more_than_waiting(&error) => {}
                other => return other,
            }
        }
    }
}

fn is_no_more_than_waiting(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}

impl Read for Watched<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.turns(|mut stream| stream.read(bytes))
    }
}

impl Write for Watched<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.turns(|mut stream| stream.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Runs a handshake.
pub(super) fn shake_hands<C, S>(connection: &mut C, socket: &mut Watched<'_>) -> io::Result<()>
where
    C: DerefMut + Deref<Target = ConnectionCommon<S>>,
    S: SideData,
{
    while connection.is_handshaking() {
        connection.complete_io(socket)?;
    }
    Ok(())
}

/// The clock's time, for whoever needs an error of a connection where there is none.
pub(super) fn now() -> io::Result<Timestamp> {
    clock::now().map_err(|_| io::Error::other("the system's clock stands before 1970"))
}
