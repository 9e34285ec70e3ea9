//! The party in C of the page for firmware, and what an exchange sends it.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use daxsign_core::{
    Components, HeaderField, Options, PrivateKey, Profile, PublicKey, Request, RequestSigner,
    TargetForm, Timestamp, signature_header_len,
};
use daxsign_exchange::message::{AnswerRead, Asked, Forward, Message, Signed};
use daxsign_exchange::{CorrelationId, Party};
use daxsign_tests::folder::Folder;
use daxsign_tests::native::{install, project};
use daxsign_tests::pages::program;

use super::{assert_signed_by, firmware, in_flash, key, succeeds};

const PARTY: &str = "7f8c2b1a-0000-4000-8000-00000000abcd/01234567-89ab-cdef-0123-456789abcdef";
const OTHER: &str = "7f8c2b1a-0000-4000-8000-00000000abcd/01234567-89ab-cdef-0123-456789abcdee";
const CORRELATION: &str = "7d37f2c0-3fb7-4a2a-9f0d-1f9f6d6a2b11";
const TARGET: &str = "/doors/17/unlock";
const BODY: &str = "{\"for\": \"a guest\"}";
/// The clock of the board.
const NOW: i64 = 1_589_719_470;
const OF_MESSAGE: &str = "(request-target) x-correlation-id x-dax-sender x-dax-receiver x-dax-contract \
    x-dax-deadline content-type content-length date";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(seconds, 0).expect("a time")
}

fn exchange_file() -> PathBuf {
    project().join("tests/vectors/generated2048.pem")
}

fn exchange_key() -> PrivateKey {
    PrivateKey::from_bytes(&fs::read(exchange_file()).unwrap()).expect("a key")
}

/// What the exchange sends: to whom, for what, when, and how many seconds later it expires.
fn sent<'t>(receiver: &str, target: &'t str, date: i64, lasting: i64) -> Signed<'t> {
    let receiver: Party = receiver.parse().expect("a party");
    let forward = Forward {
        correlation: CORRELATION.parse().expect("an id"),
        sender: OTHER.parse().expect("a party"),
        receiver,
        contract: receiver.partner,
        deadline: at(date + lasting),
        method: "POST",
        target,
        content_type: "application/json",
        body: BODY.as_bytes(),
    };
    let unsigned = forward.dated(at(date)).expect("a message");
    unsigned.sign(&exchange_key()).expect("signed")
}

/// Its fields with another method or list.
fn signed_otherwise(method: &str, list: &str) -> Vec<u8> {
    let model = sent(PARTY, TARGET, NOW, 10);
    let mut fields: Vec<HeaderField<'_>> = Vec::new();
    for (name, value) in model
        .fields()
        .iter()
        .filter(|(name, _)| *name != "Signature")
    {
        fields.push(HeaderField::new(*name, value));
    }
    let request = Request::new(method, TARGET, &fields, BODY.as_bytes());
    let list = Components::parse(list).expect("a list");
    let mut out = vec![0; signature_header_len(2048, list.encoded_len())];
    let signature = RequestSigner::new(&exchange_key(), Profile::Documented)
        .components(list)
        .options(Options {
            target: TargetForm::Full,
            ..Options::DAX
        })
        .sign(&request, &mut out)
        .expect("signed")
        .to_owned();
    let mut text = format!("{method} {TARGET} HTTP/1.1\r\n");
    for (name, value) in model.fields() {
        let value = if *name == "Signature" {
            &signature
        } else {
            value
        };
        for part in [*name, ": ", value.as_str(), "\r\n"] {
            text.push_str(part);
        }
    }
    (text + "\r\n" + BODY).into_bytes()
}

/// The program's answers to these messages, and how often it unlocked the door.
fn said(folder: &Folder, messages: &[&[u8]]) -> (Vec<String>, usize) {
    let mut party = Command::new(folder.path("firmware"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    let mut input = party.stdin.take().expect("its input");
    for message in messages {
        writeln!(input, "{}", message.len()).unwrap();
        input.write_all(message).unwrap();
    }
    drop(input);
    let output = party.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let mut answers: Vec<String> = text.split("\n-- end\n").map(str::to_owned).collect();
    assert_eq!(answers.pop().as_deref(), Some(""), "{text}");
    let unlocked = String::from_utf8(output.stderr).unwrap();
    (answers, unlocked.matches("unlocked\n").count())
}

/// The answer is one by the exchange's rules, and by OpenSSL; its status and body.
fn judged(asked: &Signed<'_>, target: &str, answer: &str) -> (u16, String) {
    let public = PublicKey::from_bytes(&fs::read(key("rsa2048.spki.pem")).unwrap()).expect("a key");
    let message = Message::read(answer.as_bytes()).expect("a message");
    let correlation: CorrelationId = CORRELATION.parse().expect("an id");
    let asked_for = Asked {
        name: asked.name(),
        target,
        correlation: Some(correlation),
    };
    let read = AnswerRead::verify(&message, &[&public], &asked_for, at(NOW)).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let string = format!(
        "(request-target): answer {target}\nx-correlation-id: {CORRELATION}\nx-dax-request: {}\n\
         x-dax-status: {}\ncontent-type: application/json\ncontent-length: {}\n\
         date: 2020-05-17T12:44:30.0000000Z\n{body}",
        asked.name(),
        read.status,
        body.len()
    );
    assert_signed_by(
        "rsa2048.spki.pem",
        head,
        &string,
        "(request-target) x-correlation-id x-dax-request x-dax-status content-type content-length date",
    );
    (read.status, body.to_owned())
}

#[test]
fn a_party_in_c_answers_what_the_exchange_sends_and_nothing_else() {
    let folder = Folder::default();
    succeeds(install().args(["--bits", "2048"]).arg(folder.path("small")));
    let main = folder.write("party.c", program("c-firmware", "c party"));
    let own = in_flash(&folder, "client_key", &key("rsa2048.pkcs1.der"));
    let public = folder.path("exchange.der");
    let mut openssl = Command::new("openssl");
    openssl.args(["pkey", "-pubout", "-outform", "DER", "-in"]);
    succeeds(openssl.arg(exchange_file()).arg("-out").arg(&public));
    let exchange = in_flash(&folder, "exchange_key", &public);
    for compiler in ["gcc", "clang"] {
        firmware(compiler, &folder, &[&main, &own, &exchange]);
        let good = sent(PARTY, TARGET, NOW, 10);
        let again = sent(PARTY, TARGET, NOW - 1, 10);
        let elsewhere = sent(PARTY, "/doors/18/unlock?now=1", NOW, 10);
        let bytes = [&good, &good, &again, &elsewhere].map(Signed::to_bytes);
        let (answers, unlocked) = said(&folder, &bytes.each_ref().map(Vec::as_slice));
        // The second time it is a replay.
        assert_eq!((answers.len(), unlocked), (3, 2), "{answers:?}");
        let unlocked = (200, "{\"door\":17,\"locked\":false}".to_owned());
        assert_eq!(judged(&good, TARGET, &answers[0]), unlocked);
        assert_eq!(judged(&again, TARGET, &answers[1]), unlocked);
        let (status, _) = judged(&elsewhere, "/doors/18/unlock?now=1", &answers[2]);
        assert_eq!(status, 404);

        let good = String::from_utf8(good.to_bytes()).unwrap();
        let refused = [
            sent(OTHER, TARGET, NOW, 10).to_bytes(),
            sent(PARTY, TARGET, NOW - 20, 20).to_bytes(),
            signed_otherwise("POST", &OF_MESSAGE.replace(" x-dax-deadline", "")),
            signed_otherwise("Answer", OF_MESSAGE),
            good.replace("guest", "thief").into_bytes(),
            good.replace(TARGET, "/doors/17/unlock?").into_bytes(),
            good.replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n")
                .into_bytes(),
            good.replacen("\r\n", "\n", 1).into_bytes(),
            good.as_bytes()[..good.len() - 1].to_vec(),
        ];
        let refused: Vec<&[u8]> = refused.iter().map(Vec::as_slice).collect();
        assert_eq!(refused.len(), 9);
        assert_eq!(said(&folder, &refused), (vec![], 0));
        // They are refused for what they say: the same otherwise unchanged is taken.
        assert_eq!(said(&folder, &[&signed_otherwise("POST", OF_MESSAGE)]).1, 1);
    }
}
