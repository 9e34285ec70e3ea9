//! Who may call: token requests, and the tokens that were given out.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use daxsign_tests::request::OwnedRequest;
use serde_json::{Value, json};

use crate::api::form;
use crate::identity::{CLIENT_ID, PASSWORD, USER};
use crate::origin::Origin;
use crate::signature::value;

/// The path of token requests.
pub const TOKEN_PATH: &str = "/oauth/token";
/// How long a token is good unless a scenario says otherwise, in seconds.
pub const EXPIRES_IN: u64 = 1800;

/// The tokens that were given out.
#[derive(Debug, Default)]
pub struct Tokens {
    given: HashMap<String, Token>,
}

#[derive(Debug)]
struct Token {
    origin: Origin,
    until: Instant,
    withdrawn: bool,
}

impl Tokens {
    /// A new one.
    pub fn give(&mut self, origin: Origin, expires_in: u64) -> String {
        // Of letters that a form would change, so that a client that encodes a field fails.
        let text = format!("token+{}/{}==", origin.name(), self.given.len() + 1);
        let token = Token {
            origin,
            until: Instant::now() + Duration::from_secs(expires_in),
            withdrawn: false,
        };
        self.given.insert(text.clone(), token);
        text
    }

    /// It is no longer good.
    pub fn withdraw(&mut self, text: &str) {
        if let Some(token) = self.given.get_mut(text) {
            token.withdrawn = true;
        }
    }

    /// Whether it is good at this origin.
    ///
    /// # Errors
    /// Why not, and whether this is a fault of the client's.
    pub fn check(&self, origin: Origin, text: &str) -> Result<(), (String, bool)> {
        let Some(token) = self.given.get(text) else {
            return Err((format!("the token \"{text}\" was never given out"), true));
        };
        if token.origin != origin {
            let said = format!(
                "a token of {} came to {}",
                token.origin.name(),
                origin.name()
            );
            return Err((said, true));
        }
        if token.withdrawn || token.until < Instant::now() {
            return Err(("the token is no longer good".into(), false));
        }
        Ok(())
    }
}

/// What is wrong with a token request's form, and what with its credentials.
#[must_use]
pub fn faults(request: &OwnedRequest) -> (Vec<String>, bool) {
    let mut faults = Vec::new();
    if request.method != "POST" {
        faults.push(format!("the token request's method is {}", request.method));
    }
    let (_, query) = request.target.split_once('?').unwrap_or_default();
    let body = String::from_utf8_lossy(&request.body);
    let media = value(request, "content-type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    if !request.body.is_empty() && !media.starts_with("application/x-www-form-urlencoded") {
        faults.push(format!("the token request's content type is \"{media}\""));
    }
    let text = if query.is_empty() { &*body } else { query };
    let plain = |c: char| c.is_ascii_alphanumeric() || "*-._%+=&".contains(c);
    if !text.chars().all(plain) {
        faults.push("the form holds a character that must be percent-encoded".into());
    }
    let pairs = form(text).unwrap_or_else(|| {
        faults.push("the form cannot be read".into());
        Vec::new()
    });
    faults.extend(misnamed(&pairs));
    let right = |name: &str, expected: &str| {
        pairs
            .iter()
            .any(|(found, value)| found == name && value == expected)
    };
    let credentials = [
        ("username", USER),
        ("password", PASSWORD),
        ("client_id", CLIENT_ID),
    ];
    (
        faults,
        credentials
            .into_iter()
            .all(|(name, expected)| right(name, expected)),
    )
}

/// The form holds each of its fields once, and no other.
fn misnamed(pairs: &[(String, String)]) -> Vec<String> {
    let mut faults = Vec::new();
    let count = |name: &str| pairs.iter().filter(|(found, _)| found == name).count();
    for name in ["username", "password", "client_id", "grant_type"] {
        if count(name) != 1 {
            faults.push(format!("{} times {name} in the form", count(name)));
        }
    }
    for (name, value) in pairs {
        match (name.as_str(), value.as_str()) {
            ("username" | "password" | "client_id", _)
            | ("grant_type", "password")
            | ("scope", "daxapi") => {}
            _ => faults.push(format!("{name}={value} in the form")),
        }
    }
    faults
}

/// The answer to a right request.
#[must_use]
pub fn answer(token: &str, expires_in: u64) -> Value {
    json!({"access_token": token, "token_type": "bearer", "expires_in": expires_in})
}

/// The answer to wrong credentials (RFC 6749 5.2).
#[must_use]
pub fn refusal() -> Value {
    json!({"error": "invalid_grant", "error_description": "The user name or password is incorrect."})
}
