//! The component list: which parts of the request are signed, and in what order (S-LIST,
//! S-REQUIRED, S-BIND).

use crate::bytes::sink::{Counter, Sink};
use crate::error::label::Label;
use crate::error::{BindingProblem, Error, TOO_MANY_NAMES};
use crate::request::Request;
use crate::request::field_name::{CONTENT_LENGTH, DATE};
use crate::request::options::Policy;
use crate::request::token::{first_non_token, write_lowercase};

/// The component that stands for method and target.
pub const REQUEST_TARGET: &str = "(request-target)";

/// How many names a list may hold, repetitions counted (S-LIST): work for a request then grows no
/// faster than its size times this.
const MAX_NAMES: usize = 64;

/// The order of the default list (S-BIND): `date` last, so that no line can become body.
const DEFAULT_ORDER: [&str; 5] = [REQUEST_TARGET, "host", "content-type", CONTENT_LENGTH, DATE];

/// An ordered list of components, checked and reduced, borrowed from the caller.
///
/// A list holds at most 64 names, repetitions counted. A name that occurs more than once counts
/// once, at its last place. Nothing is copied: the reduction is done while iterating.
///
/// ```
/// use daxsign_core::Components;
/// let list = Components::parse("date (request-target) Host date")?;
/// let names: Vec<_> = list.iter().map(|component| component.to_string()).collect();
/// assert_eq!(names, ["(request-target)", "host", "date"]);
/// # Ok::<(), daxsign_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Components<'a> {
    names: Names<'a>,
    /// A name may occur more than once: two have the same [`name_bit`].
    repeats: bool,
    /// Why this list is not used to sign a body.
    unbound: Option<BindingProblem>,
}

/// Where the names come from.
#[derive(Clone, Copy, Debug)]
enum Names<'a> {
    /// A `headers` parameter: names separated by single spaces. Never empty.
    Text(&'a [u8]),
    /// A list of names.
    List(&'a [&'a str]),
    /// The [default list](DEFAULT_ORDER), less the fields that the request lacks: a bit for each name,
    /// the first one's lowest.
    Default { lacks: u8 },
}

/// One component of a list.
#[derive(Clone, Copy)]
pub struct Component<'a> {
    name: &'a [u8],
}

impl<'a> Component<'a> {
    /// The name as it stands in the caller's list, in any case.
    #[must_use]
    pub const fn name(&self) -> &'a [u8] {
        self.name
    }

    /// Whether this is `name`, compared without case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

impl core::fmt::Display for Component<'_> {
    /// The name in lowercase, as it is signed.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        use core::fmt::Write;
        self.name
            .iter()
            .try_for_each(|byte| f.write_char(byte.to_ascii_lowercase().into()))
    }
}

impl core::fmt::Debug for Component<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self, f)
    }
}

impl<'a> Components<'a> {
    /// The list in a `headers` parameter: names separated by single spaces, in any case.
    ///
    /// # Errors
    /// [`Error::InvalidComponent`] with the position 64 for more than 64 names; else
    /// [`Error::InvalidComponent`], [`Error::UnsupportedComponent`] or
    /// [`Error::MissingComponent`], the first that applies.
    pub fn parse<T: AsRef<[u8]> + ?Sized>(list: &'a T) -> Result<Self, Error> {
        match list.as_ref() {
            [] => Self::checked(Names::List(&[])),
            text => Self::checked(Names::Text(text)),
        }
    }

    /// The list of `names`, in any case.
    ///
    /// # Errors
    /// As [`Components::parse`].
    pub fn from_names(names: &'a [&'a str]) -> Result<Self, Error> {
        Self::checked(Names::List(names))
    }

    /// The default list of S-BIND for `request`: `(request-target)`, then `host`, `content-type`
    /// and `content-length` as far as the request has them, then `date`.
    ///
    /// It binds the body whenever the request has a `Content-Length`. Without one, a body is not
    /// signed with this list ([`Error::UnboundBody`]), since a verifier with the strict policy
    /// refuses it. For peers that accept it: [`for_policy`](Self::for_policy). A list of your own
    /// is signed as it is.
    #[must_use]
    pub fn default_for(request: &Request<'_>) -> Self {
        /// The bit of `content-length`.
        const LENGTH: u8 = 1 << 3;
        let mut lacks = 0;
        for (name, bit) in [
            ("host", 1 << 1),
            ("content-type", 1 << 2),
            (CONTENT_LENGTH, LENGTH),
        ] {
            if !request.has(name.as_bytes()) {
                lacks |= bit;
            }
        }
        Self {
            names: Names::Default { lacks },
            repeats: false,
            unbound: (lacks & LENGTH != 0).then_some(BindingProblem::NoContentLength),
        }
    }

    /// The same list for a verifier with this policy: under [`Policy::Interop`] the
    /// [default list](Self::default_for) signs a body without `Content-Length` too. Lists of
    /// your own stay as they are.
    ///
    /// ```
    /// use daxsign_core::*;
    /// let headers = [HeaderField::new("Date", "2020-05-17T14:44:30+02:00")];
    /// let request = Request::new("POST", "/api/v2/DaxEndPoint", &headers, "{}");
    /// let list = Components::default_for(&request);
    /// let digest = |list| signing_digest(&request, &list, Profile::VendorSdk, Options::DAX);
    /// assert_eq!(digest(list).unwrap_err().name(), "unbound-body");
    /// assert!(digest(list.for_policy(Policy::Interop)).is_ok());
    /// ```
    #[must_use]
    pub const fn for_policy(self, policy: Policy) -> Self {
        match policy {
            Policy::Strict => self,
            Policy::Interop => Self {
                unbound: None,
                ..self
            },
        }
    }

    /// Why a body is not signed with this list; `None` where it is.
    pub(crate) const fn unbound(&self) -> Option<BindingProblem> {
        self.unbound
    }

    /// Why a verifier with this policy refuses a body with this list; `None` if it takes one.
    pub(crate) fn unbound_under(&self, policy: Policy) -> Option<BindingProblem> {
        if policy == Policy::Interop {
            None
        } else if !self.contains(CONTENT_LENGTH) {
            Some(BindingProblem::ContentLengthNotListed)
        } else if !self.ends_with(DATE) {
            Some(BindingProblem::DateNotLast)
        } else {
            None
        }
    }

    /// S-LIST and S-REQUIRED.
    fn checked(names: Names<'a>) -> Result<Self, Error> {
        // First, since everything else may take as many looks at the list as it has names.
        if names.iter().nth(MAX_NAMES).is_some() {
            return Err(Error::InvalidComponent {
                position: MAX_NAMES,
                name: Label::new(TOO_MANY_NAMES.as_bytes()),
            });
        }
        let (mut seen, mut repeats) = (0, false);
        for (index, name) in names.iter().enumerate() {
            check_name(index.saturating_add(1), name)?;
            let bit = name_bit(name);
            repeats |= seen & bit != 0;
            seen |= bit;
        }
        for name in [REQUEST_TARGET, DATE] {
            if !names.iter().holds(name.as_bytes()) {
                return Err(Error::MissingComponent { name });
            }
        }
        Ok(Self {
            names,
            repeats,
            unbound: None,
        })
    }

    /// The components in their order, reduced.
    pub fn iter(&self) -> impl Iterator<Item = Component<'a>> + use<'a> {
        let Self { names, repeats, .. } = *self;
        let mut rest = names.iter();
        core::iter::from_fn(move || {
            loop {
                let name = rest.next()?;
                if !(repeats && rest.holds(name)) {
                    return Some(Component { name });
                }
            }
        })
    }

    /// Whether `name` is listed, compared without case.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.names.iter().holds(name.as_bytes())
    }

    /// Whether `name` is the last component, compared without case.
    #[must_use]
    pub fn ends_with(&self, name: &str) -> bool {
        self.names
            .iter()
            .last()
            .is_some_and(|last| last.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// Writes the `headers` parameter: the reduced list in lowercase, single spaces between.
    pub fn write_to(&self, sink: &mut dyn Sink) {
        let mut separator: &[u8] = b"";
        for component in self.iter() {
            sink.write(separator);
            write_lowercase(component.name, sink);
            separator = b" ";
        }
    }

    /// The length of the `headers` parameter in bytes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let mut counter = Counter::default();
        self.write_to(&mut counter);
        counter.count()
    }
}

impl<'a> Names<'a> {
    /// The names in their order, repeated ones included.
    const fn iter(self) -> NameIter<'a> {
        let (text, list, lacks): (Option<&'a [u8]>, &'a [&'a str], u8) = match self {
            Self::Text(text) => (Some(text), &[], 0),
            Self::List(list) => (None, list, 0),
            Self::Default { lacks } => (None, &DEFAULT_ORDER, lacks),
        };
        NameIter { text, list, lacks }
    }
}

/// The names of a list.
#[derive(Clone)]
struct NameIter<'a> {
    /// What is left of a text; `None` behind its last name.
    text: Option<&'a [u8]>,
    /// What is left of a list.
    list: &'a [&'a str],
    /// Which of those are left out: a bit for each, the first one's lowest.
    lacks: u8,
}

impl NameIter<'_> {
    /// Whether what is left holds `name`, compared without case.
    fn holds(&self, name: &[u8]) -> bool {
        self.clone().any(|listed| listed.eq_ignore_ascii_case(name))
    }
}

impl<'a> Iterator for NameIter<'a> {
    type Item = &'a [u8];

    // One copy for its many users.
    #[inline(never)]
    fn next(&mut self) -> Option<&'a [u8]> {
        if let Some(text) = self.text {
            let end = text.iter().position(|&byte| byte == b' ');
            self.text = end.and_then(|end| text.get(end.saturating_add(1)..));
            return text.get(..end.unwrap_or(text.len()));
        }
        loop {
            let (first, rest) = self.list.split_first()?;
            let lacks = self.lacks & 1 != 0;
            self.list = rest;
            self.lacks >>= 1;
            if !lacks {
                return Some(first.as_bytes());
            }
        }
    }
}

/// One of 32 bits, from the name's length and first letter without its case. Equal names have the
/// same; the few names of a list seldom do, and then need not be compared with each other.
fn name_bit(name: &[u8]) -> u32 {
    // Both cases of a letter are 32 apart, a whole turn.
    let letter = name.first().map_or(0, |letter| u32::from(*letter));
    let len = u32::try_from(name.len()).unwrap_or_default();
    1_u32.rotate_left(len.wrapping_add(letter))
}

/// One entry: a field name, or `(request-target)`.
fn check_name(position: usize, name: &[u8]) -> Result<(), Error> {
    if name.eq_ignore_ascii_case(REQUEST_TARGET.as_bytes()) || first_non_token(name).is_none() {
        return Ok(());
    }
    let label = Label::new(name);
    if let [b'(', inner @ .., b')'] = name
        && first_non_token(inner).is_none()
    {
        return Err(Error::UnsupportedComponent {
            position,
            name: label,
        });
    }
    Err(Error::InvalidComponent {
        position,
        name: label,
    })
}
