//! How large a request may be. The doors cut off what is larger while they read; here it is judged again, so that
//! every door means the same.

use daxsign_core::Request;

use super::problem::{Part, Problem};
use crate::message::is_request_method;

/// The longest target.
pub const MAX_TARGET_LEN: usize = 8 << 10;
/// The longest head: names and values of all fields.
pub const MAX_HEAD_LEN: usize = 32 << 10;
/// The most fields.
pub const MAX_FIELDS: usize = 100;
/// The longest body: an image of a card owner is the largest thing that is sent.
pub const MAX_BODY_LEN: usize = 4 << 20;

/// The first step.
pub(super) fn check(request: &Request<'_>) -> Result<(), Problem> {
    if request.target.len() > MAX_TARGET_LEN {
        return Err(Problem::Large(Part::Target));
    }
    let (mut fields, mut head) = (0_usize, 0_usize);
    for field in request.headers.iter() {
        fields = fields.saturating_add(1);
        head = head.saturating_add(field.name.len());
        head = head.saturating_add(field.value.len());
        if fields > MAX_FIELDS || head > MAX_HEAD_LEN {
            return Err(Problem::Large(Part::Head));
        }
    }
    if request.body.len() > MAX_BODY_LEN {
        return Err(Problem::Large(Part::Body));
    }
    if !is_request_method(request.method) {
        return Err(Problem::Method);
    }
    Ok(())
}
