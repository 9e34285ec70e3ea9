//! What goes wrong in the field gives the right error, and leaves nothing that could be used.

use daxsign_core::{
    Error, HeaderField, KeyProblem, PrivateKey, Profile, ReplayGuard, Timestamp, Verifier,
};
use daxsign_firmware::measure::measure;
use daxsign_firmware::report;

use crate::bench::Bench;
use crate::controller::{CARD_EVENT_FIELDS, HOST, NOW, card_event, sign_message};
use crate::keys::SMALL;

/// The room for a field of the smallest key.
const FIELD_LEN: usize = 600;

/// A check of its own.
type Check = fn(&PrivateKey, &mut PrivateKey, &mut [u8; FIELD_LEN]) -> bool;

const CHECKS: [Check; 8] = [
    damaged_key,
    cut_off_key,
    no_key,
    missing_header,
    short_buffer,
    tampered_body,
    stale_date,
    replay,
];

pub fn all(bench: &mut Bench) {
    let Bench { counter, key, .. } = &mut *bench;
    let mut good = key.load(SMALL.der).is_ok();
    let key = &**key;
    let (cases, cost) = measure(counter, || {
        let mut other = PrivateKey::empty();
        let mut field = [0; FIELD_LEN];
        let mut cases = 0;
        for check in CHECKS {
            good &= check(key, &mut other, &mut field);
            cases += 1;
        }
        cases
    });
    bench.line_with(
        c"errors",
        SMALL.bits,
        cost,
        || report::field(c" cases=", cases),
        good,
    );
}

/// The card event with its signature and one byte of room for a change.
fn with_signed(
    key: &PrivateKey,
    out: &mut [u8; FIELD_LEN],
    judge: impl FnOnce(&[HeaderField<'_>; 5]) -> bool,
) -> bool {
    let request = card_event(&CARD_EVENT_FIELDS);
    let [host, kind, length, date] = CARD_EVENT_FIELDS;
    sign_message(key, &request, Profile::Documented, out).is_ok_and(|value| {
        judge(&[
            host,
            kind,
            length,
            date,
            HeaderField::new("Signature", value),
        ])
    })
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(seconds, 0).unwrap_or_else(|_| daxsign_firmware::board::exit(3))
}

fn unusable(key: &PrivateKey) -> bool {
    key.public_key().modulus_bits() == 0
}

/// A flipped bit in flash.
fn damaged_key(_: &PrivateKey, other: &mut PrivateKey, _: &mut [u8; FIELD_LEN]) -> bool {
    let mut der = [0; 1300];
    let Some(der) = der.get_mut(..SMALL.der.len()) else {
        return false;
    };
    der.copy_from_slice(SMALL.der);
    // In the middle of p: behind n, e and d.
    if let Some(byte) = der.get_mut(600) {
        *byte ^= 1;
    }
    let result = other.load(der);
    result
        == Err(Error::InvalidKey {
            problem: KeyProblem::Product,
        })
        && unusable(other)
}

fn cut_off_key(_: &PrivateKey, other: &mut PrivateKey, _: &mut [u8; FIELD_LEN]) -> bool {
    let half = SMALL.pem.get(..800).unwrap_or_default();
    matches!(other.load(half), Err(Error::InvalidKey { .. })) && unusable(other)
}

fn no_key(_: &PrivateKey, other: &mut PrivateKey, out: &mut [u8; FIELD_LEN]) -> bool {
    other.wipe();
    let request = card_event(&CARD_EVENT_FIELDS);
    let result = sign_message(other, &request, Profile::Documented, out);
    result
        == Err(Error::InvalidKey {
            problem: KeyProblem::Empty,
        })
        && is_zero(out)
}

fn missing_header(key: &PrivateKey, _: &mut PrivateKey, out: &mut [u8; FIELD_LEN]) -> bool {
    let fields = [HOST];
    let result = sign_message(key, &card_event(&fields), Profile::Documented, out);
    matches!(result, Err(Error::MissingHeader { .. })) && is_zero(out)
}

fn short_buffer(key: &PrivateKey, _: &mut PrivateKey, out: &mut [u8; FIELD_LEN]) -> bool {
    let request = card_event(&CARD_EVENT_FIELDS);
    let Some(short) = out.get_mut(..100) else {
        return false;
    };
    let Err(Error::BufferTooSmall { needed }) =
        sign_message(key, &request, Profile::Documented, short)
    else {
        return false;
    };
    let exact = out.get_mut(..needed).unwrap_or_default();
    sign_message(key, &request, Profile::Documented, exact).is_ok_and(|field| field.len() == needed)
}

fn tampered_body(key: &PrivateKey, _: &mut PrivateKey, out: &mut [u8; FIELD_LEN]) -> bool {
    with_signed(key, out, |fields| {
        let mut request = card_event(fields);
        request.body =
            br#"{"event":"card","door":18,"card":"04A2246B5C6180","at":"2020-05-17T14:44:30"}"#;
        let verifier = Verifier::new(key.public_key(), Profile::Documented);
        verifier
            .verify(&request, at(NOW))
            .is_err_and(|error| error == Error::SignatureMismatch)
    })
}

fn stale_date(key: &PrivateKey, _: &mut PrivateKey, out: &mut [u8; FIELD_LEN]) -> bool {
    with_signed(key, out, |fields| {
        let request = card_event(fields);
        let verifier = Verifier::new(key.public_key(), Profile::Documented);
        let after = |seconds| verifier.verify(&request, at(NOW + seconds));
        after(300).is_ok() && matches!(after(301), Err(Error::StaleDate { .. }))
    })
}

fn replay(key: &PrivateKey, _: &mut PrivateKey, out: &mut [u8; FIELD_LEN]) -> bool {
    with_signed(key, out, |fields| {
        let request = card_event(fields);
        let verifier = Verifier::new(key.public_key(), Profile::Documented);
        let mut guard = ReplayGuard::<4>::new();
        let first = verifier.verify_once(&request, at(NOW), &mut guard).is_ok();
        let second = verifier.verify_once(&request, at(NOW + 1), &mut guard);
        first && matches!(second, Err(Error::Replayed))
    })
}

fn is_zero(out: &[u8]) -> bool {
    out.iter().all(|byte| *byte == 0)
}
