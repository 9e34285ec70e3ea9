//! RSA keys of any shape, as plain numbers, so that tests can alter each and write it as DER.

use std::str::FromStr;

use crypto_primes::{Flavor, random_prime};
use der::asn1::{AnyRef, BitStringRef, Null, ObjectIdentifier, OctetStringRef, UintRef};
use der::{Encode, Tag};
use num_bigint::BigUint;
use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};
use rsa::{BoxedUint, RsaPrivateKey};

/// rsaEncryption.
pub const RSA_ENCRYPTION: &str = "1.2.840.113549.1.1.1";

/// The numbers of a private key under their names in RFC 8017.
#[derive(Clone, Debug)]
pub struct KeyNumbers {
    /// The modulus.
    pub n: BigUint,
    /// The public exponent.
    pub e: BigUint,
    /// The private exponent.
    pub d: BigUint,
    /// The first prime.
    pub p: BigUint,
    /// The second prime.
    pub q: BigUint,
    /// d mod p − 1.
    pub d_p: BigUint,
    /// d mod q − 1.
    pub d_q: BigUint,
    /// q⁻¹ mod p.
    pub q_inv: BigUint,
}

/// Random numbers that are the same in every run, so that a failure can be looked at again.
#[must_use]
pub fn seeded_rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// A random number of exactly `bits` bits.
pub fn random_number(rng: &mut ChaCha8Rng, bits: u32) -> BigUint {
    let mut bytes = vec![0; usize::try_from(bits.div_ceil(8)).unwrap()];
    rng.fill_bytes(&mut bytes);
    let low = BigUint::from_bytes_be(&bytes) % (number(1) << (bits - 1));
    low | number(1) << (bits - 1)
}

/// By the bits of a prime: what the two largest primes lack to 2^bits; how far the smallest lies
/// above 2^(bits − 1); how far the two smallest whose product has its top bit set lie above the
/// root of that product. All fit e = 3 and e = 65537.
const EXTREMES: [(u32, [u64; 2], u64, [u64; 2]); 3] = [
    (1024, [179, 1397], 1155, [2812, 2914]),
    (1536, [7769, 8333], 12_951, [1688, 3632]),
    (2048, [2543, 8507], 2895, [3427, 5485]),
];

/// Keys whose primes are nearly all ones, nearly all zeros, or as small as they may be: four of each
/// usual size.
#[must_use]
pub fn extreme_keys() -> Vec<KeyNumbers> {
    let mut keys = Vec::new();
    for (bits, below, above, above_root) in EXTREMES {
        let power = number(1) << bits;
        let large = below.map(|missing| &power - number(missing));
        let smallest = (number(1) << (bits - 1)) + number(above);
        let root = (number(1) << (2 * bits - 1)).sqrt() + number(1);
        let small = above_root.map(|above| &root + number(above));
        let pairs = [
            [&large[0], &large[1]],
            [&large[0], &smallest],
            [&smallest, &large[0]],
            [&small[0], &small[1]],
        ];
        for ([p, q], e) in pairs.into_iter().zip([3, 65_537, 3, 65_537]) {
            let key = KeyNumbers::from_primes(p.clone(), q.clone(), number(e));
            assert_eq!(key.n.bits(), u64::from(2 * bits));
            keys.push(key);
        }
    }
    keys
}

/// A small number.
#[must_use]
pub fn number(value: u64) -> BigUint {
    value.into()
}

/// A prime of exactly `bits` bits that fits the public exponent.
pub fn prime(rng: &mut ChaCha8Rng, bits: u32, e: &BigUint) -> BigUint {
    loop {
        let prime: BoxedUint = random_prime(rng, Flavor::Any, bits);
        let prime = BigUint::from_bytes_be(&prime.to_be_bytes());
        if e.modinv(&(&prime - number(1))).is_some() {
            return prime;
        }
    }
}

impl KeyNumbers {
    /// A random key with primes of these lengths; n has as many bits as both together.
    #[must_use]
    pub fn generate(rng: &mut ChaCha8Rng, p_bits: u32, q_bits: u32, e: u64) -> Self {
        let e = number(e);
        loop {
            let (p, q) = (prime(rng, p_bits, &e), prime(rng, q_bits, &e));
            if p != q && (&p * &q).bits() == u64::from(p_bits + q_bits) {
                return Self::from_primes(p, q, e);
            }
        }
    }

    /// The key of these primes.
    ///
    /// # Panics
    /// If e has no inverse.
    #[must_use]
    pub fn from_primes(p: BigUint, q: BigUint, e: BigUint) -> Self {
        let (p_1, q_1) = (&p - number(1), &q - number(1));
        let d = e.modinv(&(&p_1 * &q_1)).expect("e fits the primes");
        Self {
            n: &p * &q,
            d_p: &d % &p_1,
            d_q: &d % &q_1,
            q_inv: q.modinv(&p).unwrap_or_default(),
            e,
            d,
            p,
            q,
        }
    }

    /// A key that OpenSSL or another program made, from its PKCS#1 DER.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn from_pkcs1_der(der: &[u8]) -> Self {
        let key = rsa::pkcs1::RsaPrivateKeyRef::try_from(der).expect("a PKCS#1 private key");
        let number = |value: UintRef<'_>| BigUint::from_bytes_be(value.as_bytes());
        Self {
            n: number(key.modulus),
            e: number(key.public_exponent),
            d: number(key.private_exponent),
            p: number(key.prime1),
            q: number(key.prime2),
            d_p: number(key.exponent1),
            d_q: number(key.exponent2),
            q_inv: number(key.coefficient),
        }
    }

    /// The elements of RSAPrivateKey, `version` first.
    #[must_use]
    pub fn pkcs1_elements(&self, version: u64) -> Vec<Vec<u8>> {
        let version = number(version);
        [
            &version,
            &self.n,
            &self.e,
            &self.d,
            &self.p,
            &self.q,
            &self.d_p,
            &self.d_q,
            &self.q_inv,
        ]
        .map(integer)
        .into()
    }

    /// RSAPrivateKey (RFC 8017 A.1.2).
    #[must_use]
    pub fn pkcs1_der(&self) -> Vec<u8> {
        sequence(&self.pkcs1_elements(0))
    }

    /// PrivateKeyInfo (RFC 5958).
    #[must_use]
    pub fn pkcs8_der(&self) -> Vec<u8> {
        pkcs8(RSA_ENCRYPTION, &self.pkcs1_der())
    }

    /// RSAPublicKey (RFC 8017 A.1.1).
    #[must_use]
    pub fn public_pkcs1_der(&self) -> Vec<u8> {
        sequence(&[integer(&self.n), integer(&self.e)])
    }

    /// SubjectPublicKeyInfo (RFC 5280 4.1).
    #[must_use]
    pub fn spki_der(&self) -> Vec<u8> {
        spki(RSA_ENCRYPTION, &self.public_pkcs1_der())
    }

    /// The same key for the rsa crate.
    ///
    /// # Panics
    /// If the crate does not take it.
    #[must_use]
    pub fn for_rsa_crate(&self) -> RsaPrivateKey {
        let boxed = |value: &BigUint| BoxedUint::from_be_slice_vartime(&value.to_bytes_be());
        let primes = vec![boxed(&self.p), boxed(&self.q)];
        RsaPrivateKey::from_components_with_wide_primes(
            boxed(&self.n),
            boxed(&self.e),
            boxed(&self.d),
            primes,
        )
        .expect("a key for the rsa crate")
    }

    /// The modulus's length in bytes.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn modulus_len(&self) -> usize {
        usize::try_from(self.n.bits().div_ceil(8)).unwrap()
    }

    /// The raw private operation on any block: what a signer with wrong padding would give.
    #[must_use]
    pub fn raw_signature(&self, block: &[u8]) -> Vec<u8> {
        let power = BigUint::from_bytes_be(block).modpow(&self.d, &self.n);
        fixed_bytes(&power, self.modulus_len())
    }
}

/// PrivateKeyInfo around any key.
#[must_use]
pub fn pkcs8(algorithm: &str, key: &[u8]) -> Vec<u8> {
    let octets = OctetStringRef::new(key).and_then(|octets| octets.to_der());
    sequence(&[
        integer(&number(0)),
        algorithm_identifier(algorithm),
        octets.unwrap(),
    ])
}

/// SubjectPublicKeyInfo around any key.
#[must_use]
pub fn spki(algorithm: &str, key: &[u8]) -> Vec<u8> {
    let bits = BitStringRef::from_bytes(key).and_then(|bits| bits.to_der());
    sequence(&[algorithm_identifier(algorithm), bits.unwrap()])
}

fn algorithm_identifier(oid: &str) -> Vec<u8> {
    let oid = ObjectIdentifier::from_str(oid).unwrap().to_der().unwrap();
    sequence(&[oid, Null.to_der().unwrap()])
}

/// An INTEGER.
#[must_use]
pub fn integer(value: &BigUint) -> Vec<u8> {
    let bytes = value.to_bytes_be();
    UintRef::new(&bytes).and_then(|uint| uint.to_der()).unwrap()
}

/// A SEQUENCE of elements.
#[must_use]
pub fn sequence(elements: &[Vec<u8>]) -> Vec<u8> {
    let contents = elements.concat();
    let any = AnyRef::new(Tag::Sequence, &contents);
    any.and_then(|any| any.to_der()).unwrap()
}

/// Big-endian bytes of exactly this length.
///
/// # Panics
/// If the number is longer.
#[must_use]
pub fn fixed_bytes(value: &BigUint, len: usize) -> Vec<u8> {
    let bytes = value.to_bytes_be();
    let zeros = len.checked_sub(bytes.len()).expect("the number fits");
    [vec![0; zeros], bytes].concat()
}
