//! Why a key is refused, in one word of memory, which returns in a register. The readers pass it on at
//! every step; an [`Error`], which has room for a text, is made of it once, at the end: that is
//! kilobytes less code on a microcontroller.

use core::num::NonZeroU32;

use crate::error::diagnosing::DIAGNOSES;
use crate::error::label::Label;
use crate::error::{Error, KeyProblem};

/// Why a key is refused: 1, seven bits that tell what it is, and above them a number of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyRefusal(NonZeroU32);

/// Where the number starts.
const NUMBER: u32 = 8;
/// The largest number. No key or certificate of ours has so many bytes.
const MAX_NUMBER: u32 = u32::MAX >> NUMBER;

const NOT_A_KEY: u32 = 0;
const PEM_END: u32 = 1;
const BASE64: u32 = 2;
/// With the offset.
const DER: u32 = 3;
const MODULUS: u32 = 4;
const PUBLIC_EXPONENT: u32 = 5;
const PRIMES: u32 = 6;
const PRIMES_EQUAL: u32 = 7;
const PRODUCT: u32 = 8;
const D: u32 = 9;
const DP: u32 = 10;
const DQ: u32 = 11;
const Q_INV: u32 = 12;
const EMPTY: u32 = 13;
const VALIDITY: u32 = 14;
/// With the bits.
const TOO_SMALL: u32 = 15;
const INTERNAL: u32 = 16;
/// With the number of what was found, and four times that of what is needed.
const UNWANTED: u32 = 17;
/// With the algorithm's number.
const ALGORITHM: u32 = 18;
const ENCRYPTED: u32 = 19;
const ELLIPTIC_CURVE: u32 = 20;
const MORE_PRIMES: u32 = 21;
const LONG_MODULUS: u32 = 22;
const LONG_EXPONENT: u32 = 23;

impl KeyRefusal {
    /// [`Error::InternalFault`].
    pub(crate) const INTERNAL: Self = Self::plain(INTERNAL);
    /// [`Error::UnsupportedKey`], as the others.
    pub(crate) const ENCRYPTED: Self = Self::plain(ENCRYPTED);
    pub(crate) const ELLIPTIC_CURVE: Self = Self::plain(ELLIPTIC_CURVE);
    pub(crate) const MORE_PRIMES: Self = Self::plain(MORE_PRIMES);
    pub(crate) const LONG_MODULUS: Self = Self::plain(LONG_MODULUS);
    pub(crate) const LONG_EXPONENT: Self = Self::plain(LONG_EXPONENT);
    /// A structure that is no key.
    pub(crate) const NOT_A_KEY: Self = Self::plain(NOT_A_KEY);

    /// A certificate's validity that is not a time.
    pub(crate) const VALIDITY: Self = Self::plain(VALIDITY);

    const fn plain(what: u32) -> Self {
        Self(NonZeroU32::MIN.saturating_add(what << 1))
    }

    fn numbered(what: u32, number: usize) -> Self {
        let number = u32::try_from(number).unwrap_or(MAX_NUMBER).min(MAX_NUMBER);
        Self(NonZeroU32::MIN | (what << 1) | (number << NUMBER))
    }

    /// A structure that is not that of the format, at this place.
    pub(crate) fn der(offset: usize) -> Self {
        Self::numbered(DER, offset)
    }

    /// [`Error::KeyTooSmall`].
    pub(crate) fn too_small(bits: usize) -> Self {
        Self::numbered(TOO_SMALL, bits)
    }

    /// [`Error::UnsupportedKey`] for one thing where another is needed.
    pub(crate) fn unwanted(found: Holding, needed: Holding) -> Self {
        Self::numbered(UNWANTED, found.number() | needed.number() << 2)
    }

    /// [`Error::UnsupportedKey`] for a key of another algorithm.
    pub(crate) fn algorithm(algorithm: Algorithm) -> Self {
        let place = Algorithm::ALL.iter().position(|one| *one == algorithm);
        Self::numbered(ALGORITHM, place.unwrap_or_default())
    }

    /// What it is.
    const fn what(self) -> u32 {
        self.0.get() >> 1 & 0x7F
    }

    fn number(self) -> usize {
        usize::try_from(self.0.get() >> NUMBER).unwrap_or_default()
    }

    /// Whether a structure is at fault at any place.
    pub(crate) const fn is_der(self) -> bool {
        self.what() == DER
    }

    /// Where a structure is at fault, if one is.
    pub(crate) fn der_offset(self) -> Option<usize> {
        self.is_der().then(|| self.number())
    }

    /// Whether it is [`Error::InvalidKey`].
    pub(crate) const fn is_invalid(self) -> bool {
        self.what() <= VALIDITY
    }

    fn problem(self) -> Option<KeyProblem> {
        Some(match self.what() {
            NOT_A_KEY => KeyProblem::NotAKey,
            PEM_END => KeyProblem::PemEnd,
            BASE64 => KeyProblem::Base64,
            DER => KeyProblem::Der {
                offset: self.number(),
            },
            MODULUS => KeyProblem::Modulus,
            PUBLIC_EXPONENT => KeyProblem::PublicExponent,
            PRIMES => KeyProblem::Primes,
            PRIMES_EQUAL => KeyProblem::PrimesEqual,
            PRODUCT => KeyProblem::Product,
            D => KeyProblem::D,
            DP => KeyProblem::DP,
            DQ => KeyProblem::DQ,
            Q_INV => KeyProblem::QInv,
            EMPTY => KeyProblem::Empty,
            VALIDITY => KeyProblem::Validity,
            _ => return None,
        })
    }

    /// What an unsupported key is.
    fn found(self) -> Label {
        Label::new(match self.what() {
            UNWANTED => return self.unwanted_label(),
            ALGORITHM => Algorithm::name(self.number()),
            ENCRYPTED => b"an encrypted private key",
            ELLIPTIC_CURVE => b"an elliptic curve key",
            MORE_PRIMES => b"an RSA key of more than two primes",
            LONG_MODULUS => b"a modulus longer than this build can hold",
            _ => b"a public exponent of more than 32 bits",
        })
    }

    fn unwanted_label(self) -> Label {
        let found = Holding::name(self.number() & 3);
        // The name of the function that was called says what is needed.
        if !DIAGNOSES {
            return Label::new(found);
        }
        let mut label = Label::new(b"a ");
        let needed = Holding::name(self.number() >> 2);
        for part in [found, b" where a ", needed, b" is needed"] {
            label.append(part);
        }
        label
    }
}

/// Why a key file is refused, whose text it may hold.
#[derive(Clone, Copy)]
pub(crate) enum FileRefusal<'a> {
    /// A PEM block whose label promises no key: [`Error::UnsupportedKey`] with the label.
    Label(&'a [u8]),
    /// What is in it.
    Key(KeyRefusal),
}

/// What a key file can be for.
#[derive(Clone, Copy)]
pub(crate) enum Holding {
    PrivateKey,
    PublicKey,
    Certificate,
}

impl Holding {
    const fn number(self) -> usize {
        match self {
            Self::PrivateKey => 0,
            Self::PublicKey => 1,
            Self::Certificate => 2,
        }
    }

    const fn name(number: usize) -> &'static [u8] {
        match number {
            0 => b"private key",
            1 => b"public key",
            _ => b"certificate",
        }
    }
}

/// What a key is for that is not for signatures of ours.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Unknown,
    Pss,
    EllipticCurve,
    Ed25519,
    Ed448,
    X25519,
    X448,
    Dsa,
    DiffieHellman,
}

impl Algorithm {
    const ALL: [Self; 9] = [
        Self::Unknown,
        Self::Pss,
        Self::EllipticCurve,
        Self::Ed25519,
        Self::Ed448,
        Self::X25519,
        Self::X448,
        Self::Dsa,
        Self::DiffieHellman,
    ];

    /// What a key of the algorithm at this place of all is called.
    fn name(place: usize) -> &'static [u8] {
        if !DIAGNOSES {
            return b"a key of another algorithm";
        }
        match Self::ALL.get(place).unwrap_or(&Self::Unknown) {
            Self::Unknown => b"a key of an unknown algorithm",
            Self::Pss => b"an RSA key restricted to PSS",
            Self::EllipticCurve => b"an elliptic curve key",
            Self::Ed25519 => b"an Ed25519 key",
            Self::Ed448 => b"an Ed448 key",
            Self::X25519 => b"an X25519 key",
            Self::X448 => b"an X448 key",
            Self::Dsa => b"a DSA key",
            Self::DiffieHellman => b"a Diffie-Hellman key",
        }
    }
}

impl From<KeyProblem> for KeyRefusal {
    fn from(problem: KeyProblem) -> Self {
        Self::plain(match problem {
            KeyProblem::Der { offset } => return Self::der(offset),
            KeyProblem::NotAKey => NOT_A_KEY,
            KeyProblem::PemEnd => PEM_END,
            KeyProblem::Base64 => BASE64,
            KeyProblem::Modulus => MODULUS,
            KeyProblem::PublicExponent => PUBLIC_EXPONENT,
            KeyProblem::Primes => PRIMES,
            KeyProblem::PrimesEqual => PRIMES_EQUAL,
            KeyProblem::Product => PRODUCT,
            KeyProblem::D => D,
            KeyProblem::DP => DP,
            KeyProblem::DQ => DQ,
            KeyProblem::QInv => Q_INV,
            KeyProblem::Empty => EMPTY,
            KeyProblem::Validity => VALIDITY,
        })
    }
}

impl From<KeyRefusal> for FileRefusal<'_> {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

impl From<KeyProblem> for FileRefusal<'_> {
    fn from(problem: KeyProblem) -> Self {
        Self::Key(problem.into())
    }
}

impl From<KeyRefusal> for Error {
    // One copy for its many users.
    #[inline(never)]
    fn from(refusal: KeyRefusal) -> Self {
        if let Some(problem) = refusal.problem() {
            return Self::InvalidKey { problem };
        }
        match refusal.what() {
            TOO_SMALL => Self::KeyTooSmall {
                bits: refusal.number(),
            },
            INTERNAL => Self::InternalFault,
            _ => Self::UnsupportedKey {
                found: refusal.found(),
            },
        }
    }
}

impl From<FileRefusal<'_>> for Error {
    fn from(refusal: FileRefusal<'_>) -> Self {
        match refusal {
            FileRefusal::Label(label) => Self::UnsupportedKey {
                found: Label::new(label),
            },
            FileRefusal::Key(refusal) => refusal.into(),
        }
    }
}
