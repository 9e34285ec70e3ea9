//! TLS between holders of one's own certificates: each side shows one, and each is asked again while the
//! connection lives.
//!
//! Read `policy` first: who is trusted, what was revoked, and which roots each path of an API trusts. It is judged
//! by `path`, and what it refuses is a `refusal`; `identity` is whom a certificate stands for. `policy_file`
//! and `files` read it from files, `live` is where the present one is found by everybody who judges, and `edition` says
//! which of an authority's lists is the newest. `spelling` is what servers may take a path for.
//! `server` and `client` make rustls's configurations, with `credentials` whose key may sign elsewhere
//! (`signer_key`), `verifier` is what rustls asks, and `peer` who is at the other end. Nothing here opens a
//! socket: any transport of rustls can be used.

pub(crate) mod client;
pub(crate) mod credentials;
mod diagnosis;
mod edition;
pub(crate) mod files;
pub(crate) mod identity;
pub(crate) mod live;
mod path;
pub(crate) mod peer;
pub(crate) mod policy;
mod policy_file;
mod question;
pub(crate) mod refusal;
pub(crate) mod roots;
pub(crate) mod server;
mod signer_key;
mod spelling;
mod time;
mod verifier;

pub use client::TlsClient;
pub use credentials::Credentials;
pub use files::PolicyFiles;
pub use identity::IdentityFrom;
pub use live::LivePolicy;
pub use peer::{Peer, Witness};
pub use policy::{Policy, Rule, Standing};
pub use refusal::{Refusal, RefusalProblem};
pub use roots::{Lists, RootSet};
/// What the configurations are for.
pub use rustls;
pub use server::TlsServer;

/// What the page shows compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/mutual-tls.md")]
struct Page;
