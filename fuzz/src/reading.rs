//! The core's answers, with what must agree among them.

use daxsign_core::{
    Components, ContentPolicy, Error, Options, Profile, Request, SigningStream, TargetForm,
    signing_digest, signing_string, signing_string_len,
};

use sha2::{Digest as _, Sha256};

use crate::model::ModelOptions;
use crate::request::OwnedRequest;

/// The core's form of the options.
#[must_use]
pub fn core_options(options: ModelOptions) -> Options {
    Options {
        target: if options.full_target {
            TargetForm::Full
        } else {
            TargetForm::Path
        },
        content: if options.rest {
            ContentPolicy::Rest
        } else {
            ContentPolicy::Any
        },
    }
}

/// The list as it is sent.
#[must_use]
pub fn write_list(components: &Components<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    components.write_to(&mut |bytes: &[u8]| text.extend_from_slice(bytes));
    text
}

/// The core's signing string; its length, its digest and what a buffer that is too small gets must
/// agree with it.
///
/// # Errors
/// The core's.
pub fn string(
    request: &Request<'_>,
    components: &Components<'_>,
    options: Options,
) -> Result<Vec<u8>, Error> {
    let len = signing_string_len(request, components, options);
    let room = len.unwrap_or(64);
    let mut out = vec![0xAA; room];
    let string = signing_string(request, components, options, &mut out).map(<[u8]>::to_vec);
    assert_eq!(len, string.as_ref().map(Vec::len).map_err(|error| *error));
    if string.is_err() {
        assert!(out.iter().all(|byte| *byte == 0), "output after an error");
    }
    if let Some(less) = len.ok().and_then(|len| len.checked_sub(1)) {
        let mut small = vec![0xAA; less];
        let error = signing_string(request, components, options, &mut small).map(<[u8]>::len);
        assert_eq!(error, Err(Error::BufferTooSmall { needed: room }));
        assert!(small.iter().all(|byte| *byte == 0), "output after an error");
    }
    for profile in Profile::ALL {
        let digest = signing_digest(request, components, profile, options);
        let expected = string.as_ref().map(|string| digest_of(profile, string));
        assert_eq!(digest.map(|d| d.0), expected.map_err(|error| *error));
    }
    string
}

/// The digest of a request whose body comes in pieces.
///
/// # Errors
/// The core's.
pub fn stream(
    request: &OwnedRequest,
    components: &Components<'_>,
    options: Options,
    piece: usize,
    is_known: bool,
) -> Result<[u8; 32], Error> {
    let fields = request.fields();
    let head = request.borrow_head(&fields);
    let len = u64::try_from(request.body.len()).expect("64 bits suffice");
    let mut stream = SigningStream::new(&head, components, options, is_known.then_some(len))?;
    for piece in request.body.chunks(piece.max(1)) {
        stream.update(piece)?;
    }
    Ok(stream.finish(Profile::Documented)?.0)
}

/// The digest that is signed for a string, by another crate.
fn digest_of(profile: Profile, string: &[u8]) -> [u8; 32] {
    let hash = Sha256::digest(string);
    match profile {
        Profile::Documented => hash.into(),
        Profile::VendorSdk => Sha256::digest(hash).into(),
    }
}
