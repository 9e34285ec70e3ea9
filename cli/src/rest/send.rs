//! Sends what a command asks for, or shows what it would send.

use std::cell::Cell;
use std::io::{self, IsTerminal};

use daxsign_client::blocking::Client;
use daxsign_client::paging::Course;
use daxsign_client::protocol::tokens::Tokens;
use daxsign_client::{Error, OutgoingRequest, Response, Secret};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::rest::answer::{self, Shown};
use crate::rest::arguments::CallArguments;
use crate::rest::connection::{Connection, Way, options};
use crate::rest::progress::Progress;
use crate::rest::wanted::{AllPages, Wanted};
use crate::rest::{client_error, signed};
use crate::{ask, clock, output};

/// Carries out a call.
pub(crate) fn run(
    wanted: &Wanted,
    connection: &Connection,
    arguments: &CallArguments,
) -> Result<(), Failure> {
    let way = connection.way(arguments.profile, arguments.headers.as_deref())?;
    output::labelled("profile", &way.to_string());
    if arguments.dry_run {
        return dry_run(wanted, connection, arguments, &way);
    }
    confirm(wanted, arguments.yes)?;
    let settings = connection.client_settings(&way, connection.password()?)?;
    let session = connection.session(settings, Tokens::default())?;
    let client = Client::from_session(session).map_err(|error| client_error::failure(&error))?;
    let call = Sender {
        client,
        wanted,
        arguments,
        way,
        told: Cell::new(false),
    };
    match &wanted.all {
        Some(pages) => call.all(pages),
        None => call.once(),
    }
}

/// Asks about what cannot be undone.
fn confirm(wanted: &Wanted, yes: bool) -> Result<(), Failure> {
    let Some(question) = wanted.question.filter(|_| !yes) else {
        return Ok(());
    };
    let what = format!("{} {}", wanted.method.as_str(), wanted.request.target());
    if !ask::somebody_is_there() {
        return Err(Failure::Unusable(format!(
            "{what}: {question} Nobody can be asked here, so nothing was sent: --yes does it"
        )));
    }
    if ask::yes(&format!("{what}\n{question} Do it?"))? {
        return Ok(());
    }
    Err(Failure::Unusable("nothing was sent".to_owned()))
}

/// Prints the request as it would go out.
fn dry_run(
    wanted: &Wanted,
    connection: &Connection,
    arguments: &CallArguments,
    way: &Way,
) -> Result<(), Failure> {
    // It is not used: nobody is asked for it.
    let password = Secret::new("none");
    let session = connection.session(
        connection.client_settings(way, password)?,
        Tokens::default(),
    )?;
    let options = options(arguments);
    let request = match &wanted.all {
        Some(pages) => page(wanted, pages.offset, pages.limit),
        None => wanted.request.clone(),
    };
    let request = session
        .sign(&request, &options, Some(signed::TOKEN), clock::now()?)
        .map_err(|error| client_error::failure(&error))?;
    if arguments.shown.explain {
        signed::explain(&request, way)?;
    }
    output::labelled(
        "note",
        "nothing was sent; TOKEN stands where the bearer token would",
    );
    output::product(&signed::http(&request), None)
}

/// The request for a page.
fn page(wanted: &Wanted, offset: u64, limit: u32) -> daxsign_client::ApiRequest {
    let request = wanted.request.clone().query("offset", &offset.to_string());
    request.query("limit", &limit.to_string())
}

/// A call under way.
struct Sender<'a> {
    client: Client,
    wanted: &'a Wanted,
    arguments: &'a CallArguments,
    way: Way,
    /// Whether it was told that the key's certificate expires soon.
    told: Cell<bool>,
}

impl Sender<'_> {
    fn once(&self) -> Result<(), Failure> {
        let response = self.send(&self.wanted.request)?;
        self.shown().response(response)
    }

    /// All pages, each shown as it comes.
    fn all(&self, pages: &AllPages) -> Result<(), Failure> {
        let info = self.wanted.info;
        let name = info.map_or("the list", |info| info.id);
        let mut course = Course::new(name, pages.limit, pages.offset);
        let mut progress = Progress::default();
        let key = |item: &Value| {
            let value = item.get(self.wanted.id_field?)?;
            (!value.is_null()).then(|| value.to_string())
        };
        while let Some(offset) = course.next_offset() {
            let answer = self.send(&page(self.wanted, offset, pages.limit));
            let response = answer.map_err(|failure| failure.with_hint(progress.resumed(offset)))?;
            let items = answer::items(&response.data, info).ok_or_else(|| {
                Failure::Unusable(format!("{name}: the answer's data holds no list"))
            })?;
            let page = course
                .take(response.map(|_| items), key)
                .map_err(|error| self.failure(&error))?;
            let total = page.paging.and_then(|paging| paging.total);
            let count = page.data.len();
            progress.clear();
            if !self.shown().page(page.data)? {
                output::labelled("note", "nobody reads on, so no more pages are asked for");
                return Ok(());
            }
            progress.add(count, total);
        }
        progress.clear();
        output::labelled("items", &progress.count().to_string());
        Ok(())
    }

    fn send(&self, request: &daxsign_client::ApiRequest) -> Result<Response<Value>, Failure> {
        let mut explained = Ok(());
        let mut watch = |request: &OutgoingRequest| {
            if self.arguments.shown.explain && explained.is_ok() {
                explained = signed::explain(request, &self.way);
            }
        };
        let options = options(self.arguments);
        let answer = self.client.send_watched(request, &options, &mut watch);
        explained?;
        let whole = answer.and_then(|response| match self.wanted.info {
            Some(info) => response.holding(info),
            None => Ok(response),
        });
        let response = whole.map_err(|error| self.failure(&error))?;
        if !self.told.get() {
            self.told.set(answer::tell(&response));
        }
        Ok(response)
    }

    /// The failure of a call; where JSON is wanted it is on standard output too.
    fn failure(&self, error: &Error) -> Failure {
        if self.arguments.shown.json {
            let json = output::json(&json!({ "error": client_error::to_json(error) }));
            if let Err(failure) = json {
                return failure;
            }
        }
        client_error::failure(error)
    }

    fn shown(&self) -> Shown {
        let pin_wanted = self
            .wanted
            .info
            .is_some_and(|info| info.id == "generate_pin_code");
        Shown {
            json: self.arguments.shown.json || !io::stdout().is_terminal(),
            secrets: self.arguments.shown.show_secrets || pin_wanted,
            id_field: self.wanted.id_field,
            info: self.wanted.info,
        }
    }
}
