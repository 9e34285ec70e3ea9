//! What is left of a key where it must not be: in the dead stack, and in its place once wiped.

use daxsign_core::{PrivateKey, Profile};
use daxsign_firmware::measure::{Cost, count_words, residue};
use daxsign_firmware::report;

use crate::bench::Bench;
use crate::controller::{CARD_EVENT_FIELDS, card_event, sign_message};
use crate::keys::Files;

/// Words of d, p, q, dP, dQ and qInv (`words`, must be 0) in the dead stack after loading from PEM,
/// from DER, and after signing, and in the key's place after wiping. Two searches where there is
/// something must find it.
pub fn after_everything(bench: &mut Bench, files: Files) {
    let Bench { key, field, .. } = &mut *bench;
    let secret = files.secret;
    let mut good = true;
    let planted = residue(secret, || leave_on_stack(secret));
    good &= planted >= 1;
    let pem = residue(secret, || good &= key.load(files.pem).is_ok());
    let der = residue(secret, || good &= key.load(files.der).is_ok());
    let signing = residue(secret, || {
        let request = card_event(&CARD_EVENT_FIELDS);
        good &= sign_message(&**key, &request, Profile::Documented, field).is_ok();
    });
    let place = (&raw const **key) as usize;
    let end = place + size_of::<PrivateKey>();
    good &= count_words(secret, place, end) > 0;
    key.wipe();
    let wiped = count_words(secret, place, end);
    good &= key.load(files.der).is_ok();
    let words = pem + der + signing + wiped;
    let more = || {
        report::field(c" words=", words);
        report::field(c" load=", pem + der);
        report::field(c" sign=", signing);
    };
    let cost = Cost::default();
    bench.line_with(c"residue", files.bits, cost, more, good && words == 0);
}

/// What an operation would do that does not clean up.
#[inline(never)]
fn leave_on_stack(secret: &[u32]) {
    let mut copy = [0; 8];
    for (slot, word) in copy.iter_mut().zip(secret) {
        *slot = *word;
    }
    core::hint::black_box(&copy);
}
