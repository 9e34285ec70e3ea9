//! One connection after the other.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::attending::attend;
use super::backoff::Backoff;
use super::connecting::connect;
use super::request::Answers;
use super::settings::LineParts;
use crate::websocket::Closing;

/// Keeps connected until it is told to end.
pub(super) async fn keep(mut parts: LineParts, answers: Answers) {
    let settings = parts.settings;
    let mut backoff = Backoff::new(settings.first_pause, settings.longest_pause);
    loop {
        let why = tokio::select! {
            biased;
            () = answers.desk.ending.notified() => return,
            connected = connect(&parts) => connected,
        };
        let why = match why {
            Err(why) => {
                away(&answers, why);
                None
            }
            Ok(connected) => {
                let since = Instant::now();
                let now = (parts.clock)();
                answers.desk.change(|state| {
                    state.connected_since = Some(now);
                    state.connections = state.connections.saturating_add(1);
                });
                let why = attend(connected, &parts, &answers).await;
                backoff.lived(since.elapsed());
                away(&answers, why.to_string());
                Some(why)
            }
        };
        let random = (parts.randomness)();
        let pause = if why == Some(Closing::Replaced) {
            backoff.long_pause(random)
        } else {
            backoff.pause(random)
        };
        if has_ended(&answers, pause).await {
            return;
        }
    }
}

fn away(answers: &Answers, why: String) {
    answers.desk.change(|state| {
        state.connected_since = None;
        state.trouble = Some(why);
    });
}

/// Waits so long, unless it ends before.
async fn has_ended(answers: &Answers, pause: Duration) -> bool {
    timeout(pause, answers.desk.ending.notified()).await.is_ok()
}
