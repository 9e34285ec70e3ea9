//! Does one operation, named by the first argument, inside a function that `benches/instructions`
//! counts; prepares it outside. Without an argument: prints the names of the operations.

use std::hint::black_box;
use std::process::ExitCode;

use daxsign_benches::inputs::{BODY, KEYS, METHOD, TARGET, headers, key};
use daxsign_core::{
    Components, Counter, Digest, Kernel, Options, PrivateKey, Profile, RandomnessFailed, Request,
    Sha256, Signer, signing_digest, write_signing_string,
};

/// A name, which ends in the kernel's if one is used, and what is done.
type Operation = (&'static str, fn(&str));

const OPERATIONS: [Operation; 12] = [
    ("canonicalise-300", |_| canonicalise()),
    ("canonicalise-hash-300", |_| canonicalise_and_hash()),
    ("hash-64k", |_| hash()),
    ("load-2048-pem-portable", load),
    ("load-2048-pem-adx", load),
    ("generate-2048-portable", generate),
    ("generate-2048-adx", generate),
    ("sign-2048-portable", sign),
    ("sign-2048-adx", sign),
    ("sign-4096-portable", sign),
    ("verify-2048-portable", verify),
    ("verify-2048-adx", verify),
];

fn main() -> ExitCode {
    let Some(wanted) = std::env::args().nth(1) else {
        for (name, _) in OPERATIONS {
            println!("{name}");
        }
        return ExitCode::SUCCESS;
    };
    let Some((name, operation)) = OPERATIONS.iter().find(|(name, _)| *name == wanted) else {
        eprintln!("counted: no operation `{wanted}`; without an argument it lists them");
        return ExitCode::from(2);
    };
    operation(name);
    ExitCode::SUCCESS
}

/// What is counted, by its name.
#[inline(never)]
fn counted_region(operation: &mut dyn FnMut()) -> u8 {
    operation();
    // Something to do afterwards, so that the call above is not a jump out of this function.
    black_box(0)
}

fn count(mut operation: impl FnMut()) {
    black_box(counted_region(&mut operation));
}

fn canonicalise() {
    let headers = headers();
    let request = Request::new(METHOD, TARGET, &headers, BODY);
    count(|| {
        let list = Components::default_for(black_box(&request));
        let mut counter = Counter::default();
        write_signing_string(&request, &list, Options::default(), &mut counter)
            .expect("the request keeps the rules");
        black_box(counter.count());
    });
}

fn canonicalise_and_hash() {
    let headers = headers();
    let request = Request::new(METHOD, TARGET, &headers, BODY);
    count(|| {
        let list = Components::default_for(black_box(&request));
        let digest = signing_digest(&request, &list, Profile::Documented, Options::default());
        black_box(digest.expect("the request keeps the rules"));
    });
}

fn hash() {
    let bytes = vec![b'a'; 64 << 10];
    count(|| {
        black_box(Sha256::digest(black_box(&bytes)));
    });
}

/// A new key of a fixed stream of numbers, with the primes among the first of them.
fn generate(operation: &str) {
    const STREAM: &[u8] = include_bytes!("../../../tests/vectors/generated2048.random");
    let mut blocks = STREAM.chunks(32);
    let mut random = |bytes: &mut [u8]| {
        let block = blocks.next().ok_or(RandomnessFailed)?;
        bytes.copy_from_slice(block);
        Ok(())
    };
    let mut key = PrivateKey::empty();
    count(|| {
        key.generate_by(kernel_of(operation), 2048, &mut random, &mut || ())
            .expect("a key");
    });
}

/// The kernel cannot be chosen before the key is there, so it must be the best one.
fn load(operation: &str) {
    assert_eq!(Kernel::best(), kernel_of(operation), "the best kernel here");
    let mut key = PrivateKey::empty();
    count(|| {
        key.load(black_box(KEYS[0].pem.as_bytes()))
            .expect("a key of the vectors loads");
    });
}

fn kernel_of(operation: &str) -> Kernel {
    let kernel = Kernel::ALL
        .into_iter()
        .find(|kernel| operation.ends_with(kernel.name()));
    kernel.expect("a kernel of that name")
}

/// The key of an operation named `WHAT-BITS-KERNEL`.
fn key_of(operation: &str) -> PrivateKey {
    let file = KEYS
        .iter()
        .find(|file| operation.contains(&format!("-{}-", file.bits)));
    let mut key = key(file.expect("a key of that size"));
    assert!(
        key.use_kernel(kernel_of(operation)),
        "the kernel can be run"
    );
    key
}

fn sign(operation: &str) {
    let key = key_of(operation);
    let mut signature = vec![0; key.modulus_len()];
    count(|| {
        key.sign_digest(black_box(&Digest([0xA5; 32])), &mut signature)
            .expect("the key signs");
    });
}

fn verify(operation: &str) {
    let key = key_of(operation);
    let digest = Digest([0xA5; 32]);
    let mut signature = vec![0; key.modulus_len()];
    key.sign_digest(&digest, &mut signature)
        .expect("the key signs");
    count(|| {
        key.public_key()
            .verify_digest(black_box(&digest), &signature)
            .expect("the signature verifies");
    });
}
