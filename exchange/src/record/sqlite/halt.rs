//! Ends a copy that takes long.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use core::ffi::c_int;

use rusqlite::Connection;

use crate::record::storing::failure::Failure;

/// After how many of SQLite's steps it is looked at: a moment's.
const STEPS: c_int = 1000;

/// Ends copies of databases, from another thread than theirs. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Halt(Arc<AtomicBool>);

impl Halt {
    /// What is being copied fails soon, and so does what is copied from now on.
    pub fn halt(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it is to end.
    #[must_use]
    pub fn is_halted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// What this connection does ends with it.
    pub(super) fn watch(&self, connection: &mut Connection) -> Result<(), Failure> {
        let halt = self.clone();
        connection.progress_handler(STEPS, Some(move || halt.is_halted()))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_that_runs_ends() {
        let mut connection = Connection::open_in_memory().expect("a database");
        let halt = Halt::default();
        halt.watch(&mut connection).expect("watched");
        let forever = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
        let ends = halt.clone();
        let thread = std::thread::spawn(move || ends.halt());
        let ended = connection.query_row(forever, [], |_| Ok(()));
        let code = ended
            .expect_err("it never ends by itself")
            .sqlite_error_code();
        assert_eq!(code, Some(rusqlite::ErrorCode::OperationInterrupted));
        thread.join().expect("ended");
    }
}
