//! How much flash the library adds to a program: built with nothing of it, and with the features
//! `footprint-sign` and `footprint-verify`. Everything comes from outside, so that nothing is
//! worked out by the compiler, and no key or message counts.
#![no_std]
#![no_main]

use daxsign_firmware::board;

/// Bytes that the compiler knows nothing of.
#[allow(dead_code)]
fn outside() -> &'static [u8] {
    core::hint::black_box(&[])
}

#[cfg(feature = "footprint-sign")]
fn signing() -> bool {
    use daxsign_core::{Components, HeaderField, PrivateKey, Profile, Request, RequestSigner};
    let profile = core::hint::black_box(Profile::Documented);
    let fields = [HeaderField::new(outside(), outside()); 4];
    let request = Request::new(outside(), outside(), &fields, outside());
    let list = Components::default_for(&request);
    let mut key = PrivateKey::empty();
    let mut out = [0; 600];
    key.load(outside()).is_ok()
        && RequestSigner::new(&key, profile)
            .components(list)
            .sign(&request, &mut out)
            .is_ok()
        && core::hint::black_box(&out)[0] != 0
        && requesting(&key)
}

/// With `footprint-request`, the same key also signs a request for its certificate, in DER.
#[cfg(feature = "footprint-sign")]
fn requesting(key: &daxsign_core::PrivateKey) -> bool {
    #[cfg(not(feature = "footprint-request"))]
    let good = core::ptr::eq(key, key);
    #[cfg(feature = "footprint-request")]
    let good = {
        use daxsign_core::{CertificateRequest, KeyEncoding};
        let names = core::hint::black_box(&NAMES);
        let mut out = [0; 897];
        let request = CertificateRequest::dax(key.public_key(), names);
        request.is_ok_and(|request| request.write(key, KeyEncoding::Der, &mut out).is_ok())
            && core::hint::black_box(&out)[0] != 0
    };
    good
}

#[cfg(feature = "footprint-request")]
static NAMES: daxsign_core::DaxNames<'static> = daxsign_core::DaxNames {
    instance_id: "",
    partner_id: "",
    environment: "",
    country: "",
    locality: "",
    organization: "",
    unit: "",
};

#[cfg(feature = "footprint-verify")]
fn verifying() -> bool {
    use daxsign_core::{
        HeaderField, Profile, PublicKey, ReplayGuard, Request, Timestamp, Verifier,
    };
    let profile = core::hint::black_box(Profile::Documented);
    let fields = [HeaderField::new(outside(), outside()); 4];
    let request = Request::new(outside(), outside(), &fields, outside());
    let mut guard = ReplayGuard::<8>::new();
    let Ok(now) = Timestamp::from_unix(core::hint::black_box(0), 0) else {
        return false;
    };
    PublicKey::from_bytes(outside()).is_ok_and(|key| {
        Verifier::new(&key, profile)
            .verify_once(&request, now, &mut guard)
            .is_ok()
    })
}

#[unsafe(no_mangle)]
extern "C" fn main() -> ! {
    #[allow(unused_mut)]
    let mut good = !outside().is_empty();
    #[cfg(feature = "footprint-sign")]
    {
        good |= signing();
    }
    #[cfg(feature = "footprint-verify")]
    {
        good |= verifying();
    }
    board::exit(usize::from(!core::hint::black_box(good)))
}
