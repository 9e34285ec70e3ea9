//! `daxsign sign`: adds the `Signature` field to a request and leaves every other byte as it was.

use daxsign_core::{
    Components, Error, HeaderField, PrivateKey, Profile, Request, SIGNATURE_FIELD, SignatureHeader,
    signature_header_len,
};
use daxsign_http::RawRequest;

use crate::arguments::{Print, SignArguments};
use crate::failure::Failure;
use crate::input::Input;
use crate::request_file::{component_list, header_field, parse_request};
use crate::{clock, key_file, notes, output, place, profile, stored};

const DATE: &str = "Date";
const CONTENT_LENGTH: &str = "Content-Length";
/// Methods whose requests have a body, if only an empty one (RFC 9110 8.6).
const METHODS_WITH_BODY: [&[u8]; 3] = [b"POST", b"PUT", b"PATCH"];

/// Runs the command.
pub(crate) fn run(arguments: &SignArguments) -> Result<(), Failure> {
    let profile: Profile = profile::choose(arguments.profile, stored::profile)?.into();
    let file = output::new_file(arguments.out.file.as_deref())?;
    let (key, input) = Input::read_both(&arguments.key, &arguments.request.path)?;
    let key = key_file::private(&key)?;
    let raw = parse_request(&input)?;
    let added = if arguments.complete {
        missing_fields(&raw)?
    } else {
        Vec::new()
    };
    let headers = headers_to_sign(&raw, &added);
    let request = Request::new(raw.method, raw.target, &headers, raw.body());
    let components = component_list(arguments.list.headers.as_deref(), &request)?
        .for_policy(arguments.policy.into());
    let value = signature(arguments, profile, &key, &request, &components)
        .map_err(|error| refused(&error, &place::describe(&error, &input.name, &raw), &raw))?;
    tell(profile, &raw, &request, &components);
    let out = match arguments.print {
        Print::Request => signed_request(&raw, &added, &value),
        Print::Header => format!("{value}\n").into_bytes(),
        Print::Signature => signature_line(&value),
    };
    output::product(&out, file)
}

/// The fields that `--complete` adds.
fn missing_fields(raw: &RawRequest<'_>) -> Result<Vec<(&'static str, String)>, Failure> {
    let mut added = Vec::new();
    if raw.named(DATE).next().is_none() {
        added.push((DATE, clock::date_text(clock::now()?)));
    }
    let wants_length = !raw.body().is_empty() || METHODS_WITH_BODY.contains(&raw.method);
    if wants_length && raw.named(CONTENT_LENGTH).next().is_none() {
        added.push((CONTENT_LENGTH, raw.body().len().to_string()));
    }
    Ok(added)
}

/// The request's fields without an old signature, then those added.
fn headers_to_sign<'a>(
    raw: &RawRequest<'a>,
    added: &'a [(&'static str, String)],
) -> Vec<HeaderField<'a>> {
    raw.fields
        .iter()
        .filter(|field| !field.is(SIGNATURE_FIELD))
        .map(header_field)
        .chain(
            added
                .iter()
                .map(|(name, value)| HeaderField::new(*name, value)),
        )
        .collect()
}

/// The value of the `Signature` field.
fn signature(
    arguments: &SignArguments,
    profile: Profile,
    key: &PrivateKey,
    request: &Request<'_>,
    components: &Components<'_>,
) -> Result<String, Error> {
    let bits = key.public_key().modulus_bits();
    let mut out = vec![0; signature_header_len(bits, components.encoded_len())];
    let options = arguments.target.options_with(&arguments.content);
    daxsign_core::RequestSigner::new(key, profile)
        .components(*components)
        .options(options)
        .sign(request, &mut out)
        .map(str::to_owned)
}

/// The refusal, with a hint where an option helps.
fn refused(error: &Error, place: &str, raw: &RawRequest<'_>) -> Failure {
    let hint = match error {
        Error::MissingHeader { name, .. } if matches!(name.as_str(), "date" | "content-length") => {
            Some("--complete adds a missing Date and Content-Length".to_owned())
        }
        Error::UnboundBody { .. } => Some(
            "--complete adds it; --policy interop signs for a verifier that does without it"
                .to_owned(),
        ),
        _ => None,
    };
    Failure::refused(error, place)
        .with_hint(hint)
        .with_hint(place::hint(error, raw))
}

/// What the sender should know about the signature just made, on standard error.
fn tell(
    profile: Profile,
    raw: &RawRequest<'_>,
    request: &Request<'_>,
    components: &Components<'_>,
) {
    output::labelled("profile", profile.name());
    if raw.named(SIGNATURE_FIELD).next().is_some() {
        output::labelled(
            "note",
            "the Signature field that the request had was replaced",
        );
    }
    let bound = components.contains("content-length") && components.ends_with("date");
    if !request.body.is_empty() && !bound {
        output::labelled(
            "note",
            "the list does not bind the body, so a strict verifier refuses it: list content-length \
             and put date last (--complete adds a missing Content-Length)",
        );
    }
    if !raw.has_blank_line() {
        output::labelled(
            "note",
            "the file has no blank line after its header fields: add one before sending",
        );
    }
    for note in notes::for_sender(raw, request, clock::now().ok()) {
        output::labelled("note", &note);
    }
}

/// The request with what was added, the signature last.
fn signed_request(
    raw: &RawRequest<'_>,
    added: &[(&'static str, String)],
    signature: &str,
) -> Vec<u8> {
    let mut fields: Vec<(&str, &str)> = Vec::new();
    fields.extend(added.iter().map(|(name, value)| (*name, value.as_str())));
    fields.push((SIGNATURE_FIELD, signature));
    raw.edited(SIGNATURE_FIELD, &fields)
}

/// The base64 out of the field's value.
fn signature_line(value: &str) -> Vec<u8> {
    SignatureHeader::parse(value)
        .map(|header| [header.signature_base64(), b"\n"].concat())
        .unwrap_or_default()
}
