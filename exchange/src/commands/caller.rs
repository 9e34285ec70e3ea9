//! Asks a running exchange at its management door.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use daxsign_exchange::operating::{Folder, Part, Settings};
use daxsign_hosting::Address;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::commands::failure::Failure;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long one may take for which the whole record is read.
const LONG_PATIENCE: Duration = Duration::from_hours(6);

/// A running exchange.
pub(crate) struct Caller {
    address: Address,
    token: String,
    patience: Duration,
}

impl Caller {
    /// That of this folder.
    pub(crate) fn of(folder: &Path) -> Result<Self, Failure> {
        let settings = Settings::read(folder).map_err(Failure::of)?;
        let address = settings.management_address(folder).map_err(Failure::of)?;
        if matches!(address, Address::Tcp(address) if address.port() == 0) {
            return Err(Failure::of(
                "management.listen has port 0, any that is free: which one it got is not written down; give it a port",
            ));
        }
        let token = Folder::new(folder).read_text(Part::ManagementToken);
        Ok(Self {
            address,
            token: token.map_err(Failure::of)?,
            patience: PATIENCE,
        })
    }

    /// The same, for what takes long.
    pub(crate) const fn patient(mut self) -> Self {
        self.patience = LONG_PATIENCE;
        self
    }

    /// Asks, and returns status and body of whatever it answers.
    pub(crate) fn answer(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(u16, Bytes), Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(Failure::of)?;
        let asked = async {
            let patience = self.patience;
            let answer = tokio::time::timeout(patience, self.send(method, path, body)).await;
            answer.map_err(|_| {
                let seconds = patience.as_secs();
                Failure::of(format_args!(
                    "the exchange does not answer within {seconds} s"
                ))
            })?
        };
        runtime.block_on(asked)
    }

    /// Asks, and returns the body of its answer.
    pub(crate) fn ask(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Bytes, Failure> {
        let (status, answer) = self.answer(method, path, body)?;
        if status == 200 {
            return Ok(answer);
        }
        let told = message(&answer);
        Err(Failure::Refused(format!("{told} ({status})")))
    }

    /// The same, where the answer is JSON.
    pub(crate) fn json(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Failure> {
        let answer = self.ask(method, path, body)?;
        serde_json::from_slice(&answer).map_err(Failure::of)
    }

    async fn send(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(u16, Bytes), Failure> {
        let nobody = |error| {
            Failure::Unusable(format!(
                "no exchange answers at {}: {error}; `daxsign-exchange serve` runs it",
                self.address
            ))
        };
        let body = body.map(ToString::to_string).unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, "localhost")
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(body)))
            .map_err(Failure::of)?;
        match &self.address {
            Address::Tcp(address) => {
                let stream = tokio::net::TcpStream::connect(address).await;
                exchanged(stream.map_err(nobody)?, request).await
            }
            #[cfg(unix)]
            Address::Unix(path) => {
                let stream = tokio::net::UnixStream::connect(path).await;
                exchanged(stream.map_err(nobody)?, request).await
            }
            #[cfg(not(unix))]
            Address::Unix(_) => Err(Failure::of("there are no UNIX sockets here")),
        }
    }
}

/// Why something was not done.
pub(crate) fn message(answer: &[u8]) -> String {
    let told: Option<Value> = serde_json::from_slice(answer).ok();
    let told = told.as_ref().and_then(|told| told.get("message")?.as_str());
    told.unwrap_or("the exchange says nothing of it").to_owned()
}

async fn exchanged<S>(stream: S, request: Request<Full<Bytes>>) -> Result<(u16, Bytes), Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await.map_err(Failure::of)?;
    tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(Failure::of)?;
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.map_err(Failure::of)?;
    Ok((status, body.to_bytes()))
}
