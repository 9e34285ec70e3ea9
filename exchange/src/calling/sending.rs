//! One request over a connection, and the status of its answer. The answer's body is not read: the connection is closed.

use bytes::Bytes;
use http::header::{AUTHORIZATION, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;

use crate::callbacks::{CallbackUrl, Registration, Tried};
use crate::message::Message;

/// The longest head of an answer that is read.
const MAX_HEAD_LEN: usize = 16 << 10;

/// The request of a signed callback; `None` for one that HTTP cannot carry, which is not registered.
pub(super) fn request(
    head: &[u8],
    body: &[u8],
    registration: &Registration,
    url: &CallbackUrl,
) -> Option<Request<Full<Bytes>>> {
    let message = [head, body].concat();
    let message = Message::read(&message).ok()?;
    let mut fields = HeaderMap::new();
    for (name, value) in registration.headers() {
        let mut value = HeaderValue::from_str(value.expose()).ok()?;
        value.set_sensitive(true);
        fields.append(HeaderName::from_bytes(name.as_bytes()).ok()?, value);
    }
    if let Some(token) = registration.token() {
        let bearer = zeroize::Zeroizing::new(format!("Bearer {}", token.expose()));
        let mut value = HeaderValue::from_str(&bearer).ok()?;
        value.set_sensitive(true);
        fields.insert(AUTHORIZATION, value);
    }
    fields.insert(HOST, HeaderValue::from_str(&url.authority()).ok()?);
    // Last, so that nothing registered could stand in their place.
    for field in &message.fields {
        fields.insert(
            HeaderName::from_bytes(field.name).ok()?,
            HeaderValue::from_bytes(field.value).ok()?,
        );
    }
    let mut request = Request::new(Full::new(Bytes::copy_from_slice(body)));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = url.target().parse().ok()?;
    *request.headers_mut() = fields;
    Some(request)
}

/// Sends it, and says what came.
pub(super) async fn send(
    stream: TlsStream<TcpStream>,
    request: Request<Full<Bytes>>,
    patience: std::time::Duration,
) -> Tried {
    let mut builder = http1::Builder::new();
    builder.max_buf_size(MAX_HEAD_LEN);
    let (mut sender, connection) = match builder.handshake(TokioIo::new(stream)).await {
        Ok(made) => made,
        Err(error) => return Tried::NotTaken(format!("HTTP: {error}")),
    };
    let connection = tokio::spawn(connection);
    let answered = timeout(patience, sender.send_request(request)).await;
    // Whatever the answer goes on with is not read.
    connection.abort();
    match answered {
        Err(_) => Tried::Perhaps(format!("no answer within {patience:?}")),
        Ok(Err(error)) if error.is_canceled() => {
            Tried::NotTaken(format!("it was not sent: {error}"))
        }
        Ok(Err(error)) => Tried::Perhaps(format!("sent, and no answer came: {error}")),
        Ok(Ok(response)) => Tried::answered(response.status().as_u16()),
    }
}
