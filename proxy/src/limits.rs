//! How much the proxy takes on.

use std::time::Duration;

use daxsign_http::stream;

/// How much the proxy takes on. Nothing in it has no end.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest body of a request, in bytes.
    pub max_body: usize,
    /// How many requests are sent on at once.
    pub max_requests: usize,
    /// How many wait for that.
    pub queue: usize,
    /// How long a request may take: to arrive, to wait, to be answered, and its answer to be read.
    pub timeout: Duration,
    /// How long requests in work may still take once the proxy stops.
    pub drain: Duration,
}

impl Limits {
    /// For the few who ask how it is.
    pub(crate) const OF_OPERATORS: Self = Self {
        max_body: 0,
        max_requests: 16,
        queue: 0,
        timeout: Duration::from_secs(5),
        drain: Duration::from_secs(1),
    };
    /// How long a head may take to arrive, from its first byte.
    pub(crate) const HEAD_TIME: Duration = Duration::from_secs(30);
    /// How long a connection may lie idle. A client that keeps one for longer may send into nothing,
    /// so this is longer than most of them do (Go: 90 s, Java: 30 s, Node: 5 s).
    pub(crate) const IDLE_TIME: Duration = Duration::from_mins(2);
    /// Of a head: bytes, and fields.
    pub(crate) const HEADS: stream::Limits = stream::Limits {
        head: 32 << 10,
        fields: 100,
    };
    /// Connections beside those whose requests are in work or wait.
    const IDLE_CONNECTIONS: usize = 256;
    /// Connections of operators.
    pub(crate) const OPERATORS: usize = 32;
    /// Files that are open beside connections: sockets that are listened on, logs, keys while they are read.
    const OTHER_FILES: usize = 48;
    /// So many of the largest bodies are held at once; who sends more waits.
    const HELD_BODIES: usize = 32;

    /// How many connections clients may have; further ones wait until one ends.
    pub(crate) fn max_connections(&self) -> usize {
        let busy = self.max_requests.saturating_add(self.queue);
        busy.saturating_add(Self::IDLE_CONNECTIONS)
    }

    /// How many files are open where all that is allowed comes: each request in work may have a connection to the upstream.
    #[must_use]
    pub fn open_files(&self) -> usize {
        let connections = self.max_connections().saturating_mul(2);
        connections.saturating_add(Self::OPERATORS + Self::OTHER_FILES)
    }

    /// How many connections clients may have in a process that may open so many files.
    pub(crate) fn connections_within(&self, files: Option<u64>) -> usize {
        let files = files.map_or(usize::MAX, |files| {
            usize::try_from(files).unwrap_or(usize::MAX)
        });
        let left = files.saturating_sub(Self::OPERATORS + Self::OTHER_FILES);
        self.max_connections().min(left / 2).max(1)
    }

    /// How many bytes all bodies may take that are held at once.
    pub(crate) fn held_bytes(&self) -> usize {
        self.max_body.saturating_mul(Self::HELD_BODIES)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_body: 1 << 20,
            max_requests: 256,
            queue: 1_024,
            timeout: Duration::from_secs(30),
            drain: Duration::from_secs(20),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_those_to_the_upstream() {
        let limits = Limits::default();
        let all = limits.max_connections();
        let wanted = u64::try_from(limits.open_files()).ok();
        assert_eq!(limits.connections_within(None), all);
        assert_eq!(limits.connections_within(wanted), all);
        assert_eq!(limits.connections_within(Some(1_024)), 472);
        assert_eq!(limits.connections_within(Some(10)), 1);
    }
}
