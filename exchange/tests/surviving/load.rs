//! A and B during one life of the exchange: as many requests as it takes, each noted, until the socket ends.

use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, MutexGuard};
use std::thread;

use daxsign_exchange::message::{AnswerRead, Asked, Message};

use crate::link::{Frame, Heard, Sending, receive};
use crate::notes::{Answered, Delivery, Notes, Wish, answer_to, ask, number_of};
use crate::town::{Town, b, now};

/// Requests that wait for their answer.
const AT_ONCE: usize = 16;
/// Requests of earlier lives that are sent again.
const AGAIN: usize = 24;

/// One life.
pub(crate) struct Life<'t> {
    town: &'t Town,
    notes: &'t Mutex<Notes>,
    sending: Sending,
}

impl<'t> Life<'t> {
    /// Until the other end is gone. `serves` is told once it serves.
    pub(crate) fn live(
        town: &'t Town,
        notes: &'t Mutex<Notes>,
        mut socket: UnixStream,
        serves: &Sender<()>,
    ) {
        let sending = Sending::new(socket.try_clone().unwrap());
        let life = Self {
            town,
            notes,
            sending,
        };
        let (room, free) = channel();
        thread::scope(|scope| {
            let mut free = Some(free);
            while let Some(frame) = receive(&mut socket) {
                match frame {
                    Frame::Serves => {
                        // Who waited for it may be gone.
                        let _ = serves.send(());
                        let (life, free) = (&life, free.take().expect("it says so once"));
                        for _ in 0..AT_ONCE {
                            room.send(()).unwrap();
                        }
                        scope.spawn(move || life.ask(&free));
                    }
                    Frame::Message(_, bytes) => life.receive(&bytes),
                    Frame::Told(heard) => {
                        life.hear(&heard);
                        // A sends nothing more once the socket is gone.
                        let _ = room.send(());
                    }
                    Frame::Request(..) | Frame::Answer(..) => panic!("not for the parties"),
                }
            }
            drop(room);
        });
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap()
    }

    /// A.
    fn ask(&self, free: &Receiver<()>) {
        let (mut open, next) = {
            let notes = self.notes();
            let next = notes.asked.last_key_value().map_or(0, |(last, _)| last + 1);
            (notes.open(), next)
        };
        let again = open.split_off(open.len().saturating_sub(AGAIN));
        for number in again {
            if !self.ask_again(number) {
                return;
            }
        }
        for number in next.. {
            if Wish::of(number).is_answered() && free.recv().is_err() {
                return;
            }
            let signed = self.town.sign(&ask(number));
            // Noted first: it may arrive.
            let bytes = signed.bytes.clone();
            self.notes().asked.entry(number).or_default().push(signed);
            if !self.sending.send(&Frame::Request(number, bytes)) {
                return;
            }
        }
    }

    /// The same bytes, and where there is a key for retries, others.
    fn ask_again(&self, number: u32) -> bool {
        let mut all = vec![self.notes().asked[&number][0].bytes.clone()];
        if Wish::of(number) == Wish::Keyed {
            let signed = self.town.sign(&ask(number));
            all.push(signed.bytes.clone());
            self.notes().asked.entry(number).or_default().push(signed);
        }
        all.into_iter()
            .all(|bytes| self.sending.send(&Frame::Request(number, bytes)))
    }

    /// B.
    fn receive(&self, bytes: &[u8]) {
        let message = Message::read(bytes).unwrap();
        let came = self.town.came(&message);
        let number = number_of(came.target, came.body);
        self.notes().delivered.push(Delivery {
            number,
            correlation: came.correlation,
        });
        if Wish::of(number).is_answered() {
            let answer = self.town.answer(&came, answer_to(number));
            // It may be gone.
            self.sending.send(&Frame::Answer(b(), answer));
        }
    }

    /// A is told.
    fn hear(&self, heard: &Heard) {
        if !heard.signed {
            let text = String::from_utf8_lossy(&heard.bytes);
            assert_eq!(heard.status, 503, "{text}");
            self.notes().sent_away += 1;
            return;
        }
        let message = Message::read(&heard.bytes).unwrap();
        let request = AnswerRead::claims(&message).unwrap();
        let mut notes = self.notes();
        let mut sent = notes.asked[&heard.number].iter();
        let sent = sent.find(|one| one.name == request).expect("A asked so");
        let asked = Asked {
            name: request,
            target: &sent.target,
            correlation: Some(heard.correlation),
        };
        let read = AnswerRead::verify(&message, &[self.town.exchange()], &asked, now()).unwrap();
        let answered = Answered {
            number: heard.number,
            request,
            status: read.status,
            body: read.body.to_vec(),
        };
        notes.answered.push(answered);
    }
}
