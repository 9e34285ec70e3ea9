//! New private keys: of random primes as FIPS 186-5 A.1.3 asks for them, the same on every kernel for the
//! same randomness, and none from randomness that is none.
//!
//! What must come out is made here a second time with num-bigint and `crypto-primes`, from the same
//! random numbers.

use crypto_primes::{Flavor, is_prime};
use daxsign_core::{
    Digest, EnrolError, Error, Kernel, KeyFormat, KeyProblem, PrivateKey, RandomnessFailed, Signer,
};
use daxsign_tests::kernels::available_kernels;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::rsa_keys::{KeyNumbers, number, seeded_rng};
use num_bigint::BigUint;
use rand::Rng;
use rsa::BoxedUint;
use sha2::{Digest as _, Sha256};

/// The seeds of the keys that every kernel makes.
const SEEDS: [(usize, u64); 3] = [(2048, 8), (3072, 2), (4096, 2)];
/// Bytes that are asked for at a time.
const BLOCK: usize = 32;
/// What is divided by before a number is tested.
const SMALL_PRIMES: u64 = 8192;

/// The key of a seed.
fn generate(kernel: Kernel, bits: usize, seed: u64) -> PrivateKey {
    let mut rng = seeded_rng(seed);
    let mut random = |bytes: &mut [u8]| {
        rng.fill_bytes(bytes);
        Ok(())
    };
    let mut key = PrivateKey::empty();
    key.generate_by(kernel, bits, &mut random, &mut || ())
        .unwrap();
    assert_eq!(key.public_key().kernel(), kernel);
    key
}

fn numbers(key: &PrivateKey) -> KeyNumbers {
    let mut file = [0; 4096];
    KeyNumbers::from_pkcs1_der(key.write(KeyFormat::Pkcs1Der, &mut file).unwrap())
}

fn boxed(value: &BigUint) -> BoxedUint {
    BoxedUint::from_be_slice_vartime(&value.to_bytes_be())
}

/// The second reading of FIPS 186-5 A.1.3, with the randomness in the order that the core asks for it.
struct Model<F> {
    random: F,
    bits: usize,
    small_primes: Vec<u64>,
}

impl<F: FnMut(&mut [u8])> Model<F> {
    fn new(bits: usize, random: F) -> Self {
        let is_small_prime = |n: &u64| {
            (2..*n)
                .take_while(|d| d * d <= *n)
                .all(|d| !n.is_multiple_of(d))
        };
        Self {
            random,
            bits,
            small_primes: (3..SMALL_PRIMES).filter(is_small_prime).collect(),
        }
    }

    /// A number of half the key's bits; what its first block starts with has to be above a bound.
    fn draw(&mut self, top_bit: u8, above: u64) -> BigUint {
        let len = self.bits / 16;
        let mut bytes = Vec::new();
        while bytes.len() < len {
            let mut block = [0; BLOCK];
            (self.random)(&mut block);
            if bytes.is_empty() {
                block[0] |= top_bit;
                let top = u64::from_be_bytes(block[..8].try_into().unwrap());
                if top_bit != 0 && top <= above {
                    continue;
                }
            }
            bytes.extend(block);
        }
        BigUint::from_bytes_be(&bytes)
    }

    /// An odd number of the range that no small prime divides, and that fits e.
    fn candidate(&mut self) -> BigUint {
        let root: BigUint = (number(1) << 127_u32).sqrt();
        let root = u64::try_from(root).unwrap();
        loop {
            let candidate = self.draw(0x80, root) | number(1);
            let rest = |d: u64| u64::try_from(&candidate % d).unwrap();
            if self.small_primes.iter().all(|prime| rest(*prime) != 0) && rest(65_537) > 1 {
                return candidate;
            }
        }
    }

    fn is_prime(&mut self, candidate: &BigUint) -> bool {
        if !is_prime(Flavor::Any, &boxed(candidate)) {
            return false;
        }
        // The bases, of which nothing depends but what is drawn next.
        let rounds = if self.bits == 2048 { 5 } else { 4 };
        for _ in 0..rounds {
            while self.draw(0, 0) >= *candidate {}
        }
        true
    }

    fn key(&mut self) -> KeyNumbers {
        let mut primes = Vec::new();
        while primes.len() < 2 {
            let candidate = self.candidate();
            if self.is_prime(&candidate) {
                primes.push(candidate);
            }
        }
        primes.sort();
        KeyNumbers::from_primes(primes[1].clone(), primes[0].clone(), number(65_537))
    }
}

#[test]
fn every_kernel_makes_the_key_that_the_standard_says() {
    let mut made = 0;
    for (bits, seeds) in SEEDS {
        for seed in 0..seeds {
            let mut rng = seeded_rng(seed);
            let expected = Model::new(bits, |block| rng.fill_bytes(block)).key();
            for kernel in available_kernels() {
                let found = numbers(&generate(kernel, bits, seed));
                assert_eq!(
                    found.pkcs1_der(),
                    expected.pkcs1_der(),
                    "{bits} bits, seed {seed}, {kernel:?}"
                );
                made += 1;
            }
        }
    }
    assert_eq!(made, 12 * available_kernels().len());
    println!("{made} keys");
}

/// FIPS 186-5 A.1.1 and A.1.3: sizes of p, q, their difference, d; e.
#[test]
fn the_numbers_are_in_their_bounds() {
    for (bits, seed) in [(2048_u64, 100), (2048, 101), (3072, 102), (4096, 103)] {
        let size = usize::try_from(bits).unwrap();
        let key = numbers(&generate(Kernel::best(), size, seed));
        assert_eq!(key.n.bits(), bits);
        assert_eq!(key.e, number(65_537));
        // p ≥ √2 · 2^(bits / 2 − 1).
        for prime in [&key.p, &key.q] {
            assert_eq!(prime.bits(), bits / 2);
            assert!(prime * prime >= number(1) << (bits - 1));
        }
        assert!(key.p > key.q);
        assert!(&key.p - &key.q > number(1) << (bits / 2 - 100));
        assert!(key.d > number(1) << (bits / 2));
        assert!(key.d < (&key.p - number(1)) * (&key.q - number(1)));
    }
}

#[test]
fn openssl_finds_nothing_wrong() {
    let openssl = OpenSsl::default();
    for (bits, seed) in [
        (2048, 200),
        (2048, 201),
        (2048, 202),
        (3072, 203),
        (4096, 204),
    ] {
        let key = generate(Kernel::best(), bits, seed);
        let mut file = [0; 4096];
        let pem = key.write(KeyFormat::Pkcs8Pem, &mut file).unwrap();
        openssl.write("key.pem", pem);
        let said = openssl.run("rsa -in key.pem -check -noout");
        assert_eq!(String::from_utf8_lossy(&said).trim(), "RSA key ok");
        let key = numbers(&key);
        for prime in [&key.p, &key.q] {
            let said = openssl.run(&format!("prime -checks 64 {prime}"));
            assert!(String::from_utf8_lossy(&said).trim().ends_with("is prime"));
        }
    }
}

/// Each class modulo 8 and modulo small primes, and each part of the range, is as likely as the others. And
/// the prime before each is as near as before any: searching upwards would find those behind long gaps.
#[test]
fn primes_are_spread_evenly() {
    const KEYS: u64 = 100;
    /// χ² of so many degrees of freedom is above that by chance in one of a hundred thousand.
    const LIMITS: [(usize, f64); 5] = [(1, 19.5), (3, 25.9), (5, 30.9), (6, 33.1), (7, 35.3)];
    let keys = (1000..1000 + KEYS).map(|seed| numbers(&generate(Kernel::best(), 2048, seed)));
    let primes: Vec<BigUint> = keys.flat_map(|key| [key.p, key.q]).collect();
    let mut checked = 0;
    let mut check = |what: &str, counts: &[u32]| {
        let freedom = counts.len() - 1;
        let expected =
            f64::from(counts.iter().sum::<u32>()) / f64::from(u32::try_from(counts.len()).unwrap());
        let squares = counts
            .iter()
            .map(|count| (f64::from(*count) - expected).powi(2));
        let found = squares.sum::<f64>() / expected;
        let (_, limit) = LIMITS.iter().find(|(n, _)| *n >= freedom).unwrap();
        println!("{what}: {counts:?}, {found:.1}");
        assert!(found < *limit, "{what}: {counts:?}");
        checked += 1;
    };
    let count = |classes: usize, class: &dyn Fn(&BigUint) -> usize| {
        let mut counts = vec![0; classes];
        for prime in &primes {
            counts[class(prime)] += 1;
        }
        counts
    };
    let modulo = |prime: &BigUint, d: u32| usize::try_from(prime % d).unwrap();
    check("modulo 8", &count(4, &|prime| modulo(prime, 8) / 2));
    check("modulo 3", &count(2, &|prime| modulo(prime, 3) - 1));
    check("modulo 5", &count(4, &|prime| modulo(prime, 5) - 1));
    check("modulo 7", &count(6, &|prime| modulo(prime, 7) - 1));
    // Of the range from √2 / 2 to 1 eight equal parts.
    let root = (number(1) << 2047_u32).sqrt();
    let range = (number(1) << 1024_u32) - &root;
    let part = |prime: &BigUint| usize::try_from((prime - &root) * number(8) / &range).unwrap();
    check("of the range", &count(8, &part));
    for bit in [1, 2, 3, 500] {
        let counts = count(2, &|prime| usize::from(prime.bit(bit)));
        check(&format!("bit {bit}"), &counts);
    }
    assert_eq!(checked, 9);
    println!("mean gap: {}", mean_gap_before(&primes));
}

/// How far the primes before these lie, on average: ln(2^1024) = 710 for primes that are all as likely, with
/// a deviation as large for each.
fn mean_gap_before(primes: &[BigUint]) -> f64 {
    const SAMPLE: u16 = 40;
    let gaps = primes.iter().take(SAMPLE.into()).map(|prime| {
        let mut gap = 2_u32;
        while !is_prime(Flavor::Any, &boxed(&(prime - gap))) {
            gap += 2;
        }
        gap
    });
    let mean = f64::from(gaps.sum::<u32>()) / f64::from(SAMPLE);
    assert!((400.0..1020.0).contains(&mean), "{mean}");
    mean
}

/// Randomness that is good for so many blocks, and then what `rest` makes of a block.
fn fails_after(
    blocks: usize,
    rest: impl Fn(&mut [u8]) -> Result<(), RandomnessFailed>,
) -> Result<(), EnrolError> {
    let mut rng = seeded_rng(7);
    let mut asked = 0;
    let mut random = |bytes: &mut [u8]| {
        asked += 1;
        if asked > blocks {
            return rest(bytes);
        }
        rng.fill_bytes(bytes);
        Ok(())
    };
    let mut key = generate(Kernel::best(), 2048, 1);
    let result = key.generate(2048, &mut random, &mut || ());
    assert!(asked > blocks, "only {asked} blocks were asked for");
    assert_eq!(
        key.sign_digest(&Digest([1; 32]), &mut [0; 256]),
        Err(Error::InvalidKey {
            problem: KeyProblem::Empty
        }),
        "the key that stood there before is still there"
    );
    result
}

#[test]
fn randomness_that_fails_makes_no_key() {
    // In the first number, in its later blocks, in another number, in the bases.
    for blocks in [0, 1, 3, 5, 100, 1000] {
        let result = fails_after(blocks, |bytes| {
            bytes.fill(0x11);
            Err(RandomnessFailed)
        });
        assert_eq!(result, Err(EnrolError::RandomnessFailed), "{blocks}");
    }
}

#[test]
fn randomness_that_is_stuck_makes_no_key() {
    let word = [0x9D, 0x3B, 0x55, 0xE7, 0x01, 0x80, 0xFE, 0x42];
    let longer: Vec<u8> = (0..32).map(|byte| 0xFF - byte * 7).collect();
    let short = std::cell::RefCell::new(seeded_rng(24));
    let mut refused = 0;
    for blocks in [0, 1, 2, 50, 1000] {
        for byte in [0, 1, 0x5A, 0xB5, 0xFF] {
            let result = fails_after(blocks, |bytes| {
                bytes.fill(byte);
                Ok(())
            });
            assert_eq!(result, Err(EnrolError::RandomnessStuck), "{byte:#x}");
            refused += 1;
        }
        // Nothing written at all, the same word again and again, the same answer to every question.
        let results = [
            fails_after(blocks, |_| Ok(())),
            fails_after(blocks, |bytes| {
                bytes.copy_from_slice(&word.repeat(4));
                Ok(())
            }),
            fails_after(blocks, |bytes| {
                bytes.copy_from_slice(&longer);
                Ok(())
            }),
            // A read that came short and was not looked at.
            fails_after(blocks, |bytes| {
                short.borrow_mut().fill_bytes(&mut bytes[..24]);
                Ok(())
            }),
        ];
        for result in results {
            assert_eq!(result, Err(EnrolError::RandomnessStuck), "after {blocks}");
            refused += 1;
        }
    }
    assert_eq!(refused, 45);
}

/// What looks random and gives multiples of 3 only: the tries end where FIPS 186-5 says.
#[test]
fn tries_are_limited() {
    let mut rng = seeded_rng(3);
    let mut random = |bytes: &mut [u8]| {
        for byte in &mut *bytes {
            *byte = u8::try_from(rng.next_u32() % 86 * 3).unwrap();
        }
        // Each number starts in the range, and is odd as it is: 256 is 1 modulo 3.
        bytes[0] = 0xBA | 0x80;
        bytes[31] |= 1;
        bytes[31] -= bytes[31] % 3;
        if bytes[31].is_multiple_of(2) {
            bytes[31] += 3;
        }
        Ok(())
    };
    let mut tries = 0;
    let mut key = PrivateKey::empty();
    let result = key.generate(2048, &mut random, &mut || tries += 1);
    assert_eq!(result, Err(EnrolError::NoPrime));
    assert_eq!(tries, 5 * 2048);
}

/// Randomness whose numbers are all below √2 · 2^1023.
#[test]
fn numbers_out_of_range_are_not_drawn_forever() {
    let mut rng = seeded_rng(4);
    let mut asked = 0;
    let mut random = |bytes: &mut [u8]| {
        asked += 1;
        rng.fill_bytes(bytes);
        bytes[0] = 0xB4;
        Ok(())
    };
    let result = PrivateKey::empty().generate(2048, &mut random, &mut || ());
    assert_eq!(result, Err(EnrolError::RandomnessStuck));
    assert!(asked < 1000, "{asked}");
}

#[test]
fn other_sizes_are_refused() {
    for bits in [
        0,
        1,
        512,
        1024,
        2047,
        2049,
        2056,
        3000,
        4097,
        8192,
        usize::MAX,
    ] {
        let mut random = |_: &mut [u8]| -> Result<(), RandomnessFailed> { unreachable!() };
        let mut key = generate(Kernel::best(), 2048, 1);
        let result = key.generate(bits, &mut random, &mut || ());
        assert_eq!(result, Err(EnrolError::KeySize { bits }));
        assert_eq!(key.public_key().modulus_bits(), 0);
    }
}

/// The place of an old key takes a new one.
#[test]
fn a_new_key_stands_in_the_place_of_an_old_one() {
    let mut key = generate(Kernel::best(), 4096, 300);
    let mut rng = seeded_rng(301);
    let mut calls = 0_u32;
    let mut random = |bytes: &mut [u8]| {
        rng.fill_bytes(bytes);
        Ok(())
    };
    key.generate(2048, &mut random, &mut || calls += 1).unwrap();
    let other = generate(Kernel::best(), 2048, 301);
    assert_eq!(numbers(&key).pkcs1_der(), numbers(&other).pkcs1_der());
    let mut signature = [0; 256];
    key.sign_digest(&Digest([1; 32]), &mut signature).unwrap();
    other
        .public_key()
        .verify_digest(&Digest([1; 32]), &signature)
        .unwrap();
    // Ten rounds and a signature have more multiplications.
    assert!(calls > 10_000, "progress was called {calls} times");
}

/// The stream of random bytes that boards make their key of, and tests of secrecy, from a file: block i is
/// SHA-256 of 246 and i as eight bytes each. With 246 the primes are among the first numbers.
fn board_stream() -> impl FnMut(&mut [u8]) {
    let mut count = 0_u64;
    move |block| {
        let mut hash = Sha256::new();
        hash.update(246_u64.to_be_bytes());
        hash.update(count.to_be_bytes());
        block.copy_from_slice(&hash.finalize());
        count += 1;
    }
}

/// What `firmware/run` compares the boards' key with, on every kernel and with words of every size.
#[test]
fn the_key_of_the_boards() {
    let (mut whole, mut stream) = (vec![0; 128 * BLOCK], board_stream());
    whole.chunks_mut(BLOCK).for_each(&mut stream);
    assert!(whole == include_bytes!("../vectors/generated2048.random"));
    let expected = Model::new(2048, board_stream()).key();
    let file = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/vectors/generated2048.pem"
    ))
    .unwrap();
    let pem = PrivateKey::from_bytes(&file).unwrap();
    assert_eq!(numbers(&pem).pkcs1_der(), expected.pkcs1_der());
    for kernel in available_kernels() {
        let mut stream = board_stream();
        let mut random = |bytes: &mut [u8]| {
            stream(bytes);
            Ok(())
        };
        let mut key = PrivateKey::empty();
        key.generate_by(kernel, 2048, &mut random, &mut || ())
            .unwrap();
        let mut out = [0; 2048];
        assert_eq!(key.write(KeyFormat::Pkcs8Pem, &mut out).unwrap(), file);
    }
}
