//! Why a key is refused, in a few words of memory. The readers pass it on at every step; an
//! [`Error`], which has room for a text, is made of it once, at the end: that is a kilobyte less
//! code on a microcontroller.

use crate::error::diagnosing::DIAGNOSES;
use crate::error::label::Label;
use crate::error::{Error, KeyProblem};

/// Why a key is refused. `'a` is the key file's.
#[derive(Clone, Copy)]
pub(crate) enum KeyRefusal<'a> {
    /// [`Error::InvalidKey`].
    Invalid(KeyProblem),
    /// [`Error::UnsupportedKey`], with what was found.
    Unsupported(&'a [u8]),
    /// [`Error::UnsupportedKey`] for one thing where another is needed.
    Unwanted { found: Holding, needed: Holding },
    /// [`Error::KeyTooSmall`].
    TooSmall { bits: usize },
    /// [`Error::InternalFault`].
    Internal,
}

/// What a key file can be for.
#[derive(Clone, Copy)]
pub(crate) enum Holding {
    PrivateKey,
    PublicKey,
    Certificate,
}

impl Holding {
    const fn name(self) -> &'static [u8] {
        match self {
            Self::PrivateKey => b"private key",
            Self::PublicKey => b"public key",
            Self::Certificate => b"certificate",
        }
    }
}

impl From<KeyProblem> for KeyRefusal<'_> {
    fn from(problem: KeyProblem) -> Self {
        Self::Invalid(problem)
    }
}

impl From<KeyRefusal<'_>> for Error {
    // One copy for its many users.
    #[inline(never)]
    fn from(refusal: KeyRefusal<'_>) -> Self {
        let found = match refusal {
            KeyRefusal::Invalid(problem) => return Self::InvalidKey { problem },
            KeyRefusal::TooSmall { bits } => return Self::KeyTooSmall { bits },
            KeyRefusal::Internal => return Self::InternalFault,
            KeyRefusal::Unsupported(found) => Label::new(found),
            // The name of the function that was called says what is needed.
            KeyRefusal::Unwanted { found, .. } if !DIAGNOSES => Label::new(found.name()),
            KeyRefusal::Unwanted { found, needed } => {
                let mut label = Label::new(b"a ");
                for part in [found.name(), b" where a ", needed.name(), b" is needed"] {
                    label.append(part);
                }
                label
            }
        };
        Self::UnsupportedKey { found }
    }
}
