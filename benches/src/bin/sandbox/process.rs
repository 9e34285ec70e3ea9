//! What a process took of processors and memory, by Linux.

use std::collections::BTreeMap;
use std::fs;

/// A process that is looked at.
#[derive(Clone, Copy)]
pub(crate) struct Process(pub(crate) u32);

/// Seconds of a processor, by the thread's name.
pub(crate) type Spent = BTreeMap<String, f64>;

impl Process {
    /// This one.
    pub(crate) fn own() -> Self {
        Self(std::process::id())
    }

    /// Seconds of a processor so far.
    pub(crate) fn spent(self) -> Spent {
        let mut all = Spent::new();
        for task in fs::read_dir(format!("/proc/{}/task", self.0)).expect("Linux") {
            let task = task.expect("a thread").path();
            let name = fs::read_to_string(task.join("comm")).unwrap_or_default();
            let times = fs::read_to_string(task.join("schedstat")).unwrap_or_default();
            let first = times.split(' ').next();
            let nanoseconds: f64 = first.and_then(|text| text.parse().ok()).unwrap_or_default();
            *all.entry(name.trim().to_owned()).or_default() += nanoseconds / 1e9;
        }
        all
    }

    /// The most memory that it had since the peak was forgotten, in MB.
    pub(crate) fn peak(self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0)).expect("it runs");
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
        peak.expect("a peak") / 1024.0
    }

    /// Its memory's peak is from now on (proc(5): `clear_refs`).
    pub(crate) fn forget_peak(self) {
        fs::write(format!("/proc/{}/clear_refs", self.0), "5").expect("a process of ours");
    }
}

/// What was spent between.
pub(crate) fn since(mut now: Spent, before: &Spent) -> Spent {
    for (name, seconds) in &mut now {
        *seconds -= before.get(name).copied().unwrap_or_default();
    }
    now
}
