//! An answer as it stands on the wire.

use std::io::{BufRead, Read};

/// The most of a body that a test reads.
const MOST: u64 = 16 << 20;

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lowercase, and values.
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Reads one; `None` where the connection ends instead.
    pub(crate) fn read(from: &mut impl BufRead) -> Option<Self> {
        let first = line(from)?;
        let status = first.split(' ').nth(1)?.parse().ok()?;
        let mut fields = Vec::new();
        loop {
            let line = line(from)?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':')?;
            fields.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Self {
            status,
            fields,
            body: Vec::new(),
        };
        answer.read_body(from)?;
        Some(answer)
    }

    fn read_body(&mut self, from: &mut impl BufRead) -> Option<()> {
        if self.status < 200 || matches!(self.status, 204 | 304) {
            return Some(());
        }
        if self.field("transfer-encoding") == Some("chunked") {
            loop {
                let size = line(from)?;
                let size = u64::from_str_radix(size.split(';').next()?, 16).ok()?;
                let whole = from.take(size.min(MOST)).read_to_end(&mut self.body).ok()?;
                line(from)?;
                match size {
                    0 => return Some(()),
                    size if whole as u64 == size => {}
                    _ => return None,
                }
            }
        }
        let told = self.field("content-length").map(str::to_owned);
        let Some(told) = told else {
            from.take(MOST).read_to_end(&mut self.body).ok()?;
            return Some(());
        };
        let told: u64 = told.parse().ok()?;
        let came = from.take(told.min(MOST)).read_to_end(&mut self.body).ok()?;
        (came as u64 == told).then_some(())
    }

    /// The value of the one field of this name.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut named = self.fields.iter().filter(|(found, _)| found == name);
        let (_, value) = named.next()?;
        assert!(named.next().is_none(), "{name} came twice");
        Some(value)
    }

    /// The name under which the sidecar itself refused; empty where it did not say one.
    pub(crate) fn refusal(&self) -> &str {
        self.field("x-dax-proxy-error").unwrap_or_default()
    }
}

fn line(from: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    from.read_until(b'\n', &mut line).ok()?;
    let text = String::from_utf8_lossy(&line);
    text.strip_suffix("\r\n").map(str::to_owned)
}
