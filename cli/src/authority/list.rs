//! `daxsign ca list`: what was issued; `daxsign ca crl`: the list of what was revoked, renewed alone.

use std::fmt::Write;

use daxsign_core::{CertificateFile, PrivateKey, Timestamp};
use daxsign_pki::{Access, Entry, RevocationList};
use serde_json::{Value, json};

use crate::authority::arguments::{CrlArguments, ListArguments, NextArgument};
use crate::authority::opened::{Opened, later};
use crate::clock::{self, date_text};
use crate::failure::Failure;
use crate::output;
use crate::terminal::{Paint, shown, visible};

/// Of a list whose file is not there.
const MISSING: &str = "it is not there: `daxsign ca crl` makes it anew";

const SECONDS_PER_DAY: i64 = 86_400;

/// Runs `crl`.
pub(super) fn renew(arguments: &CrlArguments) -> Result<(), Failure> {
    let opened = Opened::of(&arguments.folder, Access::Read)?;
    let signer = opened.unlock(&arguments.passphrase)?;
    let mut opened = Opened::of(&arguments.folder, Access::Change)?;
    // Under the lock: a list with a greater number is no older.
    renew_with(&mut opened, clock::now()?, &arguments.next, &signer)
}

/// Makes a new list, and says where it is.
pub(super) fn renew_with(
    opened: &mut Opened,
    now: Timestamp,
    next: &NextArgument,
    signer: &PrivateKey,
) -> Result<(), Failure> {
    let next_update = later(now, next.days)?;
    let number = opened.authority.renew_list(now, next_update, signer);
    let number = number.map_err(|error| opened.refused(&error))?;
    let revoked = opened.authority.revoked_count();
    let text = format!(
        "{}, list {number} with {revoked} revoked, which holds until {}: publish it",
        shown(&opened.authority.list_file()),
        date_text(next_update)
    );
    output::labelled("made", &text);
    Ok(())
}

/// Runs `list`.
pub(super) fn run(arguments: &ListArguments) -> Result<(), Failure> {
    let opened = Opened::of(&arguments.folder, Access::Read)?;
    let shown = Shown::new(&opened, clock::now()?)?;
    if arguments.json.json {
        output::json(&shown.to_json(&opened))?;
    } else {
        output::write(shown.to_text(&opened).as_bytes())?;
    }
    match arguments.warn {
        Some(days) => shown.warn(&opened, days),
        None => Ok(()),
    }
}

/// What there is to say beside the entries.
struct Shown {
    now: Timestamp,
    subject: String,
    end: Timestamp,
    /// `None` where its file is not there.
    list: Option<RevocationList>,
    current: bool,
}

impl Shown {
    fn new(opened: &Opened, now: Timestamp) -> Result<Self, Failure> {
        let refused = |error| opened.refused(&error);
        let certificate = CertificateFile::from_bytes(opened.authority.certificate())
            .map_err(|error| Failure::refused_enrolling(&error, &opened.name))?;
        let there = opened.authority.list_file().exists();
        let list = there.then(|| opened.authority.list());
        let list = list.transpose().map_err(refused)?;
        Ok(Self {
            now,
            subject: certificate.subject().to_string(),
            end: certificate.not_after(),
            current: list.is_some() && opened.authority.list_is_current().map_err(refused)?,
            list,
        })
    }

    fn days_left(&self, end: Timestamp) -> i64 {
        let left = end.seconds().saturating_sub(self.now.seconds());
        left.div_euclid(SECONDS_PER_DAY)
    }

    fn state(&self, entry: &Entry) -> &'static str {
        match entry.revocation {
            Some(_) => "revoked",
            None if entry.not_after < self.now => "expired",
            None => "valid",
        }
    }

    fn to_text(&self, opened: &Opened) -> String {
        let paint = Paint::for_stdout();
        let mut text = String::new();
        let mut line = |label: &str, said: &str| {
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "{} {}",
                paint.strong(&format!("{label:<12}")),
                visible(said.as_bytes())
            );
        };
        line("authority", &self.subject);
        line("valid until", &date_text(self.end));
        line("list", &self.list_text());
        for entry in opened.authority.entries() {
            line("", "");
            line("number", &entry.serial.to_string());
            line("subject", &entry.subject);
            line("profile", &entry.profile);
            line("valid until", &date_text(entry.not_after));
            let state = self.state(entry);
            let said = match entry.revocation {
                Some(revocation) => format!(
                    "{state} on {}, {}",
                    date_text(revocation.time),
                    revocation.reason
                ),
                None => format!("{state}, {} days left", self.days_left(entry.not_after)),
            };
            line("at present", &said);
            line("SHA-1", &entry.thumbprint);
        }
        text
    }

    fn list_text(&self) -> String {
        let Some(list) = &self.list else {
            return MISSING.to_owned();
        };
        let number = list.number().unwrap_or_default();
        let holds = match list.next_update() {
            Some(next) if next < self.now => {
                format!("should have been renewed by {}", date_text(next))
            }
            Some(next) => format!("holds until {}", date_text(next)),
            None => "holds".to_owned(),
        };
        let current = if self.current {
            ""
        } else {
            "; it lacks what was revoked last: `daxsign ca crl` makes it anew"
        };
        format!("number {number}, {} revoked, {holds}{current}", list.len())
    }

    fn to_json(&self, opened: &Opened) -> Value {
        let certificates = opened.authority.entries().iter().map(|entry| {
            json!({
                "serial": entry.serial.to_string(),
                "subject": entry.subject,
                "profile": entry.profile,
                "issued": date_text(entry.time),
                "not_after": date_text(entry.not_after),
                "days_left": self.days_left(entry.not_after),
                "state": self.state(entry),
                "revoked": entry.revocation.map(|revocation| date_text(revocation.time)),
                "reason": entry.revocation.map(|revocation| revocation.reason.name()),
                "thumbprint_sha1": entry.thumbprint,
            })
        });
        json!({
            "authority": self.subject,
            "not_after": date_text(self.end),
            "list": self.list.as_ref().map(|list| json!({
                "number": list.number(),
                "revoked": list.len(),
                "this_update": date_text(list.this_update()),
                "next_update": list.next_update().map(date_text),
                "current": self.current,
            })),
            "certificates": certificates.collect::<Vec<Value>>(),
        })
    }

    /// A list that lacks something, or else what ends first, if that is within the days: of certificates that are
    /// still valid, the authority's own, and the list. What has expired is no longer in use.
    fn warn(&self, opened: &Opened, days: u32) -> Result<(), Failure> {
        let list = shown(&opened.authority.list_file());
        let expiring = |what: &str| Err(Failure::Expiring(format!("{list}: {what}")));
        let Some(own_list) = &self.list else {
            return expiring(MISSING);
        };
        if !self.current {
            return expiring("it lacks what was revoked last: `daxsign ca crl` makes it anew");
        }
        if own_list.next_update().is_none() {
            return expiring("it does not say until when it holds: `daxsign ca crl` makes it anew");
        }
        let valid = opened.authority.entries().iter();
        let valid = valid.filter(|entry| self.state(entry) == "valid");
        let certificates = valid.map(|entry| {
            (
                entry.not_after,
                format!("number {}, {},", entry.serial, entry.subject),
            )
        });
        let own = [
            Some((self.end, "the authority's own certificate".to_owned())),
            own_list
                .next_update()
                .map(|next| (next, "the list of revoked certificates".to_owned())),
        ];
        let all = certificates.chain(own.into_iter().flatten());
        match all.min_by_key(|(end, _)| *end) {
            Some((end, what)) if self.days_left(end) < i64::from(days) => Err(Failure::Expiring(
                format!("{}: {what} ends on {}", opened.name, date_text(end)),
            )),
            _ => Ok(()),
        }
    }
}
