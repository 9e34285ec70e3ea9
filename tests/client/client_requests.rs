//! What goes out: target, body, fields, and a signature that OpenSSL accepts.

use std::collections::BTreeMap;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use daxsign_client::{
    ApiRequest, CallOptions, ContextName, ErrorKind, Key, List, Method, OutgoingRequest, Profile,
    ProxyChoice, Sent, Session, Settings, SignError, Signing, TargetForm,
};
use daxsign_core::{Digest, Signer, Timestamp};
use daxsign_tests::cases::key_path;
use daxsign_tests::dax_play::{CLIENT_ID, PASSWORD, Player, session, settings, start};
use daxsign_tests::openssl::OpenSsl;

fn get(path: &str) -> ApiRequest {
    ApiRequest::new(Method::Get, path)
}

fn signed(settings: Settings, request: &ApiRequest, options: &CallOptions) -> OutgoingRequest {
    session(settings)
        .sign(request, options, Some("TOKEN"), start())
        .unwrap()
}

/// What the `Signature` field holds.
fn parameter(request: &OutgoingRequest, name: &str) -> String {
    let field = request.field("signature").unwrap();
    let (_, rest) = field.split_once(&format!("{name}=\"")).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Whether OpenSSL finds that the request signs exactly `string`, under the profile.
fn openssl_accepts(request: &OutgoingRequest, string: &[u8], profile: Profile) -> bool {
    let openssl = OpenSsl::default();
    openssl.write("string", string);
    let message = match profile {
        Profile::Documented => string.to_vec(),
        Profile::VendorSdk => openssl.run("dgst -sha256 -binary string"),
    };
    let signature = STANDARD.decode(parameter(request, "signature")).unwrap();
    openssl.verifies(&key_path("rsa2048.spki.pem"), &message, &signature)
}

#[test]
fn the_string_that_production_was_seen_to_accept() {
    let options = CallOptions {
        context: Some("Testrequest".into()),
        ..CallOptions::default()
    };
    let request = signed(settings(), &get("/contracts"), &options);
    let string = b"(request-target): get /api/v2.0/contracts\ndate: 2025-12-08T13:51:50.2437457Z\n{\"Context\":\"Testrequest\"}";
    assert_eq!(string.len(), 102);
    assert!(openssl_accepts(&request, string, Profile::VendorSdk));
    assert!(!openssl_accepts(&request, string, Profile::Documented));
    let sent: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    assert_eq!(
        sent[..8],
        [
            "Host: dax.test",
            "Authorization: Bearer TOKEN",
            concat!("User-Agent: daxsign/", env!("CARGO_PKG_VERSION")),
            "Accept: application/json",
            "Content-Type: application/json; charset=utf-8",
            "Content-Length: 25",
            "Date: 2025-12-08T13:51:50.2437457Z",
            &sent[7],
        ]
    );
    assert_eq!(parameter(&request, "headers"), "(request-target) date");
    assert_eq!(request.body, b"{\"Context\":\"Testrequest\"}");
}

#[test]
fn the_documented_way_binds_all_that_can_be_bound() {
    let mut settings = settings();
    settings.signing = Signing::documented();
    let body = serde_json::json!({"name": "Å"})
        .as_object()
        .unwrap()
        .clone();
    let request = ApiRequest::new(Method::Post, "/x")
        .query("a", "1")
        .body(body);
    let sent = signed(settings.clone(), &request, &CallOptions::default());
    let string = "(request-target): post /api/v2.0/x\nhost: dax.test\ncontent-type: application/json; charset=utf-8\n\
                  content-length: 13\ndate: 2025-12-08T13:51:50.2437457Z\n{\"name\":\"Å\"}";
    assert!(openssl_accepts(
        &sent,
        string.as_bytes(),
        Profile::Documented
    ));

    settings.signing.target = TargetForm::Full;
    let options = CallOptions {
        idempotency_key: Some("once-1".into()),
        ..CallOptions::default()
    };
    let sent = signed(settings, &request, &options);
    let string = "(request-target): post /api/v2.0/x?a=1\nhost: dax.test\ncontent-type: application/json; charset=utf-8\n\
                  content-length: 13\nx-dax-idempotency-key: once-1\ndate: 2025-12-08T13:51:50.2437457Z\n{\"name\":\"Å\"}";
    assert!(openssl_accepts(
        &sent,
        string.as_bytes(),
        Profile::Documented
    ));
}

/// A key that somebody else holds.
struct Elsewhere {
    modulus_len: usize,
    says: &'static str,
}

impl Signer for Elsewhere {
    type Error = SignError;

    fn modulus_len(&self) -> usize {
        self.modulus_len
    }

    fn sign_digest(&self, _: &Digest, _: &mut [u8]) -> Result<(), SignError> {
        Err(SignError::Key(self.says.to_owned()))
    }
}

#[test]
fn a_key_that_does_not_sign_is_not_the_requests_fault() {
    let key = |modulus_len, says| Key::from_signer(Elsewhere { modulus_len, says });
    let session = |key| Session::new(settings(), key).unwrap();
    let request = get("/contracts").query("a", "1");
    for (modulus_len, says) in [(256, "the session is closed"), (0, ""), (usize::MAX, "")] {
        let error = session(key(modulus_len, says))
            .sign(&request, &CallOptions::default(), None, start())
            .unwrap_err();
        let text = error.to_string();
        assert_eq!(error.kind(), ErrorKind::SignerFailed, "{text}");
        let head = "error[signer-failed]: GET /api/v2.0/contracts: ";
        assert!(text.starts_with(head) && text.contains(says), "{text}");
        assert!(text.contains("nothing was sent"), "{text}");
        assert_eq!(error.sent(), Sent::Nothing);
    }
    // The other way round: with a key that never signs, what cannot be signed is still told as that.
    let mut settings = settings();
    settings.signing.list = List::Names("(request-target) x-not-there date".into());
    let error = Session::new(settings, key(256, "away"))
        .unwrap()
        .sign(&request, &CallOptions::default(), None, start())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
}

#[test]
fn targets_are_encoded_once() {
    let rows = [
        (get("/contracts"), "/api/v2.0/contracts"),
        (get("/api/v2.0/contracts"), "/api/v2.0/contracts"),
        (get("/api/v2.0x"), "/api/v2.0/api/v2.0x"),
        (get("/a").segment("b c/d"), "/api/v2.0/a/b%20c%2Fd"),
        (
            get("/logs")
                .segment("2020-01-01T01:02:03")
                .segment("2020-01-02 00:00:00"),
            "/api/v2.0/logs/2020-01-01T01%3A02%3A03/2020-01-02%2000%3A00%3A00",
        ),
        (
            get("/a").query("q", "å&=+ %"),
            "/api/v2.0/a?q=%C3%A5%26%3D%2B%20%25",
        ),
        (
            get("/a").query_list("ids", ["1", "2"]).query("x", ""),
            "/api/v2.0/a?ids=1,2&x=",
        ),
    ];
    let count = rows.len();
    for (request, target) in rows {
        let sent = signed(settings(), &request, &CallOptions::default());
        assert_eq!(sent.address.target, target);
        assert_eq!(sent.body, b"{}", "{target}");
        assert_eq!(sent.field("content-length"), Some("2"));
    }
    assert_eq!(count, 7);
    for path in [
        "contracts",
        "",
        "/a b",
        "/a#b",
        "/å",
        &format!("/{}", "a".repeat(8_000)),
    ] {
        let refused = session(settings()).sign(&get(path), &CallOptions::default(), None, start());
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Invalid, "{path}");
    }
}

#[test]
fn a_context_of_255_characters_and_no_more() {
    let with = |context: String| CallOptions {
        context: Some(context),
        ..CallOptions::default()
    };
    let sent = signed(settings(), &get("/a"), &with("å".repeat(255)));
    assert_eq!(sent.body.len(), "{\"Context\":\"\"}".len() + 510);
    let refused = session(settings()).sign(&get("/a"), &with("å".repeat(256)), None, start());
    let text = refused.unwrap_err().to_string();
    assert!(text.contains("256 characters: at most 255"), "{text}");
    // It stands once, whatever the body had.
    let mut lower = settings();
    lower.context_name = ContextName::Lower;
    let body = serde_json::json!({"Context": "old", "a": 1})
        .as_object()
        .unwrap()
        .clone();
    let sent = signed(lower, &get("/a").body(body), &with("new".into()));
    assert_eq!(sent.body, b"{\"a\":1,\"context\":\"new\"}");
}

/// A form as Python reads it.
fn python_reads(form: &str) -> BTreeMap<String, String> {
    let program = "import json,sys,urllib.parse\n\
                   print(json.dumps(dict(urllib.parse.parse_qsl(sys.argv[1],strict_parsing=True))))";
    let output = Command::new("python3")
        .args(["-c", program, form])
        .output()
        .expect("python3 starts");
    assert!(output.status.success(), "{output:?}");
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let fields = read.as_object().unwrap().iter();
    fields
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect()
}

#[test]
fn the_password_arrives_as_it_is() {
    let client_id = CLIENT_ID.to_string();
    let mut wanted = BTreeMap::new();
    for (name, value) in [
        ("grant_type", "password"),
        ("username", "user@example.com"),
        ("password", PASSWORD),
        ("client_id", &client_id),
        ("scope", "daxapi"),
    ] {
        wanted.insert(name.to_owned(), value.to_owned());
    }
    let played = Player::new(settings()).play(&get("/a"), &["200"]);
    let [token] = &played.tokens[..] else {
        panic!("{:?}", played.tokens);
    };
    assert_eq!(token.address.target, "/oauth/token");
    assert_eq!(
        token.field("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(token.field("signature"), None);
    assert_eq!(
        python_reads(std::str::from_utf8(&token.body).unwrap()),
        wanted
    );

    let mut in_query = settings();
    in_query.token_in_query = true;
    in_query.scope = None;
    wanted.remove("scope");
    let played = Player::new(in_query).play(&get("/a"), &["200"]);
    let (path, query) = played.tokens[0].address.target.split_once('?').unwrap();
    assert_eq!((path, python_reads(query)), ("/oauth/token", wanted));
    assert!(played.tokens[0].body.is_empty());
}

/// Two servers, or two users, and one key.
#[test]
fn no_date_is_used_twice_by_sessions_that_share_a_key() {
    const SESSIONS: usize = 8;
    const EACH: usize = 500;
    struct Quick;
    impl Signer for Quick {
        type Error = daxsign_core::Error;
        fn modulus_len(&self) -> usize {
            256
        }
        fn sign_digest(&self, _: &Digest, _: &mut [u8]) -> Result<(), Self::Error> {
            Ok(())
        }
    }
    let key = Key::from_signer(Quick);
    let sessions: Vec<_> = (0..SESSIONS)
        .map(|_| Session::new(settings(), key.clone()).unwrap())
        .collect();
    let sign = |session: &Session| {
        let signed = session.sign(&get("/contracts"), &CallOptions::default(), None, start());
        signed.unwrap().date
    };
    let dates: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = sessions
            .iter()
            .map(|session| {
                scope.spawn(move || (0..EACH).map(|_| sign(session)).collect::<Vec<_>>())
            })
            .collect();
        let dates = threads.into_iter().map(|thread| thread.join().unwrap());
        dates.flatten().collect()
    });
    let fresh: std::collections::BTreeSet<_> = dates.iter().collect();
    assert_eq!(
        (dates.len(), fresh.len()),
        (SESSIONS * EACH, SESSIONS * EACH)
    );
}

#[test]
fn a_date_is_never_used_twice() {
    let session = session(settings());
    let earlier = Timestamp::from_unix(start().seconds() - 3_600, 0).unwrap();
    let times = [start(), start(), earlier, start()];
    let dates: Vec<_> = times
        .iter()
        .map(|now| {
            session
                .sign(&get("/a"), &CallOptions::default(), None, *now)
                .unwrap()
                .date
                .unwrap()
        })
        .collect();
    let texts: Vec<_> = dates
        .iter()
        .map(|date| date.format().unwrap().to_string())
        .collect();
    assert_eq!(
        texts,
        [
            "2025-12-08T13:51:50.2437457Z",
            "2025-12-08T13:51:50.2437458Z",
            "2025-12-08T13:51:50.2437459Z",
            "2025-12-08T13:51:50.2437460Z",
        ]
    );
}

#[test]
fn the_password_of_a_proxy_is_not_shown() {
    let mut settings = settings();
    settings.proxy = ProxyChoice::Url("http://u:s3cret@proxy:3128".into());
    let text = format!("{settings:?}");
    assert!(text.contains("Url(") && !text.contains("s3cret"), "{text}");
}

#[test]
fn settings_that_cannot_be_used_are_refused() {
    let with_base = |base: &str| Settings::observed(base, CLIENT_ID, "u", "p".into());
    for base in [
        "dax.test",
        "ftp://dax.test",
        "https://dax.test/api",
        "https://dax.test?x",
        "https://u:s3cret@dax.test",
        "https://u:s3cret?@dax.test",
        "https://u:p#s3cret@dax.test",
        "https://dax.test/?password=s3cret",
        "https://dax.test:a",
        "https://",
        "",
    ] {
        let error = with_base(base).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{base}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
    for base in [
        "https://dax.test",
        "https://dax.test/",
        "https://DAX.test:8443",
        "http://[::1]:80",
    ] {
        assert!(with_base(base).is_ok(), "{base}");
    }
    // Encrypted, unless it stays on this machine or is asked for.
    let plain = |base: &str, plain_http: bool| {
        let mut settings = with_base(base).unwrap();
        settings.plain_http = plain_http;
        let key = Key::from_bytes(daxsign_tests::dax_play::KEY).unwrap();
        Session::new(settings, key).is_ok()
    };
    assert!(plain("http://127.0.0.1:8080", false));
    assert!(plain("http://localhost:8080", false));
    assert!(!plain("http://127.0.0.1.example.com", false));
    assert!(!plain("http://dax.test", false));
    assert!(plain("http://dax.test", true));

    let mut unlisted = with_base("https://dax.test").unwrap();
    unlisted.signing.list = List::Names("date".into());
    let key = Key::from_bytes(daxsign_tests::dax_play::KEY).unwrap();
    let refused = Session::new(unlisted, key).unwrap_err();
    assert!(
        refused.to_string().contains("(request-target)"),
        "{refused}"
    );
    assert!(Settings::observed("https://dax.test", CLIENT_ID, "u", "".into()).is_err());
    assert!(Key::from_bytes(b"no key").is_err());
}
