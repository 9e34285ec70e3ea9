//! `daxsign proxy`: the sidecar of services that cannot sign.
//!
//! Read in this order: `arguments`, `upstream` (who signs and sends), `run`.

pub(crate) mod arguments;
pub(crate) mod run;
mod upstream;
