//! Who signs and sends: the client that the settings describe.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use daxsign_client::asynchronous::Client;
use daxsign_client::{OutgoingRequest, Session};
use daxsign_proxy::Watch;

use crate::failure::Failure;
use crate::output;
use crate::proxy::arguments::ProxyCommand;
use crate::rest::client_error::failure;
use crate::rest::connection::{self, Connection, Way};
use crate::rest::{settings, signed};

/// The client, and how it signs.
pub(crate) struct Sender {
    pub(crate) client: Client,
    pub(crate) way: Way,
    /// What the settings say, and their file.
    pub(crate) own: settings::Settings,
    pub(crate) file: PathBuf,
    /// What all of it was read from.
    pub(crate) files: Vec<PathBuf>,
}

/// Reads settings, key, certificates and password.
pub(crate) fn open(command: &ProxyCommand) -> Result<Sender, Failure> {
    open_with(command, None)
}

/// The same again. The tokens of the client before are used on, unless there is another password; its
/// dates are not.
pub(crate) fn open_again(command: &ProxyCommand, before: &Client) -> Result<Sender, Failure> {
    open_with(command, Some(before.session()))
}

/// The files that the settings name now, whether they can be used or not; `None` where the settings cannot be read.
pub(crate) fn named(command: &ProxyCommand) -> Option<Vec<PathBuf>> {
    let mut files = connection::files(command.name.name.as_deref()).ok()?;
    files.extend(command.secret_file.clone());
    Some(files)
}

fn open_with(command: &ProxyCommand, before: Option<&Arc<Session>>) -> Result<Sender, Failure> {
    let connection = Connection::open(command.name.name.as_deref())?;
    let way = connection.way(command.profile, command.headers.as_deref())?;
    let mut settings = connection.client_settings(&way, connection.password()?)?;
    settings.timeout = command.timeout;
    let session = connection.session_after(settings, before.map(|session| &**session))?;
    let client = Client::from_session(session).map_err(|error| failure(&error))?;
    let mut files = connection.files();
    files.extend(command.secret_file.clone());
    Ok(Sender {
        client,
        way,
        files,
        file: connection.file,
        own: connection.settings,
    })
}

/// Of how many requests it is still shown what is signed, whoever signs.
pub(crate) type Explained = Arc<AtomicU32>;

/// Shows on standard error what is signed of as many requests as `left` says.
pub(crate) fn explaining(left: Explained, way: Way) -> Watch {
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
