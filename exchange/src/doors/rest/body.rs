//! A request's body, read whole within its time: chunks become one piece, and trailers are dropped.

use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt as _;
use hyper::body::Body as _;
use tokio::time::Instant;

use super::places::{Place, Places};
use super::settings::Settings;
use crate::deciding::{Part, Problem};

/// How long the least rate does not count.
const GRACE: Duration = Duration::from_secs(5);

/// The body, and the room that it takes.
pub(super) async fn read(
    mut body: Body,
    most: usize,
    places: &Places,
    settings: &Settings,
) -> Result<(Vec<u8>, Option<Place>), Problem> {
    let told = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if told > most {
        return Err(Problem::Large(Part::Body));
    }
    // Room is taken for what came, not for what is announced: who sends nothing takes none from others.
    let most_room = if told == 0 { most } else { told };
    let began = Instant::now();
    let (mut room, mut whole) = (Room::default(), Vec::new());
    loop {
        let until = began.checked_add(patience(whole.len(), settings));
        let frame = tokio::time::timeout_at(until.unwrap_or(began), body.frame());
        let Some(frame) = frame.await.map_err(|_| Problem::Slow)? else {
            return Ok((whole, room.place));
        };
        let frame =
            frame.map_err(|_| Problem::Framing("the body did not come to its end".into()))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        let len = whole.len().saturating_add(data.len());
        if len > most {
            return Err(Problem::Large(Part::Body));
        }
        if len > room.bytes {
            // Twice as much each time: what is copied stays in proportion to what comes.
            room.make(len.saturating_mul(2).min(most_room).max(len), places)?;
            whole.reserve_exact(room.bytes.saturating_sub(whole.len()));
        }
        whole.extend_from_slice(&data);
    }
}

/// How long may have passed when so many bytes came.
fn patience(came: usize, settings: &Settings) -> Duration {
    let rate = u64::try_from(settings.body_rate.max(1)).unwrap_or(u64::MAX);
    let came = u64::try_from(came).unwrap_or(u64::MAX);
    let milliseconds = came.saturating_mul(1_000).checked_div(rate);
    GRACE
        .saturating_add(Duration::from_millis(milliseconds.unwrap_or_default()))
        .min(settings.body_time)
}

/// The room that is taken so far.
#[derive(Default)]
struct Room {
    place: Option<Place>,
    bytes: usize,
}

impl Room {
    /// Makes it `bytes` large.
    fn make(&mut self, bytes: usize, places: &Places) -> Result<(), Problem> {
        let more = places.hold(bytes.saturating_sub(self.bytes));
        let more = more.ok_or(Problem::Busy)?;
        match &mut self.place {
            None => self.place = Some(more),
            Some(place) => place.merge(more),
        }
        self.bytes = bytes;
        Ok(())
    }
}
