//! The body as another signer puts it into the string.

use super::kind::Kind;
use super::known_names::{DIGEST_FIELDS, pick};
use super::plan::Plan;
use super::rewriting::{Form, rewrite, write_base64, write_hex};
use crate::bytes::sha256::Sha256;
use crate::bytes::sink::{Counter, Sink};
use crate::error::refusal::Refusal;
use crate::error::{BodyProblem, Error};
use crate::request::Request;
use crate::request::field_value::write_field;

/// UTF-8's byte order mark.
const MARK: &[u8] = b"\xEF\xBB\xBF";
/// UTF-16LE's.
pub(crate) const MARK_16: &[u8] = b"\xFF\xFE";

/// A body that the signer may have signed in place of the one that was sent: the same JSON in other
/// words, or what was there before it was compressed.
#[derive(Clone, Copy)]
pub struct BodyAlternative<'a> {
    /// A name for scripts, such as `json-compact`.
    pub name: &'a str,
    /// What the signer did: `signed the JSON without spaces`.
    pub text: &'a str,
    /// Writes the body; it is called for each string that is tried.
    pub write: &'a dyn Fn(&mut dyn Sink),
}

impl core::fmt::Debug for BodyAlternative<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name)
    }
}

/// What a body is written from.
#[derive(Clone, Copy)]
pub(crate) struct Bodies<'a> {
    pub(crate) request: &'a Request<'a>,
    pub(crate) others: &'a [BodyAlternative<'a>],
}

impl Bodies<'_> {
    /// What stands behind the lines.
    pub(crate) fn write(&self, plan: &Plan, sink: &mut dyn Sink) -> Result<(), Error> {
        let Some((kind, number)) = Plan::numbered(plan.body_digest) else {
            return self.write_body(plan, sink);
        };
        if kind == Kind::DigestFieldForBody {
            let name = pick(&DIGEST_FIELDS, number).unwrap_or_default();
            return Refusal::of(|refusal| {
                write_field(self.request, name.as_bytes(), sink, refusal)
            });
        }
        let mut hash = Sha256::default();
        self.write_body(plan, &mut hash)?;
        let hash = hash.finish();
        match kind {
            Kind::BodyDigestHex => write_hex(&hash, false, sink),
            Kind::BodyDigestBytes => sink.write(&hash),
            Kind::BodyDigestBase64 => write_base64(&hash, sink),
            Kind::BodyContentDigest => {
                sink.write(b"sha-256=:");
                write_base64(&hash, sink);
                sink.write(b":");
            }
            Kind::BodyDigestLine | Kind::BodyDigestText => {
                sink.write(b"digest: SHA-256=");
                write_base64(&hash, sink);
                if kind == Kind::BodyDigestLine {
                    sink.write(b"\n");
                }
            }
            _ => {
                sink.write(b"SHA-256=");
                write_base64(&hash, sink);
            }
        }
        Ok(())
    }

    /// The length of the body that is signed.
    pub(crate) fn length(&self, plan: &Plan) -> Result<u64, Error> {
        let mut counter = Counter::default();
        self.write_body(plan, &mut counter)?;
        Ok(u64::try_from(counter.count()).unwrap_or(u64::MAX))
    }

    fn write_body(&self, plan: &Plan, sink: &mut dyn Sink) -> Result<(), Error> {
        let body = self.request.body;
        let Some((kind, number)) = Plan::numbered(plan.body) else {
            sink.write(body);
            return Ok(());
        };
        match kind {
            Kind::BodyLeftOut => {}
            Kind::EmptyLineBeforeBody => both(b"\n", body, sink),
            Kind::BodyWithNewline => both(body, b"\n", sink),
            Kind::BodyWithCrLf => both(body, b"\r\n", sink),
            Kind::BodyByteOrderMark => both(MARK, body, sink),
            Kind::BodyEmptyObject if body.is_empty() => sink.write(b"{}"),
            Kind::BodyTrimmed => sink.write(body.trim_ascii()),
            Kind::BodyWithoutLastNewline => {
                let body = body.strip_suffix(b"\n").unwrap_or(body);
                sink.write(body.strip_suffix(b"\r").unwrap_or(body));
            }
            Kind::BodyBase64 => write_base64(body, sink),
            Kind::OtherBody => {
                let other = number.checked_sub(1).map(usize::from);
                let other = other.and_then(|index| self.others.get(index));
                let other = other.ok_or(Error::InvalidBody {
                    offset: 0,
                    problem: BodyProblem::NotUtf8,
                })?;
                (other.write)(sink);
            }
            _ => {
                if kind == Kind::BodyUtf16LeMark {
                    sink.write(MARK_16);
                }
                rewrite(form(kind), body, sink);
            }
        }
        Ok(())
    }
}

const fn form(kind: Kind) -> Form {
    match kind {
        Kind::BodyLfOnly => Form::LfOnly,
        Kind::BodyCrLfOnly => Form::CrLfOnly,
        Kind::BodyUtf16Le | Kind::BodyUtf16LeMark => Form::Utf16Le,
        Kind::BodyUtf16Be => Form::Utf16Be,
        Kind::BodyLatin1 => Form::Latin1,
        _ => Form::Same,
    }
}

fn both(first: &[u8], second: &[u8], sink: &mut dyn Sink) {
    sink.write(first);
    sink.write(second);
}
