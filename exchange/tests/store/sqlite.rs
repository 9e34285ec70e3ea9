//! SQLite in a folder that is gone afterwards.

use std::path::Path;

use daxsign_core::PrivateKey;
use daxsign_exchange::record::*;

use crate::conformance::Place;
use crate::made::at;

pub(crate) const EXCHANGE_KEY: &[u8] =
    include_bytes!("../../../tests/vectors/keys/rsa2048.pkcs1.pem");

pub(crate) struct Sqlite(pub(crate) tempfile::TempDir);

impl Default for Sqlite {
    fn default() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
}

pub(crate) fn log_key() -> LogKey {
    LogKey::from_seed("exchange.test/record", &[3; SEED_LEN]).unwrap()
}

pub(crate) fn birth() -> Birth {
    let key = PrivateKey::from_bytes(EXCHANGE_KEY).unwrap();
    Birth::new(&log_key(), &key, [6; HASH_LEN], at(-1)).unwrap()
}

pub(crate) fn open(folder: &Path) -> Result<SqliteStore, Failure> {
    SqliteStore::create(folder, log_key(), &birth())
}

impl Place for Sqlite {
    type Store = SqliteStore;

    fn open(&self) -> SqliteStore {
        open(self.0.path()).unwrap()
    }
}
