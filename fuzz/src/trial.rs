//! Bytes as a request: parts with a separator between them, so that a seed can be read, a
//! dictionary fits, and what a mutation inserts in one part moves no other.
//!
//! ```text
//! switches ¦ list ¦ method ¦ target ¦ body ¦ name ¦ value ¦ name ¦ value …
//! ```

use crate::request::OwnedRequest;

/// Between two parts. It occurs in no UTF-8; where bytes that are not UTF-8 are wanted there are
/// others.
pub const SEPARATOR: u8 = 0xFE;

/// A request and a component list, each of which may break any number of rules.
#[derive(Clone, Debug)]
pub struct Trial {
    /// What else is to be chosen.
    pub switches: Vec<u8>,
    /// The component list as text.
    pub list: String,
    /// The request.
    pub request: OwnedRequest,
}

impl Trial {
    /// Every input is one.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let mut parts = bytes.split(|byte| *byte == SEPARATOR);
        let mut next = || parts.next().unwrap_or_default();
        let switches = next().to_vec();
        let [list, method, target] = [next(), next(), next()].map(text);
        let body = next().to_vec();
        let rest: Vec<&[u8]> = parts.collect();
        let headers = rest.chunks(2).map(|pair| match pair {
            [name, value] => (text(name), value.to_vec()),
            _ => (text(pair[0]), Vec::new()),
        });
        Self {
            switches,
            list,
            request: OwnedRequest {
                method,
                target,
                headers: headers.collect(),
                body,
            },
        }
    }

    /// The list's names as they stand between its spaces.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        names(&self.list)
    }

    /// One of the switches; 0 where there is none.
    #[must_use]
    pub fn switch(&self, index: usize) -> u8 {
        self.switches.get(index).copied().unwrap_or(0)
    }
}

/// The names of a list; an empty text has none.
#[must_use]
pub fn names(list: &str) -> Vec<String> {
    if list.is_empty() {
        return Vec::new();
    }
    list.split(' ').map(str::to_owned).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
