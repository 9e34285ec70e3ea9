//! The bodies that a signer may have signed in place of the one that was sent, as far as making
//! them needs a heap: written anew, in another encoding, before it was compressed.

use super::inflate::{Inflated, MAX_INFLATED, inflate};
use super::json;
use super::text_encoding;
use daxsign_http::RawRequest;

/// All bodies together have no more bytes than this.
const MAX_TOTAL: usize = 32 << 20;
/// Larger bodies are not written anew: reading JSON takes many times its length.
const MAX_REWRITTEN: usize = 2 << 20;
/// No more are made: each is combined with every other mistake.
const MAX_COUNT: usize = 32;

/// A body that may have been signed.
#[derive(Debug)]
pub(super) struct OtherBody {
    /// For scripts.
    pub(super) name: String,
    /// What the signer did, behind "the signer".
    pub(super) text: String,
    pub(super) bytes: Vec<u8>,
    pub(super) kind: Kind,
}

/// What the advice depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Compressed,
    Chunked,
    Json,
    Form,
    Encoding,
}

/// The bodies to try, and what is left out.
#[derive(Debug, Default)]
pub(super) struct OtherBodies {
    pub(super) bodies: Vec<OtherBody>,
    /// A sentence for each thing that was not tried.
    pub(super) left_out: Vec<String>,
    total: usize,
    is_full: bool,
}

impl OtherBodies {
    /// Those of a request with this body.
    pub(super) fn from_request(raw: &RawRequest<'_>, body: &[u8]) -> Self {
        let mut others = Self::default();
        if body.len() < raw.body().len() {
            let text = "signed the body with the chunk sizes around it (Transfer-Encoding)";
            others.add(body, Kind::Chunked, "chunked-body", text, || {
                Some(raw.body().to_vec())
            });
        }
        match plain(raw, body, &mut others) {
            Some(inflated) => {
                let text = "signed the body before it was compressed (Content-Encoding)";
                others.add(
                    body,
                    Kind::Compressed,
                    "body-before-compression",
                    text,
                    || Some(inflated.clone()),
                );
                others.rewritten(
                    &inflated,
                    "before-compression-",
                    ", before it was compressed",
                );
            }
            None => others.rewritten(body, "", ""),
        }
        if others.is_full {
            let text =
                "not all ways to write the body anew were tried, since it is large or has many";
            others.left_out.push(text.to_owned());
        }
        others
    }

    /// What libraries make of a body in reading and writing it.
    fn rewritten(&mut self, body: &[u8], prefix: &str, suffix: &str) {
        if body.len() > MAX_REWRITTEN {
            self.left_out.push(format!(
                "the body was not written anew (other JSON, other encodings), since it has more \
                 than {} MiB",
                MAX_REWRITTEN >> 20
            ));
            return;
        }
        let characters = text_encoding::CHARACTERS.map(|encoding| (Kind::Encoding, encoding));
        let forms = text_encoding::FORMS.map(|encoding| (Kind::Form, encoding));
        for (kind, (name, text, encode)) in characters.into_iter().chain(forms) {
            let name = format!("{prefix}{name}");
            self.add(body, kind, &name, &format!("{text}{suffix}"), || {
                encode(body)
            });
        }
        let Some(tokens) = json::read(body) else {
            return;
        };
        for style in json::styles() {
            let name = format!("{prefix}{}", style.name());
            let text = format!("{}{suffix}", style.text());
            let write = || Some(style.write(&tokens).into_bytes());
            self.add(body, Kind::Json, &name, &text, write);
        }
    }

    /// Adds what `make` returns, unless it is the body itself or there already.
    fn add(
        &mut self,
        body: &[u8],
        kind: Kind,
        name: &str,
        text: &str,
        make: impl FnOnce() -> Option<Vec<u8>>,
    ) {
        let is_full =
            self.bodies.len() >= MAX_COUNT || self.total.saturating_add(body.len()) > MAX_TOTAL;
        if is_full {
            self.is_full = true;
            return;
        }
        let Some(bytes) = make() else { return };
        let is_known = bytes == body && kind != Kind::Compressed
            || self.bodies.iter().any(|other| other.bytes == bytes);
        if !is_known {
            self.total = self.total.saturating_add(bytes.len());
            self.bodies.push(OtherBody {
                name: name.to_owned(),
                text: text.to_owned(),
                bytes,
                kind,
            });
        }
    }
}

/// The body out of its content coding.
fn plain(raw: &RawRequest<'_>, body: &[u8], others: &mut OtherBodies) -> Option<Vec<u8>> {
    /// What gzip starts with (RFC 1952 2.3.1), also where the field was lost.
    const GZIP: &[u8] = &[0x1f, 0x8b];
    let field = raw.named("content-encoding").next();
    let coding = field.map(|field| field.value.trim_ascii().to_ascii_lowercase());
    let coding = match coding.as_deref() {
        Some(b"gzip" | b"x-gzip") => "gzip",
        Some(b"deflate") => "deflate",
        None if body.starts_with(GZIP) => "gzip",
        None | Some(b"" | b"identity") => return None,
        Some(other) => {
            others.left_out.push(format!(
                "the body was not taken out of its Content-Encoding {}: only gzip and deflate are known",
                crate::terminal::visible(other)
            ));
            return None;
        }
    };
    match inflate(coding, body) {
        Inflated::Body(inflated) => Some(inflated),
        Inflated::TooLarge => {
            others.left_out.push(format!(
                "the body was not taken out of its {coding}: there are more than {} MiB in it",
                MAX_INFLATED >> 20
            ));
            None
        }
        Inflated::Unreadable => {
            others.left_out.push(format!(
                "the body could not be taken out of its {coding}: it is damaged"
            ));
            None
        }
    }
}
