//! The choices that a peer may ask for beside the rules every request keeps.

/// How much of the request target is signed (S-TARGET).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TargetForm {
    /// The path: everything before the first `?`. What DAX expects; the query is not protected.
    #[default]
    Path,
    /// The whole target with its query, for peers that expect it.
    Full,
}

/// Which `Content-Type` a request must have (S-UTF8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContentPolicy {
    /// Any, as long as a charset named in it is UTF-8.
    #[default]
    Any,
    /// `application/json`, as the DAX REST API demands (it answers 400 otherwise).
    Rest,
}

/// Which component lists are accepted for a request with a body (S-BIND).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// `content-length` is listed and `date` comes last, so that no byte can move between the
    /// lines and the body.
    #[default]
    Strict,
    /// Any list with the required components, as the vendor's SDK sends them.
    Interop,
}

/// Options of the signing string. [`Default`] is [`Options::DAX`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// How much of the target is signed.
    pub target: TargetForm,
    /// Which content type is asked for.
    pub content: ContentPolicy,
}

impl Options {
    /// What DAX expects: the path is signed, any content type.
    pub const DAX: Self = Self {
        target: TargetForm::Path,
        content: ContentPolicy::Any,
    };
}
