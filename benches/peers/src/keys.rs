//! Signing, verifying and loading.

use std::hint::black_box;

use daxsign_benches::inputs::{self, KEYS, KeyFile};
use daxsign_benches::run::Row;
use daxsign_benches::turns::{Contestant, take_turns};
use daxsign_core::{Digest, Sha256};

use crate::contest::{GROUP_TIME, row};
use crate::library::{BoxedKey, Key, Library};
use crate::ours;
use crate::peers::PEERS;

/// What is signed: as long as a hash, so that hashing it weighs nothing.
const MESSAGE: [u8; 32] = [0xA5; 32];
/// Of this size all our kernels are shown, of the others the best one.
const BITS_OF_ALL_KERNELS: usize = 2048;

/// Everybody's key out of one file: ours by kernel (`None`: the best), then the peers'.
struct Keys {
    bits: usize,
    ours: Vec<(Option<&'static str>, BoxedKey)>,
    peers: Vec<(&'static str, BoxedKey)>,
    signature: Vec<u8>,
}

impl Keys {
    /// Loads them and sees that all make the one signature there is and refuse another.
    fn load(file: &KeyFile) -> Self {
        let mut ours = ours::keys_by_kernel(file);
        if file.bits != BITS_OF_ALL_KERNELS {
            ours.truncate(1);
        }
        let load = |peer: &Library| (peer.name, (peer.load_der)(file.der, file.public_der));
        let mut keys = Self {
            bits: file.bits,
            ours,
            peers: PEERS.iter().map(load).collect(),
            signature: vec![0; file.bits / 8],
        };
        let (name, peer) = &keys.peers[0];
        peer.sign(&MESSAGE, &mut keys.signature);
        for (who, key) in keys.all() {
            check(&**key, &keys.signature, &format!("{name} and {who}"));
        }
        keys
    }

    /// With what they are called in the contest.
    fn all(&self) -> impl Iterator<Item = (&'static str, &BoxedKey)> {
        let ours = self.ours.iter();
        ours.map(|(kernel, key)| (kernel.unwrap_or(ours::LIBRARY.name), key))
            .chain(self.peers.iter().map(|(name, key)| (*name, key)))
    }

    /// The rows of an operation in which all of `contestants` took part.
    fn rows(&self, operation: &str, contestants: &[Contestant<'_>]) -> Vec<Row> {
        let (ours, peers) = contestants.split_at(self.ours.len());
        let operation = format!("{operation}-{}", self.bits);
        let rows = self.ours.iter().zip(ours).flat_map(|((kernel, _), ours)| {
            let operation = match kernel {
                None => operation.clone(),
                Some(kernel) => format!("{operation}-{kernel}"),
            };
            peers
                .iter()
                .map(move |peer| row(&operation, peer.name(), ours, peer))
        });
        rows.collect()
    }
}

/// That `key` makes and accepts `signature`, and no other one.
fn check(key: &dyn Key, signature: &[u8], who: &str) {
    let mut made = vec![0; signature.len()];
    key.sign(&MESSAGE, &mut made);
    assert_eq!(made, signature, "{who} make the one signature there is");
    assert!(key.verify(&MESSAGE, signature), "{who}: accepted");
    made[1] ^= 1;
    assert!(!key.verify(&MESSAGE, &made), "{who}: refused");
}

/// `sign-BITS` and `verify-BITS` for all sizes, and with a kernel's name behind for one.
pub(crate) fn sign_and_verify() -> Vec<Row> {
    let mut rows = Vec::new();
    for file in &KEYS {
        let keys = Keys::load(file);
        let mut signing: Vec<_> = keys
            .all()
            .map(|(name, key)| {
                let mut out = vec![0; keys.signature.len()];
                Contestant::new(name, move || key.sign(black_box(&MESSAGE), &mut out))
            })
            .collect();
        take_turns(&mut signing, GROUP_TIME);
        rows.extend(keys.rows("sign", &signing));

        let signature = &*keys.signature;
        let mut verifying: Vec<_> = keys
            .all()
            .map(|(name, key)| {
                Contestant::new(name, move || {
                    assert!(key.verify(black_box(&MESSAGE), signature));
                })
            })
            .collect();
        take_turns(&mut verifying, GROUP_TIME);
        rows.extend(keys.rows("verify", &verifying));
    }
    rows
}

/// `sign-batch-2048`: eight messages with one key in one call, beside eight calls of the peers, which
/// have no such call. Times are those of one signature.
pub(crate) fn batch() -> Vec<Row> {
    const COUNT: u8 = 8;
    let file = &KEYS[0];
    let len = file.bits / 8;
    let messages: Vec<[u8; 32]> = (0..COUNT).map(|byte| [byte; 32]).collect();
    let key = inputs::key(file);
    let sign_ours = |signatures: &mut [u8]| {
        let digests: Vec<Digest> = black_box(&messages)
            .iter()
            .map(|message| Digest(Sha256::digest(message)))
            .collect();
        key.sign_batch(&digests, signatures).expect("our key signs");
    };
    let sign_theirs = |peer: &dyn Key, signatures: &mut [u8]| {
        let places = signatures.chunks_exact_mut(len);
        for (message, signature) in black_box(&messages).iter().zip(places) {
            peer.sign(message, signature);
        }
    };
    let mut ours = vec![0; messages.len() * len];
    sign_ours(&mut ours);
    let expected = ours.clone();
    let mut contestants = vec![Contestant::new(ours::LIBRARY.name, || sign_ours(&mut ours))];
    for library in PEERS {
        let peer = (library.load_der)(file.der, file.public_der);
        let mut theirs = vec![0; messages.len() * len];
        sign_theirs(&*peer, &mut theirs);
        assert_eq!(theirs, expected, "we and {}", library.name);
        let sign_theirs = &sign_theirs;
        contestants.push(Contestant::new(library.name, move || {
            sign_theirs(&*peer, &mut theirs);
        }));
    }
    take_turns(&mut contestants, GROUP_TIME);
    let (ours, peers) = contestants.split_first().expect("we take part");
    let per_signature = |peer: &Contestant<'_>| {
        let mut row = row("sign-batch-2048", peer.name(), ours, peer);
        row.our_microseconds /= f64::from(COUNT);
        row.peer_microseconds /= f64::from(COUNT);
        row
    };
    peers.iter().map(per_signature).collect()
}

/// `load-2048-pem`, also beside our own signature, and `load-2048-der`. What was loaded is freed
/// (and wiped) again inside the measurement.
pub(crate) fn load() -> Vec<Row> {
    let file = &KEYS[0];
    let signer = (ours::LIBRARY.load_der)(file.der, file.public_der);
    let mut signature = vec![0; file.bits / 8];
    signer.sign(&MESSAGE, &mut signature);
    let libraries = || std::iter::once(ours::LIBRARY).chain(PEERS);

    let mut out = signature.clone();
    let mut from_pem: Vec<_> = libraries()
        .filter_map(|library| {
            let load = library.load_pem?;
            check(&*load(file.pem), &signature, library.name);
            Some(Contestant::new(library.name, move || {
                black_box(load(black_box(file.pem)));
            }))
        })
        .collect();
    from_pem.push(Contestant::new("own-sign", || {
        signer.sign(black_box(&MESSAGE), &mut out);
    }));
    let mut from_der: Vec<_> = libraries()
        .map(|library| {
            check(
                &*(library.load_der)(file.der, file.public_der),
                &signature,
                library.name,
            );
            Contestant::new(library.name, move || {
                black_box((library.load_der)(black_box(file.der), file.public_der));
            })
        })
        .collect();
    let mut rows = Vec::new();
    for (operation, contestants) in [
        ("load-2048-pem", &mut from_pem),
        ("load-2048-der", &mut from_der),
    ] {
        take_turns(contestants, GROUP_TIME);
        let (ours, peers) = contestants.split_first().expect("we take part");
        rows.extend(
            peers
                .iter()
                .map(|peer| row(operation, peer.name(), ours, peer)),
        );
    }
    rows
}
