//! Every job is signed, whatever waits beside it; and what signs is gone when the threads are.

use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

use daxsign_core::{Digest, Error, PrivateKey, Sha256, Signer};

use super::{External, Job, Key, NotSigned, SigningThreads};

fn key() -> PrivateKey {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/keys/rsa2048.pkcs8.pem");
    PrivateKey::from_bytes(&std::fs::read(file).expect("a key")).expect("a private key")
}

struct Number {
    number: u32,
    told: mpsc::Sender<(u32, Result<Vec<u8>, NotSigned>)>,
}

fn digest(number: u32) -> Option<Digest> {
    // Every seventh is not wanted any more.
    (!number.is_multiple_of(7)).then(|| Digest(Sha256::digest(&number.to_be_bytes())))
}

impl Job for Number {
    fn digest(&mut self) -> Option<Digest> {
        digest(self.number)
    }

    fn signed(self, signature: Result<&[u8], NotSigned>) {
        let signature = signature.map(<[u8]>::to_vec);
        self.told.send((self.number, signature)).expect("heard");
    }
}

/// Counts those that are there, and signs as `K` does.
struct Counted<K>(K, Arc<AtomicUsize>);

impl<K: Key> Key for Counted<K> {
    fn modulus_len(&self) -> usize {
        self.0.modulus_len()
    }
    fn together_from(&self) -> Option<usize> {
        self.0.together_from()
    }
    fn sign(&self, digests: &[Digest], signatures: &mut [u8]) -> Result<(), NotSigned> {
        self.0.sign(digests, signatures)
    }
}

impl<K> Drop for Counted<K> {
    fn drop(&mut self) {
        self.1.fetch_sub(1, Ordering::SeqCst);
    }
}

fn signed_by(signing: impl Key, count: u32) -> Vec<(u32, Result<Vec<u8>, NotSigned>)> {
    let there = Arc::new(AtomicUsize::new(1));
    let key = Counted(signing, Arc::clone(&there));
    let threads = SigningThreads::start(key, NonZero::new(2).expect("two")).expect("threads");
    let (told, signed) = mpsc::channel();
    for number in 0..count {
        let told = told.clone();
        threads.sign(Number { number, told });
    }
    drop((threads, told));
    assert_eq!(there.load(Ordering::SeqCst), 0, "the key is gone");
    signed.into_iter().collect()
}

#[test]
fn what_waits_is_signed_and_then_the_key_is_gone() {
    let signed = signed_by(key(), 40);
    assert_eq!(signed.len(), 40, "each is told");
    let public = key();
    for (number, signature) in signed {
        match digest(number) {
            Some(digest) => public
                .public_key()
                .verify_digest(&digest, &signature.expect("signed"))
                .expect("it holds"),
            None => assert!(signature.is_err(), "{number}"),
        }
    }
}

#[test]
fn who_has_nothing_else_to_do_signs_itself_with_a_key_in_memory() {
    let threads = SigningThreads::start(key(), NonZero::new(1).expect("one")).expect("threads");
    assert!(threads.is_quick());
    for number in 0..8 {
        let (told, signed) = mpsc::channel();
        threads.sign_here(Number { number, told });
        // It is there when the call returns.
        let (_, signature) = signed.try_recv().expect("told");
        assert_eq!(signature.is_ok(), digest(number).is_some(), "{number}");
        if let (Some(digest), Ok(signature)) = (digest(number), signature) {
            let key = key();
            key.public_key()
                .verify_digest(&digest, &signature)
                .expect("it holds");
        }
    }
    let elsewhere = External(Elsewhere(key()));
    let threads =
        SigningThreads::<Number>::start(elsewhere, NonZero::<usize>::MIN).expect("threads");
    assert!(!threads.is_quick(), "nobody knows how long it takes");
}

/// A key elsewhere that is not always to be reached.
struct Elsewhere(PrivateKey);

impl Signer for Elsewhere {
    type Error = Error;
    fn modulus_len(&self) -> usize {
        self.0.public_key().modulus_len()
    }
    fn sign_digest(&self, digest: &Digest, signature: &mut [u8]) -> Result<(), Error> {
        if digest.0[0] < 64 {
            return Err(Error::InternalFault);
        }
        self.0.sign_digest(digest, signature)
    }
}

#[test]
fn a_key_elsewhere_signs_one_by_one_and_its_failures_are_of_one_job() {
    let signed = signed_by(External(Elsewhere(key())), 20);
    assert_eq!(signed.len(), 20, "each is told");
    for (number, signature) in signed {
        let reached = digest(number).is_some_and(|digest| digest.0[0] >= 64);
        assert_eq!(signature.is_ok(), reached, "{number}");
    }
}
