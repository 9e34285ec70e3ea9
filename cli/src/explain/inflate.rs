//! Bodies taken out of their content coding (RFC 9110 8.4).

use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// A larger body is not taken out: a few bytes can stand for gigabytes.
pub(super) const MAX_INFLATED: u64 = 16 << 20;

/// What came of a body in a content coding.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Inflated {
    /// The body as it was before.
    Body(Vec<u8>),
    /// It has more than [`MAX_INFLATED`] bytes.
    TooLarge,
    /// It is damaged, or in another coding.
    Unreadable,
}

/// Takes a body out of `gzip` or `deflate`, of which the latter is in use with and without the
/// frame of zlib.
pub(super) fn inflate(coding: &str, body: &[u8]) -> Inflated {
    match coding {
        "gzip" => read(MultiGzDecoder::new(body)),
        "deflate" => match read(ZlibDecoder::new(body)) {
            Inflated::Unreadable => read(DeflateDecoder::new(body)),
            inflated => inflated,
        },
        _ => Inflated::Unreadable,
    }
}

fn read(decoder: impl Read) -> Inflated {
    let mut inflated = Vec::new();
    let limit = MAX_INFLATED.saturating_add(1);
    match decoder.take(limit).read_to_end(&mut inflated) {
        Ok(_) if u64::try_from(inflated.len()).is_ok_and(|len| len < limit) => {
            Inflated::Body(inflated)
        }
        Ok(_) => Inflated::TooLarge,
        Err(_) => Inflated::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `{"hello": "world"}` by Python's gzip and zlib.
    const GZIP: &str =
        "1f8b0800000000000203ab56ca48cdc9c957b252502acf2fca4951aa050022aea38612000000";
    const ZLIB: &str = "789cab56ca48cdc9c957b252502acf2fca4951aa050039990617";

    fn bytes(hex: &str) -> Vec<u8> {
        let digits: Vec<u32> = hex.chars().filter_map(|c| c.to_digit(16)).collect();
        let pair =
            |pair: &[u32]| u8::try_from(pair.iter().fold(0, |byte, digit| byte * 16 + digit));
        digits
            .chunks(2)
            .map(|digits| pair(digits).expect("a byte"))
            .collect()
    }

    #[test]
    fn both_codings_give_the_body() {
        let body = || Inflated::Body(b"{\"hello\": \"world\"}".to_vec());
        assert_eq!(inflate("gzip", &bytes(GZIP)), body());
        let zlib = bytes(ZLIB);
        assert_eq!(inflate("deflate", &zlib), body());
        // Without the frame of zlib: two bytes before, four behind.
        let raw = zlib.get(2..zlib.len() - 4).expect("what is inside");
        assert_eq!(inflate("deflate", raw), body());
    }

    #[test]
    fn nothing_else_is_taken_for_a_coding() {
        let gzip = bytes(GZIP);
        let cut = gzip.get(..gzip.len() - 9).expect("most of it");
        for (coding, body) in [
            ("gzip", &b"{}"[..]),
            ("gzip", cut),
            ("gzip", &bytes(ZLIB)),
            ("deflate", b"\xff\xff"),
            ("br", b"{}"),
        ] {
            assert_eq!(inflate(coding, body), Inflated::Unreadable, "{coding}");
        }
    }
}
