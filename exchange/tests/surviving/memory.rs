//! What hashing passwords takes is given back: it is more than all else that an exchange has in memory.

use std::process::Command;
use std::sync::Barrier;

use daxsign_exchange::identity::{Password, PasswordHash};

/// Set for the process that hashes and nothing else.
const HASHES: &str = "DAXSIGN_TEST_HASHES";
/// As many threads as an exchange has for it, and how often each hashes.
const THREADS: usize = 2;
const TIMES: usize = 3;
/// Less than one hash takes, which is 19 MiB.
const MOST_KIB: u64 = 8 << 10;

#[test]
fn memory_for_hashing_is_given_back() {
    if std::env::var_os(HASHES).is_some() {
        return hash();
    }
    // In a process of its own, since it is the process that is asked.
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["memory::memory_for_hashing_is_given_back", "--exact"])
        .env(HASHES, "yes")
        .output()
        .unwrap();
    assert!(
        child.status.success(),
        "{}",
        String::from_utf8_lossy(&child.stdout)
    );
}

fn hash() {
    let (hashed, looked) = (Barrier::new(THREADS + 1), Barrier::new(THREADS + 1));
    let before = resident();
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..TIMES {
                    let password = Password::new("correct horse battery".to_owned());
                    PasswordHash::of(&password, [7; 16]).unwrap();
                }
                hashed.wait();
                // An exchange's threads live on.
                looked.wait();
            });
        }
        hashed.wait();
        let kept = resident().saturating_sub(before);
        looked.wait();
        assert!(kept < MOST_KIB, "{kept} KiB are kept; at most {MOST_KIB}");
    });
}

/// KiB of this process that are in memory.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.unwrap().parse().unwrap()
}
