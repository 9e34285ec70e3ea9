//! The two halves of a connection.

use futures_util::stream::{SplitSink, SplitStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::websocket::Metered;

/// What a connection is read from.
pub(super) type Incoming<S> = SplitStream<WebSocketStream<Metered<S>>>;
/// And written to.
pub(super) type Outgoing<S> = SplitSink<WebSocketStream<Metered<S>>, Message>;
