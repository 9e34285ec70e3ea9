//! Every operation of the core behind a symbol of its own, with inputs that the compiler cannot
//! know. `tests/no-std` links it for microcontrollers and looks for what must not be there.
#![cfg_attr(target_os = "none", no_std)]

use daxsign_core::{
    Certificate, CertificateFile, CertificateRequest, Components, DaxNames, EnrolError, Error,
    HeaderField, KeyEncoding, KeyFormat, ObjectIdentifier, Options, PrivateKey, Profile, PublicKey,
    RandomnessFailed, ReplayEntry, ReplaySlice, ReplayState, Request, RequestFile, RequestSigner,
    SigningStream, SliceSink, Thumbprint, ThumbprintKind, Timestamp, TrustAnchor, Variation,
    Verifier, explain, identify_key, signing_string,
};

/// Bytes that come from outside.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Bytes {
    start: *const u8,
    len: usize,
}

impl Bytes {
    fn get<'a>(self) -> &'a [u8] {
        // SAFETY: nothing calls this; the program is linked and looked at, never run.
        unsafe { core::slice::from_raw_parts(self.start, self.len) }
    }
}

/// A request that comes from outside.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Input {
    method: Bytes,
    target: Bytes,
    names: [Bytes; 3],
    values: [Bytes; 3],
    body: Bytes,
    list: Bytes,
    key: Bytes,
    seconds: i64,
}

/// Calls `operation` with the request, its list and the time.
fn with_request(
    input: &Input,
    operation: impl FnOnce(&Request<'_>, &Components<'_>, Timestamp) -> Result<(), Error>,
) -> bool {
    let field = |index: usize| {
        let name = input.names.get(index).map_or(&[][..], |name| name.get());
        let value = input.values.get(index).map_or(&[][..], |value| value.get());
        HeaderField::new(name, value)
    };
    let fields = [field(0), field(1), field(2)];
    let request = Request::new(
        input.method.get(),
        input.target.get(),
        &fields,
        input.body.get(),
    );
    let list = input.list.get();
    let list = if list.is_empty() {
        Ok(Components::default_for(&request))
    } else {
        Components::parse(list)
    };
    let now = Timestamp::from_unix(input.seconds, 0);
    list.and_then(|list| operation(&request, &list, now?))
        .is_ok()
}

/// Signing with a key file.
#[unsafe(no_mangle)]
pub extern "C" fn embedded_sign(input: &Input, out: &mut [u8; 1024]) -> bool {
    with_request(input, |request, list, _| {
        let mut key = PrivateKey::empty();
        key.load(input.key.get())?;
        RequestSigner::new(&key, Profile::Documented)
            .components(*list)
            .sign(request, out)
            .map(drop)
    })
}

/// Making a key with a source of randomness, and writing it as a file.
#[unsafe(no_mangle)]
pub extern "C" fn embedded_generate(
    bits: usize,
    random: extern "C" fn(*mut u8, usize) -> bool,
    feed: extern "C" fn(),
    key: &mut PrivateKey,
    format: usize,
    out: &mut [u8; 4096],
) -> bool {
    let mut fill = |bytes: &mut [u8]| {
        let filled = random(bytes.as_mut_ptr(), bytes.len());
        filled.then_some(()).ok_or(RandomnessFailed)
    };
    key.generate(bits, &mut fill, &mut || feed()).is_ok()
        && KeyFormat::ALL
            .get(format)
            .is_some_and(|format| key.write(*format, out).is_ok())
}

/// Asking for a certificate.
#[unsafe(no_mangle)]
pub extern "C" fn embedded_request(
    texts: &[Bytes; 9],
    key: &PrivateKey,
    pem: bool,
    out: &mut [u8; 4096],
) -> bool {
    let [
        instance_id,
        partner_id,
        environment,
        country,
        locality,
        organization,
        unit,
        oid,
        value,
    ] = texts.map(|text| str::from_utf8(text.get()).unwrap_or_default());
    let names = DaxNames {
        instance_id,
        partner_id,
        environment,
        country,
        locality,
        organization,
        unit,
    };
    let encoding = if pem {
        KeyEncoding::Pem
    } else {
        KeyEncoding::Der
    };
    let oid = ObjectIdentifier::parse(oid);
    CertificateRequest::dax(key.public_key(), &names).is_ok_and(|mut request| {
        oid.as_ref()
            .is_some_and(|oid| request.add_name(oid, value).is_ok())
            && request.add_dns_name(value).is_ok()
            && request.write(key, encoding, out).is_ok()
    })
}

/// Reading a request for a certificate, and saying what is wrong with it.
#[unsafe(no_mangle)]
pub extern "C" fn embedded_asked(file: Bytes, out: &mut [u8; 1024]) -> usize {
    let mut sink = SliceSink::new(out);
    match RequestFile::from_bytes(file.get()) {
        Ok(request) => {
            request.subject().write_text(&mut sink);
            for name in request.extensions().alternative_names() {
                name.write_text(&mut sink);
            }
        }
        Err(error) => error.write_message(&mut sink),
    }
    sink.finish().map_or(0, |text| text.len())
}

/// Whether a certificate is a pinned authority's, and the one with a thumbprint.
#[unsafe(no_mangle)]
pub extern "C" fn embedded_trust(
    pinned: Bytes,
    between: Bytes,
    file: Bytes,
    thumbprint: Bytes,
    seconds: i64,
) -> bool {
    let verify = || {
        let authority = CertificateFile::from_bytes(pinned.get())?;
        let certificate = CertificateFile::from_bytes(file.get())?;
        let other = CertificateFile::from_bytes(between.get())?;
        let now = Timestamp::from_unix(seconds, 0)?;
        TrustAnchor::from_certificate(&authority)?.verify(&certificate, &[other], now)?;
        let text = str::from_utf8(thumbprint.get()).unwrap_or_default();
        let wanted = Thumbprint::parse(text)?;
        Ok::<_, EnrolError>(wanted == certificate.thumbprint(ThumbprintKind::Sha1))
    };
    verify() == Ok(true)
}

/// Hashing a request in pieces.
#[unsafe(no_mangle)]
pub extern "C" fn embedded_stream(input: &Input, out: &mut [u8; 32]) -> bool {
    with_request(input, |request, list, _| {
        let mut stream = SigningStream::new(request, list, Options::default(), None)?;
        stream.update(input.key.get())?;
        *out = stream.finish(Profile::VendorSdk)?.0;
        Ok(())
    })
}

/// Writing a signing string.
#[unsafe(no_mangle)]
pub extern "C" fn embedded_string(input: &Input, out: &mut [u8; 1024]) -> bool {
    with_request(input, |request, list, _| {
        signing_string(request, list, Options::default(), out).map(drop)
    })
}

/// Verifying a request once, in as many of the places as the caller says.
#[unsafe(no_mangle)]
pub extern "C" fn embedded_verify(
    input: &Input,
    places: usize,
    entries: &mut [ReplayEntry; 8],
    state: &mut ReplayState,
) -> bool {
    with_request(input, |request, _, now| {
        let guard = &mut ReplaySlice::new(entries.get_mut(..places).unwrap_or_default(), state);
        let key = PublicKey::from_bytes(input.key.get())?;
        let verifier = Verifier::new(&key, Profile::Documented);
        verifier.verify_once(request, now, guard).map(drop)
    })
}

/// Finding out what a signature covers.
#[unsafe(no_mangle)]
pub extern "C" fn embedded_explain(input: &Input) -> bool {
    with_request(input, |request, _, _| {
        let key = PublicKey::from_bytes(input.key.get())?;
        explain(&key, request, Options::default()).map(drop)
    })
}

/// Reading a certificate.
#[unsafe(no_mangle)]
pub extern "C" fn embedded_certificate(input: &Input) -> i64 {
    let file = input.key.get();
    let certificate = identify_key(file).and_then(|_| Certificate::from_bytes(file));
    certificate.map_or(0, |certificate| certificate.not_after().seconds())
}

/// Formatting a date.
#[unsafe(no_mangle)]
pub extern "C" fn embedded_date(input: &Input, out: &mut [u8; 28]) -> bool {
    let text = Timestamp::from_unix(input.seconds, 0).and_then(|time| time.format());
    text.map(|text| {
        for (slot, byte) in out.iter_mut().zip(text.as_str().bytes()) {
            *slot = byte;
        }
    })
    .is_ok()
}

/// Saying what is wrong with a list.
#[unsafe(no_mangle)]
pub extern "C" fn embedded_message(input: &Input, out: &mut [u8; 256]) -> usize {
    let mut sink = SliceSink::new(out);
    if let Err(error) = Components::parse(input.list.get()) {
        error.write_message(&mut sink);
    }
    sink.finish().map_or(0, |text| text.len())
}

/// Saying what a signer did that is known by name.
#[unsafe(no_mangle)]
pub extern "C" fn embedded_variation(input: &Input, out: &mut [u8; 256]) -> usize {
    let mut sink = SliceSink::new(out);
    if let Some(variation) = str::from_utf8(input.key.get())
        .ok()
        .and_then(Variation::parse)
    {
        variation.write_text(&mut sink);
    }
    sink.finish().map_or(0, |text| text.len())
}

/// No operation: it shows that the search for code that panics finds some where there is some.
#[unsafe(no_mangle)]
pub extern "C" fn planted_panic(input: &Input) -> u8 {
    input.key.get()[input.body.len]
}

#[cfg(target_os = "none")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
