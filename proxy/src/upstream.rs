//! Who sends requests on: a client of the REST API, which can be replaced while requests are in work.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use daxsign_client::OutgoingRequest;
use daxsign_client::asynchronous::Client;

/// What sees each request as it goes out, token included.
pub type Watch = Arc<dyn Fn(&OutgoingRequest) + Send + Sync>;

/// The client that requests are sent with.
pub struct Upstream {
    client: RwLock<Client>,
    watch: Watch,
}

impl Upstream {
    /// With this client; `watch` sees each request as it goes out.
    #[must_use]
    pub fn new(client: Client, watch: Watch) -> Self {
        let client = RwLock::new(client);
        Self { client, watch }
    }

    /// The client for the next request.
    #[must_use]
    pub fn client(&self) -> Client {
        let client = self.client.read();
        client.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on requests are sent with this client; those in work go on with the one they have.
    pub fn replace(&self, client: Client) {
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = client;
    }

    pub(crate) fn watch(&self) -> &(dyn Fn(&OutgoingRequest) + Send + Sync) {
        &*self.watch
    }
}

impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upstream").finish_non_exhaustive()
    }
}
