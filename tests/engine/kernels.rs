//! Every kernel that this machine can run, against the rsa crate and num-bigint.

use daxsign_core::{Digest, Error, Kernel, PrivateKey, PublicKey, Signer};
use daxsign_tests::cases::key_file;
use daxsign_tests::faster::assert_faster;
use daxsign_tests::kernels::available_kernels;
use daxsign_tests::rsa_keys::{KeyNumbers, extreme_keys, number, prime, seeded_rng};
use rand::Rng;
use rsa::Pkcs1v15Sign;

fn digests(seed: u64) -> Vec<Digest> {
    let mut random = [0; 32];
    seeded_rng(seed).fill_bytes(&mut random);
    [[0; 32], [0xFF; 32], random].map(Digest).into()
}

/// Compares the signatures that all kernels make with one key, and what they think of them.
fn compare(numbers: &KeyNumbers, seed: u64) {
    let oracle = numbers.for_rsa_crate();
    let mut key = PrivateKey::from_der(&numbers.pkcs1_der()).unwrap();
    let mut public = PublicKey::from_der(&numbers.spki_der()).unwrap();
    let mut compared = 0;
    for kernel in available_kernels() {
        assert!(key.use_kernel(kernel) && public.use_kernel(kernel));
        assert_eq!(public.kernel(), kernel);
        for digest in digests(seed) {
            let expected = oracle.sign(Pkcs1v15Sign::new::<sha2::Sha256>(), &digest.0);
            let expected = expected.unwrap();
            let mut found = vec![0; key.modulus_len()];
            key.sign_digest(&digest, &mut found).unwrap();
            assert_eq!(found, expected, "{kernel:?}");
            public.verify_digest(&digest, &expected).unwrap();
            let last = found.len() - 1;
            found[last] ^= 1;
            let refused = public.verify_digest(&digest, &found);
            assert_eq!(refused, Err(Error::SignatureMismatch), "{kernel:?}");
            compared += 1;
        }
    }
    assert_eq!(
        compared,
        available_kernels().len() * 3,
        "signatures compared"
    );
}

#[test]
fn the_portable_kernel_is_there_and_the_best_one_is_chosen() {
    assert_eq!(Kernel::ALL.map(Kernel::name), ["portable", "adx", "ifma"]);
    let kernels = available_kernels();
    assert_eq!(kernels.first(), Some(&Kernel::Portable));
    assert_eq!(kernels.last(), Some(&Kernel::best()));
    #[cfg(target_arch = "x86_64")]
    if std::env::var_os("RUSTC_WORKSPACE_WRAPPER").is_none() {
        // Some of Intel's processors have ADX and no BMI2.
        let adx = std::arch::is_x86_feature_detected!("bmi2")
            && std::arch::is_x86_feature_detected!("adx");
        let ifma = adx
            && std::arch::is_x86_feature_detected!("avx512ifma")
            && std::arch::is_x86_feature_detected!("avx512vl");
        assert_eq!(Kernel::Ifma.is_available(), ifma, "AVX-512 IFMA");
        assert_eq!(Kernel::Adx.is_available(), adx, "ADX");
    }
}

#[test]
fn all_kernels_sign_as_the_rsa_crate() {
    let keys = [
        (1024, 1024, 3),
        (1024, 1024, 17),
        (1024, 1024, 65_537),
        (1024, 1024, 0xFFFF_FFFF),
        (1536, 1536, 3),
        (1536, 1536, 65_537),
        (2048, 2048, 65_537),
        (2048, 2048, 0xFFFF_FFFF),
        // Keys that vectors are not made for: of such a modulus, or such primes.
        (1030, 1030, 65_537),
        (1030, 1018, 65_537),
        (1018, 1030, 65_537),
    ];
    for ((p_bits, q_bits, e), seed) in keys.into_iter().zip(1..) {
        compare(
            &KeyNumbers::generate(&mut seeded_rng(seed), p_bits, q_bits, e),
            seed,
        );
    }
}

/// One prime of half the modulus's bits, and one a bit longer, with an exponent of all its bits.
#[test]
fn all_kernels_sign_with_one_prime_a_bit_longer() {
    // The seeds give such primes.
    for (p_bits, q_bits, seed) in [(1024, 1025, 4), (1025, 1024, 2)] {
        let mut rng = seeded_rng(seed);
        let e = number(65_537);
        let [p, q] = [p_bits, q_bits].map(|bits| prime(&mut rng, bits, &e));
        let numbers = KeyNumbers::from_primes(p, q, e);
        assert_eq!(numbers.n.bits(), 2048);
        assert_eq!(numbers.d_p.bits().max(numbers.d_q.bits()), 1025);
        compare(&numbers, seed);
    }
}

#[test]
fn all_kernels_sign_with_primes_of_extreme_digits() {
    let keys = extreme_keys();
    for (numbers, seed) in keys.iter().zip(1..) {
        compare(numbers, seed);
    }
    assert_eq!(keys.len(), 12, "keys");
}

/// A kernel that is chosen but does not work leaves the same results to the next slower one.
#[test]
fn a_faster_kernel_takes_less_time() {
    const DIGEST: Digest = Digest([0x5A; 32]);
    for bits in [2048, 3072, 4096] {
        let file = |form: &str| key_file(&format!("rsa{bits}.{form}.der"));
        let load = |kernel| {
            let mut key = PrivateKey::from_der(&file("pkcs8")).unwrap();
            let mut public = PublicKey::from_der(&file("spki")).unwrap();
            assert!(key.use_kernel(kernel) && public.use_kernel(kernel));
            (Box::new(key), public)
        };
        let mut signature = vec![0; bits / 8];
        load(Kernel::Portable)
            .0
            .sign_digest(&DIGEST, &mut signature)
            .unwrap();
        let sign = |key: &PrivateKey| key.sign_digest(&DIGEST, &mut vec![0; bits / 8]).unwrap();
        let verify = |key: &PublicKey| key.verify_digest(&DIGEST, &signature).unwrap();
        for pair in available_kernels().windows(2) {
            let [(slow, slow_public), (fast, fast_public)] = [load(pair[0]), load(pair[1])];
            let what = format!("{:?}, {bits} bits", pair[1]);
            assert_faster(&format!("{what}, sign"), || sign(&fast), || sign(&slow));
            assert_faster(
                &format!("{what}, verify"),
                || verify(&fast_public),
                || verify(&slow_public),
            );
        }
        if Kernel::Ifma.is_available() {
            let (key, _) = load(Kernel::Ifma);
            let together = || {
                key.sign_batch(&[DIGEST; 8], &mut vec![0; bits]).unwrap();
            };
            let one_by_one = || (0..8).for_each(|_| sign(&key));
            assert_faster(&format!("{bits} bits, batch"), together, one_by_one);
        }
    }
}

/// The vectors' arithmetic by itself, on numbers that no signature would meet: the same source
/// files, compiled into this test.
#[cfg(target_arch = "x86_64")]
#[allow(dead_code, unreachable_pub, unused_qualifications)]
#[path = "."]
mod machine {
    #[path = "../../core/src/machine/ifma/digits.rs"]
    pub mod digits;
    #[path = "../../core/src/machine/ifma/field.rs"]
    pub mod field;
    #[path = "../../core/src/machine/ifma/multiply.rs"]
    pub mod multiply;

    use super::{number, seeded_rng};
    use daxsign_tests::rsa_keys::random_number;
    use digits::Digits;
    use field::Field;
    use num_bigint::BigUint;

    fn limbs(value: &BigUint) -> Vec<u64> {
        value.to_u64_digits()
    }

    /// P numbers side by side.
    fn digits<const K: usize, const P: usize>(values: [&BigUint; P]) -> Digits<K, P> {
        let mut digits = Digits::ZERO;
        for (place, value) in values.into_iter().enumerate() {
            digits.read(place, &limbs(value), 0);
        }
        digits
    }

    fn values<const K: usize, const P: usize>(digits: &Digits<K, P>) -> [BigUint; P] {
        std::array::from_fn(|place| {
            let digits: Vec<_> = digits.digits(place).collect();
            assert_eq!(digits.len(), Digits::<K, P>::LEN);
            digits.into_iter().rev().fold(number(0), |all, digit| {
                assert!(digit >> 52 == 0, "a digit of more than 52 bits");
                (all << 52) + number(*digit)
            })
        })
    }

    /// Operands up to 2 · n: edges of digits and carries, and random ones.
    fn operands(n: &BigUint, bits: u32, seed: u64) -> Vec<BigUint> {
        let one = number(1);
        let ones = (&one << bits) - &one;
        let twice = n * number(2);
        let mut all = vec![
            number(0),
            one.clone(),
            n - &one,
            n.clone(),
            n + &one,
            &twice - &one,
            &ones % &twice,
            // 0 and all ones in turn, by digits and by vectors.
            (0..bits / 104).fold(number(0), |x, _| (x << 104) + ((&one << 52) - &one)) % &twice,
            (0..bits / 416).fold(number(0), |x, _| (x << 416) + ((&one << 208) - &one)) % &twice,
        ];
        all.extend([51, 52, 53, 207, 208, 209, bits - 53, bits - 1].map(|bit| &one << bit));
        all.extend([52, 208, bits - 52].map(|bit| (&one << bit) - &one));
        let mut rng = seeded_rng(seed);
        all.extend((0..3).map(|_| random_number(&mut rng, bits) % &twice));
        all
    }

    /// What a reduction gave is the product divided by R, almost reduced.
    fn check(found: &BigUint, factors: [&BigUint; 2], n: &BigUint, r: &BigUint) {
        assert!(*found <= n * number(2), "not almost reduced");
        let expected = factors[0] * factors[1] % n;
        assert_eq!(found * r % n, expected, "{factors:?} modulo {n}");
    }

    /// x · y / R and x² / R for all pairs, modulo P numbers at once, the last of them n.
    fn compare<const K: usize, const P: usize>(moduli: [&BigUint; P], bits: u32) -> usize {
        let n = moduli[P - 1];
        let r = number(1) << Field::<K, P>::R_BITS;
        let mut field = Field::<K, P>::EMPTY;
        let all = operands(n, bits, 7);
        // SAFETY: the caller has asked for the instructions.
        unsafe { field.load(moduli.map(limbs).each_ref().map(Vec::as_slice)) };
        for x in &all {
            // Out of digits again, with the bit above the limbs.
            let mut out = vec![0; limbs(&(number(1) << (bits - 1))).len()];
            let above = digits::<K, P>([x; P]).write(P - 1, &mut out);
            let written = out
                .into_iter()
                .rev()
                .fold(number(above), |all, limb| (all << 64) + number(limb));
            assert_eq!(written, *x);
            for y in &all {
                // Other numbers beside each other, and the last of them x.
                let [mut xs, mut ys] = [[x; P], [y; P]];
                if P > 1 {
                    (xs[0], ys[0]) = (y, x);
                }
                let mut product = digits::<K, P>(xs);
                let mut square = digits::<K, P>(xs);
                // SAFETY: as above.
                unsafe {
                    field.multiply(&mut product, &digits(ys));
                    field.square(&mut square);
                }
                let (products, squares) = (values(&product), values(&square));
                for place in 0..P {
                    let (x, y, n) = (xs[place], ys[place], moduli[place]);
                    check(&products[place], [x, y], n, &r);
                    check(&squares[place], [x, x], n, &r);
                }
            }
            // Twice as long a number, below R · n.
            let wide = (x << (bits - 1)) + x;
            let mut reduced = Digits::ZERO;
            // SAFETY: as above.
            unsafe { field.reduce_limbs(&mut reduced, &limbs(&wide)) };
            for (found, n) in values(&reduced).iter().zip(moduli) {
                check(found, [&wide, &number(1)], n, &r);
            }
        }
        all.len().pow(2)
    }

    #[test]
    fn vectors_multiply_numbers_of_extreme_digits() {
        if !daxsign_core::Kernel::Ifma.is_available() {
            eprintln!("no AVX-512 IFMA on this machine");
            return;
        }
        let mut compared = 0;
        let one = number(1);
        for bits in [1024_u32, 1536, 2048, 3072, 4096] {
            let ones = (&one << bits) - &one;
            let zeros = (&one << (bits - 1)) + &one;
            let random = random_number(&mut seeded_rng(u64::from(bits)), bits) | &one;
            for (n, other) in [(&ones, &zeros), (&zeros, &random), (&random, &ones)] {
                compared += match bits {
                    1024 => compare::<5, 2>([other, n], bits),
                    1536 => compare::<8, 2>([other, n], bits),
                    2048 => compare::<10, 2>([other, n], bits) + compare::<5, 1>([n], bits),
                    3072 => compare::<8, 1>([n], bits),
                    _ => compare::<10, 1>([n], bits),
                };
            }
        }
        assert_eq!(compared, 18 * 23 * 23, "pairs");
    }
}
