//! What the examples share: the clock, and a request as it stands in a file.

use std::error::Error;
use std::fmt::{Debug, Formatter};
use std::io::Read;
use std::time::{SystemTime, UNIX_EPOCH};

use daxsign_core::{HeaderField, Request, Timestamp};

/// Any error, with which `main` ends in words.
pub(crate) struct AnyError(Box<dyn Error>);

impl<E: Into<Box<dyn Error>>> From<E> for AnyError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl Debug for AnyError {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The clock, which the library has none of.
pub(crate) fn now() -> Result<Timestamp, AnyError> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let seconds = since.as_secs().try_into()?;
    Ok(Timestamp::from_unix(seconds, since.subsec_nanos())?)
}

/// Prints a request as it goes over the wire; `start` is method and target.
pub(crate) fn print(start: &str, fields: &[HeaderField<'_>], body: &str) {
    print!("{start} HTTP/1.1\r\n");
    for field in fields {
        let [name, value] = [field.name, field.value].map(String::from_utf8_lossy);
        print!("{name}: {value}\r\n");
    }
    print!("\r\n{body}");
}

/// A request as a server's HTTP library would have read it.
pub(crate) struct Received {
    method: String,
    target: String,
    fields: Vec<(String, String)>,
    body: String,
}

impl Received {
    /// Reads one from standard input, as far as an example needs it: line ends are CRLF.
    pub(crate) fn read() -> Result<Self, AnyError> {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        let (head, body) = text.split_once("\r\n\r\n").ok_or("no blank line")?;
        let mut lines = head.split("\r\n");
        let mut start = lines.next().unwrap_or_default().split(' ');
        let fields = lines.map(|line| {
            let (name, value) = line.split_once(':').ok_or("a line without a colon")?;
            Ok::<_, &str>((name.into(), value.into()))
        });
        Ok(Self {
            method: start.next().unwrap_or_default().into(),
            target: start.next().unwrap_or_default().into(),
            fields: fields.collect::<Result<_, _>>()?,
            body: body.into(),
        })
    }

    /// The fields as the library takes them: borrowed.
    pub(crate) fn fields(&self) -> Vec<HeaderField<'_>> {
        let fields = self.fields.iter();
        fields
            .map(|(name, value)| HeaderField::new(name, value))
            .collect()
    }

    /// The request with these fields.
    pub(crate) fn request<'r>(&'r self, fields: &'r [HeaderField<'r>]) -> Request<'r> {
        Request::new(&self.method, &self.target, fields, &self.body)
    }
}
