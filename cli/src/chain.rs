//! Which certificate of a file was taken, where it has several.

use std::fmt::Write;

use daxsign_core::{CertificateSummary, certificates};

use crate::terminal::visible;

/// Not more of the others are named.
const MAX_NAMED: usize = 4;

/// The certificates of a file that has several.
pub(crate) struct Chain {
    taken: CertificateSummary,
    others: Vec<CertificateSummary>,
}

impl Chain {
    /// `None` for a file with one certificate or none.
    pub(crate) fn from_file(file: &[u8]) -> Option<Self> {
        let mut all = certificates(file);
        let taken = all.next()?;
        let others: Vec<_> = all.collect();
        (!others.is_empty()).then_some(Self { taken, others })
    }

    /// How many certificates there are.
    pub(crate) fn count(&self) -> usize {
        self.others.len().saturating_add(1)
    }

    /// Which one was taken, whose the others are, and what to do where the first looks wrong.
    pub(crate) fn note(&self) -> String {
        let count = self.count();
        let mut text = format!(
            "certificate 1 of {count} is used, that of {}",
            described(&self.taken)
        );
        // Writing to a string cannot fail.
        let named = self.others.iter().take(MAX_NAMED).enumerate();
        for (index, other) in named {
            let number = index.saturating_add(2);
            let _ = write!(
                text,
                "; certificate {number} is that of {}",
                described(other)
            );
        }
        if self.others.len() > MAX_NAMED {
            text.push_str("; …");
        }
        let own = self.others.iter().position(|other| !other.is_authority());
        if let (true, Some(index)) = (self.taken.is_authority(), own) {
            let number = index.saturating_add(2);
            let _ = write!(
                text,
                ". A sender's certificate comes first in a file: if {number} is the sender's, put it \
                 first, or into a file of its own"
            );
        }
        text
    }
}

fn described(certificate: &CertificateSummary) -> String {
    let name = certificate.common_name().map_or_else(
        || "a subject without a common name".to_owned(),
        |name| format!("`{}`", visible(name.as_bytes())),
    );
    if certificate.is_authority() {
        format!("{name}, a certificate authority")
    } else {
        name
    }
}
