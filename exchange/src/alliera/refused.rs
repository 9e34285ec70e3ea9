//! Why an Alliera does not do what it is asked.

/// A refusal: nothing was changed, unless it says so.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) status: u16,
    /// In `error[name]`.
    pub(super) name: &'static str,
    pub(super) texts: Vec<String>,
    /// Whether what was written until then is kept: a wrong PIN is counted.
    pub(super) kept: bool,
}

impl Refused {
    fn new(status: u16, name: &'static str, text: impl Into<String>) -> Self {
        Self {
            status,
            name,
            texts: vec![text.into()],
            kept: false,
        }
    }

    /// 400: what was sent cannot be meant.
    pub(super) fn invalid(text: impl Into<String>) -> Self {
        Self::new(400, "invalid-request", text)
    }

    /// 400, with all that is wrong.
    pub(super) fn schema(texts: Vec<String>) -> Self {
        Self {
            texts,
            ..Self::invalid("")
        }
    }

    /// 404: it does not exist, for the one who asks at least.
    pub(super) fn missing(what: &str) -> Self {
        Self::new(404, "not-found", format!("there is no such {what}"))
    }

    /// 409: as things stand it cannot be done.
    pub(super) fn conflict(text: impl Into<String>) -> Self {
        Self::new(409, "conflict", text)
    }

    /// 403: this owner may not.
    pub(super) fn forbidden(name: &'static str, text: &str) -> Self {
        Self::new(403, name, text)
    }

    /// 429: not so often.
    pub(super) fn too_often(text: &str) -> Self {
        Self::new(429, "too-many-attempts", text)
    }

    /// The same, with what was written.
    pub(super) fn keeping(mut self) -> Self {
        self.kept = true;
        self
    }
}

/// The store fails: what it says may hold values, so only its kind is told.
impl From<rusqlite::Error> for Refused {
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error_code();
        Self::new(503, "store", format!("the store failed: {code:?}"))
    }
}
