//! Who signs and sends: the client that the settings describe.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use daxsign_client::asynchronous::Client;
use daxsign_client::protocol::tokens::Tokens;
use daxsign_client::{OutgoingRequest, Settings};
use daxsign_proxy::Watch;

use crate::failure::Failure;
use crate::output;
use crate::proxy::arguments::ProxyCommand;
use crate::rest::client_error::failure;
use crate::rest::connection::{Connection, Way};
use crate::rest::signed;

/// The client, and how it signs.
pub(crate) struct Sender {
    pub(crate) client: Client,
    pub(crate) way: Way,
    /// What all of it was read from.
    pub(crate) files: Vec<PathBuf>,
}

/// Reads settings, key, certificates and password.
pub(crate) fn open(command: &ProxyCommand) -> Result<Sender, Failure> {
    open_with(command, |_| Tokens::default())
}

/// The same again. The tokens of the client before are used on, unless there is another password.
pub(crate) fn open_again(command: &ProxyCommand, before: &Client) -> Result<Sender, Failure> {
    let session = before.session();
    open_with(command, |settings| {
        let same = settings.password.expose() == session.settings().password.expose();
        if same {
            session.tokens().clone()
        } else {
            Tokens::default()
        }
    })
}

fn open_with(
    command: &ProxyCommand,
    tokens: impl FnOnce(&Settings) -> Tokens,
) -> Result<Sender, Failure> {
    let connection = Connection::open(command.name.name.as_deref())?;
    let way = connection.way(command.profile, command.headers.as_deref())?;
    let mut settings = connection.client_settings(&way, connection.password()?)?;
    settings.timeout = command.timeout;
    let tokens = tokens(&settings);
    let session = connection.session(settings, tokens)?;
    let client = Client::from_session(session).map_err(|error| failure(&error))?;
    let files = connection.files();
    Ok(Sender { client, way, files })
}

/// Shows on standard error what is signed of the next `count` requests.
pub(crate) fn explaining(count: u32, way: Way) -> Watch {
    let left = AtomicU32::new(count);
    Arc::new(move |request: &OutgoingRequest| {
        let one_less = |left: u32| left.checked_sub(1);
        let shown = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less);
        if shown.is_ok()
            && let Err(failure) = signed::explain(request, &way)
        {
            output::failure(&failure);
        }
    })
}
