//! Dates are read as the naive model and the `time` crate read them, and written as `time` writes
//! them.
#![no_main]

use daxsign_core::{DATE_LEN, Timestamp};
use daxsign_fuzz::model;
use libfuzzer_sys::fuzz_target;
use time::OffsetDateTime;
use time::macros::format_description;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let read = Timestamp::parse(data);
    let pair = read.map(|date| (date.seconds(), date.nanoseconds()));
    assert_eq!(
        pair.map_err(|error| error.name()),
        model::date_seconds(&text)
    );
    match read {
        Ok(date) => check_writing(date),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    // The same bytes as a number.
    if let Some((seconds, rest)) = data.split_first_chunk()
        && let Some((nanoseconds, _)) = rest.split_first_chunk()
    {
        let nanoseconds = u32::from_le_bytes(*nanoseconds);
        // Shifted, so that years of four digits are met, too.
        for shift in [0, 24, 40] {
            match Timestamp::from_unix(i64::from_le_bytes(*seconds) >> shift, nanoseconds) {
                Ok(date) => check_writing(date),
                Err(_) => assert!(nanoseconds >= 1_000_000_000),
            }
        }
    }
});

fn check_writing(date: Timestamp) {
    let format = format_description!(
        version = 2,
        "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:7]Z"
    );
    let moment = OffsetDateTime::from_unix_timestamp(date.seconds())
        .ok()
        .filter(|moment| (1..=9999).contains(&moment.year()))
        .map(|moment| {
            moment
                .replace_nanosecond(date.nanoseconds())
                .expect("in range")
        });
    let expected = moment.map(|moment| moment.format(format).expect("a format"));
    let written = date.format().ok();
    assert_eq!(
        written.as_ref().map(|text| text.as_str().to_owned()),
        expected
    );
    if let Some(text) = written {
        assert_eq!(text.as_str().len(), DATE_LEN);
        let again = Timestamp::parse(text.as_str()).expect("what was written");
        let cut = date.nanoseconds() / 100 * 100;
        assert_eq!(
            (again.seconds(), again.nanoseconds()),
            (date.seconds(), cut)
        );
    }
}
