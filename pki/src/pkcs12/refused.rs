//! Why a PKCS#12 file is not read.

use crate::der::reader::Malformed;
use crate::error::PkiError;

/// Its structure, or what else is wrong.
pub(crate) enum Refused {
    Malformed,
    Other(PkiError),
}

impl From<Malformed> for Refused {
    fn from(_: Malformed) -> Self {
        // Where in what was encrypted would help nobody.
        Self::Malformed
    }
}

impl From<PkiError> for Refused {
    fn from(error: PkiError) -> Self {
        Self::Other(error)
    }
}

impl From<Refused> for PkiError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Malformed => Self::MalformedPkcs12,
            Refused::Other(error) => error,
        }
    }
}
