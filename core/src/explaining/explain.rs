//! Why a signature does not match: what stands in it is taken out, and the strings of the mistakes
//! people make are tried until one has its hash.

use super::held::{Held, Proof};
use super::search::{Progress, Search, Searched};
use crate::bytes::digest::Digest;
use crate::bytes::other_hash::{Algorithm, AnyHash};
use crate::bytes::sink::{Counter, Sink};
use crate::error::Error;
use crate::explaining::variation::Variation;
use crate::explaining::variation::body::BodyAlternative;
use crate::explaining::variation::deviation::Deviation;
use crate::explaining::variation::kind::Kind;
use crate::explaining::variation::part::Part;
use crate::explaining::variation::rewriting::{Form, Rewriting};
use crate::explaining::variation::string::Writer;
use crate::request::Request;
use crate::request::options::Options;
use crate::rsa::public_key::PublicKey;
use crate::rsa::recover::Block;
use crate::signing::components::Components;
use crate::signing::header::SignatureHeader;
use crate::signing::profile::Profile;
use crate::signing::string::write_signing_string;
use crate::verifying::verify::{of_a_signed_request, with_signature};

/// What [`explain`] found out. Who tells it sees from the compiler when there is a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The signature covers exactly the signing string, under this profile.
    Verifies {
        /// The profile that the signer used.
        profile: Profile,
    },
    /// The signature covers another string, or was made of it in another way, like this.
    Mistake {
        /// What the signer did.
        variation: Variation,
        /// The profile that the signer used, or the one that is nearest to what was done.
        profile: Profile,
    },
    /// The signature opens with this key but holds another hash or encoding, and no known string.
    OtherHash {
        /// `SHA-1`, `SHA-512`, …; of bytes without the name of a hash, how many there are.
        name: &'static str,
    },
    /// The signature opens with this key and was made in this other way; of what string is not
    /// known.
    WrongEncoding {
        /// What the signer did.
        variation: Variation,
    },
    /// Nothing that is known stands in the signature: it was made with another key or by another
    /// operation (encryption with the public key, say), or was damaged. Which, it does not show.
    WrongKey,
    /// The signature opens and holds this SHA-256, which none of the known mistakes gives.
    Unexplained {
        /// The hash in the signature.
        digest: Digest,
    },
}

/// All that an [`Explainer`] tells of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// What is wrong with the `Signature` field, or the first rule that the request breaks.
    pub refusal: Option<Error>,
    /// What the signature covers, whatever rule is broken; `None` where it cannot be opened.
    pub finding: Option<Finding>,
    /// How far the search went.
    pub searched: Searched,
}

/// That a signature was made of given bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Covered {
    /// How they were encoded, hashed and padded, where that is not as the rules have it.
    pub variation: Variation,
    /// The profile that the signer used, or the one that is nearest to what was done.
    pub profile: Profile,
}

/// Finds out what the `Signature` field of `request` covers. Its date may be of any time.
///
/// A diagnosis, never a verdict: to accept a request there is [`Verifier`](crate::Verifier). This
/// is [`Explainer::explain`] with its default budget, for a request that keeps the rules.
///
/// # Errors
/// What is wrong with the `Signature` field, or the first rule that the request breaks: that is
/// then the reason.
pub fn explain(key: &PublicKey, request: &Request<'_>, options: Options) -> Result<Finding, Error> {
    let explainer = Explainer::new(key).options(options);
    let opened = explainer.open(request)?;
    let components = opened.components?;
    write_signing_string(request, &components, options, &mut Counter::default())
        .map_err(of_a_signed_request)?;
    Ok(explainer
        .search(request, &components, opened.held.as_ref())
        .0)
}

/// Finds out what a signature covers, with a choice of how long to look and what bodies to try.
///
/// ```
/// # use daxsign_core::*;
/// # const KEY: &[u8] = include_bytes!("../../../tests/vectors/keys/rsa2048.pkcs1.pem");
/// # let private = PrivateKey::from_bytes(KEY)?;
/// # let headers = [HeaderField::new("Date", "2020-05-17T14:44:30Z")];
/// # let unsigned = Request::new("GET", "/api?page=2", &headers, "");
/// # let mut out = [0; 512];
/// # let list = Components::default_for(&unsigned);
/// # let options = Options { target: TargetForm::Full, ..Options::DAX };
/// # let value = RequestSigner::new(&private, Profile::Documented).components(list).options(options).sign(&unsigned, &mut out)?;
/// # let headers = [headers[0], HeaderField::new("Signature", value)];
/// # let request = Request::new("GET", "/api?page=2", &headers, "");
/// let explanation = Explainer::new(private.public_key()).budget(1 << 20).explain(&request);
/// let said = match explanation.finding {
///     Some(Finding::Mistake { variation, .. }) => variation.to_string(),
///     _ => String::new(),
/// };
/// assert_eq!(said, "the signer signed the target with its query");
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Explainer<'a> {
    key: &'a PublicKey,
    options: Options,
    budget: u64,
    bodies: &'a [BodyAlternative<'a>],
    progress: Option<Progress<'a>>,
}

impl core::fmt::Debug for Explainer<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Explainer")
            .field("key", self.key)
            .field("options", &self.options)
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}

/// An opened signature.
struct Opened<'r> {
    held: Option<Held>,
    components: Result<Components<'r>, Error>,
}

impl<'a> Explainer<'a> {
    /// The bytes that a search may take unless the caller chooses: some hundred thousand strings of
    /// a common request, which is each combination of three mistakes, in about two seconds on a PC.
    pub const DEFAULT_BUDGET: u64 = 64 << 20;

    /// An explainer with default options, the default budget and no bodies beside the one sent.
    #[must_use]
    pub const fn new(key: &'a PublicKey) -> Self {
        Self {
            key,
            options: Options::DAX,
            budget: Self::DEFAULT_BUDGET,
            bodies: &[],
            progress: None,
        }
    }

    /// With other options.
    #[must_use]
    pub const fn options(self, options: Options) -> Self {
        Self { options, ..self }
    }

    /// With another budget: about how many bytes are hashed, and header fields looked up, in the
    /// search. The string of the rules is hashed whatever it takes.
    #[must_use]
    pub const fn budget(self, bytes: u64) -> Self {
        Self {
            budget: bytes,
            ..self
        }
    }

    /// With bodies that the signer may have signed in place of the one that was sent; the first 32
    /// are tried.
    #[must_use]
    pub const fn bodies(self, bodies: &'a [BodyAlternative<'a>]) -> Self {
        Self { bodies, ..self }
    }

    /// Tells, now and then, how many bytes of the budget were used.
    #[must_use]
    pub const fn progress(self, progress: &'a dyn Fn(u64, u64)) -> Self {
        Self {
            progress: Some(progress),
            ..self
        }
    }

    /// Finds out what the `Signature` field of `request` covers, whatever rule the request breaks.
    #[must_use]
    pub fn explain(&self, request: &Request<'_>) -> Explanation {
        let refused = |error, finding| Explanation {
            refusal: Some(error),
            finding,
            searched: Searched::default(),
        };
        let opened = match self.open(request) {
            Ok(opened) => opened,
            Err(error) => return refused(error, None),
        };
        let components = match opened.components {
            Ok(components) => components,
            Err(error) => return refused(error, Some(unexplained(opened.held.as_ref()))),
        };
        let mut counter = Counter::default();
        let kept = write_signing_string(request, &components, self.options, &mut counter);
        let (finding, searched) = self.search(request, &components, opened.held.as_ref());
        Explanation {
            refusal: kept.err().map(of_a_signed_request),
            finding: Some(finding),
            searched,
        }
    }

    /// Whether the signature was made of the bytes that `string` writes, such as those that the
    /// sender logged: as they are, or encoded in one of the known ways. `None` if not. Nothing of
    /// the request but its `Signature` field is looked at.
    ///
    /// # Errors
    /// What is wrong with the `Signature` field.
    pub fn covers(
        &self,
        request: &Request<'_>,
        string: &dyn Fn(&mut dyn Sink),
    ) -> Result<Option<Covered>, Error> {
        let Some(held) = self.open(request)?.held else {
            return Ok(None);
        };
        let encodings = Deviation::all().filter(|each| each.part() == Part::Encoding);
        let encodings = encodings.filter_map(|each| Variation::NONE.with(each));
        for encoding in core::iter::once(Variation::NONE).chain(encodings) {
            let kind = encoding.plan().encoding;
            for algorithm in held.algorithms() {
                let mut hash = AnyHash::new(*algorithm);
                write_encoded(kind, string, &mut hash);
                let Some((profile, kind)) = held.fit(*algorithm, &hash.finish()) else {
                    continue;
                };
                let made = kind.map_or(encoding, |kind| encoding.and(kind));
                return Ok(Some(Covered {
                    variation: made.joined(&held.proved()),
                    profile,
                }));
            }
        }
        Ok(None)
    }

    /// Writes the string that a signer with this variation signs: as
    /// [`Variation::write_string`], with these options and bodies.
    ///
    /// # Errors
    /// [`Error::MissingHeader`] for a field that such a signer needs and the request lacks;
    /// [`Error::InvalidBody`] for a body that is not among [`bodies`](Self::bodies).
    pub fn write_string(
        &self,
        request: &Request<'_>,
        components: &Components<'_>,
        variation: &Variation,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        self.writer(request, components)
            .write(&variation.plan(), sink)
    }

    const fn writer<'w>(
        &self,
        request: &'w Request<'w>,
        components: &'w Components<'w>,
    ) -> Writer<'w>
    where
        'a: 'w,
    {
        Writer {
            request,
            components,
            options: self.options,
            bodies: self.bodies,
        }
    }

    /// Takes out what the signature holds. S-SIG is told before the rules that the request breaks.
    fn open<'r>(&self, request: &Request<'r>) -> Result<Opened<'r>, Error> {
        let header = SignatureHeader::from_request(request)?;
        let held = with_signature(self.key, &header, |signature| {
            let straight = self.read(signature)?;
            if straight.is_some_and(|held| held.is_certain) {
                return Ok(straight);
            }
            let reversed = Block::from_bytes(signature).reversed();
            let reversed = self.read(reversed.as_bytes())?;
            let reversed = reversed.map(|held| held.with(Kind::SignatureReversed));
            Ok(match (straight, reversed) {
                (Some(_), Some(reversed)) if reversed.is_certain => Some(reversed),
                (straight, reversed) => straight.or(reversed),
            })
        })?;
        Ok(Opened {
            held,
            components: header.components(),
        })
    }

    fn read(&self, signature: &[u8]) -> Result<Option<Held>, Error> {
        let block = self.key.recover(signature)?;
        let bits = self.key.modulus_bits();
        Ok(block.and_then(|block| Held::read(block.as_bytes(), bits)))
    }

    fn search(
        &self,
        request: &Request<'_>,
        components: &Components<'_>,
        held: Option<&Held>,
    ) -> (Finding, Searched) {
        let Some(held) = held else {
            return (Finding::WrongKey, Searched::default());
        };
        let writer = self.writer(request, components);
        let mut search = Search::new(writer, held, self.budget, self.progress);
        let Some((variation, profile)) = search.run() else {
            return (unexplained(Some(held)), search.searched);
        };
        let variation = variation.joined(&held.proved());
        let finding = if variation == Variation::NONE {
            Finding::Verifies { profile }
        } else {
            Finding::Mistake { variation, profile }
        };
        (finding, search.searched)
    }
}

/// What is said where no string fits.
fn unexplained(held: Option<&Held>) -> Finding {
    let Some(held) = held.filter(|held| held.is_certain) else {
        return Finding::WrongKey;
    };
    if let Some(name) = held.name {
        return Finding::OtherHash { name };
    }
    match held.proof {
        Proof::Hash(Algorithm::Sha256, hash) if held.shown() == Variation::NONE => {
            let digest = hash.as_bytes().first_chunk().copied().unwrap_or_default();
            Finding::Unexplained {
                digest: Digest(digest),
            }
        }
        _ => Finding::WrongEncoding {
            variation: held.shown(),
        },
    }
}

/// Writes a string in another encoding.
fn write_encoded(kind: Option<Kind>, string: &dyn Fn(&mut dyn Sink), sink: &mut dyn Sink) {
    match kind {
        Some(Kind::StringUtf16LeMark) => sink.write(crate::explaining::variation::body::MARK_16),
        Some(Kind::StringByteOrderMark) => sink.write(b"\xEF\xBB\xBF"),
        _ => {}
    }
    let mut encoded = Rewriting::new(Form::of_string(kind), sink);
    string(&mut encoded);
    encoded.finish();
}
