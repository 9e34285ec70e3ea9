//! Signing and verifying the controller's messages under both profiles.

use core::ffi::CStr;

use daxsign_core::{HeaderField, Profile, Request, Timestamp, Verifier};
use daxsign_firmware::measure::measure;

use crate::bench::Bench;
use crate::controller::{
    CARD_EVENT_FIELDS, CONTEXT_FIELDS, NOW, card_event, question, sign_message,
};

type Message = for<'a> fn(&'a [HeaderField<'a>]) -> Request<'a>;

/// The profiles with the names of the operations.
const SIGN: [(Profile, &CStr); 2] = [
    (Profile::Documented, c"sign"),
    (Profile::VendorSdk, c"sign-sdk"),
];

/// Measures signing and verifying each message under each profile. The card event gives the lines;
/// the question must come out right too.
pub fn both_messages(bench: &mut Bench, bits: usize) {
    for (profile, operation) in SIGN {
        message(
            bench,
            bits,
            profile,
            operation,
            c"verify",
            card_event,
            CARD_EVENT_FIELDS,
        );
    }
    let (profile, _) = SIGN[0];
    message(
        bench,
        bits,
        profile,
        c"sign-get",
        c"verify-get",
        question,
        CONTEXT_FIELDS,
    );
}

fn message(
    bench: &mut Bench,
    bits: usize,
    profile: Profile,
    sign: &CStr,
    verify: &CStr,
    message: Message,
    fields: [HeaderField<'static>; 4],
) {
    let Bench {
        counter,
        key,
        field,
        ..
    } = &mut *bench;
    let request = core::hint::black_box(message(&fields));
    let (signed, cost) = measure(counter, || sign_message(&**key, &request, profile, field));
    let Ok(value) = signed else {
        return bench.line(sign, bits, cost, false);
    };
    let [host, kind, length, date] = fields;
    let sent = [
        host,
        kind,
        length,
        date,
        HeaderField::new("Signature", value),
    ];
    let received = core::hint::black_box(message(&sent));
    let verifier = Verifier::new(key.public_key(), profile);
    let Ok(now) = Timestamp::from_unix(NOW, 0) else {
        return bench.line(sign, bits, cost, false);
    };
    let (verified, verify_cost) = measure(counter, || verifier.verify(&received, now).is_ok());
    bench.line(sign, bits, cost, true);
    // It differs by one hash only.
    if profile == Profile::Documented {
        bench.line(verify, bits, verify_cost, verified);
    }
    bench.good &= verified;
}
