//! What was issued, revoked and listed: a file to which lines are only ever added.

use std::collections::HashMap;
use std::path::PathBuf;

use daxsign_core::Timestamp;

use crate::authority::event::{Entry, Event};
use crate::authority::files;
use crate::authority::folder::Paths;
use crate::certificate::serial::SerialNumber;
use crate::error::PkiError;
use crate::revocation::list::{Revocation, RevocationList};
use crate::revocation::write::Revoked;

/// The first line, for who opens the file.
pub(crate) const HEAD: &str = "# What this authority issued, revoked and listed: a line each, the newest last. \
                               Lines are only ever added.\n";

/// The register in memory.
#[derive(Debug)]
pub(crate) struct Register {
    path: PathBuf,
    entries: Vec<Entry>,
    places: HashMap<SerialNumber, usize>,
    /// Of the list that was taken over.
    before: HashMap<SerialNumber, Revocation>,
    /// That of the newest list.
    pub(crate) list_number: u64,
    /// When that was made.
    pub(crate) list_time: Option<Timestamp>,
    /// Whether something was revoked since.
    pub(crate) unlisted: bool,
    /// Bytes of the lines that count: where the next one begins.
    len: usize,
    /// Whether the last of them lacks its end.
    unended: bool,
}

impl Register {
    /// Reads the file, which begins with [`HEAD`] and has a list's line at least. What stands behind the last end of
    /// a line was cut off while it was written, and never happened; but a whole revocation or list does count there:
    /// nobody is trusted again because an editor dropped an end. (A certificate's line may be cut off in its subject
    /// unseen; it is written again from the certificate.)
    pub(crate) fn read(paths: &Paths) -> Result<Self, PkiError> {
        let path = paths.register();
        let bytes = files::read(&path)?;
        let whole = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |place| place.saturating_add(1));
        let mut register = Self {
            path,
            entries: Vec::new(),
            places: HashMap::new(),
            before: HashMap::new(),
            list_number: 0,
            list_time: None,
            unlisted: false,
            len: whole,
            unended: false,
        };
        if !bytes.starts_with(HEAD.as_bytes()) {
            return Err(register.damaged(1));
        }
        let (lines, rest) = bytes.split_at_checked(whole).unwrap_or_default();
        let mut count = 0_usize;
        for (index, line) in lines.split(|byte| *byte == b'\n').enumerate() {
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            count = index.saturating_add(1);
            let event = event_of(line).filter(|event| register.fits(event));
            register.take(event.ok_or_else(|| register.damaged(count))?);
        }
        let last = event_of(rest)
            .filter(|event| !matches!(event, Event::Issued(_)) && register.fits(event));
        if let Some(event) = last {
            register.take(event);
            register.len = bytes.len();
            register.unended = true;
        }
        if register.list_number == 0 {
            return Err(register.damaged(count.saturating_add(1)));
        }
        Ok(register)
    }

    fn damaged(&self, line: usize) -> PkiError {
        PkiError::Damaged {
            file: self.path.clone(),
            line,
        }
    }

    /// Checks that nothing is missing that was published: a list is written after its own line and those of what it
    /// revokes.
    pub(crate) fn check(&self, list: &RevocationList) -> Result<(), PkiError> {
        let known = |serial: &[u8]| {
            let serial = SerialNumber::from_bytes(serial);
            serial.is_some_and(|serial| {
                let entry = self.find(&serial);
                entry.is_some_and(|entry| entry.revocation.is_some())
                    || self.revoked_before(&serial).is_some()
            })
        };
        let numbered = list
            .number()
            .is_some_and(|number| number <= self.list_number);
        if numbered && list.serials().all(known) {
            Ok(())
        } else {
            Err(PkiError::Shortened {
                file: self.path.clone(),
            })
        }
    }

    /// Cuts off what was not written whole, and ends the last line.
    pub(crate) fn mend(&mut self) -> Result<(), PkiError> {
        if self.unended {
            files::append(&self.path, self.len, "\n")?;
            self.len = self.len.saturating_add(1);
            self.unended = false;
            return Ok(());
        }
        files::cut(&self.path, self.len)
    }

    /// Whether it can have happened after what did.
    fn fits(&self, event: &Event) -> bool {
        match event {
            Event::Issued(entry) => !self.has(&entry.serial),
            Event::RevokedBefore(revoked) => !self.has(&revoked.serial),
            Event::Revoked { serial, .. } => {
                let entry = self.find(serial);
                entry.is_some_and(|entry| entry.revocation.is_none())
            }
            Event::Listed { number, .. } => *number > self.list_number,
        }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Issued(entry) => {
                self.places.insert(entry.serial.clone(), self.entries.len());
                self.entries.push(entry);
            }
            Event::Revoked { serial, revocation } => {
                self.unlisted = true;
                let place = self.places.get(&serial).copied();
                if let Some(entry) = place.and_then(|place| self.entries.get_mut(place)) {
                    entry.revocation = Some(revocation);
                }
            }
            Event::RevokedBefore(Revoked {
                serial,
                time,
                reason,
            }) => {
                self.before.insert(serial, Revocation { time, reason });
            }
            Event::Listed { number, time } => {
                self.unlisted = false;
                self.list_number = number;
                self.list_time = Some(time);
            }
        }
    }

    /// Adds what happened, to the file first. What could not be read again is not written.
    pub(crate) fn add(&mut self, event: Event) -> Result<(), PkiError> {
        let line = event.to_line()?;
        let read = event_of(line.trim_end_matches('\n').as_bytes());
        if !read.is_some_and(|read| self.fits(&read)) {
            return Err(PkiError::Contradiction {
                file: self.path.clone(),
            });
        }
        if self.unended {
            self.mend()?;
        }
        if let Err(error) = files::append(&self.path, self.len, &line) {
            // What could be written of it did not happen. Should that fail, too, the next to add a line does it.
            let _ = self.mend();
            return Err(error);
        }
        self.len = self.len.saturating_add(line.len());
        self.take(event);
        Ok(())
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(crate) fn find(&self, serial: &SerialNumber) -> Option<&Entry> {
        self.entries.get(*self.places.get(serial)?)
    }

    /// Whether a certificate with this number is known.
    pub(crate) fn has(&self, serial: &SerialNumber) -> bool {
        self.places.contains_key(serial) || self.before.contains_key(serial)
    }

    /// When and why it was revoked, before the authority was taken over.
    pub(crate) fn revoked_before(&self, serial: &SerialNumber) -> Option<&Revocation> {
        self.before.get(serial)
    }

    pub(crate) fn revoked(&self) -> Vec<Revoked> {
        let revoked = self.entries.iter().filter_map(|entry| {
            let revocation = entry.revocation?;
            Some(Revoked {
                serial: entry.serial.clone(),
                time: revocation.time,
                reason: revocation.reason,
            })
        });
        let before = self.before.iter().map(|(serial, revocation)| Revoked {
            serial: serial.clone(),
            time: revocation.time,
            reason: revocation.reason,
        });
        revoked.chain(before).collect()
    }

    /// The next list's number, written down as used.
    pub(crate) fn next_list(&mut self, time: Timestamp) -> Result<u64, PkiError> {
        let number = self.list_number.saturating_add(1);
        self.add(Event::Listed { time, number })?;
        Ok(number)
    }
}

fn event_of(line: &[u8]) -> Option<Event> {
    std::str::from_utf8(line).ok().and_then(Event::from_line)
}
