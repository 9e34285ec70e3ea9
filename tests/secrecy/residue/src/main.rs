//! Does everything that touches a private key, and stops itself after each step, so that
//! tests/secrecy/residue.rs, which traces it, can search its memory for what is left.
//!
//! Before each step it prints the step's name, and where the key is that may be found then: address
//! and length, 0 and 0 for none; and an address in the stack's dead part just below it. It does not know what is sought, so it holds no copy of that.
//!
//! Arguments: `steps KERNEL FAULTY REFUSED KEY...`, where FAULTY is the file of a key that loads and
//! signs wrongly, and REFUSED a folder of files that do not load; or `sign KERNEL KEY` and
//! `batch KERNEL KEY`, which sign without an end.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::Read;
use std::path::{Path, PathBuf};

use daxsign_core::{
    Digest, EnrolError, Error, Kernel, KeyFormat, PrivateKey, RandomnessFailed, Signer,
    private_key_file_len,
};
use zeroize::Zeroize;

/// Eight for the lanes, and one that is left over.
const DIGESTS: [Digest; 9] = [
    Digest([0x10; 32]),
    Digest([0x11; 32]),
    Digest([0x12; 32]),
    Digest([0x13; 32]),
    Digest([0x14; 32]),
    Digest([0x15; 32]),
    Digest([0x16; 32]),
    Digest([0x17; 32]),
    Digest([0x18; 32]),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [mode, kernel, paths @ ..] = arguments.as_slice() else {
        panic!("arguments: see the head of main.rs");
    };
    let kernel = Kernel::ALL.into_iter().find(|each| each.name() == kernel);
    let kernel = kernel.expect("the name of a kernel");
    match (mode.as_str(), paths) {
        ("steps", [faulty, refused, keys @ ..]) => {
            for key in keys {
                good_key(Path::new(key), kernel);
            }
            refused_files(Path::new(refused), Path::new(&keys[0]));
            faulty_key(Path::new(faulty), kernel);
            new_key(kernel);
            planted(Path::new(&keys[0]));
        }
        ("sign", [key]) => forever(Path::new(key), kernel, |key, signatures| {
            let len = key.modulus_len();
            key.sign_digest(&DIGESTS[0], &mut signatures[..len])
        }),
        ("batch", [key]) => forever(Path::new(key), kernel, |key, signatures| {
            let len = 8 * key.modulus_len();
            key.sign_batch(&DIGESTS[..8], &mut signatures[..len])
        }),
        _ => panic!("arguments: see the head of main.rs"),
    }
}

/// Stops until the tracer lets it go on. Without one it stops for good.
fn stop() {
    // SAFETY: both take numbers only.
    unsafe { libc::kill(libc::getpid(), libc::SIGSTOP) };
}

/// Where the key is that may be found.
type Place = Option<*const PrivateKey>;

/// Says what comes, does it, and stops.
#[allow(
    clippy::inline_always,
    reason = "its frame must not lie over what is searched"
)]
#[inline(always)]
fn step(name: &str, place: Place, operation: impl FnOnce()) {
    say(name, place);
    operation();
    stop();
}

#[inline(never)]
fn say(name: &str, place: Place) {
    let (start, len) = place.map_or((0, 0), |key| (key as usize, size_of::<PrivateKey>()));
    let frame = 0_u8;
    println!("{name} {start} {len} {}", &raw const frame as usize);
}

/// A file's bytes, wiped when they go: they are the caller's.
struct Bytes(Vec<u8>);

impl Bytes {
    fn read(path: &Path) -> Self {
        let mut file = File::open(path).expect("a key file");
        let len = file.metadata().expect("the file's length").len();
        // No larger and no smaller: nothing is copied to make room.
        let mut bytes = vec![0; usize::try_from(len).expect("a short file")];
        file.read_exact(&mut bytes).expect("the file's bytes");
        Self(bytes)
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Loads into a place, and wipes what was read. Everything else is done by `load`.
#[inline(never)]
fn load(key: &mut PrivateKey, path: &Path) -> Result<(), Error> {
    key.load(&Bytes::read(path).0)
}

fn empty() -> Box<PrivateKey> {
    Box::new(PrivateKey::empty())
}

fn good_key(path: &Path, kernel: Kernel) {
    let mut key = empty();
    step("load", Some(&raw const *key), || {
        load(&mut key, path).expect("a good key");
    });
    assert!(key.use_kernel(kernel), "this machine has no such kernel");
    let place: Place = Some(&raw const *key);
    let len = key.modulus_len();
    let mut signatures = vec![0; len * DIGESTS.len()];
    let (one, digest) = (&mut vec![0; len], &DIGESTS[0]);
    step("sign", place, || {
        key.sign_digest(digest, one).expect("a signature");
    });
    step("verify", place, || {
        key.public_key()
            .verify_digest(digest, one)
            .expect("a good signature");
    });
    step("verify-short", place, || {
        let result = key.public_key().verify_digest(digest, &one[1..]);
        assert!(result.is_err());
    });
    one[len / 2] ^= 1;
    step("verify-wrong", place, || {
        assert!(key.public_key().verify_digest(digest, one).is_err());
    });
    step("sign-short", place, || {
        assert!(key.sign_digest(digest, &mut one[1..]).is_err());
    });
    step("batch", place, || {
        key.sign_batch(&DIGESTS, &mut signatures)
            .expect("signatures");
    });
    step("batch-few", place, || {
        let signatures = &mut signatures[..2 * len];
        key.sign_batch(&DIGESTS[..2], signatures)
            .expect("signatures");
    });
    step("batch-short", place, || {
        assert!(key.sign_batch(&DIGESTS, &mut signatures[1..]).is_err());
    });
    step("wipe", None, || key.wipe());
    load(&mut key, path).expect("a good key");
    step("drop", None, || drop(key));
}

/// Every file of the folder, into a place that holds a key.
fn refused_files(folder: &Path, good: &Path) {
    let mut key = empty();
    for path in files(folder) {
        load(&mut key, good).expect("a good key");
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        step(&format!("refused-{name}"), None, || {
            assert!(load(&mut key, &path).is_err(), "{}", path.display());
        });
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("its entry").path())
        .collect();
    files.sort();
    files
}

/// p is no prime, which no check of a key finds and every signature shows.
fn faulty_key(path: &Path, kernel: Kernel) {
    let mut key = empty();
    step("load-faulty", Some(&raw const *key), || {
        load(&mut key, path).expect("a key that loads");
    });
    assert!(key.use_kernel(kernel), "this machine has no such kernel");
    let place: Place = Some(&raw const *key);
    let len = key.modulus_len();
    let mut signatures = vec![0; len * DIGESTS.len()];
    step("sign-faulty", place, || {
        let result = key.sign_digest(&DIGESTS[0], &mut signatures[..len]);
        assert!(matches!(result, Err(Error::SigningFault)));
    });
    step("batch-faulty", place, || {
        let result = key.sign_batch(&DIGESTS, &mut signatures);
        assert!(matches!(result, Err(Error::SigningFault)));
    });
    step("drop-faulty", None, || drop(key));
}

/// Makes a key and writes it; then one with randomness that fails once both primes are found.
fn new_key(kernel: Kernel) {
    let mut key = empty();
    let place: Place = Some(&raw const *key);
    step("generate", place, || {
        generate(&mut key, kernel, usize::MAX).expect("a key");
    });
    for (name, format) in [
        ("write-der", KeyFormat::Pkcs8Der),
        ("write-pem", KeyFormat::Pkcs1Pem),
    ] {
        let mut file = vec![0; private_key_file_len(2048, format)];
        step(name, place, || {
            key.write(format, &mut file).expect("a file");
            file.zeroize();
        });
        step(&format!("{name}-short"), place, || {
            key.write(format, &mut file[1000..]).expect_err("no room");
        });
    }
    let last = STREAM.len() / 32 - 1;
    step("refused-random", None, || {
        let result = generate(&mut key, kernel, last);
        assert_eq!(result, Err(EnrolError::RandomnessFailed));
    });
}

/// In the program's text, which is not searched: these bytes make the key.
const STREAM: &[u8] = include_bytes!("../../../vectors/generated2048.random");

#[inline(never)]
fn generate(key: &mut PrivateKey, kernel: Kernel, blocks: usize) -> Result<(), EnrolError> {
    let mut blocks = STREAM.chunks(32).take(blocks);
    let mut random = |bytes: &mut [u8]| {
        let block = blocks.next().ok_or(RandomnessFailed)?;
        bytes.copy_from_slice(block);
        Ok(())
    };
    key.generate_by(kernel, 2048, &mut random, &mut || ())
}

/// What an operation would do that does not clean up; the last steps, since it is left there.
fn planted(path: &Path) {
    let mut key = empty();
    load(&mut key, path).expect("a good key");
    let place: Place = Some(&raw const *key);
    step("planted-stack", place, || leave_on_stack(&key));
    step("planted-heap", place, || leave_on_heap(&key));
}

#[inline(never)]
fn leave_on_stack(key: &PrivateKey) {
    black_box(&mut words(key));
}

#[inline(never)]
fn leave_on_heap(key: &PrivateKey) {
    std::mem::forget(black_box(Box::new(words(key))));
}

/// A copy of the key.
#[allow(
    clippy::inline_always,
    reason = "its frame must not lie over what is searched"
)]
#[inline(always)]
fn words(key: &PrivateKey) -> [u64; size_of::<PrivateKey>() / 8] {
    let mut copy = [0; size_of::<PrivateKey>() / 8];
    for (index, slot) in copy.iter_mut().enumerate() {
        // SAFETY: the key has that many words, and is aligned to them.
        *slot = unsafe { (&raw const *key).cast::<u64>().add(index).read_volatile() };
    }
    copy
}

/// Signs until the tracer ends it.
fn forever(
    path: &Path,
    kernel: Kernel,
    sign: impl Fn(&PrivateKey, &mut [u8]) -> Result<(), Error>,
) {
    let mut key = empty();
    load(&mut key, path).expect("a good key");
    assert!(key.use_kernel(kernel), "this machine has no such kernel");
    let mut signatures = vec![0; key.modulus_len() * DIGESTS.len()];
    step("forever", Some(&raw const *key), || ());
    loop {
        sign(&key, &mut signatures).expect("signatures");
    }
}
