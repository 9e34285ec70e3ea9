//! Verifies a request that it reads from standard input.
//!
//! `cargo run -p daxsign-core --example verify -- client.pub.pem <signed.http`
#![allow(clippy::print_stdout, reason = "what an example is for")]

use daxsign_core::{Profile, PublicKey, Verifier};

#[allow(dead_code, reason = "each example takes what it needs")]
mod common;

fn main() -> Result<(), common::AnyError> {
    let path = std::env::args()
        .nth(1)
        .ok_or("usage: verify KEY-FILE <REQUEST")?;
    // The sender's, found by who was authenticated: the field `Signature` names no key.
    let key = PublicKey::from_bytes(&std::fs::read(path)?)?;

    let received = common::Received::read()?;
    let fields = received.fields();
    let request = received.request(&fields);
    // Nothing of the request may be acted on before this.
    let verified = Verifier::new(&key, Profile::Documented).verify(&request, common::now()?)?;

    for component in verified.components.iter() {
        println!("covered: {component}");
    }
    // Ask before acting on a field: what is not listed is not protected.
    if !verified.components.contains("x-door") {
        println!("not covered: x-door");
    }
    Ok(())
}
