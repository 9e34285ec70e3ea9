//! Prints the request that DAX wants for a certificate for a key: what is sent to Amido.
//!
//! `cargo run -p daxsign-core --example request_certificate -- client.pem INSTANCE-ID PARTNER-ID > request.csr`
#![allow(clippy::print_stdout, reason = "what an example is for")]

use daxsign_core::{CertificateRequest, DaxNames, KeyEncoding, PrivateKey};

#[allow(dead_code, reason = "each example takes what it needs")]
mod common;

fn main() -> Result<(), common::AnyError> {
    let mut arguments = std::env::args().skip(1);
    let (Some(key), Some(instance), Some(partner)) =
        (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err("usage: request_certificate KEY-FILE INSTANCE-ID PARTNER-ID".into());
    };
    let key = PrivateKey::from_bytes(&std::fs::read(key)?)?;

    let names = DaxNames {
        instance_id: &instance,
        partner_id: &partner,
        environment: DaxNames::PRODUCTION,
        country: "SE",
        locality: "Gothenburg",
        organization: "Partner Name",
        unit: "IS/IT",
    };
    let request = CertificateRequest::dax(key.public_key(), &names)?;
    let mut buffer = vec![0; request.encoded_len(KeyEncoding::Pem)];
    let pem = request.write(&key, KeyEncoding::Pem, &mut buffer)?;
    print!("{}", std::str::from_utf8(pem)?);
    Ok(())
}
