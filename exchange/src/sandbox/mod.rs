//! A sandbox: what people develop against. An exchange, two Allieras and a client's credentials on this machine, in one folder.
//!
//! ```no_run
//! use daxsign_client::api::ListCardOwners;
//! use daxsign_client::blocking::Client;
//! use daxsign_exchange::sandbox::Sandbox;
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = Sandbox::start().await?;
//! let client = Client::new(sandbox.client_settings()?, sandbox.client_key()?)?;
//! let owners = client.call(&ListCardOwners::new(sandbox.target_instance()))?;
//! assert_eq!(owners.data.len(), 12);
//! sandbox.stop()?;
//! # Ok(())
//! # }
//! ```
//!
//! Read it in this order: `settings`, `people` (who takes part), `agreements` (their contracts), `publishing`, `making` (the folder), `telling`, `lateness`, `attending`
//! (an Alliera), `door`, `facts` (what is known of one that runs) with `told`, `quoted` and `first_steps` (what others are told of it),
//! `running` with `system_clock`, and `calling` (for the client in Rust).

mod agreements;
mod attending;
mod calling;
mod door;
mod facts;
mod failed;
mod first_steps;
mod lateness;
mod making;
mod people;
mod publishing;
mod quoted;
mod running;
mod settings;
mod system_clock;
mod telling;
mod told;

pub use attending::Console;
pub use door::FirstDoor;
pub use failed::Failed;
pub use first_steps::{FirstSteps, Part};
pub use people::Member;
pub use running::Sandbox;
pub use settings::SandboxSettings;
pub use system_clock::system_clock;
pub use told::{DETAILS_FILE, ENVIRONMENT_FILE};
