//! Strings of any length, of which no more is kept than is shown.

use daxsign_core::{Sha256, Sink};

/// Longer strings are shown in part.
const MAX_WHOLE: usize = 1 << 20;
/// How much of a longer one is shown before and after the place that counts.
const NEAR: usize = 2 << 10;
/// Strings are compared by the hashes of pieces of this size.
const PIECE: usize = 64 << 10;

/// Writes a string, piece by piece, as often as it is asked for.
pub(super) type Writer<'w> = &'w dyn Fn(&mut dyn Sink);

/// A part of a string, or all of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub(super) bytes: Vec<u8>,
    /// Where it starts in the string.
    pub(super) start: usize,
    /// The string's length.
    pub(super) total: usize,
}

impl Excerpt {
    /// The string, or what stands around `place` in a long one.
    pub(super) fn around(write: Writer<'_>, place: usize) -> Self {
        let total = len(write);
        let (start, end) = if total <= MAX_WHOLE {
            (0, total)
        } else {
            (place.saturating_sub(NEAR), place.saturating_add(NEAR))
        };
        let bytes = part(write, start, end);
        Self {
            bytes,
            start,
            total,
        }
    }

    pub(super) const fn is_whole(&self) -> bool {
        self.bytes.len() == self.total
    }
}

fn len(write: Writer<'_>) -> usize {
    let mut len = 0_usize;
    write(&mut |piece: &[u8]| len = len.saturating_add(piece.len()));
    len
}

/// The offset of the first byte that differs; the shorter length where one string starts the
/// other; `None` for equal strings. Both are written twice, and neither is kept.
pub(super) fn first_difference(one: Writer<'_>, other: Writer<'_>) -> Option<usize> {
    let (hashes, others) = (piece_hashes(one), piece_hashes(other));
    let same = hashes
        .iter()
        .zip(&others)
        .take_while(|(one, other)| one == other)
        .count();
    if same == hashes.len() && same == others.len() {
        return None;
    }
    let start = same.saturating_mul(PIECE);
    let piece = |write| part(write, start, start.saturating_add(PIECE));
    let (one, other) = (piece(one), piece(other));
    let equal = one
        .iter()
        .zip(&other)
        .take_while(|(one, other)| one == other)
        .count();
    Some(start.saturating_add(equal))
}

/// The bytes from `start` to `end`, as far as there are any.
fn part(write: Writer<'_>, start: usize, end: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut offset = 0_usize;
    write(&mut |piece: &[u8]| {
        let from = start.saturating_sub(offset).min(piece.len());
        let to = end.saturating_sub(offset).min(piece.len());
        bytes.extend_from_slice(piece.get(from..to).unwrap_or_default());
        offset = offset.saturating_add(piece.len());
    });
    bytes
}

/// The hash of each piece, and of the shorter one at the end.
fn piece_hashes(write: Writer<'_>) -> Vec<[u8; 32]> {
    let mut hashes = Vec::new();
    let mut hash = Sha256::default();
    let mut filled = 0_usize;
    write(&mut |mut bytes: &[u8]| {
        while !bytes.is_empty() {
            let taken = PIECE.saturating_sub(filled).min(bytes.len());
            let (now, later) = bytes.split_at_checked(taken).unwrap_or((bytes, b""));
            hash.write(now);
            filled = filled.saturating_add(now.len());
            if filled == PIECE {
                hashes.push(std::mem::take(&mut hash).finish());
                filled = 0;
            }
            bytes = later;
        }
    });
    if filled > 0 {
        hashes.push(hash.finish());
    }
    hashes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(one: &[u8], other: &[u8]) -> Option<usize> {
        let halves = |bytes: &[u8], sink: &mut dyn Sink| {
            let (start, end) = bytes.split_at(bytes.len() / 3);
            sink.write(start);
            sink.write(end);
        };
        first_difference(&|sink| sink.write(one), &|sink| halves(other, sink))
    }

    #[test]
    fn the_first_difference_is_found_in_any_piece() {
        let long = vec![b'x'; 3 * PIECE + 5];
        assert_eq!(difference(&long, &long), None);
        assert_eq!(difference(b"", b""), None);
        assert_eq!(difference(b"ab", b"a"), Some(1));
        for place in [0, 1, PIECE - 1, PIECE, 2 * PIECE + 7, long.len() - 1] {
            let mut changed = long.clone();
            changed[place] = b'y';
            assert_eq!(difference(&long, &changed), Some(place));
            assert_eq!(difference(&long, &long[..place]), Some(place));
            assert_eq!(difference(&long[..place], &changed), Some(place));
        }
    }

    #[test]
    fn long_strings_are_kept_in_part() {
        let long: Vec<u8> = (0..=255).cycle().take(MAX_WHOLE + 1).collect();
        let write = |bytes: &[u8], place| Excerpt::around(&|sink| sink.write(bytes), place);
        let excerpt = write(&long, 100_000);
        assert_eq!(excerpt.bytes, &long[100_000 - NEAR..100_000 + NEAR]);
        assert_eq!((excerpt.start, excerpt.total), (100_000 - NEAR, long.len()));
        assert!(!excerpt.is_whole());
        assert_eq!(write(&long, 5).bytes, &long[..5 + NEAR]);
        assert_eq!(write(&long, long.len()).bytes, &long[long.len() - NEAR..]);
        let whole = write(&long[1..], 7);
        assert!(whole.is_whole() && whole.bytes == long[1..]);
    }
}
