//! A party that has nothing of ours: Node's own WebSocket, TLS and RSA.

use std::path::Path;
use std::process::{Command, Stdio};

use daxsign_pki::certificate_pem;

use crate::made::*;
use crate::world::*;

#[test]
fn a_party_in_node_gets_a_request_and_answers_it() {
    let hall = Hall::new();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let pem = |der: &[u8]| certificate_pem(der).into_bytes();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bus/party.mjs");
    let node = Command::new("node")
        .args(["--no-warnings", "--experimental-websocket"])
        .arg(script)
        .arg(format!("wss://{HOST}:{}/exchange/v1/bus", hall.port))
        .arg(file("root.crt", &pem(&hall.certificates.root)))
        .arg(file("b.crt", &pem(&hall.b.certificate)))
        .arg(file("b.key", &hall.b.key_pem))
        .arg(file("exchange.crt", &pem(&hall.server.certificate)))
        .arg(b().to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("node");
    hall.becomes_connected();
    let asked = hall.world.request(TARGET, None);
    let told = told(&hall.run.ask(id(1), &asked.bytes));
    assert_eq!((told.status, &*told.body), (200, &br#"{"by":"node"}"#[..]));
    hall.door.close();
    let output = node.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let expected = format!("POST {TARGET} {BODY}\nclosed 1001 this end stops: connect again\n");
    assert_eq!(
        said,
        expected,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    hall.end();
}
