//! An exchange behind a socket: what comes out of it goes in, and what it sends goes to the parties at the other end.

use std::io::BufReader;
use std::os::unix::net::UnixStream;
use std::sync::Arc;

use daxsign_exchange::record::Store;
use daxsign_exchange::running::{Attached, Incoming, Inlet};
use daxsign_exchange::{CorrelationId, Party};

use crate::link::{Frame, Heard, Sending, receive};
use crate::town::{Exchange, ROOM, a};

/// Until the other end closes it, where these parties are, and A.
pub(crate) fn serve<S: Store + Send + 'static>(
    exchange: &Exchange<S>,
    receivers: &[Party],
    socket: UnixStream,
) {
    let sending = Arc::new(Sending::new(socket.try_clone().unwrap()));
    for party in receivers.iter().copied() {
        let (attached, out) = (exchange.wire.attach(party, ROOM), Arc::clone(&sending));
        std::thread::spawn(move || pass_on(party, &attached, &out));
    }
    sending.send(&Frame::Serves);
    let inlet = exchange.running.inlet();
    let mut socket = BufReader::new(socket);
    while let Some(frame) = receive(&mut socket) {
        match frame {
            Frame::Request(number, bytes) => request(&inlet, number, bytes, &sending),
            // Where there is no room, it is lost like one that never came.
            Frame::Answer(party, bytes) => drop(inlet.message(party, bytes)),
            Frame::Serves | Frame::Message(..) | Frame::Told(_) => panic!("not for the exchange"),
        }
    }
}

fn pass_on(party: Party, attached: &Attached, sending: &Sending) {
    while let Some(bytes) = attached.next() {
        sending.send(&Frame::Message(party, bytes));
    }
}

fn request(inlet: &Inlet, number: u32, bytes: Vec<u8>, sending: &Arc<Sending>) {
    let sending = Arc::clone(sending);
    let incoming = Incoming {
        correlation: CorrelationId::fresh().unwrap(),
        sender: a(),
        bytes,
        // What is written to the socket is read there, also when this process is gone.
        reply: Box::new(move |told| {
            sending.send(&Frame::Told(Heard::new(number, told)));
        }),
    };
    // A sends fewer than there is room for.
    inlet.request(incoming).unwrap();
}
