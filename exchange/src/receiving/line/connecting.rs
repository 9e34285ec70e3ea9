//! One attempt to connect.

use std::sync::Arc;

use daxsign_pki::tls::rustls::ClientConfig;
use daxsign_pki::tls::{Peer, Witness};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::Error;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use super::settings::LineParts;
use crate::websocket::{BUS_PATH, Meter, Metered, frames};

/// How much of a refusal is shown.
const SHOWN: usize = 300;

/// A connection.
pub(super) struct Connected {
    pub(super) socket: WebSocketStream<Metered<TlsStream<TcpStream>>>,
    pub(super) meter: Meter,
    pub(super) peer: Peer,
}

/// Connects, or says why not.
pub(super) async fn connect(parts: &LineParts) -> Result<Connected, String> {
    let patience = parts.settings.connect_patience;
    let attempt = timeout(patience, attempt(parts)).await;
    attempt.unwrap_or_else(|_| {
        Err(format!(
            "{} did not answer within {patience:?}",
            parts.address
        ))
    })
}

async fn attempt(parts: &LineParts) -> Result<Connected, String> {
    let stream = TcpStream::connect(&parts.address)
        .await
        .map_err(|error| format!("{}: {error}", parts.address))?;
    // Messages are written whole: what is there goes out.
    let _ = stream.set_nodelay(true);
    let (config, witness) = configuration(parts)?;
    let stream = TlsConnector::from(config)
        .connect(parts.host.clone(), stream)
        .await
        .map_err(|error| refused(&witness, &error))?;
    let peer = witness.peer().map_err(|refusal| refusal.to_string())?;
    let request = format!("wss://{}{BUS_PATH}", parts.host.to_str());
    let request = request
        .into_client_request()
        .map_err(|error| error.to_string())?;
    let max = parts.settings.max_message;
    let meter = Meter::new(max);
    let stream = Metered::new(stream, meter.clone());
    let (socket, _) = client_async_with_config(request, stream, Some(frames(max)))
        .await
        .map_err(|error| not_upgraded(&error))?;
    Ok(Connected {
        socket,
        meter,
        peer,
    })
}

/// A WebSocket starts with HTTP/1.1.
fn configuration(parts: &LineParts) -> Result<(Arc<ClientConfig>, Witness), String> {
    let connection = parts.tls.connection(&parts.host);
    let (config, witness) = connection.map_err(|error| error.to_string())?;
    let mut config = ClientConfig::clone(&config);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok((Arc::new(config), witness))
}

fn refused(witness: &Witness, error: &std::io::Error) -> String {
    let refusal = witness.refusal();
    refusal.map_or_else(|| format!("TLS: {error}"), |refusal| refusal.to_string())
}

/// With what the exchange says.
fn not_upgraded(error: &Error) -> String {
    let Error::Http(response) = error else {
        return format!("the WebSocket: {error}");
    };
    let body = response.body().as_deref().unwrap_or_default();
    let body = String::from_utf8_lossy(body.get(..SHOWN).unwrap_or(body));
    let body: String = body
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    format!("the exchange answers {}: {body}", response.status())
}
