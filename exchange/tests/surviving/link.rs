//! What goes between the exchange's process and that of its parties: frames over a UNIX socket.

use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::{Mutex, PoisonError};

use daxsign_exchange::running::Told;
use daxsign_exchange::{CorrelationId, Party};

/// What there is to tell.
pub(crate) enum Frame {
    /// To the exchange: A's request, and the number that its answer comes under.
    Request(u32, Vec<u8>),
    /// To the exchange: a party's answer.
    Answer(Party, Vec<u8>),
    /// From the exchange: it serves.
    Serves,
    /// To a party.
    Message(Party, Vec<u8>),
    /// To A.
    Told(Heard),
}

/// What A is told.
pub(crate) struct Heard {
    pub(crate) number: u32,
    pub(crate) correlation: CorrelationId,
    pub(crate) status: u16,
    pub(crate) signed: bool,
    /// The signed message; the body where it is not signed.
    pub(crate) bytes: Vec<u8>,
}

impl Heard {
    pub(crate) fn new(number: u32, told: Told) -> Self {
        let message = told.message();
        Self {
            number,
            correlation: told.correlation,
            status: told.status,
            signed: message.is_some(),
            bytes: message.unwrap_or(told.body),
        }
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.number.to_be_bytes().to_vec();
        bytes.extend(self.correlation.as_bytes());
        bytes.extend(self.status.to_be_bytes());
        bytes.push(self.signed.into());
        bytes.extend(&self.bytes);
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (number, rest) = bytes.split_first_chunk()?;
        let (correlation, rest) = rest.split_first_chunk()?;
        let (status, rest) = rest.split_first_chunk()?;
        let (signed, rest) = rest.split_first()?;
        Some(Self {
            number: u32::from_be_bytes(*number),
            correlation: CorrelationId::from_bytes(*correlation),
            status: u16::from_be_bytes(*status),
            signed: *signed == 1,
            bytes: rest.to_vec(),
        })
    }
}

/// The sending half, for several threads.
pub(crate) struct Sending(Mutex<UnixStream>);

impl Sending {
    pub(crate) fn new(socket: UnixStream) -> Self {
        Self(Mutex::new(socket))
    }

    /// False where the other end is gone.
    pub(crate) fn send(&self, frame: &Frame) -> bool {
        let (kind, payload) = match frame {
            Frame::Request(number, bytes) => {
                (0, [&number.to_be_bytes(), bytes.as_slice()].concat())
            }
            Frame::Answer(party, bytes) => (1, of_party(*party, bytes)),
            Frame::Serves => (2, Vec::new()),
            Frame::Message(party, bytes) => (3, of_party(*party, bytes)),
            Frame::Told(heard) => (4, heard.to_bytes()),
        };
        let len = u32::try_from(payload.len()).unwrap();
        let whole = [&len.to_be_bytes(), [kind].as_slice(), &payload].concat();
        let mut socket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        socket.write_all(&whole).is_ok()
    }
}

fn of_party(party: Party, bytes: &[u8]) -> Vec<u8> {
    [party.to_bytes().as_slice(), bytes].concat()
}

/// The next frame; `None` at the end, where the last one may be cut.
pub(crate) fn receive(socket: &mut impl Read) -> Option<Frame> {
    let mut head = [0; 5];
    fill(socket, &mut head)?;
    let [len @ .., kind] = head;
    let mut payload = vec![0; usize::try_from(u32::from_be_bytes(len)).unwrap()];
    fill(socket, &mut payload)?;
    Some(match kind {
        0 => {
            let (number, bytes) = payload.split_first_chunk()?;
            Frame::Request(u32::from_be_bytes(*number), bytes.to_vec())
        }
        1 | 3 => {
            let (party, bytes) = payload.split_first_chunk()?;
            let (party, bytes) = (Party::from_bytes(*party), bytes.to_vec());
            if kind == 1 {
                Frame::Answer(party, bytes)
            } else {
                Frame::Message(party, bytes)
            }
        }
        2 => Frame::Serves,
        _ => Frame::Told(Heard::read(&payload)?),
    })
}

fn fill(socket: &mut impl Read, bytes: &mut [u8]) -> Option<()> {
    match socket.read_exact(bytes) {
        Ok(()) => Some(()),
        // What a killed process had not read breaks the connection off, behind what it had written.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset
            ) =>
        {
            None
        }
        Err(error) => panic!("{error}"),
    }
}
