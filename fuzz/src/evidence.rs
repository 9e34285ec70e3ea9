//! A file of evidence taken apart: its form written naively, so that what is changed is what it says and not how it is
//! written; and the file as somebody could write it who holds the log's key.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use daxsign_exchange::record::{
    Checkpoint, Content, HASH_LEN, LogKey, SALT_LEN, SEED_LEN, commitment,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Leaves behind this place are not made: a log has no end.
const MAX_LEAVES: u64 = 64;

/// The file, its fields in their order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Evidence {
    pub format: String,
    pub correlation: String,
    pub log: Event,
    pub checkpoint: String,
    pub events: Vec<Event>,
    pub sent: Vec<Sent>,
    pub certificates: Vec<Base64>,
}

/// A leaf, and what lies beside it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Event {
    pub index: u64,
    pub leaf: Base64,
    pub proof: Vec<Base64>,
    pub content: Option<Shown>,
}

/// What lies beside a leaf.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Shown {
    pub salt: Base64,
    pub message: Base64,
    pub signature: Base64,
    pub statement: Base64,
}

/// What the exchange sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sent {
    pub to: String,
    pub head: Base64,
    pub body: Option<Base64>,
}

/// Bytes as they are written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Base64(pub String);

impl Base64 {
    /// What is none has no bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        BASE64_STANDARD.decode(&self.0).unwrap_or_default()
    }

    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self(BASE64_STANDARD.encode(bytes))
    }
}

impl Evidence {
    /// The parts, however they are written.
    #[must_use]
    pub fn read(file: &[u8]) -> Option<Self> {
        serde_json::from_slice(file).ok()
    }

    /// As the exchange writes it.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let mut file = serde_json::to_vec_pretty(self).expect("no map has other keys");
        file.push(b'\n');
        file
    }

    /// All that its form lets be changed: each is a text, most of them of bytes.
    fn texts(&mut self) -> Vec<&mut String> {
        let Self {
            format,
            correlation,
            log,
            checkpoint,
            events,
            sent,
            certificates,
        } = self;
        let mut texts = vec![format, correlation, checkpoint];
        for event in std::iter::once(log).chain(events) {
            texts.push(&mut event.leaf.0);
            texts.extend(event.proof.iter_mut().map(|hash| &mut hash.0));
            if let Some(content) = &mut event.content {
                texts.push(&mut content.salt.0);
                texts.push(&mut content.message.0);
                texts.push(&mut content.signature.0);
                texts.push(&mut content.statement.0);
            }
        }
        for sent in sent {
            texts.extend([&mut sent.to, &mut sent.head.0]);
            texts.extend(sent.body.as_mut().map(|body| &mut body.0));
        }
        texts.extend(certificates.iter_mut().map(|der| &mut der.0));
        texts
    }

    /// Changes one thing: `edit` changes some bytes.
    pub fn change(&mut self, seed: u32, edit: &mut dyn FnMut(&mut Vec<u8>)) {
        let number = usize::try_from(seed / 8).unwrap_or_default();
        match seed % 8 {
            0 => turn(&mut self.events, number),
            1 => turn(&mut self.sent, number),
            2 => turn(&mut self.certificates, number),
            3 => {
                let count = self.events.len().max(1);
                if let Some(event) = self.events.get_mut(number % count) {
                    match number / count % 3 {
                        0 => event.content = None,
                        1 => event.index = u64::try_from(number / count % 7).unwrap_or_default(),
                        _ => turn(&mut event.proof, number / count),
                    }
                }
            }
            _ => self.change_text(number, edit),
        }
    }

    /// Changes the bytes of one text; what is no base64 as it stands.
    fn change_text(&mut self, number: usize, edit: &mut dyn FnMut(&mut Vec<u8>)) {
        let mut texts = self.texts();
        let count = texts.len();
        let text = &mut *texts[number % count];
        if let Ok(mut bytes) = BASE64_STANDARD.decode(&*text) {
            edit(&mut bytes);
            *text = BASE64_STANDARD.encode(bytes);
        } else {
            let mut bytes = text.clone().into_bytes();
            edit(&mut bytes);
            *text = String::from_utf8_lossy(&bytes).into_owned();
        }
    }

    /// The file as who holds the log's key could write it: leaves promise what is shown beside them, they are all in the
    /// log, and the key signed that.
    #[must_use]
    pub fn by_the_operator(mut self) -> Self {
        let other = b"another exchange's".to_vec();
        let mut leaves = vec![other.clone()];
        for event in std::iter::once(&mut self.log).chain(&mut self.events) {
            promise(event);
            let Some(place) = place(event.index) else {
                continue;
            };
            while leaves.len() <= place {
                leaves.push(other.clone());
            }
            leaves[place] = event.leaf.bytes();
        }
        let hashes: Vec<[u8; HASH_LEN]> = leaves.iter().map(|leaf| hash(&[&[0], leaf])).collect();
        for event in std::iter::once(&mut self.log).chain(&mut self.events) {
            if let Some(place) = place(event.index) {
                let path = path(&hashes, place);
                event.proof = path.iter().map(|hash| Base64::new(hash)).collect();
            }
        }
        let checkpoint = Checkpoint {
            size: u64::try_from(hashes.len()).expect("few"),
            root: root(&hashes),
        };
        let signed = checkpoint.sign(&log_key()).expect("it has leaves");
        self.checkpoint = String::from_utf8(signed).expect("a text");
        self
    }
}

fn place(index: u64) -> Option<usize> {
    (index < MAX_LEAVES).then(|| usize::try_from(index).expect("small"))
}

/// The key of the log that the seeds are of; it is no secret.
#[must_use]
pub fn log_key() -> LogKey {
    LogKey::from_seed("exchange.test/record", &[3; SEED_LEN]).expect("a name")
}

/// Takes one away, puts one in twice, or swaps two.
fn turn<T: Clone>(all: &mut Vec<T>, number: usize) {
    let count = all.len();
    if count == 0 {
        return;
    }
    let (place, other) = (number / 3 % count, number / 3 / count % count);
    match number % 3 {
        0 => drop(all.remove(place)),
        1 => all.insert(other, all[place].clone()),
        _ => all.swap(place, other),
    }
}

/// The leaf's last field becomes what is promised of the content.
fn promise(event: &mut Event) {
    let Some(content) = &event.content else {
        return;
    };
    let salt: [u8; SALT_LEN] = content.salt.bytes().try_into().unwrap_or_default();
    let promised = Content {
        message: content.message.bytes(),
        signature: content.signature.bytes(),
        statement: content.statement.bytes(),
    };
    let mut leaf = event.leaf.bytes();
    leaf.truncate(leaf.len().saturating_sub(HASH_LEN));
    leaf.extend(commitment(&salt, &promised));
    event.leaf = Base64::new(&leaf);
}

/// RFC 6962, 2.1.
fn root(hashes: &[[u8; HASH_LEN]]) -> [u8; HASH_LEN] {
    match hashes {
        [] => hash(&[]),
        [one] => *one,
        _ => {
            let (left, right) = hashes.split_at(half(hashes.len()));
            hash(&[&[1], &root(left), &root(right)])
        }
    }
}

/// RFC 6962, 2.1.1.
fn path(hashes: &[[u8; HASH_LEN]], place: usize) -> Vec<[u8; HASH_LEN]> {
    if hashes.len() < 2 {
        return Vec::new();
    }
    let half = half(hashes.len());
    let (left, right) = hashes.split_at(half);
    let (mut path, other) = if place < half {
        (path(left, place), root(right))
    } else {
        (path(right, place - half), root(left))
    };
    path.push(other);
    path
}

/// The largest power of two that is less.
fn half(count: usize) -> usize {
    count.next_power_of_two() / 2
}

fn hash(parts: &[&[u8]]) -> [u8; HASH_LEN] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}
