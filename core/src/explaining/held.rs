//! What stands in an opened signature: said only as far as it is shown by its structure, or proved
//! by a string whose hash it holds.

use crate::bytes::base64;
use crate::bytes::other_hash::{Algorithm, AnyHash, Hash, MAX_HASH_LEN};
use crate::bytes::sink::Sink;
use crate::explaining::variation::Variation;
use crate::explaining::variation::kind::Kind;
use crate::explaining::variation::rewriting::{write_base64, write_hex};
use crate::rsa::pss::Pss;
use crate::signing::profile::Profile;

/// What a string must fit.
#[derive(Clone, Copy)]
#[expect(
    clippy::large_enum_variant,
    reason = "one of them stands on the stack, and there is no heap"
)]
pub(crate) enum Proof {
    /// Its hash.
    Hash(Algorithm, Hash),
    /// It stands there itself; by its SHA-256.
    Text(Hash),
    Pss(Pss),
    /// A hash that is not made here, or none.
    None,
}

/// What an opened signature holds.
#[derive(Clone, Copy)]
pub(crate) struct Held {
    /// What the signer did differently in making a signature out of the string.
    shown: Variation,
    /// The hash function, where nothing but the length tells it: so only if a string fits.
    assumed: Option<Kind>,
    pub(crate) proof: Proof,
    /// What the hash is called where it is another than SHA-256 in its DigestInfo.
    pub(crate) name: Option<&'static str>,
    /// Whether the structure shows all this; else only a string that fits does.
    pub(crate) is_certain: bool,
}

/// A type-1 or type-2 padding has at least this many bytes (RFC 8017 7.2.1).
const MIN_PADDING: usize = 8;
/// The text that a signing string starts with.
const STRING_START: &[u8] = b"(request-target)";
const UNKNOWN: &str = "no hash that is known";
const WRONG_LENGTHS: &str = "a DigestInfo whose lengths are wrong";

impl Held {
    /// What an opened block holds; `None` if it is nothing that is known here.
    pub(crate) fn read(block: &[u8], modulus_bits: usize) -> Option<Self> {
        padded(block)
            .or_else(|| pss(block, modulus_bits))
            .or_else(|| x931(block))
            .or_else(|| unpadded(block))
    }

    /// What the signer did differently, as far as the structure shows it.
    pub(crate) const fn shown(&self) -> Variation {
        self.shown
    }

    /// The same once a string fits.
    pub(crate) fn proved(&self) -> Variation {
        let assumed = self.assumed.map(|kind| self.shown.and(kind));
        assumed.unwrap_or(self.shown)
    }

    /// Whether there is nothing around the hash, or what has its length.
    fn is_bare(&self) -> bool {
        let mut shown = self.shown.deviations();
        shown.any(|each| each.kind() == Kind::NoDigestInfo)
    }

    pub(crate) fn with(self, kind: Kind) -> Self {
        Self {
            shown: self.shown.and(kind),
            ..self
        }
    }
}

/// Type 1 or 2: `00 0t`, bytes other than 0, `00`, content.
fn padded(block: &[u8]) -> Option<Held> {
    let [0, kind @ (1 | 2), rest @ ..] = block else {
        return None;
    };
    let end = rest.iter().position(|byte| *byte == 0)?;
    let (padding, content) = rest.split_at_checked(end)?;
    let content = content.get(1..)?;
    if padding.len() < MIN_PADDING {
        return None;
    }
    if *kind == 1 {
        let is_right = padding.iter().all(|byte| *byte == 0xFF);
        let unknown = || {
            let text = text(content);
            Held {
                name: Some(UNKNOWN).filter(|_| !text.is_certain),
                is_certain: true,
                ..text
            }
        };
        return is_right.then(|| content_of(content).unwrap_or_else(unknown));
    }
    let held = content_of(content).unwrap_or_else(|| text(content));
    // 00 02 alone stands there by chance now and then, and so does a length.
    Some(Held {
        is_certain: held.is_certain && !held.is_bare(),
        ..held.with(Kind::EncryptionPadding)
    })
}

/// No padding: zeros, content.
fn unpadded(block: &[u8]) -> Option<Held> {
    let zeros = block.iter().take_while(|byte| **byte == 0).count();
    if zeros < MIN_PADDING {
        return None;
    }
    let content = block.get(zeros..)?;
    // A hash may itself start with zeros.
    let hash = block.len().checked_sub(Algorithm::Sha256.len());
    let hash = hash.and_then(|start| block.get(start..));
    let held = match hash {
        Some(hash)
            if content.len() <= hash.len() && content.len() >= MIN_PADDING.saturating_mul(2) =>
        {
            bare(hash)?
        }
        _ => content_of(content).unwrap_or_else(|| text(content)),
    };
    // That there is no padding tells more than how many bytes are left.
    let name = held.name.filter(|_| !held.is_bare());
    Some(Held { name, ..held }.with(Kind::NoPadding))
}

/// X9.31: `6B BB … BB BA`, SHA-256, `33 CC` (4B and BB less for a padding of no byte).
fn x931(block: &[u8]) -> Option<Held> {
    let [0x6B, rest @ .., identifier, 0xCC] = block else {
        return None;
    };
    let (algorithm, kind) = match identifier {
        0x33 => (Algorithm::Sha1, Some(Kind::SignedWithSha1)),
        0x34 => (Algorithm::Sha256, None),
        0x35 => (Algorithm::Sha512, Some(Kind::SignedWithSha512)),
        0x36 => (Algorithm::Sha384, Some(Kind::SignedWithSha384)),
        _ => return None,
    };
    let (padding, hash) = rest.split_at_checked(rest.len().checked_sub(algorithm.len())?)?;
    let (0xBA, padding) = padding.split_last()? else {
        return None;
    };
    if !padding.iter().all(|byte| *byte == 0xBB) {
        return None;
    }
    let held = Held {
        shown: Variation::NONE.and(Kind::X931Padding),
        assumed: None,
        proof: Proof::Hash(algorithm, Hash::from_bytes(hash)),
        name: None,
        is_certain: true,
    };
    Some(kind.map_or(held, |kind| held.with(kind)))
}

fn pss(block: &[u8], modulus_bits: usize) -> Option<Held> {
    const ALL: [(Algorithm, Option<Kind>); 4] = [
        (Algorithm::Sha256, None),
        (Algorithm::Sha1, Some(Kind::SignedWithSha1)),
        (Algorithm::Sha384, Some(Kind::SignedWithSha384)),
        (Algorithm::Sha512, Some(Kind::SignedWithSha512)),
    ];
    let read = |(algorithm, kind): (Algorithm, Option<Kind>)| {
        let pss = Pss::read(block, modulus_bits, algorithm)?;
        let held = Held {
            shown: Variation::NONE.and(Kind::PssPadding),
            assumed: None,
            is_certain: pss.is_certain,
            proof: Proof::Pss(pss),
            name: None,
        };
        Some(kind.map_or(held, |kind| held.with(kind)))
    };
    let certain = ALL
        .into_iter()
        .filter_map(read)
        .find(|held| held.is_certain);
    certain.or_else(|| ALL.into_iter().find_map(read))
}

/// A structure that is shown, and holds nothing to compare with.
const fn nothing_known(name: &'static str) -> Held {
    Held {
        shown: Variation::NONE,
        assumed: None,
        proof: Proof::None,
        name: Some(name),
        is_certain: true,
    }
}

/// A DigestInfo with its hash, a hash without one, or the text of a hash.
fn content_of(content: &[u8]) -> Option<Held> {
    let Some(info) = digest_info(content) else {
        return bare(content);
    };
    let (oid, has_null, is_exact) = (info.oid, info.has_null, info.is_exact);
    let rest = info.hash;
    let known = NAMES.iter().find(|(_, known, ..)| *known == oid);
    let (title, len) = known.map_or((UNKNOWN, 0), |(title, _, len, _)| (*title, *len));
    let named = known.and_then(|(.., named)| *named);
    let is_of_unknown = known.is_none() && is_exact && digest_info(rest).is_none();
    if is_of_unknown || rest.len() == len && !is_exact {
        // Verifiers compare every byte: such a signature never verifies, whatever its hash is of.
        return Some(nothing_known(if is_exact {
            UNKNOWN
        } else {
            WRONG_LENGTHS
        }));
    }
    if rest.len() == len {
        return Some(in_its_digest_info(title, named, rest, has_null));
    }
    if let Some(inner) = digest_info(rest).and_then(|_| content_of(rest)) {
        let twice = Variation::NONE.and(Kind::DigestInfoTwice);
        return Some(Held {
            shown: twice.joined(&inner.shown),
            name: None,
            ..inner
        });
    }
    let inner = bare(rest)?;
    let is_text = inner
        .shown
        .deviations()
        .any(|each| matches!(each.kind(), Kind::HexDigest | Kind::Base64Digest));
    let shown = without(inner.shown, Kind::NoDigestInfo);
    Some(Held {
        shown: if is_text {
            shown
        } else {
            shown.and(Kind::DigestInfoOfOther)
        },
        name: None,
        ..inner
    })
}

/// A hash in the DigestInfo that names it.
fn in_its_digest_info(
    title: &'static str,
    algorithm: Option<Algorithm>,
    hash: &[u8],
    has_null: bool,
) -> Held {
    let shown = signed_with(algorithm).map_or(Variation::NONE, |kind| Variation::NONE.and(kind));
    let without_null = shown.and(Kind::DigestInfoWithoutNull);
    let (shown, name) = match (has_null, algorithm) {
        (true, Some(Algorithm::Sha256)) => (shown, None),
        (true, _) => (shown, Some(title)),
        (false, Some(Algorithm::Sha256)) => (
            without_null,
            Some("SHA-256 without parameters in its DigestInfo"),
        ),
        (false, _) => (without_null, Some(title)),
    };
    Held {
        shown,
        assumed: None,
        proof: algorithm.map_or(Proof::None, |known| {
            Proof::Hash(known, Hash::from_bytes(hash))
        }),
        name,
        is_certain: true,
    }
}

/// A variation less one kind.
fn without(variation: Variation, kind: Kind) -> Variation {
    variation
        .deviations()
        .filter(|each| each.kind() != kind)
        .fold(Variation::NONE, |all, each| all.with(each).unwrap_or(all))
}

const fn signed_with(algorithm: Option<Algorithm>) -> Option<Kind> {
    match algorithm {
        Some(Algorithm::Sha1) => Some(Kind::SignedWithSha1),
        Some(Algorithm::Sha384) => Some(Kind::SignedWithSha384),
        Some(Algorithm::Sha512) => Some(Kind::SignedWithSha512),
        Some(Algorithm::Md5) => Some(Kind::SignedWithMd5),
        Some(Algorithm::Sha256) | None => None,
    }
}

/// The names of hash functions: title, OID, length of the hash, and whether it is made here.
const NAMES: [(&str, &[u8], usize, Option<Algorithm>); 11] = [
    (
        "SHA-256",
        b"\x60\x86\x48\x01\x65\x03\x04\x02\x01",
        32,
        Some(Algorithm::Sha256),
    ),
    ("SHA-1", b"\x2b\x0e\x03\x02\x1a", 20, Some(Algorithm::Sha1)),
    (
        "SHA-384",
        b"\x60\x86\x48\x01\x65\x03\x04\x02\x02",
        48,
        Some(Algorithm::Sha384),
    ),
    (
        "SHA-512",
        b"\x60\x86\x48\x01\x65\x03\x04\x02\x03",
        64,
        Some(Algorithm::Sha512),
    ),
    (
        "MD5",
        b"\x2a\x86\x48\x86\xf7\x0d\x02\x05",
        16,
        Some(Algorithm::Md5),
    ),
    ("SHA-224", b"\x60\x86\x48\x01\x65\x03\x04\x02\x04", 28, None),
    (
        "SHA-512/256",
        b"\x60\x86\x48\x01\x65\x03\x04\x02\x06",
        32,
        None,
    ),
    (
        "SHA3-256",
        b"\x60\x86\x48\x01\x65\x03\x04\x02\x08",
        32,
        None,
    ),
    (
        "SHA3-384",
        b"\x60\x86\x48\x01\x65\x03\x04\x02\x09",
        48,
        None,
    ),
    (
        "SHA3-512",
        b"\x60\x86\x48\x01\x65\x03\x04\x02\x0a",
        64,
        None,
    ),
    ("RIPEMD-160", b"\x2b\x24\x03\x02\x01", 20, None),
];

/// The parts of a DigestInfo (RFC 8017 9.2).
struct DigestInfo<'a> {
    oid: &'a [u8],
    /// Whether NULL stands behind the OID.
    has_null: bool,
    /// Whether the three lengths around them are those of what stands there. Who puts another hash
    /// behind a copied prefix leaves them as they were.
    is_exact: bool,
    /// What follows as the hash.
    hash: &'a [u8],
}

fn digest_info(content: &[u8]) -> Option<DigestInfo<'_>> {
    let [0x30, all, 0x30, inner, 0x06, oid_len, rest @ ..] = content else {
        return None;
    };
    let (oid, rest) = rest.split_at_checked((*oid_len).into())?;
    let (has_null, hash_len, hash) = match rest {
        [0x05, 0x00, 0x04, len, hash @ ..] => (true, len, hash),
        [0x04, len, hash @ ..] => (false, len, hash),
        _ => return None,
    };
    // Tag and length of the OID, and NULL; tag and length of the whole.
    let inner_len = oid.len().saturating_add(if has_null { 4 } else { 2 });
    let is = |told: &u8, len: usize| usize::from(*told) == len;
    let is_exact = is(all, content.len().saturating_sub(2))
        && is(inner, inner_len)
        && is(hash_len, hash.len());
    Some(DigestInfo {
        oid,
        has_null,
        is_exact,
        hash,
    })
}

/// A hash without a DigestInfo, by its length; or the text of one.
fn bare(content: &[u8]) -> Option<Held> {
    let held = |kind, algorithm, bytes: &[u8]| Held {
        shown: Variation::NONE.and(kind),
        assumed: signed_with(Some(algorithm)),
        proof: Proof::Hash(algorithm, Hash::from_bytes(bytes)),
        name: None,
        is_certain: true,
    };
    let mut bytes = [0; MAX_HASH_LEN];
    for kind in [Kind::HexDigest, Kind::Base64Digest] {
        let len = match kind {
            Kind::HexDigest => from_hex(content, &mut bytes),
            _ => from_base64(content, &mut bytes),
        };
        let hash = len.and_then(|len| bytes.get(..len)).unwrap_or_default();
        if let Some(algorithm) = by_length(hash.len()) {
            return Some(held(kind, algorithm, hash));
        }
    }
    // MD5, then SHA-1: TLS before 1.2, and RSA_sign with NID_md5_sha1.
    if let Some(([_, ..], sha1)) = content.split_at_checked(16)
        && sha1.len() == Algorithm::Sha1.len()
    {
        return Some(Held {
            assumed: Some(Kind::SignedWithMd5Sha1),
            name: Some("36 bytes without a DigestInfo, as long as MD5 and SHA-1 together"),
            ..held(Kind::NoDigestInfo, Algorithm::Sha1, sha1)
        });
    }
    let algorithm = by_length(content.len())?;
    Some(Held {
        name: Some(bare_name(algorithm)),
        ..held(Kind::NoDigestInfo, algorithm, content)
    })
}

/// What is known of bytes without a DigestInfo that are as long as this hash.
const fn bare_name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Sha256 => "32 bytes without a DigestInfo, as long as SHA-256",
        Algorithm::Sha1 => "20 bytes without a DigestInfo, as long as SHA-1",
        Algorithm::Sha384 => "48 bytes without a DigestInfo, as long as SHA-384",
        Algorithm::Sha512 => "64 bytes without a DigestInfo, as long as SHA-512",
        Algorithm::Md5 => "16 bytes without a DigestInfo, as long as MD5",
    }
}

fn by_length(len: usize) -> Option<Algorithm> {
    [
        Algorithm::Sha256,
        Algorithm::Sha1,
        Algorithm::Sha384,
        Algorithm::Sha512,
        Algorithm::Md5,
    ]
    .into_iter()
    .find(|algorithm| algorithm.len() == len)
}

fn from_hex(text: &[u8], out: &mut [u8; MAX_HASH_LEN]) -> Option<usize> {
    let value = |digit: u8| {
        char::from(digit)
            .to_digit(16)
            .and_then(|value| u8::try_from(value).ok())
    };
    let (pairs, []) = text.as_chunks::<2>() else {
        return None;
    };
    if pairs.len() > out.len() {
        return None;
    }
    for (slot, [high, low]) in out.iter_mut().zip(pairs) {
        *slot = value(*high)?.wrapping_mul(16).wrapping_add(value(*low)?);
    }
    Some(pairs.len())
}

fn from_base64(text: &[u8], out: &mut [u8; MAX_HASH_LEN]) -> Option<usize> {
    let (groups, []) = text.as_chunks::<{ base64::CHARS }>() else {
        return None;
    };
    let mut len = 0_usize;
    for group in groups {
        let (bytes, count) = base64::decode_group(*group)?;
        for byte in bytes.iter().take(count) {
            *out.get_mut(len)? = *byte;
            len = len.saturating_add(1);
        }
    }
    // Text of 32 letters is no base64 of a hash: those of SHA-256 and SHA-1 end in =.
    text.ends_with(b"=").then_some(len)
}

/// Content that may be the string itself.
fn text(content: &[u8]) -> Held {
    let start = content.get(..STRING_START.len()).unwrap_or_default();
    Held {
        shown: Variation::NONE.and(Kind::NotHashed),
        assumed: None,
        proof: Proof::Text(AnyHash::digest(Algorithm::Sha256, content)),
        name: None,
        is_certain: start.eq_ignore_ascii_case(STRING_START),
    }
}

/// What was hashed how often, for a string that fits.
pub(crate) type Fit = (Profile, Option<Kind>);

impl Held {
    /// The hash functions to try on strings, the likeliest first.
    pub(crate) const fn algorithms(&self) -> &'static [Algorithm] {
        match self.algorithm() {
            Some(Algorithm::Sha256) => &[
                Algorithm::Sha256,
                Algorithm::Sha1,
                Algorithm::Sha512,
                Algorithm::Sha384,
            ],
            Some(Algorithm::Sha1) => &[Algorithm::Sha1, Algorithm::Sha256],
            Some(Algorithm::Sha384) => &[Algorithm::Sha384, Algorithm::Sha256],
            Some(Algorithm::Sha512) => &[Algorithm::Sha512, Algorithm::Sha256],
            Some(Algorithm::Md5) => &[Algorithm::Md5, Algorithm::Sha256],
            None => match self.proof {
                Proof::Text(_) => &[Algorithm::Sha256],
                _ => &[],
            },
        }
    }

    const fn algorithm(&self) -> Option<Algorithm> {
        match &self.proof {
            Proof::Hash(algorithm, _) => Some(*algorithm),
            Proof::Pss(pss) => Some(pss.algorithm()),
            Proof::Text(_) | Proof::None => None,
        }
    }

    /// Whether a string with this hash was signed, and how it was hashed further.
    pub(crate) fn fit(&self, algorithm: Algorithm, hash: &Hash) -> Option<Fit> {
        let Some(signed) = self.algorithm() else {
            let fits = matches!(&self.proof, Proof::Text(text) if text == hash);
            return fits.then_some((Profile::Documented, None));
        };
        if signed == algorithm && self.holds(hash.as_bytes()) {
            return Some((Profile::Documented, None));
        }
        let again = AnyHash::digest(signed, hash.as_bytes());
        let kind = match (signed, algorithm) {
            (Algorithm::Sha256, Algorithm::Sha1) => Some(Kind::Sha1Hashed),
            (Algorithm::Sha256, Algorithm::Sha384) => Some(Kind::Sha384Hashed),
            (Algorithm::Sha256, Algorithm::Sha512) => Some(Kind::Sha512Hashed),
            _ => None,
        };
        if self.holds(again.as_bytes()) {
            return Some((Profile::VendorSdk, kind));
        }
        if signed != Algorithm::Sha256 {
            return None;
        }
        let kind = match algorithm {
            Algorithm::Sha256 => self.fit_rarely(hash, &again)?,
            Algorithm::Sha1 if self.holds_text(hash, |hash, sink| write_hex(hash, false, sink)) => {
                Kind::Sha1HexHashed
            }
            _ => return None,
        };
        Some((Profile::VendorSdk, Some(kind)))
    }

    /// Once more, or as text.
    fn fit_rarely(&self, hash: &Hash, again: &Hash) -> Option<Kind> {
        let thrice = AnyHash::digest(Algorithm::Sha256, again.as_bytes());
        if self.holds(thrice.as_bytes()) {
            return Some(Kind::HashedThreeTimes);
        }
        if self.holds_text(hash, |hash, sink| write_hex(hash, false, sink)) {
            return Some(Kind::HexHashed);
        }
        if self.holds_text(hash, |hash, sink| write_hex(hash, true, sink)) {
            return Some(Kind::HexUpperHashed);
        }
        self.holds_text(hash, write_base64)
            .then_some(Kind::Base64Hashed)
    }

    fn holds(&self, hash: &[u8]) -> bool {
        match &self.proof {
            Proof::Hash(_, held) => held.as_bytes() == hash,
            Proof::Pss(pss) => pss.is_of(hash),
            Proof::Text(_) | Proof::None => false,
        }
    }

    /// Whether the SHA-256 of a hash's text is held.
    fn holds_text(&self, hash: &Hash, write: impl FnOnce(&[u8], &mut dyn Sink)) -> bool {
        let mut text = AnyHash::new(Algorithm::Sha256);
        write(hash.as_bytes(), &mut text);
        self.holds(text.finish().as_bytes())
    }
}
