//! A request's body, read whole: chunks become one piece, and trailers are dropped.

use http::StatusCode;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};

use crate::refusal::Refusal;
use crate::work::{Place, Work};

/// The body, and the room that it takes.
pub(crate) async fn read(
    mut body: Incoming,
    max_body: usize,
    work: &Work,
) -> Result<(Vec<u8>, Option<Place>), Refusal> {
    let told = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if told > max_body {
        return Err(too_large(max_body));
    }
    // Room is taken for what came, not for what is announced: who sends nothing takes none from others.
    let most = if told == 0 { max_body } else { told };
    let (mut room, mut whole) = (Room::default(), Vec::new());
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            Refusal::bad(
                "body-cut",
                format!("the body did not come to its end: {error}; nothing was sent"),
            )
        })?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        let len = whole.len().saturating_add(data.len());
        if len > max_body {
            return Err(too_large(max_body));
        }
        if len > room.bytes {
            // Twice as much each time: what is copied stays in proportion to what comes.
            room.make(len.saturating_mul(2).min(most).max(len), work)?;
            whole.reserve_exact(room.bytes.saturating_sub(whole.len()));
        }
        whole.extend_from_slice(&data);
    }
    Ok((whole, room.place))
}

/// The room that is taken so far.
#[derive(Default)]
struct Room {
    place: Option<Place>,
    bytes: usize,
}

impl Room {
    /// Makes it `bytes` large.
    fn make(&mut self, bytes: usize, work: &Work) -> Result<(), Refusal> {
        let more = work.hold(bytes.saturating_sub(self.bytes))?;
        match &mut self.place {
            None => self.place = Some(more),
            Some(place) => place.merge(more),
        }
        self.bytes = bytes;
        Ok(())
    }
}

fn too_large(max_body: usize) -> Refusal {
    Refusal::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "body-too-large",
        format!("the body has more than {max_body} bytes (--max-body); nothing was sent"),
    )
}
