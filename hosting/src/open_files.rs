//! How many files, connections among them, the process may have open: each process has a limit, which it may raise up to
//! what an administrator allows.

/// Raises the limit to `wanted` if it is lower, as far as it may be raised. Returns what it is then; `None` where there is none.
#[must_use]
pub fn raise(wanted: u64) -> Option<u64> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        let most = limit.maximum.map_or(wanted, |most| most.min(wanted));
        if limit.current.is_some_and(|now| now < most) {
            let current = Some(most);
            // Where it may not, fewer connections are taken.
            let _ = setrlimit(Resource::Nofile, Rlimit { current, ..limit });
        }
    }
    #[cfg(not(unix))]
    let _ = wanted;
    limit()
}

/// The limit; `None` where there is none.
#[must_use]
pub fn limit() -> Option<u64> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        getrlimit(Resource::Nofile).current
    }
    #[cfg(not(unix))]
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_never_lowered() {
        let before = limit().unwrap_or(u64::MAX);
        assert!(raise(1).unwrap_or(u64::MAX) >= before);
        assert!(raise(u64::MAX).unwrap_or(u64::MAX) >= before);
    }
}
