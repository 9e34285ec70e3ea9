//! How figures are told.

use std::time::Duration;

pub(crate) fn line(name: &str, value: f64, unit: &str) {
    println!("{name:<56} {value:>10.3} {unit}");
}

/// Counts of a run are small.
pub(crate) fn number<N: TryInto<u32>>(count: N) -> f64 {
    count.try_into().map_or(f64::INFINITY, f64::from)
}

/// The time that so many of a hundred stay below, in milliseconds.
pub(crate) fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let place = (sorted.len() * percent / 100).min(sorted.len() - 1);
    sorted[place].as_secs_f64() * 1e3
}
