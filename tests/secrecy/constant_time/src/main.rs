//! Loads private keys and signs with them while valgrind takes every secret byte for undefined, and
//! so reports each branch and each address that depends on one. tests/secrecy/constant_time.rs runs it.
//!
//! Then it makes a key of secret random numbers, and writes it.
//!
//! Secret are the bytes of d, p, q, dP, dQ and qInv in the key's file, in DER or in the base64 of
//! PEM, but for the first byte of each number, from which its length follows; and all that is
//! computed from them. What is public again is what `declassify` is called for in the core, and the
//! signature.
//!
//! Arguments: the kernel, then the key files. The first line of the output says what was done;
//! `--plant-branch` and `--plant-index` leak on purpose.

#[cfg(daxsign_constant_time)]
mod secret_file;

#[cfg(not(daxsign_constant_time))]
fn main() {
    eprintln!("built without --cfg daxsign_constant_time: nothing would be checked");
    std::process::exit(2);
}

#[cfg(daxsign_constant_time)]
fn main() {
    watched::main();
}

#[cfg(daxsign_constant_time)]
mod watched {
    use daxsign_core::valgrind::{errors, hide, is_watching, reveal};
    use daxsign_core::{
        Digest, Error, Kernel, KeyFormat, PrivateKey, RandomnessFailed, Signer,
        private_key_file_len,
    };

    use crate::secret_file::SecretFile;

    const DIGESTS: [Digest; 3] = [Digest([0; 32]), Digest([0xFF; 32]), Digest([0xA5; 32])];

    pub(crate) fn main() {
        if !is_watching() {
            eprintln!("valgrind does not watch: nothing would be checked");
            std::process::exit(2);
        }
        let mut arguments = std::env::args().skip(1);
        let first = arguments.next().expect("a kernel, or what is planted");
        match first.as_str() {
            "--plant-branch" => plant(|secret| {
                if secret[0] == 7 {
                    b'x'
                } else {
                    plant_elsewhere()
                }
            }),
            "--plant-index" => plant(|secret| b"0123456789abcdef"[usize::from(secret[0] & 15)]),
            name => check(name, arguments),
        }
    }

    /// Leaks a secret byte.
    fn plant(leak: impl Fn(&[u8; 1]) -> u8) {
        let mut secret = [std::hint::black_box(7_u8)];
        hide(&mut secret);
        std::hint::black_box(leak(&secret));
        println!("{} leaks", errors());
    }

    #[inline(never)]
    fn plant_elsewhere() -> u8 {
        std::hint::black_box(b'y')
    }

    fn check(kernel: &str, files: impl Iterator<Item = String>) {
        let kernel = Kernel::ALL.into_iter().find(|each| each.name() == kernel);
        let kernel = kernel.expect("the name of a kernel");
        let (mut hidden, mut signatures, mut refused) = (0, 0, 0);
        for path in files {
            let bytes = std::fs::read(&path).expect("a key file");
            let mut plain = PrivateKey::empty();
            plain.load(&bytes).expect("a good key");
            let file = SecretFile::new(bytes);
            let mut bytes = file.bytes.clone();
            hidden += hide_secrets(&mut bytes, &file);
            let mut key = Box::new(PrivateKey::empty());
            key.load(&bytes).expect("a good key");
            assert!(key.use_kernel(kernel), "this machine has no such kernel");
            for digest in digests(&plain) {
                assert_eq!(signature(&key, &digest), signature(&plain, &digest));
                signatures += 1;
            }
            refused += damaged(&file);
        }
        let written = generate(kernel);
        println!(
            "{} leaks: {hidden} secret bytes, {signatures} signatures, {refused} keys refused, 1 key made and \
             written {written} times",
            errors()
        );
    }

    /// Makes a key of secret randomness, and writes it in every format: once, as all else is the same code.
    fn generate(kernel: Kernel) -> usize {
        const STREAM: &[u8] = include_bytes!("../../../vectors/generated2048.random");
        const EXPECTED: &[u8] = include_bytes!("../../../vectors/generated2048.pem");
        let mut blocks = STREAM.chunks(32);
        let mut random = |bytes: &mut [u8]| {
            let block = blocks.next().ok_or(RandomnessFailed)?;
            bytes.copy_from_slice(block);
            hide(bytes);
            Ok(())
        };
        let mut key = Box::new(PrivateKey::empty());
        key.generate_by(kernel, 2048, &mut random, &mut || ())
            .expect("a key");
        let mut written = 0;
        for format in KeyFormat::ALL {
            let mut out = vec![0; private_key_file_len(2048, format)];
            let len = key.write(format, &mut out).expect("a file").len();
            // It goes to its owner.
            reveal(&mut out);
            assert!(format != KeyFormat::Pkcs8Pem || &out[..len] == EXPECTED);
            written += 1;
        }
        written
    }

    /// All for the shortest keys, one for the others: they take much longer, by the same code.
    fn digests(key: &PrivateKey) -> impl Iterator<Item = Digest> {
        let count = if key.modulus_len() == 256 {
            DIGESTS.len()
        } else {
            1
        };
        DIGESTS.into_iter().rev().take(count)
    }

    /// Hides the secrets in the bytes of a file; returns how many they are.
    fn hide_secrets(bytes: &mut [u8], file: &SecretFile) -> usize {
        for range in &file.secrets {
            hide(&mut bytes[range.clone()]);
        }
        file.secrets.iter().map(ExactSizeIterator::len).sum()
    }

    fn signature(key: &PrivateKey, digest: &Digest) -> Vec<u8> {
        let mut signature = vec![0; key.modulus_len()];
        key.sign_digest(digest, &mut signature)
            .expect("a signature");
        // It goes to the other side.
        reveal(&mut signature);
        signature
    }

    /// Loads the file with each of the secret numbers changed; which check failed is public.
    fn damaged(file: &SecretFile) -> usize {
        let mut refused = 0;
        for range in &file.secrets {
            let mut bytes = file.bytes.clone();
            // One that is of base64 too, should the file be PEM.
            let middle = range.start + range.len() / 2;
            // Not a line's end.
            let middle = middle + usize::from(bytes[middle].is_ascii_whitespace());
            let place = &mut bytes[middle];
            *place = if *place == b'A' { b'B' } else { b'A' };
            hide_secrets(&mut bytes, file);
            let mut key = Box::new(PrivateKey::empty());
            let result = key.load(&bytes);
            refused += usize::from(matches!(result, Err(Error::InvalidKey { .. })));
        }
        refused
    }
}
