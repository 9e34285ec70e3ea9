//! `daxsign probe`: which profile and list a service accepts. One token, then `GET /contracts` once
//! for each way of signing, until one is accepted.

use daxsign_client::blocking::Client;
use daxsign_client::protocol::tokens::Tokens;
use daxsign_client::{
    ApiRequest, CallOptions, Error, ErrorKind, List, Method, Profile, Response, Secret,
};
use daxsign_core::DEFAULT_WINDOW;
use serde_json::{Value, json};

use crate::failure::{Failure, Refusal};
use crate::rest::arguments::ProbeCommand;
use crate::rest::client_error;
use crate::rest::connection::{Connection, Way};
use crate::terminal::{self, Paint, shown};
use crate::{ask, output};

/// Reads, and changes nothing.
const PATH: &str = "/contracts";
const LABEL_COLUMNS: usize = 12;

/// Runs the command.
pub(crate) fn run(command: &ProbeCommand) -> Result<(), Failure> {
    let mut connection = Connection::open(command.name.name.as_deref())?;
    let probe = Probe {
        password: connection.password()?,
        tokens: Tokens::default(),
    };
    let mut tried = Vec::new();
    let outcome = probe
        .token(&connection)
        .and_then(|()| probe.ways(&connection, &mut tried));
    let accepted = outcome.as_ref().ok();
    if command.json.json {
        let error = outcome.as_ref().err().and_then(Failure::to_json);
        output::json(&to_json(&tried, accepted, error.as_ref()))?;
    } else {
        output::write(to_text(&tried).as_bytes())?;
    }
    let accepted = outcome?;
    offer(&mut connection, &accepted, command.write)
}

/// The ways that are tried, the likelier ones first.
fn ways() -> [Way; 4] {
    let way = |profile, list: &str| Way {
        profile,
        headers: list.to_owned(),
    };
    [
        way(Profile::VendorSdk, List::OBSERVED),
        way(Profile::Documented, List::BOUND),
        way(Profile::Documented, List::OBSERVED),
        way(Profile::VendorSdk, List::BOUND),
    ]
}

/// What all requests of a probe share.
struct Probe {
    password: Secret,
    tokens: Tokens,
}

/// A way, and what came of it.
struct Tried {
    way: Way,
    status: Option<u16>,
    thumbprint: Option<String>,
    correlation_id: Option<String>,
    accepted: bool,
    /// The answer is signed by the exchange.
    signed: bool,
    said: String,
}

impl Probe {
    /// A client that sends each request once.
    fn client(&self, connection: &Connection, way: &Way) -> Result<Client, Failure> {
        let mut settings = connection.client_settings(way, self.password.clone())?;
        settings.retries = 0;
        settings.renews_token = false;
        let session = connection.session(settings, self.tokens.clone())?;
        Client::from_session(session).map_err(|error| client_error::failure(&error))
    }

    /// The one token. Its request is not signed, so what is refused here says nothing of signatures.
    fn token(&self, connection: &Connection) -> Result<(), Failure> {
        let [way, ..] = ways();
        let client = self.client(connection, &way)?;
        client.log_in().map_err(|error| {
            let hint = matches!(error.kind(), ErrorKind::Unauthorised).then(|| {
                "the token is refused, which no signature has to do with: user, password and \
                 client_id must belong together"
                    .to_owned()
            });
            client_error::failure(&error).with_hint(hint)
        })
    }

    /// Tries the ways; returns the first that is accepted.
    fn ways(&self, connection: &Connection, tried: &mut Vec<Tried>) -> Result<Way, Failure> {
        for way in ways() {
            let client = self.client(connection, &way)?;
            let request = ApiRequest::new(Method::Get, PATH);
            let (one, failure) = match client.send(&request, &CallOptions::default()) {
                Ok(response) => (Tried::answered(way.clone(), &response), None),
                Err(error) => (Tried::refused(way.clone(), &error), ends(&error)),
            };
            let accepted = one.accepted;
            tried.push(one);
            match failure {
                Some(failure) => return Err(failure),
                None if accepted => return Ok(way),
                None => {}
            }
        }
        Err(none_accepted(connection))
    }
}

impl Tried {
    fn answered(way: Way, response: &Response<Value>) -> Self {
        let certificate = response.certificate.as_ref();
        Self {
            way,
            status: Some(response.status),
            thumbprint: certificate.and_then(|notice| notice.thumbprint.clone()),
            correlation_id: response.correlation_id.clone(),
            accepted: true,
            signed: response.verified,
            said: String::new(),
        }
    }

    fn refused(way: Way, error: &Error) -> Self {
        let thumbprint = error.certificate_thumbprint().map(str::to_owned);
        Self {
            way,
            status: error.status(),
            // The certificate is named once the signature has held, whatever is refused then.
            accepted: held(error),
            signed: false,
            thumbprint,
            correlation_id: error.correlation_id().map(str::to_owned),
            said: error.messages().join("; "),
        }
    }

    fn to_json(&self) -> Value {
        json!({
            "profile": self.way.profile.name(),
            "headers": self.way.headers,
            "accepted": self.accepted,
            "status": self.status,
            "certificate_thumbprint": self.thumbprint,
            "signed_by_exchange": self.signed,
            "correlation_id": self.correlation_id,
            "message": self.said,
        })
    }
}

/// The failure that ends a probe: what has nothing to do with the way of signing.
fn ends(error: &Error) -> Option<Failure> {
    let of_signature = matches!(
        error.kind(),
        ErrorKind::SignatureRefused | ErrorKind::Unauthorised
    );
    let other = !held(error) && !of_signature;
    clock_failure(error).or_else(|| other.then(|| client_error::failure(error)))
}

/// Whether a refusal says that the signature held. Who must sign its answers, and does not, says nothing.
fn held(error: &Error) -> bool {
    error.certificate_thumbprint().is_some() && error.kind() != ErrorKind::AnswerRefused
}

/// A clock that is so far off that no date is accepted.
fn clock_failure(error: &Error) -> Option<Failure> {
    let skew = error.clock_skew()?;
    if skew.unsigned_abs() <= DEFAULT_WINDOW.into() {
        return None;
    }
    let (name, side) = if skew > 0 {
        ("future-date", "ahead of")
    } else {
        ("stale-date", "behind")
    };
    Some(Failure::Refused(Refusal {
        name,
        message: format!(
            "this machine's clock is {} s {side} the service's, which refuses requests for their \
             date: set the clock, then probe again",
            skew.unsigned_abs()
        ),
        hints: Vec::new(),
    }))
}

/// The token is good, and no signature is.
fn none_accepted(connection: &Connection) -> Failure {
    let (key, client) = (
        shown(&connection.settings.key),
        connection.settings.client_id,
    );
    let message = format!(
        "the token is accepted, and a signature under none of the profiles and lists: the key in {key} \
         is not the one that is registered for the instance {client} (your own, not the target's), or \
         something on the way changes requests"
    );
    Failure::Refused(Refusal {
        name: ErrorKind::SignatureRefused.name(),
        message,
        hints: vec![
            "`daxsign key` shows the SHA-256 of a key, to compare with what DAX has".to_owned(),
        ],
    })
}

fn to_text(tried: &[Tried]) -> String {
    let paint = Paint::for_stdout();
    let mut text = String::new();
    for one in tried {
        // Of the signature: the request may be refused for another reason.
        let verdict = match (one.accepted, one.status) {
            (true, _) => paint.good("signature accepted"),
            (false, Some(_)) => paint.bad("signature refused"),
            (false, None) => paint.bad("no answer"),
        };
        let status = one
            .status
            .map_or_else(String::new, |status| format!(", status {status}"));
        let thumbprint = match &one.thumbprint {
            Some(thumbprint) => format!(", verified with the certificate {thumbprint}"),
            None => ", no certificate is named".to_owned(),
        };
        let signed = if one.signed {
            ", answer signed by the exchange"
        } else {
            ""
        };
        let said = match one.said.as_str() {
            "" => String::new(),
            said => format!(", \"{said}\""),
        };
        let label = paint.strong(&format!("{:<LABEL_COLUMNS$}", one.way.profile.name()));
        let row = format!(
            "{}: {verdict}{status}{thumbprint}{signed}{said}",
            one.way.headers
        );
        let row = terminal::labelled(&label, LABEL_COLUMNS, &row, terminal::width());
        text.push_str(&row);
    }
    text
}

fn to_json(tried: &[Tried], accepted: Option<&Way>, error: Option<&Value>) -> Value {
    json!({
        "accepted": accepted.map(|way| json!({
            "profile": way.profile.name(),
            "headers": way.headers,
        })),
        "tried": tried.iter().map(Tried::to_json).collect::<Vec<_>>(),
        "error": error,
    })
}

/// Writes what is accepted into the settings, if that is wanted.
fn offer(connection: &mut Connection, way: &Way, write: bool) -> Result<(), Failure> {
    let file = shown(&connection.file);
    if connection.keeps(way) {
        output::labelled("settings", &format!("{file} says so already"));
        return Ok(());
    }
    let question = format!("Write {way} into {file}?");
    if write || (ask::somebody_is_there() && ask::yes(&question)?) {
        connection.keep(way)?;
        output::labelled("settings", &format!("{file}: {way}"));
        return Ok(());
    }
    let text = format!("--write puts {way} into {file}");
    output::labelled("next", &text);
    Ok(())
}
