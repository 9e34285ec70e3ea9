//! Signs one instruction at a time, and compares: with every key and digest the same instructions
//! must run in the same order, touch the same addresses, and divide the same numbers.
//!
//! It runs on the processor itself, so it sees what valgrind does not know, such as AVX-512; but it
//! compares runs, where valgrind follows each secret bit.
//!
//! Arguments: `sign` or `batch`, a kernel, and two key files or more, of keys of one size.
//! `--plant-branch`, `--plant-index` and `--plant-division` leak on purpose, `--plant-nothing` does not. Prints how many runs
//! there were and how many steps each took, or the first step that differs, and then fails.

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

    use crate::stepper::Stepper;

    /// Digests of extreme and of ordinary bits.
    const DIGESTS: [Digest; 2] = [Digest([0; 32]), Digest([0xA5; 32])];
    const BATCH: usize = 8;

    pub(crate) fn main() {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let mut stepper = Stepper::new();
        match arguments.as_slice() {
            [plant] if plant.starts_with("--plant-") => planted(plant, &mut stepper),
            [mode, kernel, files @ ..] if files.len() > 1 => {
                let kernel = Kernel::ALL.into_iter().find(|each| each.name() == kernel);
                let files = files.iter().map(|file| std::fs::read(file).expect(file));
                let files: Vec<Vec<u8>> = files.collect();
                let kernel = kernel.expect("the name of a kernel");
                keys(mode, kernel, &files, &mut stepper);
            }
            _ => panic!("arguments: see the head of main.rs"),
        }
        println!("{}", stepper.summary());
    }

    /// All in the same places, so that addresses are the same.
    fn keys(mode: &str, kernel: Kernel, files: &[Vec<u8>], stepper: &mut Stepper) {
        let mut key = Box::new(PrivateKey::empty());
        key.load(&files[0]).expect("a good key");
        let mut signatures = vec![0; key.modulus_len() * BATCH];
        for file in files {
            key.load(file).expect("a good key");
            assert!(key.use_kernel(kernel), "this machine has no such kernel");
            for digest in DIGESTS {
                let mut run = |stepper: Option<&mut Stepper>| match mode {
                    "sign" => {
                        let signature = &mut signatures[..key.modulus_len()];
                        step(stepper, || key.sign_digest(&digest, signature));
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
