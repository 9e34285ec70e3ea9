//! The good cases of the test vectors, all of them: each signature comes out byte for byte.

use daxsign_core::{
    Components, HeaderField, Headers, Options, Profile, Request, RequestSigner,
    signature_header_len,
};
use daxsign_firmware::measure::{Cost, measure};
use daxsign_firmware::report;

use crate::bench::Bench;
use crate::keys;

/// A case.
pub struct Vector {
    request: Request<'static>,
    components: &'static [&'static str],
    signatures: &'static [Expected],
}

// SAFETY: it is constant data; the trait object that `Headers` could hold is in none of them.
unsafe impl Sync for Vector {}

/// The field that must come out.
pub struct Expected {
    bits: usize,
    profile: Profile,
    field: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/vectors.rs"));

/// Signs and compares; one line for each key.
pub fn all(bench: &mut Bench) {
    for files in keys::ALL {
        let mut good = bench.key.load(files.der).is_ok();
        let (mut total, mut cases) = (Cost::default(), 0);
        for vector in &VECTORS {
            for expected in vector.signatures {
                if expected.bits == files.bits {
                    good &= one(bench, vector, expected, &mut total);
                    cases += 1;
                }
            }
        }
        bench.line_with(
            c"vectors",
            files.bits,
            total,
            || report::field(c" cases=", cases),
            good,
        );
    }
}

fn one(bench: &mut Bench, vector: &Vector, expected: &Expected, total: &mut Cost) -> bool {
    let Ok(list) = Components::from_names(vector.components) else {
        return false;
    };
    let len = signature_header_len(expected.bits, list.encoded_len());
    let Some(field) = bench.field.get_mut(..len) else {
        return false;
    };
    let key = &*bench.key;
    let options = Options::default();
    let (signed, cost) = measure(&bench.counter, || {
        RequestSigner::new(key, expected.profile)
            .components(list)
            .options(options)
            .sign(&vector.request, field)
    });
    total.add(cost);
    signed.is_ok_and(|field| field == expected.field)
}
