//! How far a list is read, on a line that is written again and again. Only where it does not get in
//! between: standard error on a terminal, standard output elsewhere.

use std::io::{self, IsTerminal, Write};

/// Items so far.
#[derive(Default)]
pub(crate) struct Progress {
    count: usize,
}

impl Progress {
    /// More items have come.
    pub(crate) fn add(&mut self, count: usize, total: Option<u64>) {
        self.count = self.count.saturating_add(count);
        let of = total.map_or_else(String::new, |total| format!(" of {total}"));
        write(&format!("\r{}{of}", self.count));
    }

    /// Takes the line away.
    pub(crate) fn clear(&self) {
        if self.count > 0 {
            write("\r\x1b[K");
        }
    }

    /// How to have the rest of a list that ended too early.
    pub(crate) fn resumed(&self, offset: u64) -> Option<String> {
        let count = self.count;
        (count > 0).then(|| format!("{count} items came before that; --offset {offset} goes on"))
    }

    /// How many have come.
    pub(crate) const fn count(&self) -> usize {
        self.count
    }
}

fn write(text: &str) {
    let mut out = io::stderr();
    if out.is_terminal() && !io::stdout().is_terminal() {
        // Where standard error is gone there is nobody left to tell.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
}
