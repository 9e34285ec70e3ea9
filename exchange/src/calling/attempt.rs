//! One attempt at one delivery.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::connecting::Connecting;
use super::sending::{request, send};
use crate::callbacks::{Registration, Tried};
use crate::message::Message;
use crate::record::{OpenDelivery, Sent, SqliteStore, TakenIn, Towards};
use crate::running::{Desk, Outgoing};

/// What came of it, with what was sent.
pub(super) struct Attempted {
    pub(super) tried: Tried,
    pub(super) sent: Option<Sent>,
}

impl From<Tried> for Attempted {
    fn from(tried: Tried) -> Self {
        Self { tried, sent: None }
    }
}

/// It is on disk that it begins.
pub(super) async fn attempt(
    connecting: &Connecting,
    desk: &Desk<SqliteStore>,
    delivery: &OpenDelivery,
    taken: TakenIn,
) -> Attempted {
    let Some(callback) = &taken.callback else {
        return Tried::Never("the callback is registered no more".to_owned()).into();
    };
    let registration = Registration::from_bytes(&callback.bytes);
    let Some(registration) = registration.filter(|_| callback.owner == delivery.receiver) else {
        return Tried::Never("the callback is not what is registered".to_owned()).into();
    };
    let Some(url) = registration.url() else {
        return Tried::Never("the callback has no address".to_owned()).into();
    };
    let Some(outgoing) = outgoing(delivery, &taken.message, url.target()) else {
        return Tried::Never("what was told cannot be read again".to_owned()).into();
    };
    let stream = match connecting.connect(&url).await {
        Ok(stream) => stream,
        Err(why) => return Tried::NotTaken(why).into(),
    };
    let body = Arc::clone(&outgoing.body);
    let Some(head) = signed(desk, outgoing).await else {
        return Tried::NotTaken("it was not signed".to_owned()).into();
    };
    let Some(request) = request(&head, &body, &registration, &url) else {
        return Tried::Never("HTTP cannot carry what is registered".to_owned()).into();
    };
    drop(registration);
    let tried = send(stream, request, connecting.settings().answer_patience).await;
    let sent = Sent {
        correlation: delivery.correlation,
        towards: Towards::Receiver,
        attempt: taken.attempt,
        head,
        body: None,
    };
    Attempted {
        tried,
        sent: Some(sent),
    }
}

fn outgoing(delivery: &OpenDelivery, told: &[u8], target: &str) -> Option<Outgoing> {
    let message = Message::read(told).ok()?;
    Some(Outgoing {
        correlation: delivery.correlation,
        sender: delivery.sender,
        receiver: delivery.receiver,
        contract: delivery.contract?.id,
        deadline: delivery.deadline,
        target: target.to_owned(),
        content_type: message.once("Content-Type").ok()?.to_owned(),
        body: message.body.into(),
    })
}

async fn signed(desk: &Desk<SqliteStore>, outgoing: Outgoing) -> Option<Vec<u8>> {
    let (told, signed) = oneshot::channel();
    desk.sign(outgoing, move |head| {
        // Who waits may have given up.
        let _ = told.send(head);
    });
    signed.await.ok().flatten()
}
