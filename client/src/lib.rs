#![doc = include_str!("../README.md")]

pub mod api;
#[cfg(feature = "async")]
pub mod asynchronous;
#[cfg(feature = "blocking")]
pub mod blocking;
mod cancel;
mod error;
mod key;
pub mod look_up;
pub mod paging;
pub mod protocol;
mod response;
mod secret;
mod settings;
mod time;
#[cfg(feature = "tls")]
mod transport;

pub use api::Instance;
pub use cancel::Cancel;
pub use daxsign_core::{Profile, TargetForm};
pub use error::{Error, ErrorKind, Sent};
pub use key::{Key, SignError};
pub use protocol::answer::{CertificateNotice, RateLimit};
pub use protocol::envelope::Paging;
pub use protocol::request::{ApiRequest, CallOptions, ForwardedRequest, Method, Repeat};
pub use protocol::session::Session;
pub use protocol::signed::OutgoingRequest;
pub use response::Response;
pub use secret::Secret;
pub use settings::{
    Answers, ClientCertificate, ContextName, List, ProxyChoice, Roots, Settings, Signing,
};
pub use time::{LocalTime, UtcTime};
pub use uuid::Uuid;
