//! A message taken apart, strictly: what two readers could take differently is none (S-FRAMING).

use daxsign_core::{HeaderField, MessageError, MessageReader, Request};

use super::refusal::Refusal;

/// A message as it came, with folds kept. Nothing of it is verified.
#[derive(Clone, Debug)]
pub struct Message<'m> {
    /// The method as it stands.
    pub method: &'m [u8],
    /// The target as it stands.
    pub target: &'m [u8],
    /// The fields in their order.
    pub fields: Vec<HeaderField<'m>>,
    /// The body, of the length that `Content-Length` says.
    pub body: &'m [u8],
}

impl<'m> Message<'m> {
    /// Reads one message, which is all of `bytes`.
    ///
    /// # Errors
    /// [`Refusal::Unreadable`].
    pub fn read(bytes: &'m [u8]) -> Result<Self, Refusal> {
        Self::taken_apart(bytes).map_err(Refusal::Unreadable)
    }

    fn taken_apart(bytes: &'m [u8]) -> Result<Self, MessageError> {
        let mut reader = MessageReader::open(bytes)?;
        let mut fields = Vec::new();
        while let Some(field) = reader.next_field()? {
            fields.push(field);
        }
        Ok(Self {
            method: reader.method(),
            target: reader.target(),
            fields,
            body: reader.body()?,
        })
    }

    /// The same for the core.
    #[must_use]
    pub fn request(&self) -> Request<'_> {
        Request::new(self.method, self.target, &self.fields, self.body)
    }

    /// The value of a field that stands there once.
    ///
    /// # Errors
    /// [`Refusal::Field`].
    pub fn once(&self, name: &'static str) -> Result<&'m str, Refusal> {
        let mut values = self
            .fields
            .iter()
            .filter(|field| field.name.eq_ignore_ascii_case(name.as_bytes()))
            .map(|field| field.value);
        match (values.next(), values.next()) {
            (Some(value), None) => str::from_utf8(value.trim_ascii()).ok(),
            _ => None,
        }
        .ok_or(Refusal::Field { name })
    }

    /// The value of a field that stands there once, read.
    pub(crate) fn parsed<T: core::str::FromStr>(&self, name: &'static str) -> Result<T, Refusal> {
        let value = self.once(name)?;
        value.parse().map_err(|_| Refusal::Field { name })
    }

    #[cfg(feature = "server")]
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields
            .iter()
            .any(|field| field.name.eq_ignore_ascii_case(name.as_bytes()))
    }
}
