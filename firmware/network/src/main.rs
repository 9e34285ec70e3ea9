//! A door controller on a network: it sends signed events to its server over TCP, and obeys the
//! commands in the answers when their signature holds. `firmware/network/run` builds and runs it.
#![no_std]
#![no_main]

mod clock;
mod door;
mod host;
mod lan9118;
mod link;

use daxsign_core::{PrivateKey, PublicKey, ReplayGuard, Timestamp, signature_header_len};
use daxsign_firmware::board::{Counter, exit};
use daxsign_firmware::measure::measure;
use daxsign_firmware::place::Place;
use daxsign_firmware::report;

use crate::clock::Clock;
use crate::door::Disregard;
use crate::host::say;
use crate::link::{Link, NoAnswer};

/// The door's own key, and its server's, as they lie in flash.
const OWN_KEY: &[u8] = include_bytes!("../../../tests/vectors/keys/rsa2048.pkcs1.der");
const SERVER_KEY: &[u8] = include_bytes!("../../../tests/vectors/keys/rsa3072.spki.der");

/// Where the own key lies once it is loaded.
static KEY: Place<PrivateKey> = Place::new(PrivateKey::empty());
/// Where the `Signature` field, the request and the answer lie.
static FIELD: Place<[u8; FIELD_LEN]> = Place::new([0; FIELD_LEN]);
static REQUEST: Place<[u8; MESSAGE_LEN]> = Place::new([0; MESSAGE_LEN]);
static ANSWER: Place<[u8; MESSAGE_LEN]> = Place::new([0; MESSAGE_LEN]);

/// For the list of components that DAX prescribes.
const FIELD_LEN: usize = signature_header_len(2048, 64);
/// The longest message.
const MESSAGE_LEN: usize = 2048;
/// Commands remembered, of those whose date is not stale.
const COMMANDS: usize = 8;

/// What the door sends, and how its server's answer must fare: the second is changed on its way,
/// the third is the first once more.
const ROUNDS: [(&[u8], Result<(), &str>); 3] = [
    (
        br#"{"event":"card","door":17,"card":"04A2246B5C6180"}"#,
        Ok(()),
    ),
    (
        br#"{"event":"card","door":17,"card":"04C1197A3D5281"}"#,
        Err("signature-mismatch"),
    ),
    (br#"{"event":"closed","door":17}"#, Err("replayed")),
];

/// What a round uses.
struct Door {
    link: Link,
    port: host::Port,
    key: &'static PrivateKey,
    server_key: PublicKey,
    guard: ReplayGuard<COMMANDS>,
    field: &'static mut [u8],
    request: &'static mut [u8],
    answer: &'static mut [u8],
}

#[unsafe(no_mangle)]
extern "C" fn main() -> ! {
    let (good, cost) = measure(&Counter::start(), start);
    report::field(c"board: stack=", cost.stack);
    say(b"\n");
    exit(usize::from(!good))
}

/// Runs all rounds; whether all came out as they must.
fn start() -> bool {
    // SAFETY: each is taken once, here.
    let (key, field, request, answer) =
        unsafe { (KEY.take(), FIELD.take(), REQUEST.take(), ANSWER.take()) };
    if key.load(OWN_KEY).is_err() {
        return give_up(b"the key cannot be read");
    }
    let Ok(server_key) = PublicKey::from_der(SERVER_KEY) else {
        return give_up(b"the server's key cannot be read");
    };
    let Some(port) = host::port() else {
        return give_up(b"the command line gives no port of the server");
    };
    if lan9118::start(link::ADDRESS).is_err() {
        return give_up(b"the Ethernet controller does not start");
    }
    let link = Link::new(Clock::start());
    let mut door = Door {
        link,
        port,
        key,
        server_key,
        guard: ReplayGuard::new(),
        field,
        request,
        answer,
    };
    let mut good = true;
    for ((event, expected), number) in ROUNDS.iter().zip(1..) {
        report::field(c"board: round ", number);
        good &= door.round(event) == *expected;
    }
    good
}

impl Door {
    /// Sends an event and judges the answer: the name of the refusal.
    fn round(&mut self, event: &[u8]) -> Result<(), &'static str> {
        let verdict = self.exchange(event);
        if let Err(name) = verdict {
            say(b"board: refused, ");
            say(name.as_bytes());
            say(b"\n");
        }
        verdict
    }

    fn exchange(&mut self, event: &[u8]) -> Result<(), &'static str> {
        let now = self.now()?;
        say(b" at ");
        say(now
            .format()
            .map_err(|error| error.name())?
            .as_str()
            .as_bytes());
        say(b" sends:\n");
        let request = door::event(self.key, event, &self.port, now, self.field, self.request)
            .map_err(|error| error.name())?;
        host::quote(request);
        let len = self
            .link
            .exchange(self.port.number, request, self.answer)
            .map_err(NoAnswer::name)?;
        // The clock went on meanwhile.
        let now = self.now()?;
        let answer = self.answer.get(..len).unwrap_or_default();
        let command = door::command(answer, &self.server_key, &mut self.guard, now)
            .map_err(Disregard::name)?;
        say(b"board: accepted, obeys ");
        say(command);
        say(b"\n");
        Ok(())
    }

    fn now(&mut self) -> Result<Timestamp, &'static str> {
        self.link.clock.now().map_err(|error| error.name())
    }
}

fn give_up(why: &[u8]) -> bool {
    say(b"board: ");
    say(why);
    say(b"\n");
    false
}
