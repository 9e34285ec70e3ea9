//! How much stack signing, verifying, and loading, making and writing a key take at most, on this machine and in this
//! build: on a thread whose stack was painted before.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};

use daxsign_core::{
    CertificateFile, CertificateRequest, Components, Digest, Kernel, KeyEncoding, KeyFormat,
    Options, PrivateKey, Profile, PublicKey, RequestSigner, Timestamp, TrustAnchor, Verifier,
    private_key_file_len,
};
use daxsign_tests::cases::key_file;
use daxsign_tests::kernels::available_kernels;
use daxsign_tests::made_certificate::{Made, UTF8, authority, common_name, key_pair, pem};
use daxsign_tests::request::{OwnedRequest, example_post};
use daxsign_tests::rsa_keys::seeded_rng;
use rand::Rng;

/// Bytes of stack that signing a request takes at most, by the key's size.
const SIGN: [(usize, usize); 3] = [(2048, 6_200), (3072, 7_800), (4096, 9_500)];
/// The same with the kernel for AVX-512 IFMA, whose tables are in wider words.
const SIGN_WITH_VECTORS: [(usize, usize); 3] = [(2048, 25_500), (3072, 35_500), (4096, 42_500)];
/// Bytes of stack that signing eight digests at once takes at most.
const SIGN_BATCH: [(usize, usize); 3] = [(2048, 46_000), (3072, 68_000), (4096, 90_000)];
/// Bytes of stack that verifying a request takes at most.
const VERIFY: [(usize, usize); 3] = [(2048, 5_300), (3072, 5_800), (4096, 6_600)];
/// The same with the kernel for AVX-512 IFMA.
const VERIFY_WITH_VECTORS: [(usize, usize); 3] = [(2048, 13_000), (3072, 16_500), (4096, 19_500)];
/// Bytes of stack that loading a private key into its place takes at most.
const LOAD_PRIVATE: [(usize, usize); 3] = [(2048, 6_200), (3072, 7_800), (4096, 9_500)];
/// Bytes of stack that making a key in its place takes at most, without its source of randomness.
const GENERATE: [(usize, usize); 3] = [(2048, 6_800), (3072, 8_400), (4096, 10_100)];
/// The same with the kernel for AVX-512 IFMA, which the new key signs with.
const GENERATE_WITH_VECTORS: [(usize, usize); 3] = [(2048, 26_500), (3072, 36_500), (4096, 43_500)];
/// Bytes of stack that writing a private key takes at most.
const WRITE: [(usize, usize); 3] = [(2048, 3_900), (3072, 4_600), (4096, 5_300)];
/// Bytes of stack that reading a public key takes at most.
const LOAD_PUBLIC: [(usize, usize); 3] = [(2048, 6_000), (3072, 6_800), (4096, 7_500)];

/// Bytes of stack that writing a request for a certificate takes at most beside what a signature does.
const REQUEST: usize = 500;
/// Bytes of stack that reading four certificates and following their path takes at most, with all of them.
const TRUST: [(usize, usize); 1] = [(2048, 23_000)];

const STACK_LEN: usize = 1 << 20;
/// What the stack is painted with: unlikely to be written by chance as a whole page.
const PAINT: u8 = 0xA7;
/// The lowest part of the stack must stay painted, or the stack was too short to measure.
const UNTOUCHED: usize = 64 << 10;

/// Aligned as a stack must be.
#[repr(C, align(4096))]
struct Stack([u8; STACK_LEN]);

/// What the thread runs, and whether it came to its end.
struct Job<'a> {
    work: &'a mut dyn FnMut(),
    done: bool,
}

extern "C" fn run_job(job: *mut c_void) -> *mut c_void {
    // SAFETY: `job` is the `Job` that `stack_after` lends to this thread alone until it has joined
    // it.
    let job = unsafe { &mut *job.cast::<Job<'_>>() };
    job.done = catch_unwind(AssertUnwindSafe(|| (job.work)())).is_ok();
    std::ptr::null_mut()
}

/// The bytes of stack that a thread has touched after it ran `work`, with all that a thread needs
/// for itself.
fn stack_after(work: &mut dyn FnMut()) -> usize {
    let mut stack: Box<Stack> = painted_stack();
    let mut job = Job { work, done: false };
    // SAFETY: plain C calls on values of this frame. The stack is memory of the given length,
    // aligned to pages, and outlives the thread, which is joined before it is read or freed; so is
    // the job, which nothing else touches meanwhile.
    unsafe {
        let mut attributes = std::mem::zeroed();
        assert_eq!(libc::pthread_attr_init(&raw mut attributes), 0);
        let memory = stack.0.as_mut_ptr().cast();
        assert_eq!(
            libc::pthread_attr_setstack(&raw mut attributes, memory, STACK_LEN),
            0
        );
        let mut thread = std::mem::zeroed();
        let argument = (&raw mut job).cast();
        let made = libc::pthread_create(&raw mut thread, &raw const attributes, run_job, argument);
        assert_eq!(made, 0);
        assert_eq!(libc::pthread_join(thread, std::ptr::null_mut()), 0);
        libc::pthread_attr_destroy(&raw mut attributes);
    }
    assert!(job.done, "the work panicked");
    let painted = stack.0.iter().take_while(|byte| **byte == PAINT).count();
    assert!(painted > UNTOUCHED, "the stack is too short to measure");
    STACK_LEN - painted
}

/// A painted stack on the heap.
fn painted_stack() -> Box<Stack> {
    let mut stack = Box::<Stack>::new_uninit();
    // SAFETY: the box has room for exactly one `Stack`, which is bytes only: once all are written
    // it is one.
    unsafe {
        stack
            .as_mut_ptr()
            .cast::<u8>()
            .write_bytes(PAINT, STACK_LEN);
        stack.assume_init()
    }
}

/// The peak of `work` alone: an empty thread's own need is taken off.
fn peak(work: &mut dyn FnMut()) -> usize {
    stack_after(work) - stack_after(&mut || ())
}

fn assert_within(what: &str, bits: usize, bounds: &[(usize, usize)], measured: usize) {
    let (_, bound) = bounds.iter().find(|(size, _)| *size == bits).unwrap();
    println!("{what}, {bits} bits: {measured} bytes of stack, at most {bound}");
    assert!(measured > 0, "nothing was measured");
    assert!(
        measured <= *bound,
        "{what}, {bits} bits: {measured} bytes of stack, more than {bound}"
    );
}

fn private_key(bits: usize) -> Box<PrivateKey> {
    let mut key = Box::new(PrivateKey::empty());
    key.load(&key_file(&format!("rsa{bits}.pkcs8.pem")))
        .unwrap();
    key
}

fn signed(key: &PrivateKey, out: &mut [u8]) -> OwnedRequest {
    let request = example_post();
    let fields = request.fields();
    let borrowed = request.borrow(&fields);
    let components = Components::default_for(&borrowed);
    let options = Options::default();
    let field = RequestSigner::new(key, Profile::Documented)
        .components(components)
        .options(options)
        .sign(&borrowed, out)
        .unwrap();
    example_post().with_header("Signature", field)
}

/// Each size with each kernel that this machine has.
fn sizes_and_kernels() -> impl Iterator<Item = (usize, Kernel)> {
    let kernels = available_kernels().into_iter();
    kernels.flat_map(|kernel| SIGN.map(|(bits, _)| (bits, kernel)))
}

#[test]
fn signing() {
    for (bits, kernel) in sizes_and_kernels() {
        let mut key = private_key(bits);
        assert!(key.use_kernel(kernel));
        let mut out = vec![0; 2048];
        let request = example_post();
        let fields = request.fields();
        let borrowed = request.borrow(&fields);
        let components = Components::default_for(&borrowed);
        let measured = peak(&mut || {
            let options = Options::default();
            RequestSigner::new(&*key, Profile::Documented)
                .components(components)
                .options(options)
                .sign(&borrowed, &mut out)
                .unwrap();
        });
        let bounds = match kernel {
            Kernel::Ifma => &SIGN_WITH_VECTORS,
            _ => &SIGN,
        };
        assert_within(
            &format!("signing ({})", kernel.name()),
            bits,
            bounds,
            measured,
        );
    }
}

#[test]
fn signing_a_batch() {
    for (bits, _) in SIGN_BATCH {
        let key = private_key(bits);
        let digests = [Digest([0x5A; 32]); 8];
        let mut out = vec![0; digests.len() * bits / 8];
        let measured = peak(&mut || key.sign_batch(&digests, &mut out).unwrap());
        assert_within("signing a batch", bits, &SIGN_BATCH, measured);
    }
}

#[test]
fn verifying() {
    for (bits, kernel) in sizes_and_kernels() {
        let mut key = private_key(bits);
        assert!(key.use_kernel(kernel));
        let request = signed(&key, &mut vec![0; 2048]);
        let fields = request.fields();
        let borrowed = request.borrow(&fields);
        let verifier = Verifier::new(key.public_key(), Profile::Documented);
        let now = Timestamp::from_unix(1_589_719_470, 0).unwrap();
        let measured = peak(&mut || {
            verifier.verify(&borrowed, now).unwrap();
        });
        let bounds = match kernel {
            Kernel::Ifma => &VERIFY_WITH_VECTORS,
            _ => &VERIFY,
        };
        assert_within(
            &format!("verifying ({})", kernel.name()),
            bits,
            bounds,
            measured,
        );
    }
}

#[test]
fn loading_a_private_key() {
    for (bits, _) in LOAD_PRIVATE {
        let mut key = Box::new(PrivateKey::empty());
        let file = key_file(&format!("rsa{bits}.pkcs8.pem"));
        let measured = peak(&mut || key.load(&file).unwrap());
        assert_within("loading a private key", bits, &LOAD_PRIVATE, measured);
    }
}

#[test]
fn making_a_private_key() {
    for (bits, kernel) in sizes_and_kernels() {
        let mut key = Box::new(PrivateKey::empty());
        let mut rng = seeded_rng(5);
        let mut random = |bytes: &mut [u8]| {
            rng.fill_bytes(bytes);
            Ok(())
        };
        let measured = peak(&mut || {
            key.generate_by(kernel, bits, &mut random, &mut || ())
                .unwrap();
        });
        let bounds = match kernel {
            Kernel::Ifma => &GENERATE_WITH_VECTORS,
            _ => &GENERATE,
        };
        assert_within(
            &format!("making a private key ({})", kernel.name()),
            bits,
            bounds,
            measured,
        );
    }
}

#[test]
fn writing_a_private_key() {
    for (bits, _) in WRITE {
        let key = private_key(bits);
        for format in KeyFormat::ALL {
            let mut out = vec![0; private_key_file_len(bits, format)];
            let measured = peak(&mut || {
                key.write(format, &mut out).unwrap();
            });
            let what = format!("writing a private key ({format:?})");
            assert_within(&what, bits, &WRITE, measured);
        }
    }
}

#[test]
fn asking_for_a_certificate() {
    for (bits, bound) in SIGN {
        let mut key = private_key(bits);
        assert!(key.use_kernel(Kernel::Portable));
        let mut request = CertificateRequest::new(key.public_key());
        request.add_dns_name("controller.example.org").unwrap();
        let mut out = vec![0; request.encoded_len(KeyEncoding::Pem)];
        let measured = peak(&mut || {
            request.write(&*key, KeyEncoding::Pem, &mut out).unwrap();
        });
        // Beside the signature.
        let bounds = [(bits, bound + REQUEST)];
        assert_within("asking for a certificate", bits, &bounds, measured);
    }
}

/// Through two others, with the key for the code of every machine.
#[test]
fn trusting_a_certificate() {
    let key = key_pair(2048);
    let name = |text: &str| common_name(UTF8, text.as_bytes());
    let authority_of = |issuer, subject| {
        let made = Made::new(name(issuer), name(subject), &key).with(authority(None));
        pem("CERTIFICATE", &made.sign(&key))
    };
    let [root, a, b] = [("r", "r"), ("r", "a"), ("a", "b")].map(|(by, of)| authority_of(by, of));
    let leaf = pem(
        "CERTIFICATE",
        &Made::new(name("b"), name("x"), &key).sign(&key),
    );
    let now = Timestamp::from_unix(1_767_225_600, 0).unwrap();
    let measured = peak(&mut || {
        let root = CertificateFile::from_bytes(root.as_bytes()).unwrap();
        let others = [&a, &b].map(|file| CertificateFile::from_bytes(file.as_bytes()).unwrap());
        let leaf = CertificateFile::from_bytes(leaf.as_bytes()).unwrap();
        let anchor = TrustAnchor::from_certificate(&root).unwrap();
        anchor.verify(&leaf, &others, now).unwrap();
    });
    assert_within("trusting a certificate", 2048, &TRUST, measured);
}

#[test]
fn loading_a_public_key() {
    for (bits, _) in LOAD_PUBLIC {
        let file = key_file(&format!("rsa{bits}.spki.pem"));
        let measured = peak(&mut || {
            PublicKey::from_bytes(&file).unwrap();
        });
        assert_within("loading a public key", bits, &LOAD_PUBLIC, measured);
    }
}
