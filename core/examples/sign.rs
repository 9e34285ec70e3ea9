//! Signs a request and prints it as it goes over the wire.
//!
//! `cargo run -p daxsign-core --example sign -- client.pem '{"hello": "world"}'`
#![allow(clippy::print_stdout, reason = "what an example is for")]

use daxsign_core::{
    HeaderField, PrivateKey, Profile, Request, RequestSigner, signature_header_len,
};

#[allow(dead_code, reason = "each example takes what it needs")]
mod common;

fn main() -> Result<(), common::AnyError> {
    let mut arguments = std::env::args().skip(1);
    let (Some(key), Some(body)) = (arguments.next(), arguments.next()) else {
        return Err("usage: sign KEY-FILE BODY".into());
    };
    let key = PrivateKey::from_bytes(&std::fs::read(key)?)?;

    let date = common::now()?.format()?;
    let length = body.len().to_string();
    let mut fields = vec![
        HeaderField::new("Host", "dax.amido.se"),
        HeaderField::new("Content-Type", "application/json"),
        HeaderField::new("Content-Length", &length),
        HeaderField::new("Date", &date),
    ];
    let request = Request::new("POST", "/api/v2/DaxEndPoint", &fields, &body);
    let mut buffer = [0; signature_header_len(4096, 128)];
    let value = RequestSigner::new(&key, Profile::Documented).sign(&request, &mut buffer)?;

    fields.push(HeaderField::new("Signature", value));
    common::print("POST /api/v2/DaxEndPoint", &fields, &body);
    Ok(())
}
