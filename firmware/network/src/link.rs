//! TCP over the Ethernet controller: one request, one answer, one connection.

use core::mem::MaybeUninit;

use daxsign_firmware::place::Place;
use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet, SocketStorage};
use smoltcp::socket::tcp::{Socket, SocketBuffer, State};
use smoltcp::time::Instant;
use smoltcp::wire::{EthernetAddress, IpCidr, Ipv4Address};

use crate::clock::Clock;
use crate::lan9118::Lan9118;

/// An address of the kind that anybody may choose.
pub const ADDRESS: EthernetAddress = EthernetAddress([2, 0, 0, 0, 0, 0x11]);
/// What QEMU's user network gives the first machine, and where it shows the host's loopback.
const OWN: Ipv4Address = Ipv4Address::new(10, 0, 2, 15);
const NETWORK_BITS: u8 = 24;
pub const SERVER: Ipv4Address = Ipv4Address::new(10, 0, 2, 2);

/// How long an exchange may take, in milliseconds.
const LIMIT: u64 = 15_000;
/// Local ports (RFC 6335, dynamic): the first, and how many are used in turn.
const FIRST_PORT: u16 = 49_152;
const PORTS: u16 = 16_384;
const BUFFER_LEN: usize = 2048;

static RECEIVED: Place<[u8; BUFFER_LEN]> = Place::new([0; BUFFER_LEN]);
static SENT: Place<[u8; BUFFER_LEN]> = Place::new([0; BUFFER_LEN]);
static DEVICE: Place<Lan9118> = Place::new(Lan9118::new());
/// Written at the start: an empty one is not all zeros.
static SOCKETS: Place<MaybeUninit<[SocketStorage<'static>; 1]>> = Place::new(MaybeUninit::uninit());

/// Why there is no answer.
#[derive(Clone, Copy)]
pub enum NoAnswer {
    NoConnection,
    TooSlow,
    TooLong,
}

impl NoAnswer {
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoConnection => "no-connection",
            Self::TooSlow => "too-slow",
            Self::TooLong => "too-long",
        }
    }
}

/// The network.
pub struct Link {
    pub clock: Clock,
    device: &'static mut Lan9118,
    interface: Interface,
    sockets: SocketSet<'static>,
    socket: SocketHandle,
    /// Counts connections.
    next: u16,
}

impl Link {
    /// To be called once.
    pub fn new(mut clock: Clock) -> Self {
        // SAFETY: each is taken once, here.
        let (received, sent, device, storage) =
            unsafe { (RECEIVED.take(), SENT.take(), DEVICE.take(), SOCKETS.take()) };
        let mut config = Config::new(ADDRESS.into());
        // For sequence numbers. A board with a source of randomness uses it here.
        config.random_seed = crate::host::time().into();
        let now = instant(&mut clock);
        let mut interface = Interface::new(config, device, now);
        interface.update_ip_addrs(|list| {
            // There is room: it is the first.
            let _ = list.push(IpCidr::new(OWN.into(), NETWORK_BITS));
        });
        let mut sockets = SocketSet::new(&mut storage.write([SocketStorage::EMPTY])[..]);
        let received = SocketBuffer::new(&mut received[..]);
        let socket = sockets.add(Socket::new(received, SocketBuffer::new(&mut sent[..])));
        Self {
            next: crate::host::time() as u16,
            clock,
            device,
            interface,
            sockets,
            socket,
        }
    }

    /// Sends a request to the server's port and reads until the server closes the connection: the
    /// length of what was read.
    pub fn exchange(
        &mut self,
        port: u16,
        request: &[u8],
        answer: &mut [u8],
    ) -> Result<usize, NoAnswer> {
        let end = self.clock.milliseconds().saturating_add(LIMIT);
        self.next = self.next.wrapping_add(1);
        let local = FIRST_PORT + self.next % PORTS;
        let context = self.interface.context();
        self.sockets
            .get_mut::<Socket>(self.socket)
            .connect(context, (SERVER, port), local)
            .map_err(|_| NoAnswer::NoConnection)?;
        let (mut unsent, mut len, mut whole) = (request, 0, false);
        loop {
            let now = instant(&mut self.clock);
            self.interface.poll(now, self.device, &mut self.sockets);
            let socket = self.sockets.get_mut::<Socket>(self.socket);
            if socket.can_send() {
                let sent = socket.send_slice(unsent).unwrap_or_default();
                unsent = unsent.get(sent..).unwrap_or_default();
            }
            if socket.can_recv() {
                let room = answer.get_mut(len..).unwrap_or_default();
                if room.is_empty() {
                    socket.abort();
                    return Err(NoAnswer::TooLong);
                }
                len += socket.recv_slice(room).unwrap_or_default();
            }
            match socket.state() {
                State::CloseWait if !socket.can_recv() => {
                    whole = true;
                    socket.close();
                }
                State::Closed if whole => return Ok(len),
                State::Closed => return Err(NoAnswer::NoConnection),
                _ => {}
            }
            if self.clock.milliseconds() > end {
                self.sockets.get_mut::<Socket>(self.socket).abort();
                return Err(NoAnswer::TooSlow);
            }
        }
    }
}

fn instant(clock: &mut Clock) -> Instant {
    Instant::from_millis(clock.milliseconds() as i64)
}
