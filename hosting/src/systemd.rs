//! What systemd hands over and wants to be told: sockets (`sd_listen_fds(3)`), readiness (`sd_notify(3)`), and
//! signs of life (`sd_watchdog_enabled(3)`). Nothing happens where systemd did not start us.

use std::ffi::OsString;
use std::io;
use std::net::TcpListener;
use std::os::fd::{FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixListener};
use std::time::Duration;

/// The first socket that is handed over (`SD_LISTEN_FDS_START`).
const FIRST: RawFd = 3;
/// Not more are taken.
const MAX_SOCKETS: RawFd = 32;

/// A socket that listens.
#[derive(Debug)]
pub enum Socket {
    /// TCP.
    Tcp(TcpListener),
    /// UNIX.
    Unix(UnixListener),
}

/// The environment, as far as systemd sets it.
pub trait Environment {
    /// The value of a variable.
    fn get(&self, name: &str) -> Option<OsString>;
}

/// This process's.
#[derive(Clone, Copy, Debug)]
pub struct OwnEnvironment;

impl Environment for OwnEnvironment {
    fn get(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }
}

fn number<T: std::str::FromStr>(environment: &impl Environment, name: &str) -> Option<T> {
    environment.get(name)?.to_str()?.parse().ok()
}

/// How many sockets are handed over to this process, and their names.
fn handed_over(environment: &impl Environment, process: u32) -> Vec<(RawFd, String)> {
    if number(environment, "LISTEN_PID") != Some(process) {
        return Vec::new();
    }
    let count: RawFd = number(environment, "LISTEN_FDS").unwrap_or(0);
    let names = environment.get("LISTEN_FDNAMES").unwrap_or_default();
    let names = names.to_string_lossy();
    let mut names = names.split(':');
    let numbers = FIRST..FIRST.saturating_add(count.clamp(0, MAX_SOCKETS));
    numbers
        .map(|fd| (fd, names.next().unwrap_or_default().to_owned()))
        .collect()
}

/// The sockets that systemd listens on for us, each with its name (`FileDescriptorName=`). To be called once, before
/// anything else is opened: they are ours from then on.
///
/// # Errors
/// A descriptor that is no socket that listens.
pub fn sockets() -> io::Result<Vec<(String, Socket)>> {
    let mut sockets = Vec::new();
    for (fd, name) in handed_over(&OwnEnvironment, std::process::id()) {
        // SAFETY: systemd names this process as the owner of the descriptor, which nothing here has closed or used.
        let fd = unsafe { OwnedFd::from_raw_fd(fd) };
        sockets.push((name, of_any_kind(fd)?));
    }
    Ok(sockets)
}

/// Whichever it is.
fn of_any_kind(fd: OwnedFd) -> io::Result<Socket> {
    if !listens(&fd)? {
        let why = "no stream socket that listens (ListenStream=, Accept=no)";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    let tcp = TcpListener::from(fd);
    if tcp.local_addr().is_ok() {
        tcp.set_nonblocking(true)?;
        return Ok(Socket::Tcp(tcp));
    }
    let unix = UnixListener::from(OwnedFd::from(tcp));
    unix.local_addr()?;
    unix.set_nonblocking(true)?;
    Ok(Socket::Unix(unix))
}

/// Whether connections can be accepted on it.
fn listens(fd: &OwnedFd) -> io::Result<bool> {
    use rustix::net::{SocketType, sockopt};
    let streams = sockopt::socket_type(fd)? == SocketType::STREAM;
    // Apple's do not tell.
    #[cfg(not(target_vendor = "apple"))]
    let streams = streams && sockopt::socket_acceptconn(fd)?;
    Ok(streams)
}

/// What systemd is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Requests are served.
    Ready,
    /// Keys and settings are read again; [`Ready`](Self::Ready) follows.
    Reloading,
    /// No more requests are taken.
    Stopping,
    /// Still alive.
    Watchdog,
}

/// Tells systemd, if it asked for that.
#[derive(Debug, Default)]
pub struct Notifier(Option<UnixDatagram>);

impl Notifier {
    /// The one that the environment asks for.
    #[must_use]
    pub fn from_environment(environment: &impl Environment) -> Self {
        let socket = environment
            .get("NOTIFY_SOCKET")
            .and_then(|path| connected(&path).ok());
        Self(socket)
    }

    /// Tells. What cannot be told is left out: requests go on.
    pub fn tell(&self, state: State) {
        let Some(socket) = &self.0 else { return };
        let message = match state {
            State::Ready => "READY=1".to_owned(),
            State::Reloading => {
                let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
                let micros = now
                    .tv_sec
                    .saturating_mul(1_000_000)
                    .saturating_add(now.tv_nsec / 1000);
                format!("RELOADING=1\nMONOTONIC_USEC={micros}")
            }
            State::Stopping => "STOPPING=1".to_owned(),
            State::Watchdog => "WATCHDOG=1".to_owned(),
        };
        let _ = socket.send(message.as_bytes());
    }
}

/// A socket that sends there: a path, or behind `@` a name that is none.
fn connected(name: &OsString) -> io::Result<UnixDatagram> {
    use std::os::unix::ffi::OsStrExt;
    let socket = UnixDatagram::unbound()?;
    socket.set_nonblocking(true)?;
    match name.as_bytes() {
        #[cfg(target_os = "linux")]
        [b'@', abstract_name @ ..] => {
            use std::os::linux::net::SocketAddrExt;
            socket.connect_addr(&SocketAddr::from_abstract_name(abstract_name)?)?;
        }
        _ => socket.connect_addr(&SocketAddr::from_pathname(name)?)?,
    }
    Ok(socket)
}

/// How often [`State::Watchdog`] is to be told: twice in the time that systemd waits; `None` where it does not.
#[must_use]
pub fn watchdog(environment: &impl Environment) -> Option<Duration> {
    let process = number(environment, "WATCHDOG_PID");
    if process.is_some_and(|process: u32| process != std::process::id()) {
        return None;
    }
    let micros: u64 = number(environment, "WATCHDOG_USEC")?;
    (micros > 0).then(|| Duration::from_micros(micros) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Made(Vec<(&'static str, OsString)>);

    impl Environment for Made {
        fn get(&self, name: &str) -> Option<OsString> {
            self.0
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.clone())
        }
    }

    fn made(values: &[(&'static str, &str)]) -> Made {
        Made(
            values
                .iter()
                .map(|(name, value)| (*name, value.into()))
                .collect(),
        )
    }

    #[test]
    fn sockets_of_another_process_are_not_ours() {
        let values = [
            ("LISTEN_PID", "7"),
            ("LISTEN_FDS", "3"),
            ("LISTEN_FDNAMES", "http:admin"),
        ];
        let expected = [
            (3, "http".to_owned()),
            (4, "admin".to_owned()),
            (5, String::new()),
        ];
        assert_eq!(handed_over(&made(&values), 7), expected);
        assert!(handed_over(&made(&values), 8).is_empty());
        assert!(handed_over(&made(&values[1..]), 7).is_empty());
        for count in ["-1", "x", "", "0"] {
            let values = [("LISTEN_PID", "7"), ("LISTEN_FDS", count)];
            assert!(handed_over(&made(&values), 7).is_empty(), "{count}");
        }
        let many = [("LISTEN_PID", "7"), ("LISTEN_FDS", "2147483647")];
        assert_eq!(handed_over(&made(&many), 7).len(), 32);
    }

    #[test]
    fn sockets_are_told_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let tcp = TcpListener::bind("127.0.0.1:0").expect("a socket");
        let unix = UnixListener::bind(folder.path().join("s")).expect("a socket");
        assert!(matches!(of_any_kind(tcp.into()), Ok(Socket::Tcp(_))));
        assert!(matches!(of_any_kind(unix.into()), Ok(Socket::Unix(_))));
        let file = std::fs::File::open("/dev/null").expect("a file");
        assert!(of_any_kind(file.into()).is_err());
        let udp = std::net::UdpSocket::bind("127.0.0.1:0").expect("a socket");
        assert!(of_any_kind(udp.into()).is_err());
        let (one, _other) = std::os::unix::net::UnixStream::pair().expect("a pair");
        assert!(of_any_kind(one.into()).is_err());
    }

    #[test]
    fn systemd_is_told_what_it_asked_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("notify");
        let systemd = UnixDatagram::bind(&path).expect("a socket");
        systemd
            .set_read_timeout(Some(Duration::from_secs(5)))
            .expect("a time");
        let environment = Made(vec![("NOTIFY_SOCKET", path.into())]);
        let notifier = Notifier::from_environment(&environment);
        let told = |state| {
            notifier.tell(state);
            let mut buffer = [0; 256];
            let len = systemd.recv(&mut buffer).expect("a message");
            String::from_utf8(buffer[..len].to_vec()).expect("text")
        };
        assert_eq!(told(State::Ready), "READY=1");
        assert!(told(State::Reloading).starts_with("RELOADING=1\nMONOTONIC_USEC="));
        assert_eq!(told(State::Stopping), "STOPPING=1");
        assert_eq!(told(State::Watchdog), "WATCHDOG=1");
        // Nobody listens any more, or never did.
        drop(systemd);
        notifier.tell(State::Ready);
        Notifier::from_environment(&made(&[("NOTIFY_SOCKET", "/nowhere")])).tell(State::Ready);
        Notifier::from_environment(&made(&[])).tell(State::Ready);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn names_that_are_no_paths_do_too() {
        use std::os::linux::net::SocketAddrExt;
        let name = format!("daxsign-test-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(&name).expect("an address");
        let systemd = UnixDatagram::bind_addr(&address).expect("a socket");
        systemd
            .set_read_timeout(Some(Duration::from_secs(5)))
            .expect("a time");
        let environment = Made(vec![("NOTIFY_SOCKET", format!("@{name}").into())]);
        Notifier::from_environment(&environment).tell(State::Ready);
        let mut buffer = [0; 16];
        assert_eq!(systemd.recv(&mut buffer).expect("a message"), 7);
    }

    #[test]
    fn signs_of_life_come_twice_in_the_time() {
        let own = std::process::id().to_string();
        let usec = ("WATCHDOG_USEC", "20000000");
        let half = Some(Duration::from_secs(10));
        assert_eq!(watchdog(&made(&[usec])), half);
        assert_eq!(watchdog(&made(&[usec, ("WATCHDOG_PID", &own)])), half);
        assert_eq!(watchdog(&made(&[usec, ("WATCHDOG_PID", "1")])), None);
        assert_eq!(watchdog(&made(&[("WATCHDOG_USEC", "0")])), None);
        assert_eq!(watchdog(&made(&[])), None);
    }
}
