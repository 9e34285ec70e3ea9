//! What the clients log, through tracing and through the log crate, at the lowest level: spans with the
//! correlation id, and no body, token or password in any field.

mod client;

use std::collections::HashMap;
use std::fmt::{Debug, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use daxsign_client::api::{CreateCardOwner, ListContracts};
use daxsign_client::{asynchronous, blocking};
use rest_server::identity;
use rest_server::scenario;
use rest_server::server::Server;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use client::{key, new_owner, settings};

/// All that is logged.
#[derive(Clone, Debug, Default)]
struct Log(Arc<Kept>);

#[derive(Debug, Default)]
struct Kept {
    lines: Mutex<Vec<String>>,
    spans: Mutex<HashMap<u64, String>>,
    count: AtomicU64,
}

/// Who logs the bytes that go over the wire.
const BYTES: &str = "ureq_proto";

/// Fields as text.
struct Fields<'t>(&'t mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Log {
    fn line(&self, text: String) {
        self.0.lines.lock().expect("no panic").push(text);
    }

    /// The spans, each with all its fields, and the lines.
    fn text(&self) -> (Vec<String>, String) {
        let spans = self.0.spans.lock().expect("no panic");
        let lines = self.0.lines.lock().expect("no panic");
        let spans: Vec<_> = spans.values().cloned().collect();
        let all = [spans.join("\n"), lines.join("\n")].join("\n");
        (spans, all)
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let number = self.0.count.fetch_add(1, Ordering::Relaxed) + 1;
        let mut text = attributes.metadata().name().to_owned();
        attributes.record(&mut Fields(&mut text));
        self.0.spans.lock().expect("no panic").insert(number, text);
        Id::from_u64(number)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut spans = self.0.spans.lock().expect("no panic");
        let text = spans.get_mut(&span.into_u64()).expect("a span");
        values.record(&mut Fields(text));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = event.metadata().target().to_owned();
        event.record(&mut Fields(&mut text));
        self.line(text);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        // Of ureq's parser every byte, as the page of the client says.
        if record.target().starts_with(BYTES) && record.level() == log::Level::Trace {
            return;
        }
        self.line(format!("{} {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}

/// The one that the log crate writes to: a process has one.
fn logged() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let log = Log::default();
        log::set_boxed_logger(Box::new(log.clone())).expect("no other");
        log::set_max_level(log::LevelFilter::Trace);
        log
    })
}

/// Scenarios with all that may be logged: retries, redirects, waits, refusals, certificates.
const SCENARIOS: [&str; 9] = [
    "contracts",
    "cut",
    "redirect-308-elsewhere",
    "rate-limited-retry-after",
    "token-withdrawn",
    "token-as-form",
    "answer-wrong-key-not-required",
    "inner-status",
    "tls",
];
/// Of what is sent and comes back.
const BODY: [&str; 5] = ["Öberg", "Åsa", "createdOn", "No contract allows", "%C3%A5"];

/// How the span of a list begins.
const SPAN: &str = "dax method=\"GET\" path=\"/api/v2.0/contracts\"";

/// What no log may hold.
fn assert_no_secret(text: &str) {
    let secrets = [
        identity::PASSWORD,
        "p%26ss",
        "token+",
        "Bearer",
        "access_token",
    ];
    for secret in secrets.iter().chain(&BODY) {
        let line = text.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{secret}: {line:?}");
    }
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
}

/// Plays them, and returns the correlation ids of good answers.
fn play(server: &Server, with_tasks: bool) -> Vec<String> {
    let mut ids = Vec::new();
    for name in SCENARIOS {
        let stage = server.play(scenario::named(name).expect("a scenario"));
        let settings = settings(server, &stage);
        let owner: CreateCardOwner = new_owner();
        let list = ListContracts::new();
        let (listed, _) = if with_tasks {
            let client = asynchronous::Client::new(settings, key()).expect("a client");
            runtime().block_on(async { (client.call(&list).await, client.call(&owner).await) })
        } else {
            let client = blocking::Client::new(settings, key()).expect("a client");
            (client.call(&list), client.call(&owner))
        };
        ids.extend(listed.ok().and_then(|response| response.correlation_id));
    }
    ids
}

/// The page warns of what the clients cannot help.
#[test]
fn the_page_says_who_logs_bytes_and_addresses() {
    let page = include_str!("../../../client/README.md");
    for filter in [format!("`{BYTES}=off`"), "`ureq=info`".to_owned()] {
        assert!(page.contains(&filter), "{filter}");
    }
}

#[test]
fn spans_tell_the_correlation_id_and_nothing_tells_a_secret() {
    let (log, server) = (logged(), Server::default());
    for with_tasks in [false, true] {
        let ids = tracing::subscriber::with_default(log.clone(), || play(&server, with_tasks));
        assert_eq!(ids.len(), 6, "{ids:?}");
        let (spans, text) = log.text();
        for id in ids {
            let found = |span: &&String| span.starts_with(SPAN) && span.contains(&id);
            let span = spans.iter().find(found).expect("a span");
            assert!(span.contains(" status=200 correlation_id="), "{span}");
        }
        let of_token = |span: &&String| span.contains("path=\"/oauth/token\" status=200");
        assert!(
            spans.iter().filter(of_token).count() >= SCENARIOS.len(),
            "{text}"
        );
        for told in [
            "redirected",
            "sent again",
            "sent again after a pause",
            "expires soon",
        ] {
            assert!(text.contains(told), "{told}: {text}");
        }
        assert_no_secret(&text);
        log.0.lines.lock().expect("no panic").clear();
        log.0.spans.lock().expect("no panic").clear();
    }
    for with_tasks in [false, true] {
        assert_no_secret(&with_the_password_in_the_query(&server, with_tasks));
    }
}

/// What is traced of a request for a token that has the password in its query. (ureq logs the query, as
/// the page says.)
fn with_the_password_in_the_query(server: &Server, with_tasks: bool) -> String {
    let log = Log::default();
    let stage = server.play(scenario::named("contracts").expect("a scenario"));
    let mut settings = settings(server, &stage);
    settings.token_in_query = true;
    let said = tracing::subscriber::with_default(log.clone(), || {
        if with_tasks {
            let client = asynchronous::Client::new(settings, key()).expect("a client");
            runtime().block_on(client.log_in())
        } else {
            let client = blocking::Client::new(settings, key()).expect("a client");
            client.log_in()
        }
    });
    let (spans, text) = log.text();
    assert!(said.is_ok() && !spans.is_empty(), "{said:?} {text}");
    text
}
