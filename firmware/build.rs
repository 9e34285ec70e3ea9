//! Makes constants out of the test vectors: requests, the fields expected, and the secret numbers
//! of the keys, to look for in memory. Asserts how many there are.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

const GOOD_CASES: usize = 29;
const SIGNATURES: usize = 70;
const SIGNATURES_2048: usize = 58;
const KEYS: [usize; 3] = [2048, 3072, 4096];

fn main() {
    let vectors = Path::new("../tests/vectors");
    println!("cargo::rerun-if-changed=../tests/vectors");
    println!(
        "cargo::rustc-check-cfg=cfg(daxsign_board, values(\"m0\", \"m3\", \"m4\", \"m33\", \"riscv\"))"
    );
    let out = PathBuf::from(env::var("OUT_DIR").unwrap());
    let mut code = String::new();
    cases(vectors, &out, &mut code);
    fs::write(out.join("vectors.rs"), code).unwrap();
    let mut code = String::new();
    for bits in KEYS {
        secrets(
            &vectors.join(format!("keys/rsa{bits}.pkcs1.der")),
            bits,
            &mut code,
        );
    }
    fs::write(out.join("secrets.rs"), code).unwrap();
}

/// `static VECTORS: [Vector; …]`.
fn cases(vectors: &Path, out: &Path, code: &mut String) {
    let file = fs::read(vectors.join("signing.json")).unwrap();
    let file: Value = serde_json::from_slice(&file).unwrap();
    let cases = file["cases"].as_array().unwrap().iter();
    let good: Vec<&Value> = cases.filter(|case| case.get("error").is_none()).collect();
    assert_eq!(good.len(), GOOD_CASES, "good cases");
    let (mut all, mut of_2048) = (0, 0);
    writeln!(code, "pub static VECTORS: [Vector; {GOOD_CASES}] = [").unwrap();
    for (index, case) in good.iter().enumerate() {
        let request = &case["request"];
        let body = out.join(format!("body-{index}"));
        fs::write(&body, decode(&request["body"])).unwrap();
        writeln!(code, "Vector {{ request: Request {{").unwrap();
        writeln!(
            code,
            "method: b{:?}, target: b{:?},",
            text(&request["method"]),
            text(&request["target"])
        )
        .unwrap();
        writeln!(code, "headers: Headers::List(&[").unwrap();
        for pair in request["headers"].as_array().unwrap() {
            let (name, value) = (text(&pair[0]), decode(&pair[1]));
            writeln!(
                code,
                "HeaderField {{ name: b{name:?}, value: &{value:?} }},"
            )
            .unwrap();
        }
        writeln!(code, "]), body: include_bytes!({body:?}) }},").unwrap();
        let names: Vec<&str> = case["components"]
            .as_array()
            .unwrap()
            .iter()
            .map(text)
            .collect();
        writeln!(code, "components: &{names:?}, signatures: &[").unwrap();
        let list = text(&case["headers_parameter"]);
        for (place, signature) in case["signature"].as_object().unwrap() {
            let (key, profile) = place.split_once('/').unwrap();
            let bits: usize = key.strip_prefix("rsa").unwrap().parse().unwrap();
            let profile = match profile {
                "documented" => "Documented",
                "vendor-sdk" => "VendorSdk",
                other => panic!("profile {other}"),
            };
            all += 1;
            of_2048 += usize::from(bits == 2048);
            // Rows of larger keys are left out where there are none.
            if bits > 2048 {
                writeln!(code, "#[cfg(feature = \"large-keys\")]").unwrap();
            }
            let field = format!(
                "realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"{list}\" signature=\"{}\"",
                text(signature)
            );
            writeln!(
                code,
                "Expected {{ bits: {bits}, profile: Profile::{profile}, field: {field:?} }},"
            )
            .unwrap();
        }
        writeln!(code, "] }},").unwrap();
    }
    writeln!(code, "];").unwrap();
    assert_eq!((all, of_2048), (SIGNATURES, SIGNATURES_2048), "signatures");
}

/// `static SECRET_2048: [u32; …]`: d, p, q, dP, dQ, qInv of a PKCS#1 key, in words from their
/// least significant end.
fn secrets(path: &Path, bits: usize, code: &mut String) {
    let der = fs::read(path).unwrap();
    // SEQUENCE with a length of two bytes, as these keys have.
    assert_eq!(der[..2], [0x30, 0x82]);
    let mut rest = &der[4..];
    let mut words = Vec::new();
    for index in 0..9 {
        let (number, after) = integer(rest);
        rest = after;
        // version, n, e, then the secrets.
        if index >= 3 {
            words.extend(
                number
                    .rchunks(4)
                    .filter(|chunk| chunk.len() == 4)
                    .map(|chunk| u32::from_be_bytes(chunk.try_into().unwrap())),
            );
        }
    }
    assert!(
        rest.is_empty() && words.len() >= bits / 32 * 3,
        "the secrets of {}",
        path.display()
    );
    writeln!(
        code,
        "#[allow(dead_code)]\nstatic SECRET_{bits}: [u32; {}] = {words:?};",
        words.len()
    )
    .unwrap();
}

/// A DER INTEGER's magnitude, and what follows it.
fn integer(der: &[u8]) -> (&[u8], &[u8]) {
    assert_eq!(der[0], 2);
    let (start, len) = match der[1] {
        0x81 => (3, usize::from(der[2])),
        0x82 => (4, usize::from(der[2]) << 8 | usize::from(der[3])),
        short => (2, usize::from(short)),
    };
    let number = &der[start..start + len];
    (
        number.strip_prefix(&[0]).unwrap_or(number),
        &der[start + len..],
    )
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn decode(value: &Value) -> Vec<u8> {
    BASE64_STANDARD.decode(text(value)).unwrap()
}
