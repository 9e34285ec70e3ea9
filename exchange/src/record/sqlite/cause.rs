//! What an error of SQLite means for the record.

use rusqlite::ffi::SQLITE_IOERR_WRITE;
use rusqlite::{Error, ErrorCode};

use crate::record::leaf::sealing::CannotSeal;
use crate::record::log::tree::Damaged;
use crate::record::storing::failure::{Cause, Failure};

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(cause_of(&error), error)
    }
}

fn cause_of(error: &Error) -> Cause {
    match error {
        Error::SqliteFailure(failure, _) if failure.extended_code == SQLITE_IOERR_WRITE => {
            Cause::Unwritten
        }
        Error::SqliteFailure(failure, _) => of_code(failure.code),
        // A column that does not hold what the schema says.
        Error::FromSqlConversionFailure(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::InvalidColumnType(..)
        | Error::Utf8Error(..)
        | Error::QueryReturnedNoRows => Cause::Damaged,
        _ => Cause::Program,
    }
}

const fn of_code(code: ErrorCode) -> Cause {
    match code {
        ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::FileLockingProtocolFailed => Cause::Busy,
        // A page or a row too large is as good as full: nothing of it was written.
        ErrorCode::DiskFull | ErrorCode::TooBig => Cause::Full,
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => {
            Cause::ReadOnly
        }
        ErrorCode::DatabaseCorrupt | ErrorCode::ConstraintViolation => Cause::Damaged,
        ErrorCode::NotADatabase => Cause::Foreign,
        ErrorCode::SystemIoFailure | ErrorCode::OutOfMemory | ErrorCode::NoLargeFileSupport => {
            Cause::Disk
        }
        _ => Cause::Program,
    }
}

impl From<Damaged> for Failure {
    fn from(Damaged: Damaged) -> Self {
        Self::new(Cause::Damaged, "a hash of the log is missing")
    }
}

impl From<CannotSeal> for Failure {
    fn from(CannotSeal: CannotSeal) -> Self {
        Self::new(Cause::Randomness, "no random bytes")
    }
}
