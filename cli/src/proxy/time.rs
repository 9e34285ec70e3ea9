//! Times on the command line.

use std::time::Duration;

/// A time with its unit: `500ms`, `30s`, `2m`.
pub(crate) fn time(text: &str) -> Result<Duration, &'static str> {
    let units = [("ms", 1), ("s", 1_000), ("m", 60_000)];
    let found = units.into_iter().find_map(|(unit, factor)| {
        let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
        number.checked_mul(factor)
    });
    found
        .filter(|milliseconds| (1..=3_600_000).contains(milliseconds))
        .map(Duration::from_millis)
        .ok_or("expected a time up to 60m with its unit, such as 30s or 500ms")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        assert_eq!(time("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(time("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(time("2m"), Ok(Duration::from_mins(2)));
        for refused in ["", "30", "0s", "61m", "1h", "s"] {
            assert!(time(refused).is_err(), "{refused}");
        }
    }
}
