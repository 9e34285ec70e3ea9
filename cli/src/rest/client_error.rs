//! Errors of the client as failures of the tool.

use daxsign_client::{Error, ErrorKind};
use serde_json::{Value, json};

use crate::failure::{Failure, Refusal};

/// What names a proxy, the first that is set.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The failure of a call.
pub(crate) fn failure(error: &Error) -> Failure {
    if error.kind() == ErrorKind::Invalid {
        return Failure::Unusable(error.text());
    }
    let hint = match error.kind() {
        ErrorKind::SignatureRefused => Some(
            "`daxsign probe` finds out which profile and list the service accepts; --explain shows \
             what is signed"
                .to_owned(),
        ),
        ErrorKind::SignerFailed => Some(
            "`daxsign key FILE` checks the key in a file, the one that `key` in the settings names"
                .to_owned(),
        ),
        ErrorKind::AnswerRefused => Some(
            "answers are verified with `exchange_certificate` in the settings: is it the exchange's \
             own, and does this service sign what it answers?"
                .to_owned(),
        ),
        ErrorKind::Unreachable => Some(way_to(&error.to_string())),
        _ => None,
    };
    let refusal = Refusal {
        name: error.kind().name(),
        message: error.text(),
        hints: Vec::new(),
    };
    Failure::Refused(refusal).with_hint(hint)
}

/// Where to look when a server is not reached. What a proxy's variable holds may be a password.
fn way_to(error: &str) -> String {
    let is_set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let proxy = PROXIES.iter().find(|name| is_set(name));
    match proxy.filter(|_| error.contains(": https://")) {
        _ if error.to_ascii_lowercase().contains("certificate") => {
            "`ca` in the settings names more roots for TLS, a PEM file; client_certificate and \
             client_key are what this side shows"
                .to_owned()
        }
        Some(name) => format!(
            "{name} is set, so this goes through that proxy, unless NO_PROXY names the host: is \
             the proxy right, and running?"
        ),
        None => "check `base` in the settings, and whether this machine gets there".to_owned(),
    }
}

/// The error as JSON.
pub(crate) fn to_json(error: &Error) -> Value {
    json!({
        "name": error.kind().name(),
        "message": error.text(),
        "status": error.status(),
        "correlation_id": error.correlation_id(),
        "messages": error.messages(),
    })
}
