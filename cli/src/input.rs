//! Reading what the command line names: a file, or `-` for standard input.

use std::fs::File;
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

/// What is read at most: more than any message holds, and less than a machine has.
const MAX_LEN: usize = 1 << 28;

impl Input {
    /// Reads a file or standard input whole, up to 256 MiB.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let (name, bytes) = if is_stdin(path) {
            ("<stdin>".to_owned(), whole(io::stdin().lock(), 0))
        } else {
            (shown(path), read_file(path))
        };
        match bytes {
            Ok(bytes) => Ok(Self { name, bytes }),
            Err(_) if path.is_dir() => Err(Failure::Unusable(format!(
                "{name} is a folder: name the file in it that is meant"
            ))),
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

fn read_file(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let file = File::open(path)?;
    // Of what is no file, such as a pipe, it says nothing.
    let len = file.metadata().map_or(0, |facts| facts.len());
    whole(file, usize::try_from(len).unwrap_or(MAX_LEN))
}

/// All that comes, with room for `expected` bytes, so that a key is not left behind where the buffer grew.
fn whole(source: impl Read, expected: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let room = expected.min(MAX_LEN).saturating_add(1);
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    let most = u64::try_from(MAX_LEN).unwrap_or(u64::MAX);
    source
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if bytes.len() > MAX_LEN {
        let text = format!("it holds more than {MAX_LEN} bytes, and no message is as long");
        return Err(io::Error::other(text));
    }
    Ok(bytes)
}

/// Whether the path stands for standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == STDIN
}
