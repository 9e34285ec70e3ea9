//! HTTP's own dates, from which a controller without a clock sets one: against Python's.

use std::process::Command;

use daxsign_core::{DateProblem, Error, Timestamp};

/// Seconds and the date that Python's library for mail and HTTP writes for them: the ends of the years,
/// leap days, each weekday, and times drawn with a fixed seed.
const PYTHON: &str = r#"
import random
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
random.seed(1)
first = datetime(1, 1, 1, tzinfo=timezone.utc)
epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone.utc)
times = [first, epoch, last]
times += [datetime(2024, 2, 28, 12, tzinfo=timezone.utc) + timedelta(days=n) for n in range(14)]
times += [datetime(y, 2, 28, 23, 59, 59, tzinfo=timezone.utc) + timedelta(seconds=1) for y in range(1, 9999, 7)]
times += [first + timedelta(seconds=random.randrange(int((last - first).total_seconds()))) for _ in range(2000)]
for time in times:
    print((time - epoch) // timedelta(seconds=1), format_datetime(time, usegmt=True), sep="\t")
"#;

#[test]
fn reads_what_python_writes() {
    let output = Command::new("python3")
        .args(["-c", PYTHON])
        .output()
        .expect("python3");
    let said = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success());
    let mut compared = 0;
    for line in said.lines() {
        let (seconds, text) = line.split_once('\t').expect("two columns");
        let time = Timestamp::from_unix(seconds.parse().expect("a number"), 0).expect("a time");
        assert_eq!(Timestamp::parse_http(text), Ok(time), "{text}");
        compared += 1;
        // Cut off anywhere, or with something behind it.
        for end in 0..text.len() {
            assert_eq!(Timestamp::parse_http(&text[..end]), differs(end), "{text}");
        }
        let longer = [text, " "].concat();
        assert_eq!(Timestamp::parse_http(&longer), differs(29), "{text}");
    }
    assert_eq!(compared, 3 + 14 + 1429 + 2000);
}

fn differs(offset: usize) -> Result<Timestamp, Error> {
    Err(Error::InvalidDate {
        problem: DateProblem::NotHttp { offset },
    })
}

#[test]
fn anything_else_is_refused_with_its_place() {
    let cases = [
        ("", 0),
        ("2020-05-17T12:44:30Z", 0),
        // The weekday is another one's.
        ("Mon, 17 May 2020 12:44:30 GMT", 0),
        ("Xyz, 17 May 2020 12:44:30 GMT", 0),
        ("sun, 17 May 2020 12:44:30 GMT", 0),
        ("Sunday, 17-May-20 12:44:30 GMT", 3),
        ("Sun May 17 12:44:30 2020", 3),
        ("Sun, 7 May 2020 12:44:30 GMT", 6),
        ("Sun, 32 May 2020 12:44:30 GMT", 5),
        ("Sun, 00 May 2020 12:44:30 GMT", 5),
        ("Wed, 30 Feb 2020 12:44:30 GMT", 5),
        ("Sun, 17 may 2020 12:44:30 GMT", 8),
        ("Sun, 17 Mai 2020 12:44:30 GMT", 8),
        ("Sun, 17 May 0000 12:44:30 GMT", 12),
        ("Sun, 17 May 2020 24:44:30 GMT", 17),
        ("Sun, 17 May 2020 12:60:30 GMT", 20),
        // A leap second: the library's times have none.
        ("Sat, 31 Dec 2016 23:59:60 GMT", 23),
        ("Sun, 17 May 2020 12:44:30 UTC", 26),
        ("Sun, 17 May 2020 12:44:30 +0000", 26),
        ("Sun, 17 May 2020 12:44:30 GMT\r\n", 29),
        (" Sun, 17 May 2020 12:44:30 GMT", 0),
        ("Sun, 17 May 2020  12:44:30 GMT", 17),
    ];
    for (text, offset) in cases {
        assert_eq!(Timestamp::parse_http(text), differs(offset), "{text}");
    }
    let message = differs(8).unwrap_err().to_string();
    assert!(
        message.contains("byte 8") && message.contains("Sun, 17 May 2020 12:44:30 GMT"),
        "{message}"
    );
}
