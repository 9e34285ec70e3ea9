//! Whether the query holds what the operation knows, once each.

use daxsign_client::api::{Kind, OperationInfo, ParameterInfo, Place};

/// The two that pages have.
const PAGES: [&str; 2] = ["offset", LIMIT];
const LIMIT: &str = "limit";

/// What does not fit, if anything. The query may be unsigned: what is not described is refused, so that nobody can
/// add what the receiver may know and the exchange does not.
pub(super) fn fault(operation: &OperationInfo, target: &[u8]) -> Option<String> {
    let Ok(target) = core::str::from_utf8(target) else {
        return Some("the target is not ASCII".into());
    };
    let (_, query) = target.split_once('?')?;
    let mut seen: Vec<&str> = Vec::new();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if seen.contains(&name) {
            return Some(format!("the query has {name} twice"));
        }
        seen.push(name);
        if let Some(fault) = parameter_fault(operation, name, value) {
            return Some(fault);
        }
    }
    None
}

fn parameter_fault(operation: &OperationInfo, name: &str, value: &str) -> Option<String> {
    let Some(value) = decoded(value) else {
        return Some(format!("the query's {name} is not percent-encoded UTF-8"));
    };
    if operation.max_limit.is_some() && PAGES.contains(&name) {
        let fits = value.parse::<u32>().is_ok();
        return (!fits).then(|| format!("the query's {name} is no number"));
    }
    let mut known = operation.parameters.iter();
    let found = known.find(|one| matches!(one.place, Place::Query) && one.name == name);
    let Some(parameter) = found else {
        return Some(format!("{} knows no parameter {name:?}", operation.id));
    };
    (!fits(parameter, &value)).then(|| format!("the query's {name} does not fit its kind"))
}

/// What is wrong with how many a page is to hold, of a query without [`fault`]: one at least, and no more than the
/// description allows. Whoever is asked judges that too, and is not kept from it by reading the query.
pub(super) fn limit_fault(operation: &OperationInfo, target: &[u8]) -> Option<String> {
    let most = operation.max_limit?;
    let target = core::str::from_utf8(target).ok()?;
    let (_, limit) = values(target).find(|(name, _)| *name == LIMIT)?;
    let fits = limit
        .parse()
        .is_ok_and(|limit: u32| (1..=most).contains(&limit));
    (!fits).then(|| format!("the query's {LIMIT} is {limit}: 1 to {most} are on a page"))
}

fn fits(parameter: &ParameterInfo, value: &str) -> bool {
    let one = |text: &str| match parameter.kind {
        Kind::Uuid => uuid::Uuid::try_parse(text).is_ok(),
        Kind::Integer => text.parse::<i32>().is_ok(),
        Kind::Bool => ["true", "false"].contains(&text),
        _ => !text.is_empty(),
    };
    if parameter.many {
        value.split(',').all(one)
    } else {
        one(value)
    }
}

/// What stands in the query, decoded.
pub(super) fn values(target: &str) -> impl Iterator<Item = (&str, String)> {
    let (_, query) = target.split_once('?').unwrap_or_default();
    query.split('&').filter_map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some((name, decoded(value)?))
    })
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => digit(rest.next())? << 4 | digit(rest.next())?,
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: Option<u8>) -> Option<u8> {
    u8::try_from(char::from(byte?).to_digit(16)?).ok()
}
