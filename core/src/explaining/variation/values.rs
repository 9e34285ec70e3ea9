//! A field's value as another signer writes it. What the rules refuse is written as it was sent:
//! a signer who sent it has signed something.

use super::dates::write_date;
use super::kind::Kind;
use super::known_names::{HOST_TWINS, TWINS, pick};
use super::plan::Plan;
use super::rewriting::{Form, rewrite};
use crate::bytes::sink::{Counter, Sink};
use crate::error::label::Label;
use crate::error::refusal::Refusal;
use crate::error::{Error, MissingProblem};
use crate::request::field_name::DATE;
use crate::request::field_value::{trim, write_field};
use crate::request::{HeaderField, Headers, Request};

pub(crate) const HOST: &[u8] = b"host";
const CONTENT_TYPE: &[u8] = b"content-type";

/// The name of a field that is looked up: a prefix, and what follows.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'n> {
    prefix: &'static [u8],
    name: &'n [u8],
}

impl<'n> Wanted<'n> {
    /// Where a signer with this plan takes the value of `name` from.
    pub(crate) fn from_request(request: &Request<'_>, name: &'n [u8], plan: &Plan) -> Self {
        let is_host = name.eq_ignore_ascii_case(HOST);
        let host = plan.host_twin.filter(|_| is_host);
        if let Some(host) = host.and_then(|twin| pick(&HOST_TWINS, twin.number())) {
            return Self {
                prefix: b"",
                name: host.as_bytes(),
            };
        }
        let prefix = plan.twin.and_then(|twin| pick(&TWINS, twin.number()));
        let twin = prefix.map(|prefix| Self {
            prefix: prefix.as_bytes(),
            name,
        });
        twin.filter(|twin| twin.fields(request).next().is_some())
            .unwrap_or(Self { prefix: b"", name })
    }

    fn is(self, name: &[u8]) -> bool {
        name.split_at_checked(self.prefix.len())
            .is_some_and(|(prefix, rest)| {
                rest.eq_ignore_ascii_case(self.name) && prefix.eq_ignore_ascii_case(self.prefix)
            })
    }

    /// The fields of this name, in their order.
    pub(crate) fn fields<'r>(
        self,
        request: &Request<'r>,
    ) -> impl Iterator<Item = HeaderField<'r>> + use<'r, 'n> {
        let headers = request.headers;
        headers.iter().filter(move |field| self.is(field.name))
    }
}

/// Writes the value that stands in the line of `name`.
pub(crate) fn write_value(
    request: &Request<'_>,
    name: &[u8],
    plan: &Plan,
    sink: &mut dyn Sink,
) -> Result<(), Error> {
    let wanted = Wanted::from_request(request, name, plan);
    let Some(first) = wanted.fields(request).next() else {
        return Err(Error::MissingHeader {
            name: Label::lowercase(name),
            problem: MissingProblem::Lost,
        });
    };
    let is_date = name.eq_ignore_ascii_case(DATE.as_bytes());
    if is_date && write_date(trim(first.value), plan.date, plan.fraction, sink) {
        return Ok(());
    }
    if name.eq_ignore_ascii_case(HOST) {
        write_host(request, wanted, plan, sink);
    } else if name.eq_ignore_ascii_case(CONTENT_TYPE) {
        write_content_type(request, wanted, plan, sink);
    } else {
        write_instances(request, wanted, plan, sink);
    }
    Ok(())
}

fn write_instances(request: &Request<'_>, wanted: Wanted<'_>, plan: &Plan, sink: &mut dyn Sink) {
    let joining = plan.joining;
    let separator: &[u8] = match joining {
        Some(Kind::JoinedWithSpace | Kind::ListWithSpaces) => b", ",
        _ => b",",
    };
    let count = match joining {
        Some(Kind::FirstInstanceOnly) => 1,
        _ => usize::MAX,
    };
    if joining == Some(Kind::LastInstanceOnly) {
        if let Some(field) = wanted.fields(request).last() {
            write_instance(field, joining, sink);
        }
        return;
    }
    for (index, field) in wanted.fields(request).take(count).enumerate() {
        if index > 0 {
            sink.write(separator);
        }
        write_instance(field, joining, sink);
    }
}

/// One instance: as the rules have it, or as it was sent.
pub(crate) fn write_instance(field: HeaderField<'_>, joining: Option<Kind>, sink: &mut dyn Sink) {
    let form = match joining {
        Some(Kind::ValuesNotTrimmed) => return sink.write(field.value),
        Some(Kind::ListWithoutSpaces) => Form::TightLists,
        Some(Kind::ListWithSpaces) => Form::SpacedLists,
        Some(Kind::ValuesLatin1) => Form::Latin1,
        Some(Kind::ValuesLowercase) => Form::Lowercase,
        _ => Form::Same,
    };
    let fields = [field];
    let alone = Request {
        method: b"",
        target: b"",
        headers: Headers::List(&fields),
        body: b"",
    };
    if form != Form::Same
        || Refusal::of(|refusal| write_field(&alone, field.name, &mut Counter::default(), refusal))
            .is_err()
    {
        return rewrite(form, trim(field.value), sink);
    }
    // It was written before, so it can be.
    let _ = Refusal::of(|refusal| write_field(&alone, field.name, sink, refusal));
}

fn write_host(request: &Request<'_>, wanted: Wanted<'_>, plan: &Plan, sink: &mut dyn Sink) {
    // An IPv6 address has colons of its own, and brackets around them.
    let mut bracket = false;
    let mut has_port = false;
    let mut pass = |bytes: &[u8]| {
        for byte in bytes {
            bracket = (bracket || *byte == b'[') && *byte != b']';
            has_port |= *byte == b':' && !bracket;
            if !(has_port && plan.host_port == Some(Kind::HostWithoutPort)) {
                let lower = plan.host_port == Some(Kind::HostLowercase);
                let byte = if lower {
                    byte.to_ascii_lowercase()
                } else {
                    *byte
                };
                sink.write(&[byte]);
            }
        }
    };
    write_instances(request, wanted, plan, &mut pass);
    match plan.host_port {
        Some(Kind::HostPort443) if !has_port => sink.write(b":443"),
        Some(Kind::HostPort80) if !has_port => sink.write(b":80"),
        _ => {}
    }
}

fn write_content_type(request: &Request<'_>, wanted: Wanted<'_>, plan: &Plan, sink: &mut dyn Sink) {
    let mut has_parameters = false;
    // Spaces wait until it is known that no parameter follows them.
    let mut spaces = 0_usize;
    let keeps = plan.content_type != Some(Kind::CharsetRemoved);
    let mut pass = |bytes: &[u8]| {
        for byte in bytes {
            has_parameters |= *byte == b';';
            if keeps {
                sink.write(&[*byte]);
            } else if *byte == b' ' {
                spaces = spaces.saturating_add(1);
            } else if !has_parameters {
                (0..spaces).for_each(|_| sink.write(b" "));
                spaces = 0;
                sink.write(&[*byte]);
            }
        }
    };
    write_instances(request, wanted, plan, &mut pass);
    if has_parameters {
        return;
    }
    match plan.content_type {
        Some(Kind::CharsetAdded) => sink.write(b"; charset=utf-8"),
        Some(Kind::CharsetAddedTight) => sink.write(b";charset=utf-8"),
        Some(Kind::CharsetAddedUpper) => sink.write(b"; charset=UTF-8"),
        _ => {}
    }
}
