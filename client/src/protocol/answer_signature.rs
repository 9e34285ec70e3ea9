//! Signed answers (X-ANSWER): the exchange signs what it answers, paired with the request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use daxsign_core::{
    HeaderField, Options, Profile, PublicKey, Request, TargetForm, Timestamp, Verifier,
};

use crate::protocol::answer::Answer;

/// What an answer's signature covers, exactly and in this order.
const LIST: [&str; 7] = [
    "(request-target)",
    "x-correlation-id",
    "x-dax-request",
    "x-dax-status",
    "content-type",
    "content-length",
    "date",
];
/// The method that stands for an answer; no request has it.
const METHOD: &str = "ANSWER";
/// Where the signed date stands: proxies rewrite `Date`.
const DATE_FIELD: &str = "x-dax-date";
const SIGNATURE_FIELD: &str = "signature";

/// The request that an answer must belong to.
pub(crate) struct Asked<'a> {
    /// Its full target.
    pub(crate) target: &'a str,
    /// The SHA-256 of its signing string.
    pub(crate) string_hash: [u8; 32],
}

/// Whether the answer claims to be signed.
pub(crate) fn is_signed(answer: &Answer) -> bool {
    answer.head.contains_key(SIGNATURE_FIELD)
}

/// Verifies a signed answer and pairs it with the request.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn verify(
    answer: &Answer,
    key: &PublicKey,
    asked: &Asked<'_>,
    now: Timestamp,
) -> Result<(), String> {
    let headers = fields(answer)?;
    let request = Request::new(METHOD, asked.target, &headers, &answer.body);
    let options = Options {
        target: TargetForm::Full,
        ..Options::DAX
    };
    let verifier = Verifier::new(key, Profile::Documented).options(options);
    let covered = verifier
        .verify(&request, now)
        .map_err(|error| format!("the answer's signature: {error}"))?;
    let listed = covered.components.iter();
    if covered.components.iter().count() != LIST.len()
        || !listed.zip(LIST).all(|(component, name)| component.is(name))
    {
        return Err("the answer's signature covers another list".into());
    }
    if answer.field("x-dax-request") != Some(&STANDARD.encode(asked.string_hash)) {
        return Err("the answer is signed, but answers another request".into());
    }
    if answer.field("x-dax-status") != Some(&answer.status.to_string()) {
        return Err("the answer's status is not the signed one".into());
    }
    Ok(())
}

/// The fields that a signature can cover, the signed date as `Date`.
fn fields(answer: &Answer) -> Result<Vec<HeaderField<'_>>, String> {
    let mut headers = Vec::with_capacity(LIST.len());
    for name in LIST.iter().skip(1).chain([&SIGNATURE_FIELD]) {
        let source = if *name == "date" { DATE_FIELD } else { name };
        let mut values = answer.head.get_all(source).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => headers.push(HeaderField::new(*name, value.as_bytes())),
            (None, _) => return Err(format!("the answer is signed, but lacks {source}")),
            (Some(_), Some(_)) => return Err(format!("the answer has {source} twice")),
        }
    }
    Ok(headers)
}
