//! Where the secrets stand in a private key file.

use std::ops::Range;

/// The DER behind a key file in PEM or DER, and which bytes of the file stand for the secret bytes
/// of it.
pub(crate) struct SecretFile {
    pub(crate) bytes: Vec<u8>,
    /// Ranges of `bytes`.
    pub(crate) secrets: Vec<Range<usize>>,
}

/// The secret INTEGERs of an RSAPrivateKey (RFC 8017 A.1.2) by their place in it: d, p, q, dP, dQ
/// and qInv. Before them stand the version, n and e.
const SECRET_NUMBERS: Range<usize> = 3..9;

impl SecretFile {
    /// Finds the secrets.
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        let secrets = if bytes.starts_with(b"-----") {
            in_pem(&bytes)
        } else {
            in_der(&bytes)
        };
        assert_eq!(secrets.len(), SECRET_NUMBERS.len(), "six secret numbers");
        Self { bytes, secrets }
    }
}

/// An element: where its contents stand.
fn element(der: &[u8], at: usize) -> Range<usize> {
    let (start, len) = match der[at + 1] {
        short @ 0..=0x7F => (at + 2, usize::from(short)),
        0x81 => (at + 3, usize::from(der[at + 2])),
        0x82 => (
            at + 4,
            usize::from(u16::from_be_bytes([der[at + 2], der[at + 3]])),
        ),
        other => panic!("a length that starts with {other:#x}"),
    };
    start..start + len
}

/// The secret numbers, each without the bytes that say how long it is: a leading zero and the byte
/// behind it. A number's length is public.
fn in_der(der: &[u8]) -> Vec<Range<usize>> {
    let mut inside = element(der, 0);
    let version = element(der, inside.start);
    // PKCS#8 has an algorithm behind the version, and PKCS#1 in an OCTET STRING.
    if der[version.end] == 0x30 {
        let algorithm = element(der, version.end);
        let octets = element(der, algorithm.end);
        inside = element(der, octets.start);
    }
    let mut at = inside.start;
    let mut numbers = Vec::new();
    for _ in 0..SECRET_NUMBERS.end {
        let number = element(der, at);
        at = number.end;
        let leading = 1 + usize::from(der[number.start] == 0);
        numbers.push(number.start + leading..number.end);
    }
    numbers.split_off(SECRET_NUMBERS.start)
}

/// The same in PEM: the characters that hold bits of secret bytes only, but for up to three
/// at either end.
fn in_pem(pem: &[u8]) -> Vec<Range<usize>> {
    let start = pem.iter().position(|byte| *byte == b'\n').unwrap();
    // Where each character of the base64 stands in the file.
    let body = &pem[start..];
    let stop = body
        .windows(5)
        .position(|dashes| dashes == b"-----")
        .unwrap();
    let places: Vec<usize> = (start..start + stop)
        .filter(|place| !pem[*place].is_ascii_whitespace())
        .collect();
    let der = decode(places.iter().map(|place| pem[*place]));
    in_der(&der)
        .into_iter()
        .map(|number| {
            // Character k holds the bits from 6 · k on. Four are decoded at once in one word, in
            // which valgrind takes a secret character to change the others: so the secret ones
            // are whole groups of four.
            let first = (number.start * 8).div_ceil(6).next_multiple_of(4);
            let end = number.end * 8 / 6 / 4 * 4;
            places[first]..places[end - 1] + 1
        })
        .collect()
}

fn decode(characters: impl Iterator<Item = u8>) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for character in characters.filter(|character| *character != b'=') {
        let value = ALPHABET.iter().position(|known| *known == character);
        bits = bits << 6 | u32::try_from(value.unwrap()).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xFF).unwrap());
        }
    }
    bytes
}
