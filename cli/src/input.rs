//! Reading what the command line names: a file, or `-` for standard input.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::terminal::shown;

/// What stands for standard input on the command line.
const STDIN: &str = "-";

/// The bytes of a file, wiped on drop since it may be a private key.
pub(crate) struct Input {
    /// How messages call it, made visible.
    pub(crate) name: String,
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

impl Input {
    /// Reads a file or standard input whole.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let (name, bytes) = if is_stdin(path) {
            let mut bytes = Zeroizing::new(Vec::new());
            let outcome = io::stdin().lock().read_to_end(&mut bytes);
            ("<stdin>".to_owned(), outcome.map(|_| bytes))
        } else {
            let bytes = fs::read(path).map(Zeroizing::new);
            (shown(path), bytes)
        };
        match bytes {
            Ok(bytes) => Ok(Self { name, bytes }),
            Err(error) => Err(Failure::Unusable(format!("cannot read {name}: {error}"))),
        }
    }

    /// Reads a key file and a request, which cannot both be standard input.
    pub(crate) fn read_both(key: &Path, request: &Path) -> Result<(Self, Self), Failure> {
        if is_stdin(key) && is_stdin(request) {
            return Err(Failure::Unusable(
                "the key and the request cannot both come from standard input: name a file for one"
                    .to_owned(),
            ));
        }
        Ok((Self::read(key)?, Self::read(request)?))
    }
}

/// Whether the path stands for standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == STDIN
}
