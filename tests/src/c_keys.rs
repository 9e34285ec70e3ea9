//! The keys of the vectors as C data, for firmware that has its key in flash, and the bytes that firmware
//! makes its key of.

use std::fmt::{Display, Write};

use crate::cases::key_file;
use crate::rsa_keys::KeyNumbers;

const BITS: [u32; 3] = [2048, 3072, 4096];

/// A header with `KEY_PEM_2048` (PKCS#8), `KEY_DER_2048` (PKCS#1) and `SECRET_2048` for each size: the
/// 32-bit words of d, p, q, dP, dQ and qInv, to look for where they must not be.
#[must_use]
pub fn keys_header() -> String {
    let mut code = String::from("#include <stdint.h>\n\n");
    for bits in BITS {
        let der = key_file(&format!("rsa{bits}.pkcs1.der"));
        let key = KeyNumbers::from_pkcs1_der(&der);
        let secrets = [&key.d, &key.p, &key.q, &key.d_p, &key.d_q, &key.q_inv];
        let words = secrets.iter().flat_map(|number| number.to_u32_digits());
        let pem = key_file(&format!("rsa{bits}.pkcs8.pem"));
        array(&mut code, "unsigned char", &format!("KEY_PEM_{bits}"), pem);
        array(&mut code, "unsigned char", &format!("KEY_DER_{bits}"), der);
        array(&mut code, "uint32_t", &format!("SECRET_{bits}"), words);
    }
    code
}

/// A header with `RANDOMNESS`, the stream of which every board makes the same key.
#[must_use]
pub fn randomness_header() -> String {
    let mut code = String::new();
    let stream = include_bytes!("../vectors/generated2048.random");
    array(&mut code, "unsigned char", "RANDOMNESS", stream);
    code
}

fn array(
    code: &mut String,
    kind: &str,
    name: &str,
    values: impl IntoIterator<Item = impl Display>,
) {
    write!(code, "static const {kind} {name}[] = {{").unwrap();
    for value in values {
        write!(code, "{value}u,").unwrap();
    }
    code.push_str("};\n");
}
