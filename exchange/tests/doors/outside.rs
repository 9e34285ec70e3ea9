//! Senders that others wrote: curl with a signature that OpenSSL made, and Node.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use daxsign_exchange::doors::rest::Settings;
use daxsign_pki::certificate_pem;

use crate::made::*;

/// The file of the authority that curl and Node trust.
fn authority(place: &Place) -> std::path::PathBuf {
    place.file("root.pem", certificate_pem(&root()).as_bytes())
}

fn curl(place: &Place, more: &[&str]) -> Answer {
    let url = format!("https://localhost:{}", place.address.port());
    let more: Vec<String> = more
        .iter()
        .map(|text| text.replace("{url}", &url))
        .collect();
    let output = run(Command::new("curl")
        .args([
            "--silent",
            "--show-error",
            "--include",
            "--max-time",
            "20",
            "--noproxy",
            "*",
        ])
        .arg("--cacert")
        .arg(authority(place))
        .args(more));
    // HTTP/2 has no reason phrase, and no other difference here.
    Answer::read(&output)
}

/// Whether curl gets an answer.
pub(crate) fn is_answered(place: &Place) -> bool {
    curl(place, &["{url}/nothing"]).status == 401
}

fn token_by_curl(place: &Place, more: &[&str]) -> String {
    let client = format!("client_id={}", a().instance);
    let mut arguments = vec![
        "--data-urlencode",
        "grant_type=password",
        "--data-urlencode",
        "username=anna",
        "--data-urlencode",
        "password=correct horse battery",
        "--data-urlencode",
        &client,
        "{url}/oauth/token",
    ];
    arguments.extend(more);
    let answer = curl(place, &arguments);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

/// SHA256withRSA, by OpenSSL.
fn openssl_signature(string: &str) -> String {
    let mut child = Command::new("openssl")
        .args(["dgst", "-sha256", "-sign"])
        .arg(key_path(A_KEY))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("openssl");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(string.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    BASE64_STANDARD.encode(output.stdout)
}

/// A request of which every byte is made by hand.
fn by_hand(place: &Place, token: &str, more: &[&str]) -> Answer {
    let (date, length) = (now().format().unwrap().to_string(), CARD.len());
    let host = format!("localhost:{}", place.address.port());
    let target = cards();
    let string = format!(
        "(request-target): post {target}\nhost: {host}\ncontent-type: application/json\ncontent-length: {length}\ndate: {date}\n{CARD}"
    );
    let list = "(request-target) host content-type content-length date";
    let signature = openssl_signature(&string);
    let signature = format!(
        "Signature: realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"{list}\" signature=\"{signature}\""
    );
    let (date, bearer) = (
        format!("Date: {date}"),
        format!("Authorization: Bearer {token}"),
    );
    let url = format!("{{url}}{target}");
    let mut arguments = vec![
        "--header",
        "Content-Type: application/json",
        "--header",
        &date,
        "--header",
        &bearer,
        "--header",
        &signature,
        "--data-binary",
        CARD,
        &url,
    ];
    arguments.extend(more);
    curl(place, &arguments)
}

#[test]
fn curl_with_a_signature_of_openssl_is_answered_on_both_versions() {
    let place = Place::secure(settings());
    for version in ["--http1.1", "--http2"] {
        let token = token_by_curl(&place, &[version]);
        let answer = by_hand(&place, &token, &[version]);
        assert_eq!(answer.status, 201, "{version}: {answer:?}");
        assert_eq!(answer.body, ANSWER.as_bytes());
        assert!(answer.field("signature").is_some());
    }
    assert_eq!(place.received(), 2);
}

#[test]
fn where_client_certificates_are_asked_for_the_tokens_instance_has_to_show_its_own() {
    let place = Place::secure(Settings {
        client_certificates: true,
        ..settings()
    });
    let file = |name: &str, party, key: &str, serial| {
        let certificate = certificate_pem(&certificate(party, key, serial));
        let path = place.file(name, certificate.as_bytes());
        path.to_str().unwrap().to_owned()
    };
    let shown = |certificate: &str, key: &str| {
        let key = key_path(key).to_str().unwrap().to_owned();
        [
            "--cert".to_owned(),
            certificate.to_owned(),
            "--key".to_owned(),
            key,
        ]
    };
    let (own, others) = (
        file("a.pem", a(), A_KEY, 2),
        file("b.pem", b(), "rsa4096", 3),
    );
    let unknown = file("c.pem", c(), A_KEY, 4);
    let token = token_by_curl(&place, &[]);
    let none = by_hand(&place, &token, &[]);
    assert_eq!((none.status, &*none.problem()), (401, "client-certificate"));
    for (certificate, key, problem) in [
        (&others, "rsa4096", "client-certificate"),
        (&unknown, A_KEY, "no-certificate"),
    ] {
        let shown = shown(certificate, key);
        let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
        let answer = by_hand(&place, &token, &shown);
        assert_eq!((answer.status, &*answer.problem()), (401, problem));
    }
    assert_eq!(place.received(), 0);
    let shown = shown(&own, A_KEY);
    let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
    assert_eq!(by_hand(&place, &token, &shown).status, 201);
}

/// As onecore calls: Node's `https`, and its `crypto`.
const NODE: &str = r#"
const https = require('https'), crypto = require('crypto'), fs = require('fs');
const [port, root, keyFile, target, card, client] = process.argv.slice(2);
const ca = fs.readFileSync(root);
function call(method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const request = https.request({ host: 'localhost', port, path, method, headers, ca }, response => {
      let text = '';
      response.on('data', piece => text += piece);
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}
(async () => {
  const form = new URLSearchParams({ grant_type: 'password', username: 'anna', password: 'correct horse battery', client_id: client }).toString();
  const granted = await call('POST', '/oauth/token', { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(form) }, form);
  const token = JSON.parse(granted.text).access_token;
  const date = new Date().toISOString(), length = Buffer.byteLength(card);
  const string = `(request-target): post ${target}\ncontent-length: ${length}\ndate: ${date}\n${card}`;
  const signature = crypto.createSign('RSA-SHA256').update(string).sign(fs.readFileSync(keyFile), 'base64');
  const answer = await call('POST', target, {
    'Content-Type': 'application/json; charset=utf-8', 'Content-Length': length, Date: date, Authorization: `Bearer ${token}`,
    Signature: `realm="dax" algorithm="SHA256withRSA" headers="(request-target) content-length date" signature="${signature}"`,
  }, card);
  console.log(JSON.stringify([answer.status, answer.text, typeof answer.headers['x-dax-date']]));
})();
"#;

#[test]
fn node_is_answered() {
    let place = Place::secure(settings());
    let script = place.file("call.cjs", NODE.as_bytes());
    let port = place.address.port().to_string();
    let instance = a().instance.to_string();
    let said = run(Command::new("node")
        .arg(script)
        .arg(port)
        .arg(authority(&place))
        .arg(key_path(A_KEY) as std::path::PathBuf)
        .args([&cards(), CARD, &instance]));
    let said: serde_json::Value = serde_json::from_slice(&said).unwrap();
    assert_eq!(said, serde_json::json!([201, ANSWER, "string"]));
    assert!(Path::new(&place.folder.path()).exists());
    assert_eq!(place.received(), 1);
}
