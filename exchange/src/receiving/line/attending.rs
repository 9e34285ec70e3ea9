//! One connection, until it ends.

use std::time::Duration;

use daxsign_core::PublicKey;
use daxsign_pki::tls::Peer;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Bytes, Message as Frame};

use super::connecting::Connected;
use super::desk::{Came, NoRoom};
use super::request::Answers;
use super::settings::LineParts;
use crate::message::{ForwardRead, Message};
use crate::receiving::reply::Reply;
use crate::websocket::{Closing, Meter, Metered};

type Socket = WebSocketStream<Metered<TlsStream<TcpStream>>>;

/// How often it is looked whether the exchange's certificate is still good.
const LOOK_AFTER: Duration = Duration::from_secs(1);
/// How long the exchange may take to hear that it ends.
const FAREWELL: Duration = Duration::from_millis(400);

/// Attends to a connection; why it ended.
pub(super) async fn attend(connected: Connected, parts: &LineParts, answers: &Answers) -> Closing {
    let Connected {
        socket,
        meter,
        peer,
    } = connected;
    let (mut outgoing, mut incoming) = socket.split();
    let why = tokio::select! {
        biased;
        () = answers.desk.ending.notified() => {
            // Whoever keeps the line open looks at it, too.
            answers.desk.ending.notify_one();
            Closing::GoingAway
        }
        why = read(&mut incoming, parts, answers, &meter) => why,
        why = write(&mut outgoing, parts, answers) => why,
        why = watch(&peer, parts) => why,
    };
    if let Ok(mut socket) = outgoing.reunite(incoming) {
        // It hears it or does not.
        let _ = timeout(FAREWELL, socket.close(Some(why.frame()))).await;
    }
    why
}

async fn read(
    incoming: &mut SplitStream<Socket>,
    parts: &LineParts,
    answers: &Answers,
    meter: &Meter,
) -> Closing {
    loop {
        let next = timeout(parts.settings.dead_after, incoming.next()).await;
        meter.whole();
        match next {
            Err(_) => return Closing::Silent,
            Ok(None) => return Closing::Gone,
            Ok(Some(Err(error))) => return Closing::of(&error),
            Ok(Some(Ok(Frame::Binary(bytes)))) => take(&bytes, parts, answers),
            Ok(Some(Ok(Frame::Text(_)))) => return Closing::Text,
            Ok(Some(Ok(Frame::Close(frame)))) => {
                let code = frame.and_then(|frame| Closing::from_code(frame.code.into()));
                return code.unwrap_or(Closing::Gone);
            }
            Ok(Some(Ok(_))) => {}
        }
    }
}

/// A message of the exchange, or something else, which is refused.
fn take(bytes: &[u8], parts: &LineParts, answers: &Answers) {
    let now = (parts.clock)();
    let keys: Vec<&PublicKey> = parts.exchange.iter().collect();
    let message = Message::read(bytes);
    let read = message
        .as_ref()
        .map_err(Clone::clone)
        .and_then(|message| ForwardRead::verify(message, &keys, &parts.party, now));
    let came = match read {
        Ok(read) => answers.desk.came(&read, now),
        Err(refusal) => return answers.desk.refused(&refusal),
    };
    match came {
        Came::Taken => {}
        Came::Answer(delivery, reply) => answers.sign(delivery, &reply.into()),
        Came::Busy(delivery, room) => answers.sign(delivery, &busy(room).into()),
    }
}

/// What cannot be taken in is answered all the same, so that its sender knows.
fn busy(room: NoRoom) -> Reply {
    let body: &[u8] = match room {
        NoRoom::Waiting => {
            br#"{"statusCode":503,"message":"as many requests wait for the receiver as may: try again later"}"#
        }
        NoRoom::Remembered => {
            br#"{"statusCode":503,"message":"the receiver remembers as many requests as it can, so that it does nothing twice: try again later, within its time for remembering"}"#
        }
    };
    Reply {
        status: 503,
        content_type: "application/json".into(),
        body: body.into(),
    }
}

async fn write(
    outgoing: &mut SplitSink<Socket, Frame>,
    parts: &LineParts,
    answers: &Answers,
) -> Closing {
    let next_ping = || {
        let now = Instant::now();
        now.checked_add(parts.settings.ping_after).unwrap_or(now)
    };
    let (mut ping_at, mut behind) = (next_ping(), 0);
    loop {
        let frame = if Instant::now() >= ping_at {
            ping_at = next_ping();
            Frame::Ping(Bytes::new())
        } else if let Some((number, bytes)) = answers.desk.answer_behind(behind, (parts.clock)()) {
            behind = number;
            Frame::Binary(Bytes::copy_from_slice(&bytes))
        } else {
            // What ends first; a permit that was not used stays.
            let _ = timeout_at(ping_at, answers.desk.wake.notified()).await;
            continue;
        };
        match timeout(parts.settings.write_patience, outgoing.send(frame)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Closing::Gone,
            Err(_) => return Closing::NotRead,
        }
    }
}

/// Until the exchange's certificate no longer counts.
async fn watch(peer: &Peer, parts: &LineParts) -> Closing {
    while peer.is_still_good((parts.clock)()).is_ok() {
        sleep(LOOK_AFTER).await;
    }
    Closing::Certificate
}
