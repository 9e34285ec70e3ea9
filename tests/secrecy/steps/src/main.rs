//! Signs and loads keys one instruction at a time, and compares: with every key and digest the same
//! instructions must run in the same order, touch the same addresses, and divide the same numbers.
//!
//! It runs on the processor itself, so it sees what valgrind does not know, such as AVX-512; but it
//! compares runs, where valgrind follows each secret bit.
//!
//! Arguments: `sign` or `batch` and a kernel, or `load best`, and two key files or more, of keys of
//! one size, for loading with numbers of the same lengths.
//! `first`, a number and what stands above: only so many steps of each run are compared, and one
//! digest is signed.
//! `--plant-branch`, `--plant-index` and `--plant-division` leak on purpose, `--plant-nothing` does
//! not. Prints how many runs there were and how many steps each took, or the first step that differs,
//! and then fails.
//!
//! `processor`, a name of twelve letters and four hexadecimal numbers, those of
//! [`Processor`](stepper::Processor): prints which
//! kernels such a processor is offered, and what the standard library says of its instructions.

#[cfg(not(target_arch = "x86_64"))]
fn main() {
    eprintln!("only x86-64 is known here");
    std::process::exit(2);
}

#[cfg(target_arch = "x86_64")]
mod stepper;

#[cfg(target_arch = "x86_64")]
fn main() {
    runs::main();
}

#[cfg(target_arch = "x86_64")]
mod runs {
    use std::hint::black_box;

    use daxsign_core::{Digest, Kernel, PrivateKey, Signer};

    use crate::stepper::{Processor, Stepper};

    /// Digests of extreme and of ordinary bits.
    const DIGESTS: [Digest; 2] = [Digest([0; 32]), Digest([0xA5; 32])];
    const BATCH: usize = 8;

    pub(crate) fn main() {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut stepper = Stepper::new();
        let arguments = match arguments.as_slice() {
            ["first", steps, rest @ ..] => {
                stepper.limit(steps.parse().expect("a number of steps"));
                rest
            }
            all => all,
        };
        match arguments {
            [plant] if plant.starts_with("--plant-") => planted(plant, &mut stepper),
            ["processor", vendor, numbers @ ..] => return processor(vendor, numbers, stepper),
            ["load", "best", files @ ..] if files.len() > 1 => load(files, &mut stepper),
            [mode, kernel, files @ ..] if files.len() > 1 => {
                sign(mode, named(kernel), files, &mut stepper);
            }
            _ => panic!("arguments: see the head of main.rs"),
        }
        println!("{}", stepper.summary());
    }

    fn named(name: &str) -> Kernel {
        let kernel = Kernel::ALL.into_iter().find(|each| each.name() == name);
        kernel.expect("the name of a kernel")
    }

    fn read(file: &str) -> Vec<u8> {
        std::fs::read(file).expect(file)
    }

    /// All in the same places, so that addresses are the same.
    fn sign(mode: &str, kernel: Kernel, files: &[&str], stepper: &mut Stepper) {
        // Of a part, windows of the exponent are what differs: a secret of the key alone.
        let digests = if stepper.is_limited() {
            &DIGESTS[1..]
        } else {
            &DIGESTS[..]
        };
        let mut key = Box::new(PrivateKey::empty());
        key.load(&read(files[0])).expect("a good key");
        let mut signatures = vec![0; key.modulus_len() * BATCH];
        for file in files {
            key.load(&read(file)).expect("a good key");
            assert!(key.use_kernel(kernel), "this machine has no such kernel");
            for digest in digests {
                let mut run = |stepper: Option<&mut Stepper>| match mode {
                    "sign" => {
                        let signature = &mut signatures[..key.modulus_len()];
                        step(stepper, || key.sign_digest(digest, signature));
                    }
                    "batch" => {
                        let digests =
                            [0, 1, 2, 3, 4, 5, 6, 7].map(|i| Digest(digest.0.map(|byte| byte ^ i)));
                        step(stepper, || key.sign_batch(&digests, &mut signatures));
                    }
                    _ => panic!("arguments: see the head of main.rs"),
                };
                // What a first call does once, such as finding functions of shared libraries.
                run(None);
                run(Some(stepper));
            }
        }
    }

    /// Files of one length, with all numbers at the same places: lengths are public.
    fn load(files: &[&str], stepper: &mut Stepper) {
        let mut key = Box::new(PrivateKey::empty());
        let mut bytes = read(files[0]);
        for file in files {
            bytes.copy_from_slice(&read(file));
            step(None, || key.load(&bytes));
            step(Some(stepper), || key.load(&bytes));
        }
    }

    /// What the core and the standard library think of a processor.
    fn processor(vendor: &str, numbers: &[&str], mut stepper: Stepper) {
        let numbers: Vec<u32> = numbers
            .iter()
            .map(|text| u32::from_str_radix(text, 16).expect("a number in hexadecimal"))
            .collect();
        let [last_leaf, features_ecx, extended_ebx, xcr0] = numbers[..] else {
            panic!("arguments: see the head of main.rs");
        };
        stepper.pretend(Processor {
            vendor: vendor.as_bytes().try_into().expect("twelve letters"),
            last_leaf,
            features_ecx,
            extended_ebx,
            xcr0,
        });
        let ([adx, ifma], [has_adx, has_ifma]) = stepper.run(|| {
            let kernels = [Kernel::Adx, Kernel::Ifma].map(Kernel::is_available);
            let adx = is_x86_feature_detected!("bmi2") && is_x86_feature_detected!("adx");
            let ifma = is_x86_feature_detected!("bmi2")
                && is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512ifma");
            (kernels, [adx, ifma])
        });
        println!("kernels: adx {adx}, ifma {ifma}");
        println!("instructions: adx {has_adx}, ifma {has_ifma}");
    }

    /// With a stepper or, to begin with, without.
    fn step<E: std::fmt::Debug>(
        stepper: Option<&mut Stepper>,
        operation: impl FnOnce() -> Result<(), E>,
    ) {
        let result = match stepper {
            Some(stepper) => stepper.run(operation),
            None => operation(),
        };
        result.expect("signatures");
    }

    /// Leaks two secrets.
    fn planted(how: &str, stepper: &mut Stepper) {
        for secret in [7_usize, 8] {
            let secret = black_box(secret);
            match how {
                "--plant-nothing" => stepper.run(|| {
                    black_box(black_box(b"0123456789abcdef")[3] ^ secret.to_le_bytes()[0]);
                }),
                "--plant-branch" => stepper.run(|| {
                    if secret == 7 {
                        black_box(1);
                    }
                }),
                "--plant-index" => stepper.run(|| {
                    black_box(b"0123456789abcdef"[secret & 15]);
                }),
                "--plant-division" => stepper.run(|| {
                    black_box(black_box(1000) / secret.max(1));
                }),
                _ => panic!("arguments: see the head of main.rs"),
            }
        }
    }
}
