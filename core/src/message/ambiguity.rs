//! What is read otherwise elsewhere.

/// What some readers take for another field than others do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ambiguity {
    /// White space stands between the name and its colon.
    SpacedColon,
    /// `Transfer-Encoding`: the body is framed, not sent as it is.
    TransferEncoding,
    /// A CR or LF that starts no folded line.
    LineBreak {
        /// Where it stands in the value, in bytes from 0.
        offset: usize,
    },
    /// A control character stands in the value.
    ControlCharacter {
        /// Where it stands in the value, in bytes from 0.
        offset: usize,
    },
    /// A second `Host` or `Content-Length`.
    Repeated {
        /// The line of the first one, counted from 1.
        first: usize,
    },
}
