//! The sidecar before a receiver, without its sockets: what passes with which fields, what is refused by
//! which name, whose keys are known, and what is remembered. Signatures are OpenSSL's.

use std::fmt::Write;

use base64::prelude::{BASE64_STANDARD, Engine};
use daxsign_core::{Options, Policy, Profile, TargetForm, Timestamp};
use daxsign_proxy::Refusal;
use daxsign_proxy::verifying::memory::ReplayMemory;
use daxsign_proxy::verifying::peers::Peers;
use daxsign_proxy::verifying::receiver::{Passed, Received, Receiver};
use daxsign_tests::cases::{key_file, key_path};
use daxsign_tests::openssl::OpenSsl;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};

/// 2020-05-17T12:44:30Z.
const NOW: i64 = 1_589_719_470;
const DATE: &str = "2020-05-17T12:44:30Z";
const LIST: &str = "(request-target) host content-type content-length date";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(seconds, 0).expect("a time")
}

/// A request as it is sent.
#[derive(Clone)]
struct Sent {
    method: &'static str,
    target: String,
    fields: Vec<(String, String)>,
    body: &'static str,
}

impl Sent {
    fn new(method: &'static str, target: &str, body: &'static str, date: &str) -> Self {
        let mut sent = Self {
            method,
            target: target.into(),
            fields: Vec::new(),
            body,
        };
        sent.add("Host", "receiver.example");
        if !body.is_empty() {
            sent.add("Content-Type", "application/json");
            sent.add("Content-Length", &body.len().to_string());
        }
        sent.add("Date", date);
        sent
    }

    fn add(&mut self, name: &str, value: &str) {
        self.fields.push((name.into(), value.into()));
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.add(name, value);
        self
    }

    fn value(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter();
        fields
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| &**value)
    }

    /// Signed by OpenSSL, over a string written out here.
    fn signed(self, key: &str) -> Self {
        let names: Vec<_> = LIST
            .split(' ')
            .filter(|name| name.starts_with('(') || self.value(name).is_some())
            .collect();
        self.signed_as(key, &names.join(" "))
    }

    fn signed_as(mut self, key: &str, list: &str) -> Self {
        let mut string = String::new();
        for name in list.split(' ') {
            let value = match name {
                "(request-target)" => format!(
                    "{} {}",
                    self.method.to_lowercase(),
                    self.target.split('?').next().expect("a path")
                ),
                _ => self.value(name).expect("a listed field").to_owned(),
            };
            writeln!(string, "{name}: {value}").expect("a line");
        }
        string.push_str(self.body);
        let signature = OpenSsl::default().sign(&key_path(key), string.as_bytes());
        let base64 = BASE64_STANDARD.encode(signature);
        let value = format!(
            r#"realm="dax" algorithm="sha256withrsa" headers="{list}" signature="{base64}""#
        );
        self.add("Signature", &value);
        self
    }

    fn fields(&self) -> HeaderMap {
        let mut fields = HeaderMap::new();
        for (name, value) in &self.fields {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
            fields.append(name, HeaderValue::from_str(value).expect("a value"));
        }
        fields
    }
}

fn post() -> Sent {
    Sent::new("POST", "/doors?open=1", r#"{"id": 1}"#, DATE)
}

fn receiver(peers: Peers) -> Receiver {
    Receiver {
        peers,
        profile: Profile::Documented,
        policy: Policy::Strict,
        window: 300,
        options: Options::DAX,
    }
}

fn one_peer() -> Peers {
    Peers::read([("alliera-1", &*key_file("rsa2048.spki.pem"))]).expect("a peer")
}

fn judge(
    receiver: &Receiver,
    memory: &ReplayMemory,
    sent: &Sent,
    now: i64,
) -> Result<Passed, Refusal> {
    let method = Method::from_bytes(sent.method.as_bytes()).expect("a method");
    let target: Uri = sent.target.parse().expect("a target");
    let request = Received {
        method: &method,
        target: &target,
        fields: &sent.fields(),
        body: sent.body.as_bytes(),
    };
    receiver.judge(&request, memory, at(now))
}

/// The verdict of a receiver that remembers nothing yet.
fn verdict(sent: &Sent) -> Result<Passed, Refusal> {
    judge(
        &receiver(one_peer()),
        &ReplayMemory::new(100, None),
        sent,
        NOW,
    )
}

fn refused(verdict: Result<Passed, Refusal>) -> (u16, &'static str) {
    let refusal = verdict.expect_err("a refusal");
    assert!(!refusal.message.is_empty());
    (refusal.status.as_u16(), refusal.name)
}

#[test]
fn the_upstream_is_told_who_sent_what() {
    let sent = post()
        .with("X-Unsigned", "kept")
        .with("Authorization", "Bearer t");
    let passed = verdict(&sent.clone().signed("rsa2048.pkcs8.pem")).expect("it passes");
    let openssl = OpenSsl::default();
    let der = format!(
        "pkey -pubin -in {} -outform DER -out key.der",
        key_path("rsa2048.spki.pem").display()
    );
    openssl.run(&der);
    let digest = String::from_utf8(openssl.run("dgst -sha256 -r key.der")).expect("text");
    let mut expected = sent.signed("rsa2048.pkcs8.pem").fields();
    for (name, value) in [
        ("x-dax-verified-peer", "alliera-1"),
        (
            "x-dax-verified-thumbprint",
            digest.split(' ').next().expect("a hash"),
        ),
        ("x-dax-verified-date", "2020-05-17T12:44:30.0000000Z"),
        ("x-dax-verified-components", LIST),
        ("x-dax-verified-profile", "documented"),
    ] {
        expected.insert(name, HeaderValue::from_str(value).expect("a value"));
    }
    assert_eq!(passed.fields, expected);
    assert_eq!(&*passed.peer, "alliera-1");
}

#[test]
fn what_ends_here_is_not_passed_on() {
    let ends = [
        "X-Dax-Verified-Peer",
        "x_dax_verified_peer",
        "X-Dax_Verified-Thumbprint",
        "X.Dax.Verified.Date",
        "x-dax-verified-",
        "X-Dax-Verified-Anything",
        "Connection",
        "Keep-Alive",
        "Proxy-Connection",
        "Proxy-Authorization",
        "TE",
        "Trailer",
        "Upgrade",
        "Expect",
        "X-Of-This-Hop",
    ];
    let mut sent = post();
    for name in ends {
        sent.add(
            name,
            if name == "Connection" {
                "close, X-Of-This-Hop"
            } else {
                "somebody"
            },
        );
    }
    let passed = verdict(&sent.signed("rsa2048.pkcs8.pem"))
        .expect("it passes")
        .fields;
    let left: Vec<_> = passed
        .iter()
        .filter(|(_, value)| *value == "somebody")
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(!passed.contains_key("connection"));
    assert_eq!(passed.get_all("x-dax-verified-peer").iter().count(), 1);
    let verified = passed
        .keys()
        .filter(|name| name.as_str().starts_with("x-dax-verified-"));
    assert_eq!(verified.count(), 5);
}

/// What is sent, and the status and name that it is refused with.
type Case = (&'static str, Sent, (u16, &'static str));

const KEY: &str = "rsa2048.pkcs8.pem";

/// Of signatures and dates.
fn refused_signatures() -> Vec<Case> {
    let changed = |name: &str, value: &str| {
        let mut sent = post().signed(KEY);
        let field = sent
            .fields
            .iter_mut()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        field.expect("the field").1 = value.into();
        sent
    };
    let mut path = post().signed(KEY);
    path.target = "/windows".into();
    let mut body = post().signed(KEY);
    body.body = r#"{"id": 2}"#;
    let dated = |date| Sent::new("GET", "/doors", "", date).signed(KEY);
    vec![
        ("no signature", post(), (401, "missing-header")),
        (
            "another key",
            post().signed("../generated2048.pem"),
            (401, "unknown-key"),
        ),
        (
            "a damaged signature",
            changed("Signature", &damaged()),
            (401, "unknown-key"),
        ),
        ("another path", path, (401, "signature-mismatch")),
        ("another body", body, (401, "signature-mismatch")),
        (
            "another host",
            changed("Host", "b.example"),
            (401, "signature-mismatch"),
        ),
        (
            "too old",
            dated("2020-05-17T12:39:29Z"),
            (401, "stale-date"),
        ),
        (
            "too far ahead",
            dated("2020-05-17T12:49:31Z"),
            (401, "future-date"),
        ),
        (
            "a date of HTTP",
            changed("Date", "Sun, 17 May 2020 12:44:30 GMT"),
            (400, "invalid-date"),
        ),
        (
            "no field of DAX",
            changed("Signature", "keyId=\"a\""),
            (400, "missing-parameter"),
        ),
        (
            "a signature of another length",
            changed(
                "Signature",
                r#"realm="dax" algorithm="sha256withrsa" headers="(request-target) date" signature="AAAA""#,
            ),
            (400, "invalid-signature-encoding"),
        ),
        (
            "a short list with a body",
            post().signed_as(KEY, "(request-target) date"),
            (400, "unbound-body"),
        ),
        (
            "a length that is another",
            changed("Content-Length", "8"),
            (400, "content-length-mismatch"),
        ),
    ]
}

/// Of what others on the way read differently.
fn refused_framing() -> Vec<Case> {
    let with_role = post().with("X-Role", "reader");
    let list = format!("x-role {LIST}");
    let mut absolute = post().signed(KEY);
    absolute.target = "http://receiver.example/doors".into();
    vec![
        (
            "framing",
            post().with("Transfer-Encoding", "chunked").signed(KEY),
            (411, "invalid-header-value"),
        ),
        (
            "two hosts",
            post().signed(KEY).with("Host", "receiver.example"),
            (400, "invalid-header-value"),
        ),
        (
            "two lengths",
            post().signed(KEY).with("Content-Length", "9"),
            (400, "invalid-header-value"),
        ),
        (
            "two signatures",
            post().signed(KEY).signed(KEY),
            (400, "malformed-signature-header"),
        ),
        (
            "a method in small letters",
            Sent::new("delete", "/doors", "", DATE).signed(KEY),
            (400, "invalid-method"),
        ),
        ("a target for proxies", absolute, (400, "invalid-target")),
        (
            "a signed field of this hop",
            with_role
                .clone()
                .signed_as(KEY, &list)
                .with("Connection", "X-Role"),
            (400, "invalid-header-value"),
        ),
        (
            "a second one beside a signed field",
            with_role
                .clone()
                .signed_as(KEY, &list)
                .with("X_Role", "admin"),
            (400, "disguised-field"),
        ),
        (
            "the same with a dot",
            with_role.signed_as(KEY, &list).with("X.Role", "admin"),
            (400, "disguised-field"),
        ),
        (
            "a length in disguise",
            post().signed(KEY).with("Content_Length", "0"),
            (400, "disguised-field"),
        ),
    ]
}

/// Each way to be refused, with the name that it is told by.
#[test]
fn each_refusal_has_its_status_and_name() {
    let cases = [refused_signatures(), refused_framing()].concat();
    let mut told = 0;
    for (case, sent, expected) in cases {
        assert_eq!(refused(verdict(&sent)), expected, "{case}");
        told += 1;
    }
    assert_eq!(told, 23);
}

/// A signature with one bit changed.
fn damaged() -> String {
    let value = post()
        .signed("rsa2048.pkcs8.pem")
        .value("Signature")
        .expect("it")
        .to_owned();
    let place = value.find("signature=\"").expect("it") + 20;
    let other = if value.as_bytes()[place] == b'A' {
        "B"
    } else {
        "A"
    };
    format!("{}{other}{}", &value[..place], &value[place + 1..])
}

#[test]
fn a_request_passes_once() {
    let (receiver, memory) = (receiver(one_peer()), ReplayMemory::new(100, None));
    let sent = post().signed("rsa2048.pkcs8.pem");
    let judge = |sent: &Sent, now| judge(&receiver, &memory, sent, now);
    // What does not pass leaves no trace.
    assert_eq!(refused(judge(&sent, NOW + 301)), (401, "stale-date"));
    assert_eq!(memory.used(), 0);
    assert!(judge(&sent, NOW).is_ok());
    assert_eq!(refused(judge(&sent, NOW)), (401, "replayed"));
    // To another query, which nobody signed; in another spelling.
    let mut other = sent.clone();
    other.target = "/doors?open=2".into();
    assert_eq!(refused(judge(&other, NOW)), (401, "replayed"));
    let mut other = sent.clone();
    other.method = "post";
    assert_eq!(refused(judge(&other, NOW)), (400, "invalid-method"));
    let mut other = sent.clone();
    other.fields[4].1 = other.fields[4].1.replace("algorithm", "x=\"y\"  algorithm");
    assert_eq!(refused(judge(&other, NOW)), (401, "replayed"));
    // Its window ends, and the clock goes back.
    let later = Sent::new("GET", "/doors", "", "2020-05-17T12:49:31Z").signed("rsa2048.pkcs8.pem");
    assert!(judge(&later, NOW + 301).is_ok());
    assert_eq!(memory.used(), 1);
    assert_eq!(refused(judge(&sent, NOW)), (401, "stale-date"));
}

#[test]
fn pages_of_a_list_are_different_requests() {
    let (mut receiver, memory) = (receiver(one_peer()), ReplayMemory::new(100, None));
    let mut page = Sent::new("GET", "/doors?page=0", "", DATE).signed("rsa2048.pkcs8.pem");
    for number in 0..16 {
        page.target = format!("/doors?page={number}");
        assert!(judge(&receiver, &memory, &page, NOW).is_ok(), "{number}");
        assert_eq!(
            refused(judge(&receiver, &memory, &page, NOW)),
            (401, "replayed")
        );
    }
    // Nobody fills the memory with one signed request and made-up queries.
    page.target = "/doors?page=16".into();
    assert_eq!(
        refused(judge(&receiver, &memory, &page, NOW)),
        (401, "replayed")
    );
    assert_eq!(memory.used(), 16);
    // All of them are forgotten together.
    let later = Sent::new("GET", "/", "", "2020-05-17T12:49:31Z").signed("rsa2048.pkcs8.pem");
    assert!(judge(&receiver, &memory, &later, NOW + 301).is_ok());
    assert_eq!(memory.used(), 1);
    // Where the query is signed it cannot be another.
    receiver.options.target = TargetForm::Full;
    assert_eq!(
        refused(judge(&receiver, &memory, &page, NOW)),
        (401, "signature-mismatch")
    );
}

#[test]
fn a_full_memory_refuses_rather_than_forgets() {
    let (receiver, memory) = (receiver(one_peer()), ReplayMemory::new(2, None));
    let get = |path| Sent::new("GET", path, "", DATE).signed("rsa2048.pkcs8.pem");
    let sent = [get("/a"), get("/b"), get("/c")];
    assert!(judge(&receiver, &memory, &sent[0], NOW).is_ok());
    assert!(judge(&receiver, &memory, &sent[1], NOW).is_ok());
    let refusal = judge(&receiver, &memory, &sent[2], NOW).expect_err("no room");
    assert_eq!(
        (refusal.status.as_u16(), refusal.name),
        (503, "replay-guard-full")
    );
    assert!(refusal.retry_after.is_some());
    assert_eq!(
        refused(judge(&receiver, &memory, &sent[0], NOW)),
        (401, "replayed")
    );
}

/// Somebody else may have accepted it before this process started.
#[test]
fn what_was_signed_before_the_start_is_refused() {
    let (receiver, memory) = (receiver(one_peer()), ReplayMemory::new(2, Some(at(NOW))));
    let sent = post().signed("rsa2048.pkcs8.pem");
    assert_eq!(
        refused(judge(&receiver, &memory, &sent, NOW)),
        (401, "stale-date")
    );
    let sent = Sent::new("GET", "/", "", "2020-05-17T12:44:31Z").signed("rsa2048.pkcs8.pem");
    assert!(judge(&receiver, &memory, &sent, NOW).is_ok());
}

/// A certificate that OpenSSL makes, for one of the keys.
fn certificate(openssl: &OpenSsl, key: &str, days: &str, more: &str) -> Vec<u8> {
    let key = key_path(key);
    let key = key.display();
    openssl.run(&format!(
        "req -x509 -new -key {key} -subj /CN=peer -days {days} -out made.pem{more}"
    ));
    openssl.read("made.pem")
}

#[test]
fn keys_roll_over_and_authorities_sign_no_requests() {
    let openssl = OpenSsl::default();
    let leaf = " -addext basicConstraints=critical,CA:FALSE";
    let old = certificate(&openssl, "rsa2048.pkcs8.pem", "10", leaf);
    let new = certificate(&openssl, "../generated2048.pem", "20", leaf);
    // OpenSSL makes an authority unless it is told otherwise.
    let authority = certificate(&openssl, "rsa3072.pkcs8.pem", "30", "");
    let chain = [&old[..], &new, &authority].concat();
    let peers = Peers::read([("a", &*chain)]).expect("peers");
    assert_eq!(peers.keys().len(), 2);
    let receiver = receiver(peers);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = i64::try_from(now.expect("a clock").as_secs()).expect("a time");
    let date = at(now).format().expect("a date").to_string();
    let signed = |key| Sent::new("GET", "/", "", &date).signed(key);
    let memory = ReplayMemory::new(9, None);
    let judge = |key, now| judge(&receiver, &memory, &signed(key), now);
    for key in ["rsa2048.pkcs8.pem", "../generated2048.pem"] {
        assert_eq!(&*judge(key, now).expect("it passes").peer, "a");
    }
    assert_eq!(
        refused(judge("rsa3072.pkcs8.pem", now)),
        (400, "invalid-signature-encoding")
    );
    // The first has ended, the second not.
    let later = now + 15 * 86_400;
    assert_eq!(
        refused(judge("rsa2048.pkcs8.pem", later)),
        (401, "expired-certificate")
    );
    assert_eq!(
        refused(judge("../generated2048.pem", later)),
        (401, "stale-date")
    );
    // One that is alone in its file was meant.
    assert_eq!(
        Peers::read([("a", &*authority)])
            .expect("a peer")
            .keys()
            .len(),
        1
    );
    let two = [
        &authority[..],
        &certificate(&openssl, "rsa2048.pkcs8.pem", "1", ""),
    ]
    .concat();
    assert!(
        Peers::read([("a", &*two)])
            .expect_err("none is meant")
            .contains("authorities")
    );
}

/// Names and their files.
type Files<'f> = &'f [(&'f str, &'f [u8])];

#[test]
fn peers_that_cannot_be_told_apart_are_refused() {
    let (one, other) = (key_file("rsa2048.spki.pem"), key_file("rsa3072.spki.pem"));
    let private = key_file("rsa2048.pkcs8.pem");
    let several = [&one[..], &other].concat();
    assert_eq!(
        Peers::read([("a", &*several)])
            .expect("two keys")
            .keys()
            .len(),
        2
    );
    assert_eq!(
        Peers::read([("a", &*one), ("a", &*one)])
            .expect("one key")
            .keys()
            .len(),
        1
    );
    let cases: [(Files, &str); 8] = [
        (&[], "no peer"),
        (&[("a", &one), ("b", &one)], "same key"),
        (&[("a", &private)], "private key"),
        (&[("a", b"nothing")], "a: "),
        (
            &[(
                "a",
                &[
                    &one[..],
                    b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                ]
                .concat(),
            )],
            "a: ",
        ),
        (&[("", &one)], "no name"),
        (&[("a b", &one)], "no name"),
        (&[("a\r\nX: y", &one)], "no name"),
    ];
    for (files, words) in cases {
        let problem = Peers::read(files.iter().copied()).expect_err(words);
        assert!(problem.contains(words), "{problem}");
    }
}
