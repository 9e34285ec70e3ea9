//! The client's protocol played without a socket and without a clock: a script of answers, and what
//! was sent for them.

use std::time::Duration;

use daxsign_client::protocol::Now;
use daxsign_client::protocol::answer::Answer;
use daxsign_client::protocol::call::{Answered, Call, NoAnswer, Step};
use daxsign_client::protocol::tokens::{Token, TokenStep};
use daxsign_client::{
    ApiRequest, CallOptions, Error, ForwardedRequest, Key, OutgoingRequest, Secret, Sent, Session,
    Settings, Uuid,
};
use daxsign_core::Timestamp;

/// The key that signs in these tests.
pub const KEY: &[u8] = include_bytes!("../vectors/keys/rsa2048.pkcs1.pem");
/// The caller's own instance.
pub const CLIENT_ID: Uuid = Uuid::from_u128(0x1111_1111_2222_3333_4444_5555_5555_5555);
/// The server.
pub const BASE: &str = "https://dax.test";
/// What must never be shown.
pub const PASSWORD: &str = "p&ss wörd=+%";

/// Settings as production was seen to accept them.
pub fn settings() -> Settings {
    Settings::observed(BASE, CLIENT_ID, "user@example.com", Secret::new(PASSWORD)).unwrap()
}

/// A session with these settings.
pub fn session(settings: Settings) -> Session {
    Session::new(settings, Key::from_bytes(KEY).unwrap()).unwrap()
}

/// What was played.
#[derive(Debug)]
pub struct Played {
    /// Each step, by name; a pause in milliseconds.
    pub steps: Vec<(&'static str, u128)>,
    /// What was sent to the API.
    pub sent: Vec<OutgoingRequest>,
    /// What was sent for tokens.
    pub tokens: Vec<OutgoingRequest>,
    /// How it ended.
    pub outcome: Result<Answered, Error>,
    /// Answers that nobody asked for.
    pub left: usize,
}

/// What happens while it plays.
#[derive(Default)]
struct Log {
    steps: Vec<(&'static str, u128)>,
    sent: Vec<OutgoingRequest>,
    tokens: Vec<OutgoingRequest>,
}

/// Plays calls one after another; its clock only moves for pauses.
pub struct Player {
    /// What the calls share.
    pub session: Session,
    elapsed: Duration,
    granted: usize,
}

/// 2025-12-08T13:51:50.2437457Z, a date that production was seen to accept.
pub fn start() -> Timestamp {
    Timestamp::from_unix(1_765_201_910, 243_745_700).unwrap()
}

/// An answer in one line: status, fields as `name: value` between bars, and a body behind ` = `;
/// `refused` for no connection, `cut` for none to the end.
///
/// # Errors
/// Those two.
pub fn answer(line: &str) -> Result<Answer, NoAnswer> {
    let sent = match line {
        "refused" => Some(Sent::Nothing),
        "cut" => Some(Sent::Maybe),
        _ => None,
    };
    if let Some(sent) = sent {
        let text = line.to_owned();
        return Err(NoAnswer {
            sent,
            lasting: false,
            text,
        });
    }
    let (head, body) = line.split_once(" = ").unwrap_or((line, "{}"));
    let mut parts = head.split(" | ");
    let mut answer = Answer {
        status: parts.next().unwrap().trim().parse().expect("a status"),
        body: body.as_bytes().to_vec(),
        ..Answer::default()
    };
    for field in parts {
        let (name, value) = field.split_once(": ").expect("a field");
        let name: http::HeaderName = name.parse().expect("a name");
        answer
            .head
            .append(name, value.trim().parse().expect("a value"));
    }
    Ok(answer)
}

impl Player {
    /// With these settings, and no token yet.
    pub fn new(settings: Settings) -> Self {
        Self {
            session: session(settings),
            elapsed: Duration::ZERO,
            granted: 0,
        }
    }

    /// Both clocks.
    pub fn now(&self) -> Now {
        let seconds = i64::try_from(self.elapsed.as_secs()).unwrap();
        let start = start();
        Now {
            utc: Timestamp::from_unix(start.seconds() + seconds, start.nanoseconds()).unwrap(),
            elapsed: self.elapsed,
        }
    }

    /// Time goes by.
    pub fn pass(&mut self, time: Duration) {
        self.elapsed += time;
    }

    /// A call with these answers. Each token that is asked for is given.
    pub fn play(&mut self, request: &ApiRequest, answers: &[&str]) -> Played {
        self.play_with(request, &CallOptions::default(), answers)
    }

    /// The same with options.
    pub fn play_with(
        &mut self,
        request: &ApiRequest,
        options: &CallOptions,
        answers: &[&str],
    ) -> Played {
        let call = Call::new(&self.session, request, options, self.now());
        self.play_call(call, answers)
    }

    /// A request that somebody else made, passed on. That an answer passes by its head alone is a step,
    /// `pass`, with its status.
    pub fn pass_on(&mut self, request: ForwardedRequest, answers: &[&str]) -> Played {
        let call = Call::forwarded(&self.session, request, self.now());
        self.play_call(call, answers)
    }

    fn play_call(&mut self, call: Result<Call, Error>, answers: &[&str]) -> Played {
        let mut answers = answers.iter();
        let mut log = Log::default();
        let outcome = call.and_then(|call| self.run(call, &mut answers, &mut log));
        Played {
            steps: log.steps,
            sent: log.sent,
            tokens: log.tokens,
            outcome,
            left: answers.len(),
        }
    }

    fn run(
        &mut self,
        mut call: Call,
        answers: &mut std::slice::Iter<'_, &str>,
        log: &mut Log,
    ) -> Result<Answered, Error> {
        loop {
            let token = if call.wants_token(&self.session) {
                Some(self.token(&call, log)?)
            } else {
                None
            };
            log.sent
                .push(call.request(&self.session, token.as_ref(), self.now())?);
            let line = answers
                .next()
                .expect("more was sent than the script has answers for");
            let outcome = answer(line);
            if let Ok(answer) = &outcome
                && call.passes(&self.session, answer, self.now())
            {
                log.steps.push(("pass", answer.status.into()));
            }
            let (name, pause) = match call.attempted(&self.session, outcome, self.now()) {
                Step::Done(answered) => return Ok(*answered),
                Step::Failed(error) => return Err(error),
                Step::Redirect => ("redirect", Duration::ZERO),
                Step::RefreshToken => ("refresh", Duration::ZERO),
                Step::Wait(pause) => ("wait", pause),
                Step::Retry(pause) => ("retry", pause),
            };
            log.steps.push((name, pause.as_millis()));
            self.pass(pause);
        }
    }

    fn token(&mut self, call: &Call, log: &mut Log) -> Result<Token, Error> {
        let (tokens, key) = (self.session.tokens(), self.session.token_key());
        match tokens.ask(key, call.refused_token(), None, self.elapsed) {
            TokenStep::Ready(token) => Ok(token),
            TokenStep::Failed(error) => Err(error),
            TokenStep::Pending(pending) => panic!("{pending:?}: nobody fetches"),
            TokenStep::Fetch(flight) => {
                let mut fetch = Call::for_token(&self.session, self.now());
                log.tokens
                    .push(fetch.request(&self.session, None, self.now())?);
                self.granted += 1;
                let line = format!(
                    "200 = {{\"access_token\":\"token-{}\",\"expires_in\":900}}",
                    self.granted
                );
                let step = fetch.answered(&self.session, answer(&line).unwrap(), self.now());
                let Step::Done(answered) = step else {
                    panic!("{step:?}: a token was given");
                };
                flight.land(answered.granted(), self.elapsed)
            }
        }
    }
}
