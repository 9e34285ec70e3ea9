//! A short piece of public text that an error carries by value: a field name, an algorithm, …

use core::fmt;

/// Up to [`CAPACITY`](Self::CAPACITY) bytes of text for a message. Longer text is cut and ends in
/// `...`; bytes that are not printable ASCII stand as `?`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Label {
    bytes: [u8; Self::CAPACITY],
    len: u8,
}

impl Label {
    /// How many bytes of the text are kept. IANA's longest registered field name has 41.
    pub const CAPACITY: usize = 44;

    /// The label for `text`. Letters are kept as they are.
    #[must_use]
    pub fn new(text: &[u8]) -> Self {
        const CUT: &[u8] = b"...";
        let mut label = Self {
            bytes: [0; Self::CAPACITY],
            len: 0,
        };
        if text.len() <= Self::CAPACITY {
            label.append(text);
        } else {
            label.append(
                text.get(..Self::CAPACITY.saturating_sub(CUT.len()))
                    .unwrap_or_default(),
            );
            label.append(CUT);
        }
        label
    }

    /// The label for `text` in lowercase, as field names are shown.
    #[must_use]
    pub(crate) fn lowercase(text: &[u8]) -> Self {
        let mut label = Self::new(text);
        label.bytes.make_ascii_lowercase();
        label
    }

    /// Adds what still fits of `text`.
    pub(crate) fn append(&mut self, text: &[u8]) {
        let used = usize::from(self.len);
        let room = self.bytes.get_mut(used..).unwrap_or_default();
        for (slot, &byte) in room.iter_mut().zip(text) {
            *slot = if matches!(byte, 0x20..=0x7E) {
                byte
            } else {
                b'?'
            };
            self.len = self.len.saturating_add(1);
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// The text's bytes, which are ASCII.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
