//! What the relay asks for, done: the machine of [`relay`](crate::relay) on a thread, the store on another, the key on
//! its own, and a wire to the parties.
//!
//! ```text
//!   door ──Inlet──▶ driver ──▶ recorder   the store; what waits is one transaction
//!   wire ──Inlet──▶   │  ▲──── written
//!                     ├──▶ signing threads
//!                     │  ◀──── signed
//!                     └──▶ wire
//! ```
//!
//! The driver signs itself where no input waits and the key is quick; else the signing threads do. It waits for nothing but its next input, and
//! the clock is handed in. What comes from outside is bounded by [`Inlet`]; what is under way inside, by what is in work: each
//! exchange waits for one thing at a time.
//!
//! Read it in this order: `clock` and `movable_clock`, `promise`, `judge` (steps 3 to 5), `wire` and `local` (to the parties), `told` (what
//! senders hear), `mailbox`, `recorder`, `signatures`, `asked` and `inlet` (what comes in), `work` (what is known of one exchange),
//! `operations` and `verdict` (what is written, and what became of it), `driver` with `judging`, `outcome` and `own` (what the
//! exchange answers itself), `fan` and `fan_again`, `sending`, `answering`, `returning` and `requeueing`, `steps`, `desk` (for what
//! works beside it) and `start`.

mod answering;
mod asked;
mod clock;
mod desk;
mod driver;
mod fan;
mod fan_again;
mod inlet;
mod judge;
mod judging;
mod local;
mod mailbox;
mod movable_clock;
mod operations;
mod outcome;
mod own;
mod promise;
mod recorder;
mod requeueing;
mod returning;
mod sending;
mod signatures;
mod start;
mod steps;
mod told;
mod verdict;
mod wire;
mod work;

pub use asked::OnRequeued;
pub use clock::Clock;
pub use desk::Desk;
pub use inlet::{Incoming, Inlet, NoRoom};
pub use judge::{
    Allowed, Asking, At, Found, Judge, Judged, OnCounted, OnOwn, Own, OwnAnswer, Refused, Verified,
};
pub use local::{Attached, LocalWire};
pub use movable_clock::{MAX_AHEAD_SECONDS, MovableClock, NotMoved};
pub use promise::Promise;
pub use signatures::Outgoing;
pub use start::{NotStarted, Parts, Running, Settings};
pub use steps::OnStep;
pub use told::{Reply, Told};
pub use wire::{Parcel, Report, Wire};
