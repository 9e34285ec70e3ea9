//! What is said to move a sandbox's clock.

use core::str::FromStr;

/// How a clock is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClockChange {
    /// By so many seconds.
    By(i64),
    /// To what the system's shows.
    Real,
}

impl FromStr for ClockChange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "real" {
            return Ok(Self::Real);
        }
        let wrong = || format!("{text:?}: write +2h, -30m, +90s, +400d, or `real`");
        let (sign, rest) = match text.split_at_checked(1) {
            Some(("+", rest)) => (1, rest),
            Some(("-", rest)) => (-1, rest),
            _ => return Err(wrong()),
        };
        let unit = rest.chars().next_back().ok_or_else(wrong)?;
        let seconds: i64 = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return Err(wrong()),
        };
        let digits = rest.strip_suffix(unit).unwrap_or_default();
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        let number: i64 = digits
            .parse()
            .ok()
            .filter(|_| is_number)
            .ok_or_else(wrong)?;
        let by = number
            .checked_mul(seconds)
            .and_then(|by| by.checked_mul(sign));
        by.map(Self::By).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_moved_by_what_is_written_and_nothing_else() {
        for (text, by) in [
            ("+2h", 7_200),
            ("-30m", -1_800),
            ("+90s", 90),
            ("+400d", 34_560_000),
            ("+0s", 0),
        ] {
            assert_eq!(text.parse(), Ok(ClockChange::By(by)), "{text}");
        }
        assert_eq!("real".parse(), Ok(ClockChange::Real));
        for text in [
            "",
            "+",
            "2h",
            "+h",
            "+2",
            "+2hh",
            "+-2h",
            "+2.5h",
            "+2 h",
            "+2w",
            "+9223372036854775807d",
            "+ä",
            "ä",
        ] {
            assert!(text.parse::<ClockChange>().is_err(), "{text}");
        }
    }
}
