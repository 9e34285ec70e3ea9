//! A request with fields added or taken out, and every other byte as it was.

use crate::raw_request::{CRLF, LF, RawRequest};

impl RawRequest<'_> {
    /// The request's bytes without the fields called `dropped` and with `added` after its last
    /// field. Added lines end as the request line does.
    #[must_use]
    pub fn edited(&self, dropped: &str, added: &[(&str, &str)]) -> Vec<u8> {
        let mut out = self.part(&self.request_line).to_vec();
        for field in &self.fields {
            if !field.is(dropped) {
                out.extend_from_slice(self.part(&field.span));
            }
        }
        // Only the last line of the file can lack its end; then the new last line lacks it too.
        let ends_open = !self.part(&(0..self.fields_end)).ends_with(LF);
        for (name, value) in added {
            if !out.ends_with(LF) {
                // A CR there is part of the last value; a LF alone would make a line end of it.
                let ends_in_cr = out.ends_with(b"\r");
                out.extend_from_slice(if ends_in_cr { CRLF } else { self.line_end });
            }
            out.extend_from_slice(format!("{name}: {value}").as_bytes());
            out.extend_from_slice(self.line_end);
        }
        if ends_open && out.ends_with(self.line_end) {
            out.truncate(out.len().saturating_sub(self.line_end.len()));
        }
        out.extend_from_slice(self.part(&(self.fields_end..self.bytes.len())));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, dropped: &str, added: &[(&str, &str)]) -> String {
        let request = RawRequest::parse(text.as_bytes()).expect("a request");
        String::from_utf8(request.edited(dropped, added)).expect("UTF-8")
    }

    #[test]
    fn added_fields_stand_last_in_the_style_of_the_request() {
        let added = [("Date", "now"), ("Signature", "s")];
        assert_eq!(
            edited("GET / HTTP/1.1\r\nA: b\r\n\r\nbody\n", "signature", &added),
            "GET / HTTP/1.1\r\nA: b\r\nDate: now\r\nSignature: s\r\n\r\nbody\n"
        );
        assert_eq!(
            edited("GET / HTTP/1.1\nA: b\n c\n\n", "signature", &added),
            "GET / HTTP/1.1\nA: b\n c\nDate: now\nSignature: s\n\n"
        );
    }

    #[test]
    fn dropped_fields_go_with_their_folded_lines() {
        let text = "GET / HTTP/1.1\nSIGNATURE: old\n  older\nA: b\nsignature: x\n\nbody";
        assert_eq!(
            edited(text, "signature", &[("Signature", "new")]),
            "GET / HTTP/1.1\nA: b\nSignature: new\n\nbody"
        );
    }

    #[test]
    fn a_file_that_ends_early_keeps_its_end() {
        let added = [("Signature", "s")];
        for (text, expected) in [
            ("GET / HTTP/1.1", "GET / HTTP/1.1\r\nSignature: s"),
            ("GET / HTTP/1.1\nA: b", "GET / HTTP/1.1\nA: b\nSignature: s"),
            (
                "GET / HTTP/1.1\nA: b\n",
                "GET / HTTP/1.1\nA: b\nSignature: s\n",
            ),
            (
                "GET / HTTP/1.1\nA: b\nSignature: x",
                "GET / HTTP/1.1\nA: b\nSignature: s",
            ),
            // The CR is part of the value, before and after.
            (
                "GET / HTTP/1.1\nA: b\r",
                "GET / HTTP/1.1\nA: b\r\r\nSignature: s",
            ),
        ] {
            assert_eq!(edited(text, "signature", &added), expected);
        }
    }

    #[test]
    fn nothing_changes_when_nothing_is_added_or_dropped() {
        for text in [
            "GET / HTTP/1.1",
            "GET / HTTP/1.1\r\nA: b\n\r\nx\r\n",
            "GET / HTTP/1.1\n\n",
            "GET / HTTP/1.1\r\nA : b\r\nC\t \t:d\r\nE:f\r\n\r\n",
        ] {
            assert_eq!(edited(text, "signature", &[]), text);
        }
    }
}
