//! Parties over WebSockets behind TLS: complete exchanges, connections that are cut at each moment, who is let in and
//! who is closed, and with what reason. Most clients here make their frames by hand.

mod by_hand;
mod closed;
mod complete;
mod cut;
mod elsewhere;
mod let_in;
mod line;
mod made;
#[path = "../running/made.rs"]
#[expect(dead_code, reason = "the running exchange's tests use all of it")]
mod world;
