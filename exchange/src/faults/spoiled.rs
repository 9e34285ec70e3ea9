//! A signature that does not hold.

/// What stands before it.
const BEFORE: &[u8] = b"signature=\"";

/// Changes one character of the first signature in a message's head, or in a field's value; the text stays base64.
pub fn spoil_signature(text: &mut [u8]) {
    let Some(place) = text
        .windows(BEFORE.len())
        .position(|part| part.eq_ignore_ascii_case(BEFORE))
    else {
        return;
    };
    let first = place.saturating_add(BEFORE.len());
    if let Some(character) = text.get_mut(first) {
        *character = if *character == b'A' { b'B' } else { b'A' };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character_is_another_one() {
        for (before, after) in [
            (
                "Signature: realm=\"dax\",signature=\"xyz=\"",
                "Signature: realm=\"dax\",signature=\"Ayz=\"",
            ),
            ("signature=\"Axyz\"", "signature=\"Bxyz\""),
            ("signature=\"", "signature=\""),
            ("none", "none"),
        ] {
            let mut text = before.as_bytes().to_vec();
            spoil_signature(&mut text);
            assert_eq!(text, after.as_bytes());
        }
    }
}
