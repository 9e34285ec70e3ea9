//! An Alliera of the sandbox: a party on the bus, with its store.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use daxsign_core::{CertificateFile, PublicKey, Timestamp};
use daxsign_pki::tls::rustls::pki_types::ServerName;
use daxsign_pki::tls::{Credentials, IdentityFrom, PolicyFiles, TlsClient};
use ring::rand::{SecureRandom, SystemRandom};

use super::failed::Failed;
use super::lateness::Lateness;
use super::making::HOST;
use super::people::{Member, read};
use super::telling::Telling;
use crate::alliera::{Alliera, Asked, Event, REMEMBERED_SECONDS, Teller, answered, reply};
use crate::faults::{self, Board, Kind, Point, alter};
use crate::operating::{Folder, Part};
use crate::receiving::Reply;
use crate::receiving::line::{Line, LineParts, LineSettings, Request as Arrived};
use crate::running::{Clock, Inlet};

/// What an Alliera's console hears: of whom, and what happened.
pub type Console = Arc<dyn Fn(&Member, &Event) + Send + Sync>;

/// An Alliera that answers.
pub(super) struct Attending {
    line: Arc<Line>,
    thread: Option<JoinHandle<()>>,
}

/// What it is made of.
pub(super) struct Parts<'p> {
    pub(super) folder: &'p Path,
    pub(super) member: &'p Member,
    pub(super) alliera: Arc<Mutex<Alliera>>,
    /// Where the exchange listens.
    pub(super) address: String,
    pub(super) clock: Clock,
    /// Where it is told what happened.
    pub(super) inlet: Inlet,
    /// What is ordered to go wrong.
    pub(super) faults: Arc<Board>,
    pub(super) console: Console,
}

impl Attending {
    pub(super) fn start(parts: Parts<'_>) -> Result<Self, Failed> {
        let line = Arc::new(line(&parts)?);
        let (of_thread, member) = (Arc::clone(&line), parts.member.clone());
        let (clock, console) = (parts.clock, parts.console);
        let telling = Telling {
            inlet: parts.inlet,
            party: member.party,
            key: member.key()?,
            clock: Arc::clone(&clock),
        };
        let lateness = Lateness::start(Arc::clone(&clock)).map_err(Failed::of)?;
        let answering = Answering {
            alliera: parts.alliera,
            faults: parts.faults,
        };
        let attend = move || {
            let mut teller = Teller::default();
            let mut tried = Instant::now();
            loop {
                // Requests come meanwhile, as often as they like.
                if !teller.is_held_up() || tried.elapsed() >= teller.pause() {
                    telling.tell(&mut teller, &answering.alliera, |event| {
                        console(&member, event);
                    });
                    tried = Instant::now();
                }
                let next = if teller.is_behind() {
                    of_thread.next_within(teller.pause())
                } else {
                    of_thread.next()
                };
                let Some(mut request) = next else {
                    if of_thread.has_ended() {
                        return;
                    }
                    continue;
                };
                let (says, events) = answering.answer(&request, clock());
                for event in &events {
                    console(&member, event);
                }
                match says {
                    Says::Now(reply) => {
                        // What cannot be answered expires at the exchange.
                        let _ = request.answer(reply);
                    }
                    Says::Late(reply, seconds) => lateness.answer(request, reply, seconds),
                    Says::Nothing => {}
                }
            }
        };
        let thread = std::thread::Builder::new().name("alliera".to_owned());
        Ok(Self {
            line,
            thread: Some(thread.spawn(attend).map_err(Failed::of)?),
        })
    }

    /// Whether it is connected; why not.
    pub(super) fn is_connected(&self) -> Result<(), String> {
        let state = self.line.state();
        match state.connected_since {
            Some(_) => Ok(()),
            None => Err(state.trouble.unwrap_or_else(|| "it did not try yet".into())),
        }
    }

    /// Ends it.
    pub(super) fn stop(mut self) {
        self.line.end();
        if let Some(thread) = self.thread.take() {
            // One that panicked has ended.
            let _ = thread.join();
        }
    }
}

impl Drop for Attending {
    fn drop(&mut self) {
        self.line.end();
    }
}

/// What becomes of an answer.
enum Says {
    Now(Reply),
    /// So many seconds behind the deadline.
    Late(Reply, u16),
    Nothing,
}

/// What answers are made with.
struct Answering {
    alliera: Arc<Mutex<Alliera>>,
    faults: Arc<Board>,
}

impl Answering {
    /// The answer, if there is to be one, and what happened.
    fn answer(&self, request: &Arrived, now: Timestamp) -> (Says, Vec<Event>) {
        let mut alliera = self.alliera.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut answer, read) = answered(&mut alliera, &Asked::from(request), now);
        drop(alliera);
        let fault = read.and_then(|read| {
            let asked = faults::Asked {
                correlation: read.correlation,
                instance: read.remote.instance,
                operation: Some(read.operation.id),
            };
            self.faults.take(Point::Receiver, &asked, now)
        });
        if let Some(done) = &fault {
            alter(done.kind, &mut answer.body);
        }
        let reply = reply(&answer);
        let says = match fault.map(|done| (done.kind, done.seconds)) {
            // Behind the deadline nothing is sent either.
            Some((Kind::ReceiverSilent, _)) => Says::Nothing,
            Some((Kind::ReceiverLate, seconds)) => Says::Late(reply, seconds),
            _ => Says::Now(reply),
        };
        (says, answer.events)
    }
}

fn line(parts: &Parts<'_>) -> Result<Line, Failed> {
    let (folder, member) = (Folder::new(parts.folder), parts.member);
    let credentials = Credentials::from_pem(
        &read(&member.certificate_file())?,
        &read(&member.key_file())?,
    );
    let roots = [folder.file(Part::Authority)];
    let policy = PolicyFiles::of_roots(&roots, None, IdentityFrom::DnsName).map_err(Failed::of)?;
    let tls = TlsClient::new(
        Some(credentials.map_err(Failed::of)?),
        Arc::clone(policy.live()),
    );
    let parts = LineParts {
        address: parts.address.clone(),
        host: ServerName::try_from(HOST).map_err(Failed::of)?,
        tls,
        party: member.party,
        exchange: vec![exchange_key(&folder)?],
        clock: Arc::clone(&parts.clock),
        randomness: Box::new(random),
        settings: LineSettings {
            waiting: 256,
            // The exchange is in the same process: it is there again at once.
            longest_pause: Duration::from_secs(1),
            keep_seconds: REMEMBERED_SECONDS,
            ..LineSettings::default()
        },
    };
    Line::start(parts, *member.key()?).map_err(Failed::of)
}

fn exchange_key(folder: &Folder) -> Result<PublicKey, Failed> {
    let file = folder.read(Part::Certificate).map_err(Failed::of)?;
    let certificate = CertificateFile::from_bytes(&file).map_err(Failed::of)?;
    certificate.public_key().map_err(Failed::of)
}

fn random() -> u64 {
    let mut bytes = [0; 8];
    // Without it all pauses are the same: no harm among so few.
    let _ = SystemRandom::new().fill(&mut bytes);
    u64::from_be_bytes(bytes)
}
