//! Forged signatures, each named and refused on every kernel: numbers that are none, paddings that
//! verifiers were fooled with, and other encodings of a good signature. Attacks on the request:
//! `attacks.rs`.
//!
//! Where a forgery is to fool a careless verifier, a careless verifier stands here and takes it.

use std::sync::LazyLock;

use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, Engine};
use daxsign_core::{Digest, EncodingProblem, Error, PublicKey};
use daxsign_tests::attack::{genuine, key, set, signature_value, verdict};
use daxsign_tests::cases::key_file;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::public_vectors::{digest, public_for_each_kernel};
use daxsign_tests::refused;
use daxsign_tests::rsa_keys::{KeyNumbers, fixed_bytes, number, seeded_rng};
use daxsign_tests::{lowercase_hex, unhex};
use num_bigint::BigUint;

refused! {
    37:
    // Roots of numbers that look padded, which need no private key where e = 3.
    a_cube_root_with_garbage_behind_the_hash,
    a_cube_root_with_garbage_in_the_padding,
    a_cube_root_with_garbage_in_the_parameters,
    // Blocks that are not the one encoding, signed with the private key.
    a_padding_shorter_than_eight,
    a_padding_of_other_bytes,
    a_zero_within_the_padding,
    no_zero_behind_the_padding,
    another_block_type,
    a_block_that_starts_higher,
    a_hash_without_its_algorithm,
    a_hash_under_another_algorithm,
    an_algorithm_without_its_null,
    an_algorithm_with_other_parameters,
    lengths_in_more_bytes_than_needed,
    an_indefinite_length,
    bytes_behind_the_hash_inside,
    bytes_behind_the_hash_outside,
    a_hash_of_another_length,
    a_hash_of_the_hash,
    a_hash_in_digits,
    any_other_byte_in_the_block,
    the_same_difference_twice,
    a_signature_of_another_scheme,
    // Numbers.
    zero_and_one,
    the_modulus_and_its_neighbours,
    the_largest_number,
    the_signature_plus_the_modulus,
    the_negative_signature,
    the_signature_with_zeros_before_it,
    the_signature_without_its_zeros,
    the_signature_cut_or_extended,
    the_signature_in_little_endian,
    // Texts.
    base64_with_unused_bits_set,
    base64_without_padding,
    base64_with_other_padding,
    base64_of_another_alphabet,
    base64_with_white_space,
}

/// The bytes of a modulus of 2048 bits.
const LEN: usize = 256;
const MESSAGE: &[u8] = b"transfer everything";
/// SHA-256 in a DigestInfo (RFC 8017 9.2 note 1), and its parts.
const DIGEST_INFO: &str = "3031300d060960864801650304020105000420";
const SHA256_OID: &str = "0609608648016503040201";

fn hash() -> Vec<u8> {
    digest(MESSAGE).0.to_vec()
}

/// The vectors' key, e = 65537.
fn numbers() -> KeyNumbers {
    KeyNumbers::from_pkcs1_der(&key_file("rsa2048.pkcs1.der"))
}

/// A key with e = 3.
fn cube_key() -> KeyNumbers {
    static KEY: LazyLock<KeyNumbers> =
        LazyLock::new(|| KeyNumbers::generate(&mut seeded_rng(17), 1024, 1024, 3));
    KEY.clone()
}

fn verdict_on(numbers: &KeyNumbers, digest: &Digest, signature: &[u8]) -> Result<(), Error> {
    let key = PublicKey::from_bytes(&numbers.spki_der()).unwrap();
    let verdicts = public_for_each_kernel(&key)
        .into_iter()
        .map(|key| key.verify_digest(digest, signature));
    verdicts
        .reduce(|first, next| {
            assert_eq!(first, next, "the kernels differ");
            next
        })
        .unwrap()
}

/// Signs a block as the key's owner would, and expects the signature to be refused.
fn assert_block_refused(block: &[u8]) {
    assert_eq!(block.len(), LEN);
    let signature = numbers().raw_signature(block);
    let verdict = verdict_on(&numbers(), &digest(MESSAGE), &signature);
    assert_eq!(
        verdict,
        Err(Error::SignatureMismatch),
        "{}",
        lowercase_hex(block)
    );
}

/// 00 01 FF … FF 00 and `info`.
fn padded(info: &[u8]) -> Vec<u8> {
    let padding = vec![0xFF; LEN - 3 - info.len()];
    [&[0, 1], padding.as_slice(), &[0], info].concat()
}

fn good_info() -> Vec<u8> {
    [unhex(DIGEST_INFO), hash()].concat()
}

/// The block that these forgeries are altered from is good.
#[test]
fn the_block_that_the_others_are_altered_from_is_good() {
    for numbers in [numbers(), cube_key()] {
        let signature = numbers.raw_signature(&padded(&good_info()));
        assert_eq!(verdict_on(&numbers, &digest(MESSAGE), &signature), Ok(()));
    }
}

/// A careless verifier's view of a signature: s^e mod n.
fn opened(numbers: &KeyNumbers, signature: &[u8]) -> Vec<u8> {
    let power = BigUint::from_bytes_be(signature).modpow(&numbers.e, &numbers.n);
    fixed_bytes(&power, LEN)
}

/// What a careless verifier finds behind 00 01, some bytes and the first 00.
fn behind_padding(block: &[u8]) -> Option<&[u8]> {
    let rest = block.strip_prefix(&[0, 1])?;
    let zero = rest.iter().position(|byte| *byte == 0)?;
    Some(&rest[zero + 1..])
}

/// Bleichenbacher, 2006: a cube whose first bytes are a short padding and the right hash.
fn a_cube_root_with_garbage_behind_the_hash() {
    let start = [&[0, 1], &[0xFF; 8][..], &[0], &good_info()].concat();
    let free = 8 * (LEN - start.len());
    // The root of the next number that starts so, rounded down, is above all that start lower.
    let above = (BigUint::from_bytes_be(&start) + number(1)) << free;
    let signature = fixed_bytes(&(above - number(1)).cbrt(), LEN);
    let key = cube_key();
    let block = opened(&key, &signature);
    let found = behind_padding(&block).expect("padding");
    assert!(
        found.starts_with(&good_info()),
        "a careless verifier takes it"
    );
    let verdict = verdict_on(&key, &digest(MESSAGE), &signature);
    assert_eq!(verdict, Err(Error::SignatureMismatch));
}

/// The number whose cube ends in these bytes, the last of which is odd.
fn cube_root_of_end(end: &[u8]) -> BigUint {
    let bits = 8 * end.len();
    // Odd numbers form a group of exponent 2^(bits − 2) modulo 2^bits.
    let third = number(3).modinv(&(number(1) << (bits - 2))).unwrap();
    BigUint::from_bytes_be(end).modpow(&third, &(number(1) << bits))
}

/// A number whose cube starts and ends with these bytes.
fn cube_root(start: &[u8], end: &[u8]) -> Vec<u8> {
    let middle = (BigUint::from_bytes_be(start) << (8 * (LEN - start.len())))
        + (number(1) << (8 * (LEN - start.len()) - 1));
    let bits = 8 * end.len();
    let root = ((middle.cbrt() >> bits) << bits) + cube_root_of_end(end);
    fixed_bytes(&root, LEN)
}

/// A message of this text whose hash is odd.
fn odd_message() -> (Vec<u8>, Digest) {
    let numbered = |number: u32| format!("transfer {number}").into_bytes();
    let messages = (0..).map(numbered).map(|message| {
        let digest = digest(&message);
        (message, digest)
    });
    let mut odd = messages.filter(|(_, digest)| digest.0[31] % 2 == 1);
    odd.next().unwrap()
}

/// The same for verifiers that look at the hash at the end and do not check each byte of padding.
fn a_cube_root_with_garbage_in_the_padding() {
    let (_, digest) = odd_message();
    let end = [&[0], unhex(DIGEST_INFO).as_slice(), &digest.0].concat();
    let signature = cube_root(&[&[0, 1], &[0xFF; 8][..]].concat(), &end);
    let key = cube_key();
    let block = opened(&key, &signature);
    let careless = block.starts_with(&[0, 1, 255, 255, 255, 255, 255, 255, 255, 255]);
    assert!(
        careless && block.ends_with(&end),
        "a careless verifier takes it"
    );
    let verdict = verdict_on(&key, &digest, &signature);
    assert_eq!(verdict, Err(Error::SignatureMismatch));
}

/// The same for verifiers that skip the algorithm's parameters (2006, and BERserk in 2014).
fn a_cube_root_with_garbage_in_the_parameters() {
    let (_, digest) = odd_message();
    let end = [&[0x04, 0x20], &digest.0[..]].concat();
    let start_of = |inner: usize| {
        let length = |len: usize| format!("82{len:04x}");
        let algorithm = format!("{SHA256_OID}04{}", length(inner));
        let algorithm_len = algorithm.len() / 2 + inner;
        let all = 4 + algorithm_len + end.len();
        let info = format!("30{}30{}{algorithm}", length(all), length(algorithm_len));
        [&[0, 1], &[0xFF; 8][..], &[0], &unhex(&info)].concat()
    };
    let start = start_of(LEN - end.len() - start_of(0).len());
    let signature = cube_root(&start, &end);
    let key = cube_key();
    let block = opened(&key, &signature);
    let careless = block.starts_with(&start) && block.ends_with(&end);
    assert!(careless, "a careless verifier takes it");
    let verdict = verdict_on(&key, &digest, &signature);
    assert_eq!(verdict, Err(Error::SignatureMismatch));
}

/// The rest of the block is filled behind the hash.
fn a_padding_shorter_than_eight() {
    for count in 0..=8 {
        let padding = vec![0xFF; count];
        let mut block = [&[0, 1], padding.as_slice(), &[0], &good_info()].concat();
        assert!(behind_padding(&block).is_some_and(|rest| rest == good_info()));
        block.resize(LEN, 0);
        assert_block_refused(&block);
        let fill = LEN - block.iter().rposition(|byte| *byte != 0).unwrap() - 1;
        block[LEN - fill..].fill(0xA5);
        assert_block_refused(&block);
    }
}

fn a_padding_of_other_bytes() {
    for byte in [0xFE, 0x7F, 0x01, 0xAA] {
        let mut block = padded(&good_info());
        block
            .iter_mut()
            .filter(|slot| **slot == 0xFF)
            .for_each(|slot| *slot = byte);
        assert_block_refused(&block);
    }
}

fn a_zero_within_the_padding() {
    for place in [2, 9, 10, 100, 202] {
        let mut block = padded(&good_info());
        block[place] = 0;
        assert_block_refused(&block);
    }
}

fn no_zero_behind_the_padding() {
    let mut block = padded(&good_info());
    block[LEN - good_info().len() - 1] = 0xFF;
    assert_block_refused(&block);
    block.remove(2);
    assert_block_refused(&[block, vec![0]].concat());
}

fn another_block_type() {
    for kind in [0, 2, 3, 0x81] {
        let mut block = padded(&good_info());
        block[1] = kind;
        assert_block_refused(&block);
    }
}

fn a_block_that_starts_higher() {
    let mut block = padded(&good_info());
    block[0] = 1;
    assert_block_refused(&block);
}

fn a_hash_without_its_algorithm() {
    assert_block_refused(&padded(&hash()));
    assert_block_refused(&padded(&[&[0x04, 0x20], hash().as_slice()].concat()));
}

/// Hashes of the same length, and of others.
fn a_hash_under_another_algorithm() {
    let others = [
        "0609608648016503040206", // SHA-512/256
        "0609608648016503040208", // SHA3-256
        "0609608648016503040203", // SHA-512
        "06052b0e03021a",         // SHA-1
        "06082a864886f70d0205",   // MD5
        "0609608648016503040200", // none
    ];
    for oid in others {
        let algorithm = format!("{oid}0500");
        let (inner, outer) = (algorithm.len() / 2, algorithm.len() / 2 + 36);
        let info = unhex(&format!("30{outer:02x}30{inner:02x}{algorithm}0420"));
        assert_block_refused(&padded(&[info, hash()].concat()));
    }
}

/// RFC 8017 A.2.4 lets verifiers take it. This one builds the encoding with the NULL and compares.
fn an_algorithm_without_its_null() {
    let info = unhex(&format!("302f300b{SHA256_OID}0420"));
    assert_block_refused(&padded(&[info, hash()].concat()));
}

fn an_algorithm_with_other_parameters() {
    for parameters in ["050100", "0400", "3000", "05000500", "04080123456789abcdef"] {
        let algorithm = format!("{SHA256_OID}{parameters}");
        let (inner, outer) = (algorithm.len() / 2, algorithm.len() / 2 + 36);
        let info = unhex(&format!("30{outer:02x}30{inner:02x}{algorithm}0420"));
        assert_block_refused(&padded(&[info, hash()].concat()));
    }
}

/// BER allows what DER does not.
fn lengths_in_more_bytes_than_needed() {
    let forms = [
        format!("308131300d{SHA256_OID}05000420"),
        format!("30820031300d{SHA256_OID}05000420"),
        format!("308400000031300d{SHA256_OID}05000420"),
        format!("303230810d{SHA256_OID}05000420"),
        format!("3032300e{SHA256_OID}0581000420"),
        format!("3032300d{SHA256_OID}0500048120"),
        format!("3033300d{SHA256_OID}050004820020"),
        "3032300e06810960864801650304020105000420".to_owned(),
    ];
    for form in forms {
        assert_block_refused(&padded(&[unhex(&form), hash()].concat()));
    }
}

fn an_indefinite_length() {
    let info = [
        unhex(&format!("3080300d{SHA256_OID}05000420")),
        hash(),
        vec![0, 0],
    ]
    .concat();
    assert_block_refused(&padded(&info));
    let info = [unhex(&format!("30333080{SHA256_OID}050000000420")), hash()].concat();
    assert_block_refused(&padded(&info));
    // The hash in two parts.
    let info = [
        unhex(&format!("3035300d{SHA256_OID}050024240410")),
        hash()[..16].to_vec(),
        vec![0x04, 0x10],
        hash()[16..].to_vec(),
    ];
    assert_block_refused(&padded(&info.concat()));
}

/// More elements in the DigestInfo, with lengths that fit.
fn bytes_behind_the_hash_inside() {
    let info = [
        unhex(&format!("3033300d{SHA256_OID}05000420")),
        hash(),
        vec![5, 0],
    ]
    .concat();
    assert_block_refused(&padded(&info));
    let info = [
        unhex(&format!("3032300d{SHA256_OID}05000421")),
        hash(),
        vec![0],
    ]
    .concat();
    assert_block_refused(&padded(&info));
}

/// Bytes behind the DigestInfo, with a padding that is so much shorter.
fn bytes_behind_the_hash_outside() {
    for count in [1, 2, 100, 194] {
        assert_block_refused(&padded(&[good_info(), vec![0; count]].concat()));
        assert_block_refused(&padded(&[good_info(), vec![0x5A; count]].concat()));
    }
}

/// A hash cut off, or with zeros before it.
fn a_hash_of_another_length() {
    for cut in [
        hash()[..31].to_vec(),
        hash()[1..].to_vec(),
        Vec::new(),
        [vec![0], hash()].concat(),
    ] {
        let (outer, len) = (17 + cut.len(), cut.len());
        let info = unhex(&format!("30{outer:02x}300d{SHA256_OID}050004{len:02x}"));
        assert_block_refused(&padded(&[info, cut].concat()));
    }
}

/// What the other profile signs.
fn a_hash_of_the_hash() {
    let twice = digest(&hash()).0;
    assert_block_refused(&padded(&[unhex(DIGEST_INFO), twice.into()].concat()));
}

/// The hash as text, and turned around.
fn a_hash_in_digits() {
    let digits = lowercase_hex(&hash()).into_bytes();
    let info = unhex(&format!("3051300d{SHA256_OID}05000440"));
    assert_block_refused(&padded(&[info, digits.clone()].concat()));
    assert_block_refused(&padded(
        &[unhex(DIGEST_INFO), digits[..32].to_vec()].concat(),
    ));
    let turned: Vec<u8> = hash().into_iter().rev().collect();
    assert_block_refused(&padded(&[unhex(DIGEST_INFO), turned].concat()));
}

/// Every byte of the block is compared.
fn any_other_byte_in_the_block() {
    for place in 0..LEN {
        let mut block = padded(&good_info());
        block[place] ^= 1 << (place % 7);
        assert_block_refused(&block);
    }
}

/// Differences add up, whatever they are: here the same in two bytes, or in two words.
fn the_same_difference_twice() {
    for distance in [1, 4, 8, 16] {
        for place in [20, LEN - 40, LEN - 1 - distance] {
            let mut block = padded(&good_info());
            block[place] ^= 0x18;
            block[place + distance] ^= 0x18;
            assert_block_refused(&block);
        }
    }
}

/// PSS with the same key.
fn a_signature_of_another_scheme() {
    let openssl = OpenSsl::default();
    openssl.write("key.pem", key_file("rsa2048.pkcs8.pem"));
    openssl.write("message", MESSAGE);
    for options in ["-sha256 -sigopt rsa_padding_mode:pss", "-sha1", "-sha512"] {
        openssl.run(&format!(
            "dgst {options} -sign key.pem -out signature message"
        ));
        let signature = openssl.read("signature");
        let verdict = verdict_on(&numbers(), &digest(MESSAGE), &signature);
        assert_eq!(verdict, Err(Error::SignatureMismatch), "{options}");
    }
}

/// A signature over MESSAGE with this key.
fn good_signature(numbers: &KeyNumbers) -> Vec<u8> {
    numbers.raw_signature(&padded(&good_info()))
}

fn assert_number_refused(numbers: &KeyNumbers, value: &BigUint) {
    let signature = fixed_bytes(value, LEN);
    let verdict = verdict_on(numbers, &digest(MESSAGE), &signature);
    assert_eq!(verdict, Err(Error::SignatureMismatch), "{value:x}");
}

fn zero_and_one() {
    for key in [numbers(), cube_key()] {
        assert_number_refused(&key, &number(0));
        assert_number_refused(&key, &number(1));
    }
}

/// n − 1 opens to itself and n to 0; n + 1 would open to 1.
fn the_modulus_and_its_neighbours() {
    for key in [numbers(), cube_key()] {
        for value in [
            &key.n - number(2),
            &key.n - number(1),
            key.n.clone(),
            &key.n + number(1),
        ] {
            assert_number_refused(&key, &value);
        }
        for prime in [&key.p, &key.q] {
            assert_number_refused(&key, prime);
        }
    }
}

fn the_largest_number() {
    assert_number_refused(&numbers(), &((number(1) << (8 * LEN)) - number(1)));
}

/// s + n opens to the same block, where it has as many bytes.
fn the_signature_plus_the_modulus() {
    let key = numbers();
    let limit = number(1) << (8 * LEN);
    let mut tried = 0;
    for message in (0_u32..).map(|number| number.to_string()) {
        let info = [unhex(DIGEST_INFO), digest(message.as_bytes()).0.into()].concat();
        let signature = key.raw_signature(&padded(&info));
        let larger = BigUint::from_bytes_be(&signature) + &key.n;
        if larger < limit {
            let larger = fixed_bytes(&larger, LEN);
            assert_eq!(
                opened(&key, &larger),
                padded(&info),
                "a careless verifier takes it"
            );
            let digest = digest(message.as_bytes());
            assert_eq!(verdict_on(&key, &digest, &signature), Ok(()));
            let verdict = verdict_on(&key, &digest, &larger);
            assert_eq!(verdict, Err(Error::SignatureMismatch));
            tried += 1;
        }
        if tried == 3 {
            break;
        }
    }
}

/// n − s opens to n − the block.
fn the_negative_signature() {
    for key in [numbers(), cube_key()] {
        let signature = BigUint::from_bytes_be(&good_signature(&key));
        assert_number_refused(&key, &(&key.n - signature));
    }
}

fn assert_length_refused(numbers: &KeyNumbers, digest: &Digest, signature: &[u8]) {
    let verdict = verdict_on(numbers, digest, signature);
    let expected = Error::InvalidSignatureEncoding {
        expected: LEN,
        found: signature.len(),
        problem: EncodingProblem::Bytes,
    };
    assert_eq!(verdict, Err(expected), "{} bytes", signature.len());
}

/// The same number in more bytes.
fn the_signature_with_zeros_before_it() {
    for zeros in [1, 2, 256] {
        let longer = [vec![0; zeros], good_signature(&numbers())].concat();
        assert_length_refused(&numbers(), &digest(MESSAGE), &longer);
    }
}

/// The same number in fewer bytes: a signature that starts with a zero. (RFC 8017 8.2.2 step 1.)
fn the_signature_without_its_zeros() {
    let key = key();
    let mut signature = vec![1; LEN];
    let mut messages = (0_u32..).map(|number| digest(number.to_string().as_bytes()));
    let digest = messages
        .find(|digest| {
            daxsign_core::Signer::sign_digest(&key, digest, &mut signature).unwrap();
            signature[0] == 0
        })
        .unwrap();
    assert_eq!(verdict_on(&numbers(), &digest, &signature), Ok(()));
    assert_length_refused(&numbers(), &digest, &signature[1..]);
}

fn the_signature_cut_or_extended() {
    let signature = good_signature(&numbers());
    for len in [0, 1, 128, 255] {
        assert_length_refused(&numbers(), &digest(MESSAGE), &signature[..len]);
        assert_length_refused(&numbers(), &digest(MESSAGE), &signature[LEN - len..]);
    }
    for more in [&[0][..], &[0, 0], &signature] {
        let longer = [&signature, more].concat();
        assert_length_refused(&numbers(), &digest(MESSAGE), &longer);
    }
}

fn the_signature_in_little_endian() {
    let mut signature = good_signature(&numbers());
    signature.reverse();
    let verdict = verdict_on(&numbers(), &digest(MESSAGE), &signature);
    assert_eq!(verdict, Err(Error::SignatureMismatch));
}

/// The `signature` parameter of a genuine request: 256 bytes, so it ends with `==`.
fn parameter() -> String {
    let value = signature_value(&genuine());
    let (_, after) = value.split_once("signature=\"").unwrap();
    let parameter = after.trim_end_matches('"').to_owned();
    assert!(parameter.len() == 344 && parameter.ends_with("=="));
    parameter
}

/// The genuine request with another text for its signature.
fn assert_text_refused(text: &str, error: &str) {
    let value = signature_value(&genuine());
    let attack = set(&genuine(), "Signature", value.replace(&parameter(), text));
    assert_eq!(verdict(&attack), error, "{text}");
}

/// A decoder as many are: it takes any unused bits, and padding or none.
fn careless() -> GeneralPurpose {
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(&STANDARD, config)
}

/// Fifteen other texts of the same bytes.
fn base64_with_unused_bits_set() {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let text = parameter();
    let bytes = BASE64_STANDARD.decode(&text).unwrap();
    let start = &text[..341];
    let mut others = 0;
    for last in ALPHABET.chars() {
        let other = format!("{start}{last}==");
        if other != text && careless().decode(&other).as_ref() == Ok(&bytes) {
            assert_text_refused(&other, "invalid-signature-encoding");
            others += 1;
        }
    }
    assert_eq!(others, 15);
}

fn base64_without_padding() {
    let text = parameter();
    let bytes = BASE64_STANDARD.decode(&text).unwrap();
    for end in ["", "="] {
        let other = format!("{}{end}", text.trim_end_matches('='));
        assert_eq!(careless().decode(&other).as_ref(), Ok(&bytes));
        assert_text_refused(&other, "invalid-signature-encoding");
    }
    assert_text_refused(
        &BASE64_STANDARD_NO_PAD.encode(&bytes),
        "invalid-signature-encoding",
    );
}

fn base64_with_other_padding() {
    let text = parameter();
    let bare = text.trim_end_matches('=');
    for other in [
        format!("{bare}==="),
        format!("{bare}===="),
        format!("{bare}A="),
        format!("{bare}AA"),
        format!("{bare}=A"),
        format!("{text}AAAA"),
        format!("AAAA{text}"),
        format!("=={bare}"),
        format!("{}=={}", &bare[..170], &bare[170..]),
        format!("{bare}%3D%3D"),
        String::new(),
        "====".to_owned(),
        "=".repeat(344),
    ] {
        assert_text_refused(&other, "invalid-signature-encoding");
    }
}

/// Base64 for addresses, hexadecimal, and letters that are none of ASCII's.
fn base64_of_another_alphabet() {
    let text = parameter();
    let bytes = BASE64_STANDARD.decode(&text).unwrap();
    let url = BASE64_URL_SAFE.encode(&bytes);
    assert_ne!(url, text, "the text has a + or a /");
    assert_text_refused(&url, "invalid-signature-encoding");
    assert_text_refused(&lowercase_hex(&bytes), "invalid-signature-encoding");
    let wide = text.replacen('A', "\u{ff21}", 1);
    assert_text_refused(&wide, "malformed-signature-header");
}

/// Spaces and line ends that decoders skip.
fn base64_with_white_space() {
    let text = parameter();
    for other in [
        format!(" {text}"),
        format!("{text} "),
        format!("{} {}", &text[..64], &text[64..]),
    ] {
        assert_text_refused(&other, "invalid-signature-encoding");
    }
    for space in ["\t", "\n", "\r\n", "\0", "\\n"] {
        let other = format!("{}{space}{}", &text[..64], &text[64..]);
        assert_text_refused(&other, "malformed-signature-header");
    }
}
