//! What a request signs, and the request itself, for eyes and for files.

use daxsign_client::OutgoingRequest;
use daxsign_core::{
    Components, ContentPolicy, Error, HeaderField, Options, Request, Sha256, TargetForm,
    write_signing_string,
};

use crate::failure::Failure;
use crate::hex::hex;
use crate::output;
use crate::rest::connection::Way;
use crate::terminal::visible_lines;

/// What stands for the token in a request that is not sent.
pub(crate) const TOKEN: &str = "TOKEN";

/// The request as HTTP/1.1, byte for byte.
pub(crate) fn http(request: &OutgoingRequest) -> Vec<u8> {
    let method = request.method.as_str();
    let mut text = format!("{method} {} HTTP/1.1\r\n", request.address.target).into_bytes();
    for (name, value) in &request.headers {
        text.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    text.extend_from_slice(b"\r\n");
    text.extend_from_slice(&request.body);
    text
}

/// Tells standard error what is signed.
pub(crate) fn explain(request: &OutgoingRequest, way: &Way) -> Result<(), Failure> {
    let string = string(request, way).map_err(|error| Failure::refused(&error, "--headers"))?;
    let method = request.method.as_str();
    let address = &request.address;
    output::labelled(
        "request",
        &format!("{method} {}{}", address.origin, address.target),
    );
    for line in visible_lines(&string) {
        // A token that is signed is still not for every eye.
        let shown = match line.split_once(": ") {
            Some(("authorization", _)) => "authorization: (hidden)",
            _ => &line,
        };
        output::labelled("signed", shown);
    }
    output::labelled("its SHA-256", &hex(&Sha256::digest(&string)));
    output::labelled("not signed", &not_signed(request, way));
    if let Some(value) = request.field("signature") {
        output::labelled("signature", value);
    }
    Ok(())
}

/// The bytes that are signed.
fn string(request: &OutgoingRequest, way: &Way) -> Result<Vec<u8>, Error> {
    let fields: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| HeaderField::new(name.as_bytes(), value))
        .collect();
    let method = request.method.as_str();
    let whole = Request::new(method, &request.address.target, &fields, &request.body);
    let options = Options {
        target: TargetForm::Path,
        content: ContentPolicy::Rest,
    };
    let components = Components::parse(&way.headers)?;
    let mut string = Vec::new();
    let mut sink = |bytes: &[u8]| string.extend_from_slice(bytes);
    write_signing_string(&whole, &components, options, &mut sink)?;
    Ok(string)
}

fn not_signed(request: &OutgoingRequest, way: &Way) -> String {
    let listed = |name: &str| {
        let mut names = way.headers.split(' ');
        names.any(|listed| listed.eq_ignore_ascii_case(name))
    };
    let fields = request.headers.iter().map(|(name, _)| &**name);
    let fields = fields.filter(|name| !listed(name) && !name.eq_ignore_ascii_case("signature"));
    let fields = fields.collect::<Vec<_>>().join(", ").to_lowercase();
    match request.address.target.split_once('?') {
        Some((_, query)) => format!("the query ?{query}; the fields {fields}"),
        None => format!("the fields {fields}"),
    }
}
