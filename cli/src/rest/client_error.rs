//! Errors of the client as failures of the tool.

use daxsign_client::{Error, ErrorKind};
use serde_json::{Value, json};

use crate::failure::{Failure, Refusal};

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
        _ => None,
    };
    let refusal = Refusal {
        name: error.kind().name(),
        message: error.text(),
        hints: Vec::new(),
    };
    Failure::Refused(refusal).with_hint(hint)
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
