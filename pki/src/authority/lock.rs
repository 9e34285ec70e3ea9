//! One process at a time changes a folder. Readers need no lock: each file is whole at any instant, and the register
//! only grows.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::authority::folder::Paths;
use crate::error::PkiError;

/// How long another process is waited for, and how often it is looked whether it is done.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(1);

/// Held while a folder is changed. The operating system lets go of it when the process ends, however that happens.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for others for a while.
    pub(crate) fn take(folder: &Path) -> Result<Self, PkiError> {
        let path = Paths::of(folder).lock();
        let file = File::open(&path).map_err(|error| PkiError::file(&path, error))?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) if started.elapsed() < PATIENCE => {
                    thread::sleep(PAUSE);
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(PkiError::Busy {
                        folder: folder.to_owned(),
                    });
                }
                Err(TryLockError::Error(error)) => return Err(PkiError::file(&path, error)),
            }
        }
    }
}
