//! The log against a second reading of RFC 6962, and its checkpoints against Ed25519 of another library.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_exchange::CorrelationId;
use daxsign_exchange::record::*;
use ring::digest::{SHA256, digest};
use ring::signature::{ED25519, UnparsedPublicKey};
use rusqlite::Connection;

use crate::made::*;

type Hash = [u8; 32];

fn sha(parts: &[&[u8]]) -> Hash {
    digest(&SHA256, &parts.concat())
        .as_ref()
        .try_into()
        .unwrap()
}

/// MTH of RFC 6962, 2.1, as it is written there.
fn tree_hash(leaves: &[Vec<u8>]) -> Hash {
    match leaves {
        [] => sha(&[]),
        [leaf] => sha(&[&[0], leaf]),
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            sha(&[&[1], &tree_hash(left), &tree_hash(right)])
        }
    }
}

/// The largest power of two below.
fn split(count: usize) -> usize {
    1 << (count - 1).ilog2()
}

/// PATH of RFC 6962, 2.1.1.
fn path(index: usize, leaves: &[Vec<u8>]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let middle = split(leaves.len());
    let (left, right) = leaves.split_at(middle);
    let (mut path, other) = if index < middle {
        (path(index, left), right)
    } else {
        (path(index - middle, right), left)
    };
    path.push(tree_hash(other));
    path
}

/// SUBPROOF of RFC 6962, 2.1.2.
fn subproof(earlier: usize, leaves: &[Vec<u8>], whole: bool) -> Vec<Hash> {
    if earlier == leaves.len() {
        return if whole {
            Vec::new()
        } else {
            vec![tree_hash(leaves)]
        };
    }
    let middle = split(leaves.len());
    let (left, right) = leaves.split_at(middle);
    let (mut proof, other) = if earlier <= middle {
        (subproof(earlier, left, whole), right)
    } else {
        (subproof(earlier - middle, right, false), left)
    };
    proof.push(tree_hash(other));
    proof
}

fn leaves(world: &World) -> Vec<Vec<u8>> {
    let record = Connection::open(world.folder.path().join(RECORD_FILE)).unwrap();
    let mut select = record
        .prepare("SELECT bytes FROM event ORDER BY leaf")
        .unwrap();
    let rows = select.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn note(number: u8) -> Operation {
    Operation::Note(Box::new(Note {
        kind: NoteKind::Certificate,
        correlation: CorrelationId::from_bytes([number; 16]),
        at: at(0),
        sender: Some(party(1)),
        receiver: None,
        contract: None,
        thumbprint: Some([number; 32]),
        content: Content::default(),
    }))
}

/// A signed note taken apart by hand: text, and the signature of its first line behind the key's id.
fn open(note: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let text = std::str::from_utf8(note).unwrap();
    let (body, signatures) = text.split_once("\n\n").unwrap();
    let line = signatures.lines().next().unwrap();
    let signature = BASE64_STANDARD
        .decode(line.rsplit(' ').next().unwrap())
        .unwrap();
    (format!("{body}\n").into_bytes(), signature[4..].to_vec())
}

fn public_key() -> Vec<u8> {
    let log_key = log_key();
    let text = log_key.verifier().rsplit('+').next().unwrap();
    BASE64_STANDARD.decode(text).unwrap()[1..].to_vec()
}

#[test]
fn roots_and_proofs_are_those_of_the_rfc() {
    const SIZE: u8 = 40;
    let world = World::new();
    let mut store = world.store();
    let mut notes = Vec::new();
    for number in 1..SIZE {
        // Alone, and several at once.
        if number % 3 != 0 {
            store.commit(&[note(number), note(number + 100)]).unwrap();
        } else {
            store.commit(&[note(number)]).unwrap();
        }
        notes.push(store.checkpoint(at(number.into())).unwrap());
    }
    let leaves = leaves(&world);
    for signed in &notes {
        let checkpoint = Checkpoint::verify(signed, log_key().verifier()).unwrap();
        let size = usize::try_from(checkpoint.size).unwrap();
        assert_eq!(checkpoint.root, tree_hash(&leaves[..size]));
        for index in 0..size {
            let proof = store.inclusion(checkpoint.size, index as u64).unwrap();
            assert_eq!(proof, path(index, &leaves[..size]));
        }
        for earlier in 1..=size {
            let proof = store.consistency(checkpoint.size, earlier as u64).unwrap();
            assert_eq!(proof, subproof(earlier, &leaves[..size], true));
        }
        assert!(store.inclusion(checkpoint.size, checkpoint.size).is_err());
        assert!(store.consistency(checkpoint.size, 0).is_err());
    }
    let size = leaves.len() as u64;
    assert!(
        store.inclusion(size + 1, 0).is_err(),
        "the log is not that long"
    );
    assert!(store.fsck().unwrap().is_sound());
}

#[test]
fn a_checkpoint_is_a_note_that_another_library_verifies() {
    let world = World::new();
    let mut store = world.store();
    store.commit(&[note(1), note(2)]).unwrap();
    let signed = store.checkpoint(at(0)).unwrap();
    let root = BASE64_STANDARD.encode(tree_hash(&leaves(&world)));
    let (text, signature) = open(&signed);
    assert_eq!(
        String::from_utf8(text.clone()).unwrap(),
        format!("exchange.test/record\n3\n{root}\n")
    );
    let key = UnparsedPublicKey::new(&ED25519, public_key());
    key.verify(&text, &signature).unwrap();
    // The key's id: C2SP signed-note.
    let id = sha(&[b"exchange.test/record\n", &[1], &public_key()]);
    assert_eq!(
        log_key().verifier().split('+').nth(1).unwrap(),
        hex(&id[..4])
    );
    // The same log is not signed twice.
    assert_eq!(store.checkpoint(at(5)).unwrap(), signed);
    drop(store);
    assert_eq!(world.store().checkpoint(at(6)).unwrap(), signed);
}

#[test]
fn checkpoints_that_were_changed_or_are_of_others_are_refused() {
    let world = World::new();
    let mut store = world.store();
    store.commit(&[note(1)]).unwrap();
    let signed = store.checkpoint(at(0)).unwrap();
    let key = log_key();
    for place in 0..signed.len() {
        let mut changed = signed.clone();
        changed[place] ^= 1;
        assert!(
            Checkpoint::verify(&changed, key.verifier()).is_err(),
            "byte {place}"
        );
    }
    let checkpoint = Checkpoint::verify(&signed, key.verifier()).unwrap();
    for (name, seed) in [("exchange.test/record", 4), ("exchange.test/other", 3)] {
        let other = LogKey::from_seed(name, &[seed; SEED_LEN]).unwrap();
        assert!(Checkpoint::verify(&checkpoint.sign(&other).unwrap(), key.verifier()).is_err());
    }
    assert_eq!(
        Checkpoint::verify(&signed, "no key"),
        Err(CheckpointProblem::Key)
    );
    for name in ["", "a b", "a+b", "a\nb", &"x".repeat(MAX_LOG_NAME_LEN + 1)] {
        assert!(LogKey::from_seed(name, &[3; SEED_LEN]).is_err(), "{name:?}");
    }
    assert!(!format!("{key:?}").contains("PRIVATE"));
}

#[test]
fn a_witness_signs_beside() {
    let world = World::new();
    let mut store = world.store();
    store.commit(&[note(1)]).unwrap();
    let signed = store.checkpoint(at(0)).unwrap();
    let witness = LogKey::from_seed("witness.test", &[5; SEED_LEN]).unwrap();
    // The witness signs the same text.
    let (text, _) = open(&signed);
    let pair = ring::signature::Ed25519KeyPair::from_seed_unchecked(&[5; SEED_LEN]).unwrap();
    let id = u32::from_str_radix(witness.verifier().split('+').nth(1).unwrap(), 16).unwrap();
    let line = |signature: &[u8]| {
        let bytes = [&id.to_be_bytes()[..], signature].concat();
        format!("— witness.test {}\n", BASE64_STANDARD.encode(bytes))
    };
    let good = [&signed[..], line(pair.sign(&text).as_ref()).as_bytes()].concat();
    let bad = [&signed[..], line(pair.sign(b"another").as_ref()).as_bytes()].concat();
    assert_eq!(
        Checkpoint::witnessed(&signed, witness.verifier()),
        Ok(false)
    );
    assert_eq!(Checkpoint::witnessed(&good, witness.verifier()), Ok(true));
    assert_eq!(
        Checkpoint::witnessed(&bad, witness.verifier()),
        Err(CheckpointProblem::Signature)
    );
    assert!(
        Checkpoint::verify(&good, log_key().verifier()).is_ok(),
        "others' signatures are passed over"
    );
}

#[test]
fn two_checkpoints_of_one_log_are_compared() {
    let world = World::new();
    let mut store = world.store();
    store.commit(&[note(1), note(2)]).unwrap();
    let earlier = store.checkpoint(at(0)).unwrap();
    store.commit(&[note(3), note(4)]).unwrap();
    let later = store.checkpoint(at(1)).unwrap();
    let key = log_key();
    let proof = store.consistency(5, 3).unwrap();
    let compare = |earlier: &[u8], later: &[u8], proof: &[Hash]| {
        compare_checkpoints(earlier, later, key.verifier(), proof)
    };
    assert_eq!(compare(&earlier, &later, &proof), Ok(()));
    assert_eq!(compare(&later, &later, &[]), Ok(()));
    assert_eq!(
        compare(&later, &earlier, &proof),
        Err(CompareProblem::Order)
    );
    assert_eq!(
        compare(&earlier, &later, &[]),
        Err(CompareProblem::NotProved)
    );
    let mut wrong = proof.clone();
    wrong[0][0] ^= 1;
    assert_eq!(
        compare(&earlier, &later, &wrong),
        Err(CompareProblem::NotProved)
    );
    // The operator shows another history: both were signed, which convicts it.
    let other = Checkpoint {
        size: 5,
        root: [1; 32],
    }
    .sign(&key)
    .unwrap();
    assert_eq!(compare(&other, &later, &[]), Err(CompareProblem::Split));
    assert_eq!(
        compare(&earlier, &other, &proof),
        Err(CompareProblem::NotProved)
    );
}

/// Leaf 0 names the log's key, and OpenSSL verifies the exchange's signature of it.
#[test]
fn the_first_leaf_is_signed_by_the_exchange() {
    let world = World::new();
    drop(world.store());
    let record = Connection::open(world.folder.path().join(RECORD_FILE)).unwrap();
    let beside: Vec<u8> = record
        .query_row("SELECT sealed FROM event WHERE leaf = 0", [], |row| {
            row.get(0)
        })
        .unwrap();
    let part = |bytes: &[u8]| {
        let len = u64::from_be_bytes(bytes[..8].try_into().unwrap());
        let len = usize::try_from(len).unwrap();
        (bytes[8..8 + len].to_vec(), bytes[8 + len..].to_vec())
    };
    let (message, rest) = part(&beside);
    let (signature, _) = part(&rest);
    let expected = format!("daxsign-exchange log key 1\n{}\n", log_key().verifier());
    assert_eq!(String::from_utf8(message.clone()).unwrap(), expected);
    let file = |name: &str, bytes: &[u8]| {
        let path = world.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let certificate = file("exchange.der", &world.exchange.certificate);
    let key = world.folder.path().join("exchange.pem");
    let made = std::process::Command::new("openssl")
        .args(["x509", "-inform", "DER", "-pubkey", "-noout", "-in"])
        .arg(certificate)
        .output()
        .unwrap();
    std::fs::write(&key, made.stdout).unwrap();
    let verified = std::process::Command::new("openssl")
        .args(["dgst", "-sha256", "-verify"])
        .arg(key)
        .arg("-signature")
        .arg(file("signature", &signature))
        .arg(file("message", &message))
        .output()
        .unwrap();
    assert!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stdout)
    );
    let leaf = Leaf::from_bytes(&leaves(&world)[0]).unwrap();
    assert_eq!(
        (leaf.kind, leaf.thumbprint),
        (Kind::LogKey, Some(world.exchange.thumbprint))
    );
}
