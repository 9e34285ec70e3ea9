//! Where a signing string goes, piece by piece: a hash, a counter, any closure, or a buffer
//! ([`SliceSink`](crate::SliceSink)).

/// Takes bytes in order. Writing cannot fail: a sink that runs out of room remembers it and says
/// so when it is finished (see [`SliceSink::finish`](crate::SliceSink::finish)).
///
/// Every `FnMut(&[u8])` is a sink:
///
/// ```
/// use daxsign_core::Sink;
/// let mut collected = Vec::new();
/// let mut sink = |bytes: &[u8]| collected.extend_from_slice(bytes);
/// sink.write(b"host: ");
/// sink.write(b"dax.amido.se\n");
/// assert_eq!(collected, b"host: dax.amido.se\n");
/// ```
pub trait Sink {
    /// Takes the next bytes.
    fn write(&mut self, bytes: &[u8]);
}

impl<F: FnMut(&[u8])> Sink for F {
    fn write(&mut self, bytes: &[u8]) {
        self(bytes);
    }
}

/// Counts bytes and keeps none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counter {
    count: usize,
}

impl Counter {
    /// How many bytes came so far.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }
}

impl Sink for Counter {
    fn write(&mut self, bytes: &[u8]) {
        self.count = self.count.saturating_add(bytes.len());
    }
}

/// Writes a number in decimal.
pub fn write_decimal(number: u64, sink: &mut impl Sink) {
    /// The digits of `u64::MAX`.
    const MAX_DIGITS: usize = 20;
    let mut digits = [b'0'; MAX_DIGITS];
    let (mut rest, mut used) = (number, 0_usize);
    for digit in digits.iter_mut().rev() {
        // Below 10, so neither cut nor too large.
        *digit = b'0'.saturating_add(u8::try_from(rest % 10).unwrap_or_default());
        rest /= 10;
        used = used.saturating_add(1);
        if rest == 0 {
            break;
        }
    }
    let start = MAX_DIGITS.saturating_sub(used);
    sink.write(digits.get(start..).unwrap_or_default());
}

/// A length in memory as the 64 bits that HTTP lengths have here.
pub(crate) fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
