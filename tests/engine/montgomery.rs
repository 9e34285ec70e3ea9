//! Montgomery multiplication on every kernel against num-bigint, on numbers that no key leads to.
//!
//! The operands are given to it by a build of the core with `--cfg daxsign_inner`. Without that,
//! this program builds itself with it.

#[cfg(not(daxsign_inner))]
mod builds {
    #[test]
    fn in_a_build_with_its_inside_open() {
        daxsign_tests::inner::run_cases("montgomery", 5);
    }
}

#[cfg(daxsign_inner)]
mod cases {
    use daxsign_core::Kernel;
    use daxsign_core::inner::{LIMB_BYTES, MAX_BYTES, montgomery};
    use daxsign_tests::faster::assert_faster;
    use daxsign_tests::rsa_keys::{fixed_bytes, number, random_number, seeded_rng};
    use num_bigint::BigUint;
    use rand::Rng;

    /// Limbs of 64 bits: whole blocks of eight, as in usual keys, and other lengths.
    const LENGTHS: [usize; 16] = [1, 2, 3, 7, 8, 9, 15, 16, 17, 20, 24, 32, 33, 40, 48, 64];
    /// Random numbers of each kind, beside the edges.
    const RANDOM: usize = 3;

    fn power_of_two(bits: usize) -> BigUint {
        number(1) << bits
    }

    /// Limbs from those that make carries run far, and others.
    fn striped(rng: &mut impl Rng, limbs: usize) -> BigUint {
        (0..limbs).fold(number(0), |above, _| {
            let limb = match rng.next_u32() % 5 {
                0 => 0,
                1 => 1,
                2 => 1 << 63,
                3 => u64::MAX,
                _ => rng.next_u64(),
            };
            (above << 64) + limb
        })
    }

    /// Odd numbers with their highest bit or a lower bit of the highest limb of `bits`: all ones,
    /// all zeros between, −m⁻¹ of 1 and of −1 in the lowest limb, and random ones.
    fn moduli(rng: &mut rand::rngs::ChaCha8Rng, bits: usize) -> Vec<BigUint> {
        let r = power_of_two(bits);
        let half = power_of_two(bits - 1);
        let mut all = vec![
            &r - 1_u32,
            &half + 1_u32,
            &half - 1_u32,
            &r - power_of_two(bits / 2) - 1_u32,
            &half + power_of_two(bits / 2) - 1_u32,
            power_of_two(bits - LIMB_BYTES * 8) + 3_u32,
            &r - number(u64::MAX) + 1_u32,
        ];
        for _ in 0..RANDOM {
            all.push(random_number(rng, u32::try_from(bits).unwrap()) | number(1));
            all.push(striped(rng, bits / 64) | number(1) | &half);
        }
        for m in &mut all {
            m.set_bit(0, true);
            assert!(*m < r);
        }
        all
    }

    fn operands(rng: &mut rand::rngs::ChaCha8Rng, bits: usize, m: &BigUint) -> Vec<BigUint> {
        let r = power_of_two(bits);
        let mut all = vec![
            number(0),
            number(1),
            m - 1_u32,
            m.clone(),
            &r - 1_u32,
            &r % m,
            &r - m,
            power_of_two(bits / 2) - 1_u32,
            &r - power_of_two(bits / 2),
        ];
        for _ in 0..RANDOM {
            all.push(striped(rng, bits / 64));
            all.push(striped(rng, bits / 64) % m);
        }
        all
    }

    /// What the definition gives: the multiple of m that clears the lower half is added, the upper
    /// half is the result, less m if it does not fit.
    fn expected(
        a: &BigUint,
        b: &BigUint,
        m: &BigUint,
        neg_inverse: &BigUint,
        bits: usize,
    ) -> BigUint {
        let r_less_1 = power_of_two(bits) - 1_u32;
        let product = a * b;
        let factor = (&product & &r_less_1) * neg_inverse & &r_less_1;
        let sum = product + factor * m;
        assert_eq!(&sum & &r_less_1, number(0));
        let result = sum >> bits;
        if result > r_less_1 {
            result - m
        } else {
            result
        }
    }

    /// Compares all products and squares of the operands; returns how many.
    fn compare(kernel: Kernel, bits: usize, m: &BigUint, operands: &[BigUint]) -> usize {
        let len = bits / 8;
        let r = power_of_two(bits);
        let neg_inverse = &r - m.modinv(&r).expect("m is odd");
        let m_bytes = fixed_bytes(m, len);
        let mut compared = 0;
        for a in operands {
            let a_bytes = fixed_bytes(a, len);
            for b in operands {
                let mut product = a_bytes.clone();
                let b_bytes = fixed_bytes(b, len);
                montgomery(kernel, &mut product, Some(&b_bytes), &m_bytes, 1).unwrap();
                let product = BigUint::from_bytes_be(&product);
                let name = kernel.name();
                assert_eq!(
                    product,
                    expected(a, b, m, &neg_inverse, bits),
                    "{name}: {a:x} times {b:x} modulo {m:x}"
                );
                assert_eq!(&product * &r % m, a * b % m);
                if a < m || b < m {
                    assert!(product < m * 2_u32);
                }
                compared += 1;
            }
            let mut square = a_bytes.clone();
            montgomery(kernel, &mut square, None, &m_bytes, 1).unwrap();
            assert_eq!(
                BigUint::from_bytes_be(&square),
                expected(a, a, m, &neg_inverse, bits),
                "{}: the square of {a:x} modulo {m:x}",
                kernel.name()
            );
            compared += 1;
        }
        compared
    }

    fn compare_all(kernel: Kernel) {
        let mut rng = seeded_rng(600);
        let mut compared = 0;
        for length in LENGTHS {
            let bits = length * 64;
            for m in moduli(&mut rng, bits) {
                let operands = operands(&mut rng, bits, &m);
                compared += compare(kernel, bits, &m, &operands);
            }
        }
        let operands = 9 + 2 * RANDOM;
        let moduli = 7 + 2 * RANDOM;
        let cases = LENGTHS.len() * moduli * operands * (operands + 1);
        assert_eq!(compared, cases, "cases compared");
    }

    #[test]
    fn the_portable_kernel() {
        compare_all(Kernel::Portable);
    }

    /// On words of 32 bits there is none.
    #[test]
    fn the_kernel_of_two_carries() {
        if LIMB_BYTES == 8 && cfg!(target_arch = "x86_64") {
            assert!(
                Kernel::Adx.is_available(),
                "this machine has no BMI2 and ADX: the kernel cannot be tested on it"
            );
            compare_all(Kernel::Adx);
        } else {
            assert!(!Kernel::Adx.is_available());
        }
    }

    /// A kernel that does nothing leaves the same results to the portable one.
    #[test]
    fn the_kernel_of_two_carries_takes_less_time() {
        /// So many that what else is done for them does not count.
        const TIMES: usize = 100;
        if !Kernel::Adx.is_available() {
            return;
        }
        for factor in [None, Some([0x5A; MAX_BYTES].as_slice())] {
            let multiply = |kernel| {
                let mut number = [0xA5; MAX_BYTES];
                montgomery(kernel, &mut number, factor, &[0xFF; MAX_BYTES], TIMES).unwrap();
                std::hint::black_box(number);
            };
            assert_faster(
                if factor.is_some() {
                    "product"
                } else {
                    "square"
                },
                || multiply(Kernel::Adx),
                || multiply(Kernel::Portable),
            );
        }
    }

    /// Lengths that only words of 32 bits have.
    #[test]
    fn odd_numbers_of_short_words() {
        let mut rng = seeded_rng(601);
        let mut compared = 0;
        for limbs in [1, 3, 5, 17, 31, 33, 65] {
            let bits = limbs * LIMB_BYTES * 8;
            let m = random_number(&mut rng, u32::try_from(bits).unwrap()) | number(1);
            let r = power_of_two(bits);
            let operands = [number(0), &m - 1_u32, &r - 1_u32, &r - &m];
            if bits / 8 <= MAX_BYTES {
                compared += compare(Kernel::Portable, bits, &m, &operands);
            }
        }
        let lengths = if LIMB_BYTES == 4 { 7 } else { 6 };
        assert_eq!(compared, lengths * 4 * 5, "cases compared");
    }

    #[test]
    fn lengths_that_do_not_match_are_refused() {
        let m = [0xFF; 16];
        assert_eq!(montgomery(Kernel::Portable, &mut [0; 8], None, &m, 1), None);
        let mut a = [0; 16];
        assert_eq!(
            montgomery(Kernel::Portable, &mut a, Some(&[0; 8]), &m, 1),
            None
        );
        assert_eq!(
            montgomery(Kernel::Portable, &mut [0; 3], None, &[1; 3], 1),
            None
        );
    }
}
