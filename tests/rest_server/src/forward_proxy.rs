//! A forward proxy, as organisations have them: `CONNECT` makes a tunnel to the server.

use std::sync::{Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The longest head of a request for a tunnel.
const MAX_HEAD: usize = 8_192;

/// What came to a proxy.
#[derive(Debug)]
pub struct ForwardProxy {
    /// Where it is.
    pub address: String,
    /// `Basic` and base64, if it wants to know who comes.
    wants: Option<String>,
    asked: Mutex<Vec<String>>,
}

impl ForwardProxy {
    pub(crate) fn new(address: String, wants: Option<String>) -> Self {
        let asked = Mutex::default();
        Self {
            address,
            wants,
            asked,
        }
    }

    /// The request lines that came.
    pub fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// One connection.
    pub(crate) async fn serve(&self, mut client: TcpStream) -> std::io::Result<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") && head.len() < MAX_HEAD {
            head.push(client.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head);
        let line = head.lines().next().unwrap_or_default().to_owned();
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line.clone());
        let account = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("proxy-authorization")
                .then(|| value.to_owned())
        });
        if self.wants.is_some() && self.wants != account {
            let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\n\
                           Proxy-Authenticate: Basic realm=\"made up\"\r\nContent-Length: 0\r\n\r\n";
            return client.write_all(refusal.as_bytes()).await;
        }
        let Some(("CONNECT", target)) = line
            .strip_suffix(" HTTP/1.1")
            .and_then(|line| line.split_once(' '))
        else {
            let refusal = "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n";
            return client.write_all(refusal.as_bytes()).await;
        };
        let mut server = TcpStream::connect(target.replace("localhost", "127.0.0.1")).await?;
        client
            .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
            .await?;
        tokio::io::copy_bidirectional(&mut client, &mut server).await?;
        Ok(())
    }
}
