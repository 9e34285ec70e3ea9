//! The line of `(request-target)` (S-METHOD, S-TARGET).

use crate::bytes::sink::Sink;
use crate::error::Error;
use crate::error::refusal::{Noted, Refusal};
use crate::request::Request;
use crate::request::options::TargetForm;
use crate::request::token::{first_non_token, write_lowercase};

/// S-METHOD: the method must be a token.
pub(crate) fn check_method(method: &[u8], refusal: &mut Refusal) -> Result<(), Noted> {
    match first_non_token(method) {
        Some(offset) => Err(refusal.note(Error::InvalidMethod { offset })),
        None => Ok(()),
    }
}

/// S-TARGET: the target starts with `/` and is visible ASCII (RFC 5234 VCHAR) only.
pub(crate) fn check_target(target: &[u8], refusal: &mut Refusal) -> Result<(), Noted> {
    if target.first() != Some(&b'/') {
        return Err(refusal.note(Error::InvalidTarget { offset: 0 }));
    }
    match target.iter().position(|byte| !(0x21..=0x7E).contains(byte)) {
        Some(offset) => Err(refusal.note(Error::InvalidTarget { offset })),
        None => Ok(()),
    }
}

/// The part of `target` that is signed: the path, or all of it.
pub(crate) fn signed_part(target: &[u8], form: TargetForm) -> &[u8] {
    match form {
        TargetForm::Path => target
            .split(|&byte| byte == b'?')
            .next()
            .unwrap_or_default(),
        TargetForm::Full => target,
    }
}

/// Writes the value: the lowercased method, a space, the target.
pub(crate) fn write_value(request: &Request<'_>, form: TargetForm, sink: &mut dyn Sink) {
    write_lowercase(request.method, sink);
    sink.write(b" ");
    sink.write(signed_part(request.target, form));
}
