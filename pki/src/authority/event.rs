//! One line of the register: what happened, with tabs between its parts.

use daxsign_core::Timestamp;

use crate::certificate::serial::SerialNumber;
use crate::der::time;
use crate::error::PkiError;
use crate::revocation::list::Revocation;
use crate::revocation::reason::Reason;
use crate::revocation::write::Revoked;

const ISSUED: &str = "issued";
const REVOKED: &str = "revoked";
const LISTED: &str = "listed";
const REVOKED_BEFORE: &str = "revoked-before";

/// A certificate that was issued, as the register has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it was issued.
    pub time: Timestamp,
    /// Its number.
    pub serial: SerialNumber,
    /// The last moment of its validity.
    pub not_after: Timestamp,
    /// The name of its profile; `recovered` where the process that issued it ended before it could write that, or
    /// where it was issued before the folder was there.
    pub profile: String,
    /// SHA-1 over its DER, as DAX names it, in capital hexadecimal digits.
    pub thumbprint: String,
    /// SHA-256 over its key's SubjectPublicKeyInfo, in capital hexadecimal digits.
    pub key: String,
    /// Its subject as text.
    pub subject: String,
    /// Whether it was revoked.
    pub revocation: Option<Revocation>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Issued(Entry),
    Revoked {
        serial: SerialNumber,
        revocation: Revocation,
    },
    /// A certificate stood in the list that was taken over; nothing else is known of it.
    RevokedBefore(Revoked),
    /// A list was begun; its number is used up, whatever became of it.
    Listed {
        time: Timestamp,
        number: u64,
    },
}

impl Event {
    /// The line, with its end.
    pub(crate) fn to_line(&self) -> Result<String, PkiError> {
        let parts = match self {
            Self::Issued(entry) => vec![
                ISSUED.to_owned(),
                time::text(entry.time)?,
                entry.serial.to_string(),
                time::text(entry.not_after)?,
                entry.profile.clone(),
                entry.thumbprint.clone(),
                entry.key.clone(),
                entry.subject.clone(),
            ],
            Self::Revoked { serial, revocation } => vec![
                REVOKED.to_owned(),
                time::text(revocation.time)?,
                serial.to_string(),
                revocation.reason.name().to_owned(),
            ],
            Self::RevokedBefore(revoked) => vec![
                REVOKED_BEFORE.to_owned(),
                time::text(revoked.time)?,
                revoked.serial.to_string(),
                revoked.reason.name().to_owned(),
            ],
            Self::Listed { time, number } => {
                vec![LISTED.to_owned(), time::text(*time)?, number.to_string()]
            }
        };
        Ok(format!("{}\n", parts.join("\t")))
    }

    /// Reads a line without its end; `None` for what is none.
    pub(crate) fn from_line(line: &str) -> Option<Self> {
        let parts: Vec<&str> = line.split('\t').collect();
        let time = |text: &str| Timestamp::parse(text).ok();
        let serial = |text: &str| SerialNumber::parse(text).ok();
        Some(match *parts.as_slice() {
            [ISSUED, at, number, end, profile, thumbprint, key, subject] => Self::Issued(Entry {
                time: time(at)?,
                serial: serial(number)?,
                not_after: time(end)?,
                profile: profile.to_owned(),
                thumbprint: thumbprint.to_owned(),
                key: key.to_owned(),
                subject: subject.to_owned(),
                revocation: None,
            }),
            [REVOKED, at, number, reason] => Self::Revoked {
                serial: serial(number)?,
                revocation: Revocation {
                    time: time(at)?,
                    reason: Reason::from_name(reason)?,
                },
            },
            [REVOKED_BEFORE, at, number, reason] => Self::RevokedBefore(Revoked {
                serial: serial(number)?,
                time: time(at)?,
                reason: Reason::from_name(reason)?,
            }),
            [LISTED, at, number] => Self::Listed {
                time: time(at)?,
                number: number.parse().ok()?,
            },
            _ => return None,
        })
    }
}
