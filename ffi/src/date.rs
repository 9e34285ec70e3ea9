//! Times: the caller's clock, and the `Date` field's text.

use core::ffi::c_char;

use daxsign_core::{Error, Timestamp};

use crate::call::call;
use crate::detail::DaxsignDetail;
use crate::memory::caller::Caller;
use crate::memory::plain::Plain;
use crate::status::DaxsignStatus;
use crate::text::copy;

/// A point in time. The library has no clock: pass what yours says.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaxsignTime {
    /// Seconds since 1970-01-01T00:00:00Z without leap seconds, as `time_t` counts them.
    pub seconds: i64,
    /// Nanoseconds into the second, below 1 000 000 000.
    pub nanoseconds: u32,
}

// SAFETY: integers.
unsafe impl Plain for DaxsignTime {}

impl DaxsignTime {
    pub(crate) const fn from_timestamp(time: Timestamp) -> Self {
        Self {
            seconds: time.seconds(),
            nanoseconds: time.nanoseconds(),
        }
    }
}

/// The time in what was read.
pub(crate) fn timestamp(time: &DaxsignTime) -> Result<Timestamp, Error> {
    Timestamp::from_unix(time.seconds, time.nanoseconds)
}

/// The length of the text that `daxsign_date_format` writes, without a NUL.
pub const DAXSIGN_DATE_LEN: usize = 28;
const _: () = assert!(DAXSIGN_DATE_LEN == daxsign_core::DATE_LEN);

/// Writes a time as a `Date` field must have it: `2020-05-17T12:44:30.2437457Z`.
///
/// `out` needs `DAXSIGN_DATE_LEN` bytes, one more for a NUL behind the text.
///
/// Errors: `invalid-date` for nanoseconds of 1 000 000 000 and more, or a year outside 1 to 9999;
/// `buffer-too-small`. Any thread. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_date_format(
    time: *const DaxsignTime,
    out: *mut c_char,
    out_cap: usize,
    out_len: *mut usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let out = outputs.text(out, out_cap, out_len)?;
        let time = outputs.inputs().one("time", time)?;
        out.fill(|out| Ok(copy(timestamp(time)?.format()?.as_ref(), out)?))
    })
}

/// Reads a date as a `Date` field has it: `YYYY-MM-DDTHH:MM:SS`, optionally `.` and 1 to 9 digits,
/// then `Z` or `±hh:mm`.
///
/// Errors: `invalid-date`, with what is expected; `time` is then as it was. Any thread. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_date_parse(
    text: *const c_char,
    text_len: usize,
    time: *mut DaxsignTime,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    read(caller, text, text_len, time, detail, Timestamp::parse)
}

/// Reads a date as other HTTP messages have it, such as a server's answer to a controller without a
/// clock: `Sun, 17 May 2020 12:44:30 GMT`. DAX itself does not take such a date in a request.
///
/// Errors: `invalid-date`, with where it differs; `time` is then as it was. Any thread. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_date_parse_http(
    text: *const c_char,
    text_len: usize,
    time: *mut DaxsignTime,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    read(caller, text, text_len, time, detail, Timestamp::parse_http)
}

/// Reads a date in some format.
fn read(
    caller: Caller<'_>,
    text: *const c_char,
    text_len: usize,
    time: *mut DaxsignTime,
    detail: *mut DaxsignDetail,
    parse: fn(&[u8]) -> Result<Timestamp, Error>,
) -> DaxsignStatus {
    call(caller, detail, |outputs| {
        let time = outputs.place("time", time)?;
        let text = outputs.inputs().bytes("text", text, text_len)?;
        time.write(DaxsignTime::from_timestamp(parse(text)?));
        Ok(())
    })
}
