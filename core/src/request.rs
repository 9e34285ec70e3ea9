//! The request as the caller has it, borrowed whole.

/// One header field: its name (any case) and its value's bytes as they stood on the line, folds
/// and surrounding white space included if the HTTP library left them in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderField<'a> {
    /// The name, without the colon.
    pub name: &'a [u8],
    /// The value: everything behind the colon up to the line's end.
    pub value: &'a [u8],
}

impl<'a> HeaderField<'a> {
    /// A field of text or bytes.
    pub fn new<N, V>(name: &'a N, value: &'a V) -> Self
    where
        N: AsRef<[u8]> + ?Sized,
        V: AsRef<[u8]> + ?Sized,
    {
        Self {
            name: name.as_ref(),
            value: value.as_ref(),
        }
    }
}

/// An HTTP request. The fields are public so that firmware can hold requests in constants;
/// nothing is checked before the request is signed or verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// The method in any case: `POST`.
    pub method: &'a [u8],
    /// The target as it stands on the request line, percent-encoded: `/api/v2.0/cards?limit=5`.
    pub target: &'a [u8],
    /// The header fields in the order they are sent.
    pub headers: &'a [HeaderField<'a>],
    /// The body's bytes; empty for none.
    pub body: &'a [u8],
}

impl<'a> Request<'a> {
    /// A request of text or bytes.
    ///
    /// ```
    /// use daxsign_core::{HeaderField, Request};
    /// let headers = [HeaderField::new("Date", "2020-05-17T14:44:30+02:00")];
    /// let request = Request::new("GET", "/api/v2/DaxEndPoint", &headers, "");
    /// assert_eq!(request.field("date").count(), 1);
    /// ```
    pub fn new<M, T, B>(
        method: &'a M,
        target: &'a T,
        headers: &'a [HeaderField<'a>],
        body: &'a B,
    ) -> Self
    where
        M: AsRef<[u8]> + ?Sized,
        T: AsRef<[u8]> + ?Sized,
        B: AsRef<[u8]> + ?Sized,
    {
        Self {
            method: method.as_ref(),
            target: target.as_ref(),
            headers,
            body: body.as_ref(),
        }
    }

    /// The values of all fields called `name`, compared without case, in their order.
    pub fn field<'n, N: AsRef<[u8]> + ?Sized>(
        &self,
        name: &'n N,
    ) -> impl Iterator<Item = &'a [u8]> + use<'a, 'n, N> {
        let headers: &'a [HeaderField<'a>] = self.headers;
        let name = name.as_ref();
        headers
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name))
            .map(|field| field.value)
    }

    /// Whether there is a field called `name`, compared without case.
    pub(crate) fn has(&self, name: &[u8]) -> bool {
        self.field(name).next().is_some()
    }
}
