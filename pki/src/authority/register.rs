//! What was issued, revoked and listed: a file to which lines are only ever added.

use std::collections::HashMap;
use std::path::PathBuf;

use daxsign_core::Timestamp;

use crate::authority::event::{Entry, Event};
use crate::authority::files;
use crate::authority::folder::Paths;
use crate::certificate::serial::SerialNumber;
use crate::error::PkiError;
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
    /// That of the newest list.
    pub(crate) list_number: u64,
    /// Whether something was revoked since.
    pub(crate) unlisted: bool,
    /// Bytes of whole lines: where the next one begins.
    len: usize,
}

impl Register {
    /// Reads the file. What stands behind the last end of a line was cut off while it was written: it never
    /// happened.
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
            list_number: 0,
            unlisted: false,
            len: whole,
        };
        let lines = bytes.get(..whole).unwrap_or_default();
        for (index, line) in lines.split(|byte| *byte == b'\n').enumerate() {
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            let event = std::str::from_utf8(line).ok().and_then(Event::from_line);
            let taken = event.is_some_and(|event| register.take(event));
            if !taken {
                return Err(PkiError::Damaged {
                    file: register.path,
                    line: index.saturating_add(1),
                });
            }
        }
        Ok(register)
    }

    /// Cuts off what was not written whole.
    pub(crate) fn mend(&mut self) -> Result<(), PkiError> {
        files::cut(&self.path, self.len)
    }

    /// Whether it fits what happened before.
    fn take(&mut self, event: Event) -> bool {
        match event {
            Event::Issued(entry) => {
                let place = self.entries.len();
                let before = self.places.insert(entry.serial.clone(), place);
                self.entries.push(entry);
                before.is_none()
            }
            Event::Revoked { serial, revocation } => {
                self.unlisted = true;
                let place = self.places.get(&serial).copied();
                let entry = place.and_then(|place| self.entries.get_mut(place));
                entry.is_some_and(|entry| entry.revocation.replace(revocation).is_none())
            }
            Event::Listed { number, .. } => {
                self.unlisted = false;
                number > std::mem::replace(&mut self.list_number, number)
            }
        }
    }

    /// Adds what happened, to the file first.
    pub(crate) fn add(&mut self, event: Event) -> Result<(), PkiError> {
        let line = event.to_line()?;
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

    pub(crate) fn revoked(&self) -> Vec<Revoked> {
        let revoked = self.entries.iter().filter_map(|entry| {
            let revocation = entry.revocation?;
            Some(Revoked {
                serial: entry.serial.clone(),
                time: revocation.time,
                reason: revocation.reason,
            })
        });
        revoked.collect()
    }

    /// The next list's number, written down as used.
    pub(crate) fn next_list(&mut self, time: Timestamp) -> Result<u64, PkiError> {
        let number = self.list_number.saturating_add(1);
        self.add(Event::Listed { time, number })?;
        Ok(number)
    }
}
