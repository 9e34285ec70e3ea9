//! Signs a request whose body is a file of any size, read in pieces.
//!
//! `cargo run -p daxsign-core --example stream -- client.pem large.json`
#![allow(clippy::print_stdout, reason = "what an example is for")]

use std::fs::File;
use std::io::Read;

use daxsign_core::{
    Components, HeaderField, Options, PrivateKey, Profile, Request, SigningStream, sign_digest,
    signature_header_len,
};

#[allow(dead_code, reason = "each example takes what it needs")]
mod common;

fn main() -> Result<(), common::AnyError> {
    let mut arguments = std::env::args().skip(1);
    let (Some(key), Some(body)) = (arguments.next(), arguments.next()) else {
        return Err("usage: stream KEY-FILE BODY-FILE".into());
    };
    let key = PrivateKey::from_bytes(&std::fs::read(key)?)?;
    let mut body = File::open(body)?;

    // `Content-Length` goes out before the body, so the length must be known.
    let length = body.metadata()?.len();
    let date = common::now()?.format()?;
    let text = length.to_string();
    let mut fields = vec![
        HeaderField::new("Host", "dax.amido.se"),
        HeaderField::new("Content-Length", &text),
        HeaderField::new("Date", &date),
    ];
    let head = Request::new("PUT", "/api/v2/DaxEndPoint", &fields, "");
    let list = Components::parse("(request-target) host content-length date")?;
    let mut stream = SigningStream::new(&head, &list, Options::default(), Some(length))?;
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = body.read(&mut piece)?;
        if read == 0 {
            break;
        }
        stream.update(piece.get(..read).unwrap_or_default())?;
    }
    let digest = stream.finish(Profile::Documented)?;
    let mut buffer = [0; signature_header_len(4096, 128)];
    let value = sign_digest(&key, &digest, &list, &mut buffer)?;

    fields.push(HeaderField::new("Signature", value));
    common::print("PUT /api/v2/DaxEndPoint", &fields, "");
    Ok(())
}
