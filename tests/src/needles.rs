//! What must not be left of a private key, in every form in which the kernels hold it, and where in
//! a program's memory it is left.
//!
//! A needle is 8 bytes: two words of a microcontroller, a limb of a host, or a digit of 52 bits with
//! the zeros above it. Half of that would be found by chance: a process's memory has about 10⁵
//! words, and there are about 10⁵ needles. The bytes of memory are compared at every offset.

use std::collections::HashMap;
use std::ops::Range;

use num_bigint::BigUint;

use crate::rsa_keys::{KeyNumbers, number};
use crate::traced::Memory;

/// Bytes of a needle.
pub const LEN: usize = 8;
/// The most powers that a table holds.
const POWERS: usize = 32;
/// Bits of a digit of the kernels for AVX-512 IFMA.
const DIGIT_BITS: usize = 52;

/// What is sought, by its 8 bytes as a little-endian number; the name is an index of `names`.
#[derive(Debug, Default)]
pub struct Needles {
    by_bytes: HashMap<u64, usize>,
    names: Vec<String>,
}

/// What was found.
#[derive(Debug)]
pub struct Found<'n> {
    /// What it is.
    pub needle: &'n str,
    /// Where.
    pub address: usize,
    /// In which region of memory.
    pub region: String,
}

/// How the kernels hold a number: in limbs, or in so many digits.
#[derive(Clone, Copy)]
enum Form {
    Limbs,
    Digits(usize),
}

impl Form {
    /// log2 of the R of Montgomery form, for a prime of some bits.
    fn r_bits(self, prime_bits: usize) -> usize {
        match self {
            Self::Limbs => prime_bits.next_multiple_of(64),
            Self::Digits(digits) => digits * DIGIT_BITS,
        }
    }

    fn name(self) -> String {
        match self {
            Self::Limbs => "limbs".into(),
            Self::Digits(digits) => format!("{digits} digits"),
        }
    }
}

impl Needles {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.by_bytes.len()
    }

    /// All of a key: its numbers, and what signing the digests makes of them.
    pub fn add_key(&mut self, key: &KeyNumbers, digests: &[[u8; 32]]) {
        let secrets = [
            ("p", &key.p),
            ("q", &key.q),
            ("dP", &key.d_p),
            ("dQ", &key.d_q),
            ("qInv", &key.q_inv),
            ("d", &key.d),
        ];
        let forms = forms(key);
        for (name, secret) in secrets {
            self.add_file_bytes(name, &secret.to_bytes_be());
            for form in &forms {
                self.add_number(&format!("{name} in {}", form.name()), secret, *form);
            }
        }
        for digest in digests {
            let message = encode(digest, key.modulus_len());
            for form in &forms {
                self.add_signing(key, &message, *form);
            }
        }
    }

    /// Bytes as they stand in a file: at any offset.
    pub fn add_file_bytes(&mut self, name: &str, bytes: &[u8]) {
        let name = self.name(&format!("{name} in the file"));
        for window in bytes.windows(LEN) {
            self.add(name, u64::from_le_bytes(window.try_into().unwrap()));
        }
    }

    /// The exponentiation's table for both primes, and the numbers of the recombination.
    fn add_signing(&mut self, key: &KeyNumbers, message: &BigUint, form: Form) {
        let name = form.name();
        let [m_1, m_2] = [(&key.p, &key.d_p, "p"), (&key.q, &key.d_q, "q")].map(
            |(prime, exponent, prime_name)| {
                let r = number(1) << form.r_bits(usize::try_from(prime.bits()).unwrap());
                let mut power = &r % prime;
                for index in 0..POWERS {
                    let name = format!("power {index} modulo {prime_name} in {name}");
                    self.add_residue(&name, &power, prime, form);
                    power = power * message % prime;
                }
                let r_squared = &r * &r % prime;
                self.add_residue(&format!("R² modulo {prime_name}"), &r_squared, prime, form);
                let inverse = &r - prime.modinv(&r).expect("an odd prime");
                self.add_number(&format!("-1/{prime_name} in {name}"), &inverse, form);
                let half = message.modpow(exponent, prime);
                self.add_residue(&format!("m modulo {prime_name}"), &half, prime, form);
                let in_form = &half * &r % prime;
                self.add_residue(&format!("m·R modulo {prime_name}"), &in_form, prime, form);
                half
            },
        );
        let h = (m_1 + &key.p * &key.q - m_2) * &key.q_inv % &key.p;
        self.add_residue("h", &h, &key.p, form);
    }

    /// A number that may be kept less than fully reduced.
    fn add_residue(&mut self, name: &str, value: &BigUint, modulus: &BigUint, form: Form) {
        let most = match form {
            Form::Limbs => 2,
            Form::Digits(_) => 4,
        };
        let r = number(1) << form.r_bits(usize::try_from(modulus.bits()).unwrap());
        let values = (0..most).map(|multiple| value + modulus * number(multiple));
        for value in values.filter(|value| *value < r) {
            self.add_number(name, &value, form);
        }
    }

    fn add_number(&mut self, name: &str, value: &BigUint, form: Form) {
        let name = self.name(name);
        match form {
            Form::Limbs => {
                let words = value.to_u32_digits();
                for pair in words.windows(2) {
                    let [low, high] = [pair[0], pair[1]].map(u64::from);
                    self.add(name, high << 32 | low);
                }
            }
            Form::Digits(digits) => {
                for index in 0..digits {
                    let digit = (value >> (index * DIGIT_BITS)) % (number(1) << DIGIT_BITS);
                    // What stands in the highest digit is too short to be found by itself.
                    if digit.bits() > 44 {
                        self.add(name, digit.try_into().unwrap());
                    }
                }
            }
        }
    }

    fn name(&mut self, name: &str) -> usize {
        self.names.push(name.into());
        self.names.len() - 1
    }

    /// Words of zeros or ones only stand everywhere.
    fn add(&mut self, name: usize, bytes: u64) {
        let halves = [bytes >> 32, bytes & 0xFFFF_FFFF];
        if !halves.iter().any(|half| matches!(half, 0 | 0xFFFF_FFFF)) {
            self.by_bytes.entry(bytes).or_insert(name);
        }
    }

    /// What of it stands in some memory, and in which place.
    #[must_use]
    pub fn find(&self, memory: &[Memory]) -> Vec<Found<'_>> {
        let mut all = Vec::new();
        for Memory { name, start, bytes } in memory {
            for (offset, window) in bytes.windows(LEN).enumerate() {
                let bytes = u64::from_le_bytes(window.try_into().unwrap());
                if bytes >> 32 == 0 {
                    continue;
                }
                if let Some(index) = self.by_bytes.get(&bytes) {
                    all.push(Found {
                        needle: &self.names[*index],
                        address: start + offset,
                        region: name.clone(),
                    });
                }
            }
        }
        all
    }
}

impl Found<'_> {
    /// Whether it stands in these addresses.
    #[must_use]
    pub fn is_in(&self, place: &Range<usize>) -> bool {
        place.contains(&self.address)
    }
}

/// Those of every kernel: limbs, and for AVX-512 IFMA the digits for one message and for eight.
fn forms(key: &KeyNumbers) -> Vec<Form> {
    match key.n.bits() {
        2048 => vec![Form::Limbs, Form::Digits(20)],
        3072 => vec![Form::Limbs, Form::Digits(30), Form::Digits(32)],
        4096 => vec![Form::Limbs, Form::Digits(40)],
        bits => panic!("{bits} bits"),
    }
}

/// EMSA-PKCS1-v1_5 (RFC 8017 9.2) of a SHA-256.
fn encode(digest: &[u8; 32], len: usize) -> BigUint {
    const DIGEST_INFO: [u8; 19] = [
        0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
        0x05, 0x00, 0x04, 0x20,
    ];
    let mut block = vec![0xFF; len - 1 - DIGEST_INFO.len() - digest.len()];
    block[0] = 1;
    *block.last_mut().unwrap() = 0;
    BigUint::from_bytes_be(&[&block[..], &DIGEST_INFO, digest].concat())
}
