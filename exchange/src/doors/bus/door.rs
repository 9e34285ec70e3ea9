//! From a request to a connection (RFC 6455 4.2).

use std::io;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use daxsign_pki::tls::Peer;
use http::header::{
    CONNECTION, HeaderName, HeaderValue, ORIGIN, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::{Method, Request, Response, StatusCode, Version};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::attending::attend;
use super::book::{Book, NoEntry};
use super::connection::Connection;
use super::members::Members;
use super::not_upgraded::NotUpgraded;
use super::watching::Watching;
use crate::party::Party;
use crate::websocket::Closing;

/// The bytes of a key (RFC 6455 4.1).
const KEY_LEN: usize = 16;

/// Lets parties in.
pub struct BusDoor {
    book: Arc<Book>,
    members: Arc<dyn Members>,
    _watching: Watching,
}

impl BusDoor {
    pub(super) fn open(book: Arc<Book>, members: Arc<dyn Members>) -> io::Result<Self> {
        let watching = Watching::start(Arc::clone(&book), Arc::clone(&members))?;
        Ok(Self {
            book,
            members,
            _watching: watching,
        })
    }

    /// Makes a connection of a request, whose `peer` is who showed a certificate in the handshake of TLS. The answer is to be
    /// sent as it is; the connection then lives in a task of the present runtime, which keeps `place` as long.
    ///
    /// # Errors
    /// [`NotUpgraded`], to be answered.
    pub fn upgrade<B>(
        &self,
        request: &mut Request<B>,
        peer: Option<Arc<Peer>>,
        place: impl Send + 'static,
    ) -> Result<Response<()>, NotUpgraded> {
        let key = handshake_key(request)?;
        let accept = HeaderValue::from_str(&derive_accept_key(key.as_bytes()))
            .map_err(|_| NotUpgraded::new(400, "Sec-WebSocket-Key is not as RFC 6455 has it"))?;
        let peer = peer.ok_or_else(|| {
            NotUpgraded::new(
                401,
                "a client certificate is needed, which names the instance",
            )
        })?;
        let party = self.party(&peer)?;
        self.book.would_enter(party)?;
        let upgrade = hyper::upgrade::on(&mut *request);
        self.attend(upgrade, party, peer, place);
        let mut response = Response::new(());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let fields = response.headers_mut();
        fields.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        fields.insert(UPGRADE, HeaderValue::from_static("websocket"));
        fields.insert(SEC_WEBSOCKET_ACCEPT, accept);
        Ok(response)
    }

    fn party(&self, peer: &Peer) -> Result<Party, NotUpgraded> {
        let now = (self.book.clock)();
        peer.is_still_good(now)
            .map_err(|refusal| NotUpgraded::new(401, refusal.to_string()))?;
        let certificate = peer.chain().first();
        let party = self
            .members
            .party(certificate.map_or(&[], AsRef::as_ref), now);
        Ok(party?)
    }

    /// Once the answer has left.
    fn attend(
        &self,
        upgrade: OnUpgrade,
        party: Party,
        peer: Arc<Peer>,
        place: impl Send + 'static,
    ) {
        let book = Arc::clone(&self.book);
        tokio::spawn(async move {
            let Ok(stream) = upgrade.await else {
                return;
            };
            let connection = Arc::new(Connection::new(party, peer, (book.clock)()));
            // Where the last place went to somebody else meanwhile, it connects again.
            if book.enter(&connection).is_err() {
                connection.close(Closing::GoingAway);
            }
            attend(TokioIo::new(stream), book, connection).await;
            drop(place);
        });
    }

    /// Lets nobody in any more: 503. Who is connected stays so.
    pub fn refuse(&self) {
        self.book.refuse();
    }

    /// Lets nobody in any more and ends all connections.
    pub fn close(&self) {
        self.refuse();
        for connection in self.book.connections() {
            connection.close(Closing::GoingAway);
        }
    }
}

/// The key of a request that asks for such a connection.
fn handshake_key<B>(request: &Request<B>) -> Result<String, NotUpgraded> {
    if request.headers().contains_key(ORIGIN) {
        let told = "pages in browsers are not let in: the field Origin is none of a party's";
        return Err(NotUpgraded::new(403, told));
    }
    if request.method() != Method::GET {
        return Err(NotUpgraded::new(405, "a WebSocket starts with GET").with("Allow", "GET"));
    }
    if request.version() != Version::HTTP_11 {
        return Err(NotUpgraded::upgrade_needed(
            "a WebSocket starts with HTTP/1.1",
        ));
    }
    if !names(request, &CONNECTION, "upgrade") || !names(request, &UPGRADE, "websocket") {
        let told = "this path takes WebSockets alone: Connection: Upgrade, Upgrade: websocket";
        return Err(NotUpgraded::upgrade_needed(told));
    }
    if once(request, &SEC_WEBSOCKET_VERSION) != Some("13") {
        let told = "version 13 of WebSocket is spoken here: Sec-WebSocket-Version: 13";
        return Err(NotUpgraded::upgrade_needed(told));
    }
    let key = once(request, &SEC_WEBSOCKET_KEY).unwrap_or_default();
    let decoded = STANDARD.decode(key).map(|bytes| bytes.len());
    if decoded != Ok(KEY_LEN) {
        let told = "Sec-WebSocket-Key is one field with 16 bytes in base64";
        return Err(NotUpgraded::new(400, told));
    }
    Ok(key.to_owned())
}

/// Whether one of the names in a list is this one, in any case.
fn names<B>(request: &Request<B>, field: &HeaderName, wanted: &str) -> bool {
    let values = request.headers().get_all(field).iter();
    let mut names = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    names.any(|name| name.trim().eq_ignore_ascii_case(wanted))
}

/// The value of a field that stands there once.
fn once<'r, B>(request: &'r Request<B>, field: &HeaderName) -> Option<&'r str> {
    let mut values = request.headers().get_all(field).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok().map(str::trim),
        _ => None,
    }
}

impl From<NoEntry> for NotUpgraded {
    fn from(problem: NoEntry) -> Self {
        Self::later(match problem {
            NoEntry::Full => "as many parties are connected as may be: try again later",
            NoEntry::Stopping => "this exchange stops: try again later",
        })
    }
}

impl core::fmt::Debug for BusDoor {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(formatter, "BusDoor({})", self.book.connections().len())
    }
}
