//! `daxsign proxy`: the sidecar of services that cannot sign, and of those that cannot verify.
//!
//! Read in this order: `time`, `arguments` with `operating_arguments` and `verify_arguments`, `access` (who may come in),
//! `upstream` (who signs and sends), `check`, `service_manager`, `operating` (what is the same in both directions), `forward`
//! and `verify` (the two), `run`.

mod access;
pub(crate) mod arguments;
mod check;
mod forward;
mod operating;
mod operating_arguments;
pub(crate) mod run;
mod service_manager;
mod time;
mod upstream;
mod verify;
mod verify_arguments;
