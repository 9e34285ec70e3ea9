//! A signed message.

use daxsign_core::SIGNATURE_FIELD;

use super::name::MessageName;

/// A signed message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed<'m> {
    head: Vec<u8>,
    fields: Vec<(&'static str, String)>,
    body: &'m [u8],
    name: MessageName,
}

impl<'m> Signed<'m> {
    pub(super) fn new(
        (method, target): (&str, &str),
        mut fields: Vec<(&'static str, String)>,
        signature: String,
        body: &'m [u8],
        name: MessageName,
    ) -> Self {
        fields.push((SIGNATURE_FIELD, signature));
        let mut head = format!("{method} {target} HTTP/1.1\r\n");
        for (field, value) in &fields {
            for part in [field, ": ", value, "\r\n"] {
                head.push_str(part);
            }
        }
        head.push_str("\r\n");
        Self {
            head: head.into_bytes(),
            fields,
            body,
            name,
        }
    }

    /// The head, up to and with the empty line.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// The same, by itself.
    pub(crate) fn into_head(self) -> Vec<u8> {
        self.head
    }

    /// The body.
    #[must_use]
    pub const fn body(&self) -> &'m [u8] {
        self.body
    }

    /// The fields of the head in their order, `Signature` last.
    #[must_use]
    pub fn fields(&self) -> &[(&'static str, String)] {
        &self.fields
    }

    /// What it is known by.
    #[must_use]
    pub const fn name(&self) -> MessageName {
        self.name
    }

    /// All its bytes, of the type `message/http`.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [&self.head, self.body].concat()
    }
}
