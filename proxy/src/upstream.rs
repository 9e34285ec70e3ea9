//! Who sends requests on: a client of the REST API, which can be replaced while requests are in work.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use daxsign_client::OutgoingRequest;
use daxsign_client::asynchronous::Client;

/// What sees each request as it goes out, token included.
pub type Watch = Arc<dyn Fn(&OutgoingRequest) + Send + Sync>;

/// Who sends requests now: a client, and what sees its requests. They are replaced as a whole: no request
/// is signed with one key and sent with the token or the certificate of another.
pub struct Upstream(RwLock<(Client, Watch)>);

impl Upstream {
    /// With this client; `watch` sees each request as it goes out.
    #[must_use]
    pub fn new(client: Client, watch: Watch) -> Self {
        Self(RwLock::new((client, watch)))
    }

    /// The client for the next request.
    #[must_use]
    pub fn client(&self) -> Client {
        self.now().0
    }

    /// The client for the next request, and what sees it.
    pub(crate) fn now(&self) -> (Client, Watch) {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// From now on requests are sent with this client; those in work go on with the one they have.
    pub fn replace(&self, client: Client, watch: Watch) {
        let mut now = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *now, (client, watch));
        drop(now);
        // Its threads may end here.
        drop(before);
    }
}

impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upstream").finish_non_exhaustive()
    }
}
