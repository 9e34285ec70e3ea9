//! HTTPS for senders (X-REST): HTTP/1.1 and HTTP/2 on one listener, of which ALPN picks one. What comes becomes bytes
//! of `message/http` for the [`Inlet`](crate::running::Inlet), and what is told an HTTP response (X-ANSWER).
//!
//! ```text
//!   accept ── a place among the connections; where all are taken, that of the one that lies idle for longest
//!     │
//!   handshake (TLS, ALPN; its time)
//!     │
//!   gate (HTTP/1.1: heads that everybody reads alike, their time)     h2 (bounds of the library, and the line's time)
//!     └──────────────┬────────────────────────────────────────────────┘
//!   a place among the requests in work · sizes · token, rate · client certificate (X-MTLS)
//!     │
//!   body (its time, its least rate, memory) ──▶ Inlet ──▶ … ──▶ answer (its reader's time)
//! ```
//!
//! All of it comes before any signature is verified, and over a bound the answer is 503 at once (X-OVERLOAD).
//!
//! Read it in this order: `settings`, `counters`, `arrival` (the correlation id), `places`
//! and [`line`] (how much at once, for how long); `head` and
//! `body` (what becomes a message), `answer` (what becomes of one that is told); `hashing` and `sign_in` (`/oauth/token`),
//! `caller`, `faulty` and `relaying`, `router` (which path is for what, the bus among them); `handshake`, `serving` (one connection), `accepting`,
//! `door` (start and drain).

mod accepting;
mod answer;
mod arrival;
mod body;
mod caller;
mod counters;
mod door;
mod faulty;
mod handshake;
mod hashing;
mod head;
mod line;
mod places;
mod relaying;
mod router;
mod serving;
mod settings;
mod sign_in;
mod state;

pub use counters::Counters;
pub use door::{Drained, NotStarted, Parts, RestDoor};
pub use settings::Settings;
