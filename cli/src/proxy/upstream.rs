//! Who signs and sends: the client that the settings describe.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use daxsign_client::OutgoingRequest;
use daxsign_client::asynchronous::Client;
use daxsign_client::protocol::tokens::Tokens;
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
}

/// Reads settings, key, certificates and password.
pub(crate) fn open(command: &ProxyCommand) -> Result<Sender, Failure> {
    let connection = Connection::open(command.name.name.as_deref())?;
    let way = connection.way(command.profile, command.headers.as_deref())?;
    let mut settings = connection.client_settings(&way, connection.password()?)?;
    settings.timeout = command.timeout;
    let session = connection.session(settings, Tokens::default())?;
    let client = Client::from_session(session).map_err(|error| failure(&error))?;
    Ok(Sender { client, way })
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
