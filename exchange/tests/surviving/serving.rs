//! An exchange behind a socket: what comes out of it goes in, and what it sends goes to the parties at the other end.

use std::os::unix::net::UnixStream;
use std::sync::Arc;

use daxsign_exchange::CorrelationId;
use daxsign_exchange::record::Store;
use daxsign_exchange::running::{Attached, Incoming, Inlet};

use crate::link::{Frame, Heard, Sending, receive};
use crate::town::{Exchange, ROOM, a, b};

/// Until the other end closes it.
pub(crate) fn serve<S: Store + Send + 'static>(exchange: &Exchange<S>, mut socket: UnixStream) {
    let sending = Arc::new(Sending::new(socket.try_clone().unwrap()));
    let (attached, out) = (exchange.wire.attach(b(), ROOM), Arc::clone(&sending));
    std::thread::spawn(move || pass_on(&attached, &out));
    sending.send(&Frame::Serves);
    let inlet = exchange.running.inlet();
    while let Some(frame) = receive(&mut socket) {
        match frame {
            Frame::Request(number, bytes) => request(&inlet, number, bytes, &sending),
            // Where there is no room, it is lost like one that never came.
            Frame::Answer(bytes) => drop(inlet.message(b(), bytes)),
            Frame::Serves | Frame::Message(_) | Frame::Told(_) => panic!("not for the exchange"),
        }
    }
}

fn pass_on(attached: &Attached, sending: &Sending) {
    while let Some(bytes) = attached.next() {
        sending.send(&Frame::Message(bytes));
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
