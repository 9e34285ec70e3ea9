//! How frames are read and written.

use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::deciding::{MAX_BODY_LEN, MAX_HEAD_LEN, MAX_TARGET_LEN};

/// Where the HTTPS door takes such connections.
pub const BUS_PATH: &str = "/exchange/v1/bus";

/// The longest message: the longest body that a door takes, with its head.
pub const MAX_MESSAGE_LEN: usize = MAX_BODY_LEN + MAX_HEAD_LEN + MAX_TARGET_LEN;

/// What is read at a time: it is there for each connection, also for those that say nothing.
const READ_AT_ONCE: usize = 4 << 10;

/// One frame is one message; a message in fragments (RFC 6455 5.4) is as long at most. Nothing is compressed: what was
/// compressed together tells by its length what it holds.
pub(crate) fn frames(max_message: usize) -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_AT_ONCE)
        // What is written goes out at once.
        .write_buffer_size(0)
        .max_write_buffer_size(max_message.saturating_mul(2).max(1))
        .max_message_size(Some(max_message))
        .max_frame_size(Some(max_message))
        .accept_unmasked_frames(false)
}
