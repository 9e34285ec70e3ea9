//! How much there may be, and how long.

use std::time::Duration;

use crate::websocket::MAX_MESSAGE_LEN;

/// How much there may be of everything, and how long it may take.
#[derive(Clone, Copy, Debug)]
pub struct BusSettings {
    /// Connections altogether.
    pub connections: usize,
    /// Messages that wait for one party. One more is not taken, and its sender is told 504 at the deadline unless
    /// room comes before.
    pub room: usize,
    /// The longest message in bytes.
    pub max_message: usize,
    /// After how long a ping is sent.
    pub ping_after: Duration,
    /// After how long without a frame a connection ends; a message in fragments has to be whole by then.
    pub dead_after: Duration,
    /// How long writing one message may take.
    pub write_patience: Duration,
}

impl Default for BusSettings {
    /// 1 024 connections, 64 messages each, a ping every 20 s, silence for 60 s, 10 s to take a message.
    fn default() -> Self {
        Self {
            connections: 1024,
            room: 64,
            max_message: MAX_MESSAGE_LEN,
            ping_after: Duration::from_secs(20),
            dead_after: Duration::from_mins(1),
            write_patience: Duration::from_secs(10),
        }
    }
}
