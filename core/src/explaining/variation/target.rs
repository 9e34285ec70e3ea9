//! The line of `(request-target)` as another signer writes it.

use super::deviation::Deviation;
use super::kind::Kind;
use super::known_names::{PREFIXES, TARGET_TWINS, pick};
use super::plan::Plan;
use super::rewriting::{Form, rewrite};
use super::values::{HOST, write_value};
use crate::bytes::sink::Sink;
use crate::error::Error;
use crate::error::refusal::Refusal;
use crate::request::Request;
use crate::request::field_value::write_field;
use crate::request::options::TargetForm;
use crate::request::target::signed_part;
use crate::request::token::write_lowercase;

/// Writes the method, a space and the target.
pub(crate) fn write_target(
    request: &Request<'_>,
    form: TargetForm,
    plan: &Plan,
    sink: &mut dyn Sink,
) -> Result<(), Error> {
    match plan.method {
        Some(Kind::MethodOmitted) => {}
        Some(Kind::MethodUppercase) => {
            for byte in request.method {
                sink.write(&[byte.to_ascii_uppercase()]);
            }
            sink.write(b" ");
        }
        Some(_) => {
            sink.write(request.method);
            sink.write(b" ");
        }
        None => {
            write_lowercase(request.method, sink);
            sink.write(b" ");
        }
    }
    let path = signed_part(request.target, TargetForm::Path);
    let query = request.target.get(path.len()..).unwrap_or_default();
    let (kind, number) = Plan::numbered(plan.target).unzip();
    if kind == Some(Kind::TargetTwin) {
        let name = pick(&TARGET_TWINS, number.unwrap_or_default()).unwrap_or_default();
        return Refusal::of(|refusal| write_field(request, name.as_bytes(), sink, refusal));
    }
    write_origin(request, kind, plan, sink)?;
    write_path(request, path, plan, sink)?;
    if has_query(kind, form) {
        sink.write(query);
    }
    if kind == Some(Kind::TargetWithVersion) {
        sink.write(b" HTTP/1.1");
    }
    Ok(())
}

fn has_query(kind: Option<Kind>, form: TargetForm) -> bool {
    match kind {
        Some(
            Kind::FullTarget
            | Kind::HttpsUrl
            | Kind::HttpUrl
            | Kind::HttpsUrlPort
            | Kind::HttpUrlPort
            | Kind::HostAndTarget,
        ) => true,
        Some(Kind::HttpsUrlPath | Kind::HttpUrlPath | Kind::HostAndPath) => false,
        _ => form == TargetForm::Full,
    }
}

/// Scheme, host and port, where the signer put them before the path.
fn write_origin(
    request: &Request<'_>,
    kind: Option<Kind>,
    plan: &Plan,
    sink: &mut dyn Sink,
) -> Result<(), Error> {
    let (scheme, port): (&[u8], &[u8]) = match kind {
        Some(Kind::HttpsUrl | Kind::HttpsUrlPath) => (b"https://", b""),
        Some(Kind::HttpUrl | Kind::HttpUrlPath) => (b"http://", b""),
        Some(Kind::HttpsUrlPort) => (b"https://", b":443"),
        Some(Kind::HttpUrlPort) => (b"http://", b":80"),
        Some(Kind::HostAndPath | Kind::HostAndTarget) => (b"", b""),
        _ => return Ok(()),
    };
    sink.write(scheme);
    // Only how the value is joined and where it comes from; a port has its own deviation here.
    let host_plan = Plan {
        host_port: None,
        ..*plan
    };
    write_value(request, HOST, &host_plan, sink)?;
    sink.write(port);
    Ok(())
}

fn write_path(
    request: &Request<'_>,
    path: &[u8],
    plan: &Plan,
    sink: &mut dyn Sink,
) -> Result<(), Error> {
    match Plan::numbered(plan.path_prefix) {
        Some((Kind::PathWithForwarded, _)) => {
            Refusal::of(|refusal| write_field(request, b"x-forwarded-prefix", sink, refusal))?;
        }
        Some((_, number)) => sink.write(pick(&PREFIXES, number).unwrap_or_default().as_bytes()),
        None => {}
    }
    let skipped = plan.path_start.map_or(0, Deviation::number);
    let path = from_slash(path, skipped).unwrap_or(path);
    let form = match plan.path {
        Some(Kind::SlashDropped) => {
            sink.write(path.strip_suffix(b"/").unwrap_or(path));
            return Ok(());
        }
        Some(Kind::SlashDoubled) => {
            sink.write(b"/");
            Form::Same
        }
        Some(Kind::NoFirstSlash) => {
            sink.write(path.strip_prefix(b"/").unwrap_or(path));
            return Ok(());
        }
        Some(Kind::LowercasePath) => Form::Lowercase,
        Some(Kind::PathDecoded) => Form::PercentDecoded,
        Some(Kind::PathEncodedTwice) => Form::PercentEncoded,
        Some(Kind::PathEscapesLowercase) => Form::PercentLowercase,
        Some(Kind::PathEscapesUppercase) => Form::PercentUppercase,
        Some(Kind::SlashesCollapsed) => Form::OneSlash,
        _ => Form::Same,
    };
    rewrite(form, path, sink);
    if plan.path == Some(Kind::SlashAdded) && !path.ends_with(b"/") {
        sink.write(b"/");
    }
    Ok(())
}

/// The path from its slash number `skipped` on, not counting the first.
fn from_slash(path: &[u8], skipped: u8) -> Option<&[u8]> {
    let mut slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    let (start, _) = slashes.nth(skipped.into())?;
    path.get(start..).filter(|_| skipped > 0)
}
