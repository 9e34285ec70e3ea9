//! Requests that are signed wrongly by OpenSSL, and what `daxsign explain` says of them.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use crate::cases::key_path;
use crate::openssl::OpenSsl;
use crate::request::OwnedRequest;
use crate::tool::{Run, Tool};

/// The list of the requests.
pub const LIST: &str = "(request-target) host content-length date";

/// The tool and OpenSSL, with one key.
#[derive(Debug, Default)]
pub struct Bench {
    /// Runs `explain`.
    pub tool: Tool,
    /// Signs.
    pub openssl: OpenSsl,
}

/// What `explain` said, as JSON and as text.
#[derive(Debug)]
pub struct Explained {
    /// The JSON object.
    pub json: Value,
    /// The run that printed text.
    pub text: Run,
}

/// The path of a key as an argument.
#[must_use]
pub fn key(file: &str) -> String {
    key_path(file).display().to_string()
}

/// A request with a body.
#[must_use]
pub fn post(body: &[u8]) -> OwnedRequest {
    OwnedRequest {
        method: "POST".into(),
        target: "/api/v2/DaxEndPoint".into(),
        headers: vec![
            ("Host".into(), b"dax.amido.se".to_vec()),
            ("Date".into(), b"2020-05-17T14:44:30Z".to_vec()),
            ("Content-Length".into(), body.len().to_string().into_bytes()),
        ],
        body: body.to_vec(),
    }
}

/// The lines of [`post`] with this length, and this body behind them.
#[must_use]
pub fn string(len: usize, body: &[u8]) -> Vec<u8> {
    let lines = format!(
        "(request-target): post /api/v2/DaxEndPoint\nhost: dax.amido.se\ncontent-length: {len}\n\
         date: 2020-05-17T14:44:30Z\n"
    );
    [lines.as_bytes(), body].concat()
}

/// The value of a Signature field.
#[must_use]
pub fn field(list: &str, signature: &[u8]) -> String {
    let base64 = BASE64_STANDARD.encode(signature);
    format!("realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"{list}\" signature=\"{base64}\"")
}

impl Bench {
    /// The request with a signature that OpenSSL made over `message`.
    #[must_use]
    pub fn signed(&self, request: OwnedRequest, message: &[u8]) -> OwnedRequest {
        let signature = self.openssl.sign(&key_path("rsa2048.pkcs1.pem"), message);
        request.with_header("Signature", field(LIST, &signature))
    }

    /// Explains the request, with further arguments.
    ///
    /// # Panics
    /// If the output in JSON is none.
    #[must_use]
    pub fn explain(&self, request: &OwnedRequest, arguments: &[&str]) -> Explained {
        self.explain_bytes(&request.to_http("\r\n"), arguments)
    }

    /// The same for the bytes of a request.
    ///
    /// # Panics
    /// If the output in JSON is none, or says other than the text.
    #[must_use]
    pub fn explain_bytes(&self, request: &[u8], arguments: &[&str]) -> Explained {
        self.tool.write("signed.http", request);
        let key = key("rsa2048.spki.pem");
        let plain = [&["explain", "--key", &key, "signed.http"], arguments].concat();
        let text = self.tool.run(&plain);
        let run = self.tool.run(&[&plain[..], &["--json"]].concat());
        assert_eq!((run.code, &run.err), (text.code, &text.err));
        let json: Value = serde_json::from_slice(&run.out)
            .unwrap_or_else(|error| panic!("{error}: {} {}", run.text(), run.err));
        let description = json["description"].as_str().expect("a sentence");
        assert!(text.text().contains(description), "{}", text.text());
        Explained { json, text }
    }
}
