//! Faults while a key signs: whatever bit flips in the encoded message, in a CRT half, in h or in
//! the signature before it is checked, nothing of the result is given out. From the signature of a
//! fault in one half alone a prime of the key could be computed.
//!
//! The faults strike in a build of the core with `--cfg daxsign_faults`, on every kernel, for one
//! signature and for eight at once. Without that, this program builds itself with it.

#[cfg(not(daxsign_faults))]
mod builds {
    #[test]
    fn in_a_build_with_its_inside_open() {
        daxsign_tests::inner::run_cases("faults", 6);
    }
}

#[cfg(daxsign_faults)]
mod cases {
    use daxsign_core::faults::{BITS, Place, happened, plan};
    use daxsign_core::{Digest, EnrolError, Error, PrivateKey, RandomnessFailed, Signer};
    use daxsign_tests::cases::key_file;
    use daxsign_tests::kernels::available_kernels;
    use std::sync::Mutex;

    /// What is planned is planned for the whole process.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

    const DIGESTS: [Digest; 8] = [Digest([0x3C; 32]); 8];
    /// The modulus sizes, and how many bits each place has.
    const SIZES: [usize; 3] = [2048, 3072, 4096];
    const PLACES: [(Place, usize); 4] = [
        (Place::Message, 1),
        (Place::HalfQ, 2),
        (Place::HalfP, 2),
        (Place::Signature, 1),
    ];
    /// What must not be left of an output.
    const OLD: u8 = 0xEE;

    fn key(bits: usize) -> PrivateKey {
        PrivateKey::from_bytes(&key_file(&format!("rsa{bits}.pkcs8.pem"))).unwrap()
    }

    /// A bit in each limb of each place, not always the same one, for each size and kernel.
    fn strike_everywhere(sign: impl Fn(&PrivateKey, &mut [u8]) -> Result<(), Error>, len: usize) {
        let _lock = ONE_AT_A_TIME.lock();
        let mut struck = 0;
        let mut expected = 0;
        for bits in SIZES {
            for kernel in available_kernels() {
                let mut key = key(bits);
                assert!(key.use_kernel(kernel));
                let mut good = vec![OLD; len * bits / 8];
                sign(&key, &mut good).unwrap();
                for (place, share) in PLACES {
                    let limbs = bits / share / BITS;
                    expected += limbs;
                    for limb in 0..limbs {
                        let mut out = vec![OLD; len * bits / 8];
                        plan(place, limb * BITS + (limb * 7 + 3) % BITS);
                        let result = sign(&key, &mut out);
                        assert!(happened(), "{place:?}, limb {limb}: no fault struck");
                        assert_eq!(
                            result,
                            Err(Error::SigningFault),
                            "{kernel:?} {place:?} {limb}"
                        );
                        assert!(
                            out.iter().all(|byte| *byte == 0),
                            "{kernel:?} {place:?} {limb}"
                        );
                        struck += 1;
                    }
                }
                // It was a fault of the moment: the key still signs.
                let mut again = vec![OLD; len * bits / 8];
                sign(&key, &mut again).unwrap();
                assert_eq!(again, good);
            }
        }
        assert_eq!(struck, expected, "faults");
        let least = SIZES.iter().sum::<usize>() * 3 / BITS;
        assert!(struck >= least, "only {struck} faults");
        println!("{struck} faults");
    }

    #[test]
    fn no_fault_gets_a_signature_out() {
        strike_everywhere(|key, out| key.sign_digest(&DIGESTS[0], out), 1);
    }

    #[test]
    fn no_fault_gets_one_of_many_out() {
        strike_everywhere(|key, out| key.sign_batch(&DIGESTS, out), DIGESTS.len());
    }

    /// A bit flips in the memory where the key is: in each limb of p, q, dP, dQ, qInv and n.
    #[test]
    fn a_damaged_key_signs_nothing() {
        let _lock = ONE_AT_A_TIME.lock();
        let mut struck = 0;
        for kernel in available_kernels() {
            let mut key = key(2048);
            assert!(key.use_kernel(kernel));
            let secret = key.secret_limbs().len();
            assert_eq!(secret, 5 * 1024 / BITS);
            for limb in 0..secret + key.modulus_limbs().len() {
                let bit = 1 << ((limb * 7 + 3) % BITS);
                let flip = |key: &mut PrivateKey| match limb.checked_sub(secret) {
                    None => key.secret_limbs()[limb] ^= bit,
                    Some(limb) => key.modulus_limbs()[limb] ^= bit,
                };
                flip(&mut key);
                let mut one = [OLD; 256];
                assert_eq!(
                    key.sign_digest(&DIGESTS[0], &mut one),
                    Err(Error::SigningFault)
                );
                assert_eq!(one, [0; 256], "{kernel:?}, limb {limb}");
                let mut many = [OLD; 8 * 256];
                assert_eq!(
                    key.sign_batch(&DIGESTS, &mut many),
                    Err(Error::SigningFault)
                );
                assert_eq!(many, [0; 8 * 256], "{kernel:?}, limb {limb}");
                flip(&mut key);
                struck += 1;
            }
            key.sign_digest(&DIGESTS[0], &mut [0; 256]).unwrap();
        }
        assert!(struck >= (5 * 1024 + 2048) / BITS, "only {struck} bits");
    }

    /// A bit flips in how long a prime is.
    #[test]
    fn a_key_with_another_length_signs_nothing() {
        let _lock = ONE_AT_A_TIME.lock();
        let mut struck = 0;
        for kernel in available_kernels() {
            let mut key = key(2048);
            assert!(key.use_kernel(kernel));
            for (prime, bit) in
                (0..2).flat_map(|prime| (0..usize::BITS).map(move |bit| (prime, bit)))
            {
                *key.prime_lengths()[prime] ^= 1 << bit;
                let mut one = [OLD; 256];
                let result = key.sign_digest(&DIGESTS[0], &mut one);
                assert_eq!(result, Err(Error::SigningFault), "{kernel:?} {prime} {bit}");
                assert_eq!(one, [0; 256]);
                let mut many = [OLD; 8 * 256];
                let result = key.sign_batch(&DIGESTS, &mut many);
                assert_eq!(result, Err(Error::SigningFault), "{kernel:?} {prime} {bit}");
                assert_eq!(many, [0; 8 * 256]);
                *key.prime_lengths()[prime] ^= 1 << bit;
                struck += 1;
            }
            key.sign_digest(&DIGESTS[0], &mut [0; 256]).unwrap();
        }
        assert!(struck >= 128, "only {struck} bits");
    }

    /// A bit flips in a prime once it was found, in an exponent or in the coefficient of a new key: none
    /// comes out, and above all none of a composite number.
    #[test]
    fn no_fault_gets_a_new_key_out() {
        const STREAM: &[u8] = include_bytes!("../vectors/generated2048.random");
        let _lock = ONE_AT_A_TIME.lock();
        let make = |key: &mut PrivateKey, kernel| {
            let mut blocks = STREAM.chunks(32);
            let mut random = |bytes: &mut [u8]| {
                // A prime that is damaged may be followed by more numbers.
                let block = blocks.next().ok_or(RandomnessFailed)?;
                bytes.copy_from_slice(block);
                Ok(())
            };
            key.generate_by(kernel, 2048, &mut random, &mut || ())
        };
        let mut struck = 0;
        for kernel in available_kernels() {
            for place in [Place::Prime, Place::Exponent, Place::Coefficient] {
                for limb in 0..1024 / BITS {
                    let mut key = key(2048);
                    plan(place, limb * BITS + (limb * 7) % BITS);
                    let result = make(&mut key, kernel);
                    assert!(happened(), "{place:?}, limb {limb}: no fault struck");
                    let faulty = matches!(
                        result,
                        Err(EnrolError::Core(
                            Error::SigningFault | Error::InvalidKey { .. }
                        ))
                    );
                    assert!(faulty, "{kernel:?} {place:?} {limb}: {result:?}");
                    assert_eq!(key.public_key().modulus_bits(), 0);
                    assert!(key.secret_limbs().is_empty());
                    struck += 1;
                }
            }
            make(&mut key(2048), kernel).expect("a key without a fault");
        }
        assert!(struck >= 3 * 1024 / BITS, "only {struck} faults");
        println!("{struck} faults");
    }

    #[test]
    fn a_fault_that_is_planned_elsewhere_does_not_strike() {
        let _lock = ONE_AT_A_TIME.lock();
        let key = key(2048);
        let mut out = [0; 256];
        plan(Place::HalfP, 1 << 20);
        key.sign_digest(&DIGESTS[0], &mut out).unwrap();
        assert!(!happened());
    }
}
