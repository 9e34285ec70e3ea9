//! Which operation a target calls. It goes through byte for byte (X-FORWARD), so a path that two readers could take
//! differently is no path here: nothing is decoded, no case is folded, no dot is followed.

use daxsign_client::api::{Kind, OPERATIONS, OperationInfo, Place};
use uuid::Uuid;

use super::query;
use crate::party::Party;

/// What stands before the operations' paths.
const API: &str = "/api/v2.0";
/// What stands before the exchange's own.
const EXCHANGE: &str = "/exchange/v1/";

/// What a request is for.
#[derive(Clone, Debug)]
pub enum Route {
    /// An operation of the API.
    Operation {
        /// Which.
        operation: &'static OperationInfo,
        /// Whose answer it wants; `None` where the exchange answers, or asks several (X-FANOUT).
        receiver: Option<Party>,
    },
    /// Something of the exchange.
    Own(Own),
}

/// What the exchange does itself beside the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Own {
    /// What became of a request (X-OUTCOME): a correlation id or an `x-dax-request`, as it stands there.
    Outcome(String),
    /// A contract is offered (X-CONTRACT).
    Offer,
    /// It is signed.
    Sign(Uuid),
    /// It is cancelled.
    Cancel(Uuid),
    /// A party tells that something happened (X-CALLBACK).
    Event,
}

/// What method and target are for; `None` for nothing that there is: 404.
#[must_use]
pub fn route(method: &[u8], target: &[u8]) -> Option<Route> {
    let target = core::str::from_utf8(target).ok()?;
    let method = core::str::from_utf8(method).ok()?;
    // With a query, which none of these has, it is none of them.
    if let Some(own) = target.strip_prefix(EXCHANGE) {
        return own_route(method, own).map(Route::Own);
    }
    let path = target.split_once('?').map_or(target, |(path, _)| path);
    let path = path.strip_prefix(API)?;
    let fits = |operation: &&&'static OperationInfo| {
        operation.method.as_str() == method && values(operation, path).is_some()
    };
    // `{accessGroupId}` is no `ObtainAccess`, since that is no GUID: at most one fits.
    let operation = *OPERATIONS.iter().find(fits)?;
    let values = values(operation, path)?;
    let id = |name: &str| {
        let mut named = values.iter().filter(|(found, _)| found.ends_with(name));
        named.next().and_then(|(_, text)| guid(text))
    };
    let receiver = id("PartnerId").zip(id("InstanceId"));
    let receiver = receiver.map(|(partner, instance)| Party { partner, instance });
    Some(Route::Operation {
        operation,
        receiver,
    })
}

/// What stands in path and query of a target, decoded, by name.
///
/// # Errors
/// What is wrong with the query.
pub fn parameters(
    operation: &'static OperationInfo,
    target: &str,
) -> Result<Vec<(String, String)>, String> {
    if let Some(fault) = query::fault(operation, target.as_bytes()) {
        return Err(fault);
    }
    let path = target.split_once('?').map_or(target, |(path, _)| path);
    let path = path.strip_prefix(API).unwrap_or_default();
    let in_path = values(operation, path).unwrap_or_default();
    let in_path = in_path.into_iter().map(|(name, text)| (name, colons(text)));
    let in_query = query::values(target);
    let all = in_path.chain(in_query);
    Ok(all.map(|(name, value)| (name.to_owned(), value)).collect())
}

fn own_route(method: &str, path: &str) -> Option<Own> {
    let segments: Vec<&str> = path.split('/').collect();
    match (method, segments.as_slice()) {
        ("GET", ["outcome", name]) if is_name(name) => Some(Own::Outcome((*name).to_owned())),
        ("POST", ["events"]) => Some(Own::Event),
        ("POST", ["contracts"]) => Some(Own::Offer),
        ("POST", ["contracts", id, "signature"]) => Some(Own::Sign(guid(id)?)),
        ("POST", ["contracts", id, "cancellation"]) => Some(Own::Cancel(guid(id)?)),
        _ => None,
    }
}

/// A GUID, or base64 for URLs.
fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=');
    (1..=64).contains(&name.len()) && name.bytes().all(fits)
}

/// Names and texts of what stands in braces, if the path is that of the operation.
fn values<'p>(operation: &OperationInfo, path: &'p str) -> Option<Vec<(&'static str, &'p str)>> {
    let mut values = Vec::new();
    let mut found = path.split('/');
    for expected in operation.path.split('/') {
        let found = found.next()?;
        let name = expected.strip_prefix('{');
        match name.and_then(|name| name.strip_suffix('}')) {
            None if expected == found => {}
            None => return None,
            Some(name) => {
                let mut parameters = operation.parameters.iter();
                let in_path =
                    parameters.find(|one| matches!(one.place, Place::Path) && one.name == name)?;
                if !fits(in_path.kind, found) {
                    return None;
                }
                values.push((in_path.name, found));
            }
        }
    }
    found.next().is_none().then_some(values)
}

/// Whether a segment is written in the one way that there is.
fn fits(kind: Kind, text: &str) -> bool {
    match kind {
        Kind::Uuid => guid(text).is_some(),
        Kind::Integer => text
            .parse::<i32>()
            .is_ok_and(|number| number.to_string() == text),
        Kind::LocalTime | Kind::UtcTime => is_time(text),
        _ => false,
    }
}

/// 36 characters in lowercase: in another case it would be another text that is the same instance.
fn guid(text: &str) -> Option<Uuid> {
    let id = Uuid::try_parse(text).ok()?;
    (id.hyphenated().to_string() == text).then_some(id)
}

/// All that may be percent-encoded in a path.
fn colons(text: &str) -> String {
    text.replace("%3A", ":").replace("%3a", ":")
}

/// `2026-11-29T08:00:00`, with a fraction and `Z` or without, its colons percent-encoded or not.
fn is_time(text: &str) -> bool {
    let text = colons(text);
    let text = text.strip_suffix('Z').unwrap_or(&text);
    let fits = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"-:T.".contains(&byte));
    fits && daxsign_core::Timestamp::parse(&format!("{text}Z")).is_ok()
}
