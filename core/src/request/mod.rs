//! The request as the caller has it, borrowed whole, and the rules of its parts.
//!
//! [`Request`] stands here. Each part has a file, in the order of the signing string: [`target`]
//! (the first line), [`field_value`] (every other), [`date`], [`http_date`] (the form that HTTP has
//! and DAX has not), [`content_length`] and [`charset`] (what fields say of the body), [`body`].
//! [`token`] is what methods and names are made of, [`field_name`] holds the names that rules speak
//! of, and [`options`] is what a peer may ask for beside.

pub(crate) mod body;
pub(crate) mod charset;
pub(crate) mod content_length;
pub(crate) mod date;
pub(crate) mod field_name;
pub(crate) mod field_value;
mod http_date;
pub(crate) mod options;
pub(crate) mod target;
pub(crate) mod token;

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

/// Header fields that lie elsewhere than in a slice of [`HeaderField`]: in an HTTP library's own
/// table, say. They are looked up where they are, so that no copy and no memory is needed.
///
/// ```
/// use daxsign_core::{HeaderField, HeaderSource, Headers, Request};
///
/// struct Table(Vec<(String, Vec<u8>)>);
///
/// impl HeaderSource for Table {
///     fn get(&self, index: usize) -> Option<HeaderField<'_>> {
///         let (name, value) = self.0.get(index)?;
///         Some(HeaderField::new(name, value))
///     }
/// }
///
/// let table = Table(vec![("Host".into(), b"dax.amido.se".into())]);
/// let request = Request { headers: Headers::Source(&table), ..Request::new("GET", "/", &[], "") };
/// assert_eq!(request.field("host").next(), Some(b"dax.amido.se".as_slice()));
/// ```
pub trait HeaderSource {
    /// The field at `index`, counted from 0 in the order they are sent; `None` behind the last.
    fn get(&self, index: usize) -> Option<HeaderField<'_>>;
}

/// The header fields of a request, in the order they are sent.
#[derive(Clone, Copy)]
pub enum Headers<'a> {
    /// In a slice.
    List(&'a [HeaderField<'a>]),
    /// Wherever they are.
    Source(&'a dyn HeaderSource),
}

impl<'a> Headers<'a> {
    /// The field at `index`, counted from 0.
    fn get(self, index: usize) -> Option<HeaderField<'a>> {
        match self {
            Self::List(fields) => fields.get(index).copied(),
            Self::Source(source) => source.get(index),
        }
    }

    /// The fields in their order.
    pub fn iter(self) -> impl Iterator<Item = HeaderField<'a>> {
        (0..usize::MAX).map_while(move |index| self.get(index))
    }
}

/// The values of the fields of one name.
struct Values<'a, 'n> {
    headers: Headers<'a>,
    name: &'n [u8],
    /// Where to look on.
    next: usize,
}

impl<'a> Iterator for Values<'a, '_> {
    type Item = &'a [u8];

    // One copy for its many users: it is most of what finding a field takes in flash.
    #[inline(never)]
    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            let field = self.headers.get(self.next)?;
            self.next = self.next.saturating_add(1);
            if field.name.eq_ignore_ascii_case(self.name) {
                return Some(field.value);
            }
        }
    }
}

impl core::fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// An HTTP request. The fields are public so that firmware can hold requests in constants;
/// nothing is checked before the request is signed or verified.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method in any case: `POST`.
    pub method: &'a [u8],
    /// The target as it stands on the request line, percent-encoded: `/api/v2.0/cards?limit=5`.
    pub target: &'a [u8],
    /// The header fields in the order they are sent.
    pub headers: Headers<'a>,
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
            headers: Headers::List(headers),
            body: body.as_ref(),
        }
    }

    /// The values of all fields called `name`, compared without case, in their order.
    pub fn field<'n, N: AsRef<[u8]> + ?Sized>(
        &self,
        name: &'n N,
    ) -> impl Iterator<Item = &'a [u8]> + use<'a, 'n, N> {
        Values {
            headers: self.headers,
            name: name.as_ref(),
            next: 0,
        }
    }

    /// Whether there is a field called `name`, compared without case.
    pub(crate) fn has(&self, name: &[u8]) -> bool {
        self.field(name).next().is_some()
    }
}
