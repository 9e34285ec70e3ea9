//! The whole string of another signer: lines in an order, then a body.

use super::body::{Bodies, BodyAlternative, MARK_16};
use super::kind::Kind;
use super::plan::Plan;
use super::rewriting::{Form, Rewriting, write_title_case};
use super::target::write_target;
use super::values::{Wanted, write_instance, write_value};
use crate::bytes::sink::{Sink, write_decimal};
use crate::error::Error;
use crate::request::Request;
use crate::request::field_name::{CONTENT_LENGTH, DATE};
use crate::request::options::Options;
use crate::request::token::write_lowercase;
use crate::signing::components::{Component, Components, REQUEST_TARGET};

/// What a string is written from.
#[derive(Clone, Copy)]
pub(crate) struct Writer<'a> {
    pub(crate) request: &'a Request<'a>,
    pub(crate) components: &'a Components<'a>,
    pub(crate) options: Options,
    pub(crate) bodies: &'a [BodyAlternative<'a>],
}

impl Writer<'_> {
    /// The whole string.
    pub(crate) fn write(&self, plan: &Plan, sink: &mut dyn Sink) -> Result<(), Error> {
        self.write_lines(plan, sink)?;
        self.write_body(plan, sink)
    }

    /// The lines, and what an encoding puts before them.
    pub(crate) fn write_lines(&self, plan: &Plan, sink: &mut dyn Sink) -> Result<(), Error> {
        match plan.encoding {
            Some(Kind::StringUtf16LeMark) => sink.write(MARK_16),
            Some(Kind::StringByteOrderMark) => sink.write(b"\xEF\xBB\xBF"),
            _ => {}
        }
        let form = Form::of_string(plan.encoding);
        if form == Form::Same {
            return self.write_plain_lines(plan, sink);
        }
        let mut encoded = Rewriting::new(form, sink);
        let result = self.write_plain_lines(plan, &mut encoded);
        encoded.finish();
        result
    }

    /// What stands behind the lines.
    pub(crate) fn write_body(&self, plan: &Plan, sink: &mut dyn Sink) -> Result<(), Error> {
        let form = Form::of_string(plan.encoding);
        if form == Form::Same {
            return self.body().write(plan, sink);
        }
        let mut encoded = Rewriting::new(form, sink);
        let result = self.body().write(plan, &mut encoded);
        encoded.finish();
        result
    }

    const fn body(&self) -> Bodies<'_> {
        Bodies {
            request: self.request,
            others: self.bodies,
        }
    }

    fn write_plain_lines(&self, plan: &Plan, sink: &mut dyn Sink) -> Result<(), Error> {
        let mut lines = Lines {
            writer: *self,
            plan,
            sink,
            started: false,
        };
        self.for_each(plan.order, &mut |component| lines.component(component))?;
        if plan.content_length == Some(Kind::ContentLengthLast) {
            lines.field(CONTENT_LENGTH.as_bytes())?;
        }
        if lines.started && plan.last_line_end.is_none() {
            lines.sink.write(plan.line_end());
        }
        Ok(())
    }

    /// The components in the order of a signer.
    fn for_each(
        &self,
        order: Option<Kind>,
        visit: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut listed = self.components.iter().map(|component| component.name());
        let is =
            |name: &'static str| move |found: &&[u8]| found.eq_ignore_ascii_case(name.as_bytes());
        let (date, target) = (DATE.as_bytes(), REQUEST_TARGET.as_bytes());
        match order {
            None => listed.try_for_each(visit),
            Some(Kind::DateFirst) => {
                visit(date)?;
                listed.filter(|name| !is(DATE)(name)).try_for_each(visit)
            }
            Some(Kind::DateSecond) => {
                visit(target)?;
                visit(date)?;
                let mut others = listed.filter(|name| !is(DATE)(name) && !is(REQUEST_TARGET)(name));
                others.try_for_each(visit)
            }
            Some(Kind::DateLast) => {
                listed
                    .filter(|name| !is(DATE)(name))
                    .try_for_each(&mut *visit)?;
                visit(date)
            }
            Some(Kind::TargetFirst) => {
                visit(target)?;
                listed
                    .filter(|name| !is(REQUEST_TARGET)(name))
                    .try_for_each(visit)
            }
            Some(Kind::TargetLast) => {
                listed
                    .filter(|name| !is(REQUEST_TARGET)(name))
                    .try_for_each(&mut *visit)?;
                visit(target)
            }
            Some(Kind::TargetAndDateOnly) => [target, date].into_iter().try_for_each(visit),
            Some(Kind::DefaultList) => Components::default_for(self.request)
                .iter()
                .try_for_each(|component| visit(component.name())),
            Some(Kind::OrderAsSent) => self.for_each_sent(visit),
            Some(Kind::OrderSorted) => self.for_each_sorted(visit),
            Some(_) => (0..self.components.iter().count())
                .rev()
                .try_for_each(|index| {
                    self.components
                        .iter()
                        .nth(index)
                        .map_or(Ok(()), |component| visit(component.name()))
                }),
        }
    }

    /// `(request-target)`, then the listed fields as they were sent.
    fn for_each_sent(
        &self,
        visit: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        visit(REQUEST_TARGET.as_bytes())?;
        // A bit for each place in the list (S-LIST: 64 at most): whether it was visited.
        let mut visited = 0_u64;
        for field in self.request.headers.iter() {
            let place = self
                .components
                .iter()
                .position(|component| component.name().eq_ignore_ascii_case(field.name));
            let bit = place
                .and_then(|place| u32::try_from(place).ok())
                .and_then(|place| 1_u64.checked_shl(place))
                .filter(|bit| visited & bit == 0);
            if let Some(bit) = bit {
                visited |= bit;
                visit(field.name)?;
            }
        }
        Ok(())
    }

    /// By name; `(` comes before every letter.
    fn for_each_sorted(
        &self,
        visit: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut last: Option<Component<'_>> = None;
        for _ in 0..self.components.iter().count() {
            let is_later =
                |next: &Component<'_>| last.is_none_or(|last| lowercase(next).gt(lowercase(&last)));
            let next = self
                .components
                .iter()
                .filter(is_later)
                .min_by(|a, b| lowercase(a).cmp(lowercase(b)));
            let Some(next) = next else { break };
            visit(next.name())?;
            last = Some(next);
        }
        Ok(())
    }

    /// Whether this component's line is left out; counted from 1.
    fn is_omitted(&self, name: &[u8], plan: &Plan) -> bool {
        let is_length = name.eq_ignore_ascii_case(CONTENT_LENGTH.as_bytes());
        if is_length && plan.content_length == Some(Kind::ContentLengthOmitted) {
            return true;
        }
        plan.omitted
            .is_some_and(|omitted| self.has_number(name, omitted.number()))
    }

    /// Whether this component stands at this place in the list, counted from 1.
    fn has_number(&self, name: &[u8], number: u8) -> bool {
        let place = number.checked_sub(1);
        let component = place.and_then(|index| self.components.iter().nth(index.into()));
        component.is_some_and(|component| component.name().eq_ignore_ascii_case(name))
    }
}

fn lowercase<'a>(component: &Component<'a>) -> impl Iterator<Item = u8> + use<'a> {
    component.name().iter().map(u8::to_ascii_lowercase)
}

/// Writes lines, each line's end only when the next line starts or all are written.
struct Lines<'a, 's> {
    writer: Writer<'a>,
    plan: &'a Plan,
    sink: &'s mut dyn Sink,
    started: bool,
}

impl Lines<'_, '_> {
    fn component(&mut self, name: &[u8]) -> Result<(), Error> {
        if self.writer.is_omitted(name, self.plan) {
            return Ok(());
        }
        let is_date = name.eq_ignore_ascii_case(DATE.as_bytes());
        if is_date && self.plan.content_length == Some(Kind::ContentLengthBeforeDate) {
            self.field(CONTENT_LENGTH.as_bytes())?;
        }
        if !name.eq_ignore_ascii_case(REQUEST_TARGET.as_bytes()) {
            return self.field(name);
        }
        self.next_line();
        match self.plan.target_name {
            Some(Kind::NoTargetName) => {}
            Some(_) => self.name(b"request-target"),
            None => self.name(name),
        }
        if self.plan.colons == Some(Kind::NamesOnly) {
            return Ok(());
        }
        let writer = self.writer;
        write_target(writer.request, writer.options.target, self.plan, self.sink)?;
        self.end_value(name);
        Ok(())
    }

    fn next_line(&mut self) {
        if self.started {
            self.sink.write(self.plan.line_end());
        }
        self.started = true;
    }

    /// A name and what stands between it and the value.
    fn name(&mut self, name: &[u8]) {
        if self.plan.colons == Some(Kind::ValuesOnly) {
            return;
        }
        match self.plan.names {
            // HTTP/2 and Node lowercase names on their way.
            Some(Kind::NamesNotLowercased)
                if name.starts_with(b"(") || name.iter().any(u8::is_ascii_uppercase) =>
            {
                self.sink.write(name);
            }
            Some(Kind::NamesNotLowercased | Kind::NamesTitleCase) => {
                write_title_case(name, self.sink);
            }
            Some(_) => {
                for byte in name {
                    self.sink.write(&[byte.to_ascii_uppercase()]);
                }
            }
            None => write_lowercase(name, self.sink),
        }
        self.sink.write(match self.plan.colons {
            Some(Kind::NoSpaceAfterColon) => b":",
            Some(Kind::SpaceBeforeColon) => b" : ",
            Some(Kind::EqualsSign) => b"=",
            Some(Kind::NamesOnly) => b"",
            _ => b": ",
        });
    }

    /// The line of a field, with the name as it stands in the request.
    fn field(&mut self, name: &[u8]) -> Result<(), Error> {
        let request = self.writer.request;
        let mut sent = request.headers.iter();
        let sent = sent.find(|field| field.name.eq_ignore_ascii_case(name));
        let is_length = name.eq_ignore_ascii_case(CONTENT_LENGTH.as_bytes());
        let length = if is_length { self.length()? } else { None };
        let is_there = length.is_some()
            || Wanted::from_request(request, name, self.plan)
                .fields(request)
                .next()
                .is_some();
        if !is_there && self.plan.missing == Some(Kind::MissingOmitted) {
            return Ok(());
        }
        let shown = sent.map_or(name, |field| field.name);
        if self.plan.joining == Some(Kind::InstancesOnLines) && length.is_none() {
            return self.instances(shown, name);
        }
        self.next_line();
        self.name(shown);
        if self.plan.colons == Some(Kind::NamesOnly)
            || (!is_there && self.plan.missing == Some(Kind::MissingEmpty))
        {
            return Ok(());
        }
        match length {
            Some(length) => write_decimal(length, &mut |digits: &[u8]| self.sink.write(digits)),
            None => write_value(request, name, self.plan, self.sink)?,
        }
        self.end_value(name);
        Ok(())
    }

    /// A space that the signer had behind a value, and that HTTP libraries take off.
    fn end_value(&mut self, name: &[u8]) {
        let Some(end) = self.plan.value_end else {
            return;
        };
        if end.kind() == Kind::BlankBehindValues || self.writer.has_number(name, end.number()) {
            self.sink.write(b" ");
        }
    }

    /// A line for each field of a name.
    fn instances(&mut self, shown: &[u8], name: &[u8]) -> Result<(), Error> {
        let request = self.writer.request;
        let wanted = Wanted::from_request(request, name, self.plan);
        let mut fields = wanted.fields(request);
        let (Some(first), second) = (fields.next(), fields.next()) else {
            return write_value(request, name, self.plan, self.sink);
        };
        let Some(second) = second else {
            self.next_line();
            self.name(shown);
            return write_value(request, name, self.plan, self.sink);
        };
        for field in [first, second].into_iter().chain(fields) {
            self.next_line();
            self.name(shown);
            write_instance(field, None, self.sink);
        }
        Ok(())
    }

    /// What the signer took for the body's length, where that is not what was sent.
    fn length(&self) -> Result<Option<u64>, Error> {
        let body = self.writer.request.body;
        Ok(match self.plan.content_length {
            Some(Kind::ContentLengthOfSigned) => Some(self.writer.body().length(self.plan)?),
            Some(Kind::ContentLengthZero) => Some(0),
            Some(Kind::ContentLengthCharacters) => {
                let characters = body.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
                u64::try_from(characters).ok()
            }
            _ => None,
        })
    }
}
