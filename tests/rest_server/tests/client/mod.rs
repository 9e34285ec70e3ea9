//! The Rust client as a scenario sets it up, and what it says of the outcome.
// Not every test uses all of it.
#![allow(dead_code, reason = "shared by several tests")]

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use daxsign_client::api::{
    CreateCardOwner, GetCardOwner, ListCardOwners, ListContracts, OpenCardOwnerDoor,
};
use daxsign_client::asynchronous::Client as Tasks;
use daxsign_client::blocking::Client as Threads;
use daxsign_client::{
    Answers, CallOptions, ClientCertificate, Error, ErrorKind, Instance, Key, ProxyChoice, Roots,
    Secret, Settings, Uuid,
};
use rest_server::identity;
use rest_server::scenario::{Answers as Asked, Call, Kind, Outcome, Preset};
use rest_server::server::Server;
use rest_server::stage::Stage;

/// How many calls at once the table means.
pub(crate) const AT_ONCE: usize = 32;

fn id(text: &str) -> Uuid {
    text.parse().expect("a GUID")
}

/// The partner's instance that is asked.
pub(crate) fn target() -> Instance {
    Instance {
        partner: id(identity::PARTNER),
        instance: id(identity::INSTANCE),
    }
}

/// Someone's id.
pub(crate) fn somebody() -> Uuid {
    id("00000000-0000-4000-8000-000000000001")
}

/// The caller's key.
pub(crate) fn key() -> Key {
    Key::read(identity::private_key()).expect("the caller's key")
}

/// Settings for a client at an address.
pub(crate) fn settings_at(address: &str) -> Settings {
    let password = Secret::new(identity::PASSWORD.to_owned());
    let mut settings =
        Settings::observed(address, id(identity::CLIENT_ID), identity::USER, password)
            .expect("settings");
    settings.proxy = ProxyChoice::None;
    settings
}

/// Settings as the scenario says.
pub(crate) fn settings(server: &Server, stage: &Stage) -> Settings {
    let told = &stage.scenario.client;
    let base = told.base.unwrap_or(rest_server::origin::Origin::Home);
    let mut settings = settings_at(&stage.addresses[&base]);
    if told.preset == Preset::Documented {
        settings.signing = daxsign_client::Signing::documented();
    }
    if told.wrong_password {
        settings.password = Secret::new("wrong".to_owned());
    }
    let read = |name: &str| fs::read(server.authority.file(name)).expect(name);
    settings.roots = Roots::Only(read("ca.pem"));
    let pinned = Answers::pinned(&read("exchange.pem")).expect("a certificate");
    settings.answers = match told.answers {
        Asked::Any => Answers::Any,
        Asked::VerifyIfSigned => Answers::VerifyIfSigned(pinned),
        Asked::RequireSigned => Answers::RequireSigned(pinned),
    };
    if told.shows_certificate {
        settings.client_certificate = Some(ClientCertificate {
            chain: read("client.pem"),
            key: Secret::new(String::from_utf8(read("client.key")).expect("PEM")),
        });
    }
    settings
}

fn options(stage: &Stage) -> CallOptions {
    let told = &stage.scenario.client;
    CallOptions {
        context: told.context.clone(),
        timeout: told.timeout_ms.map(Duration::from_millis),
        ..CallOptions::default()
    }
}

/// Somebody new.
pub(crate) fn new_owner() -> CreateCardOwner {
    let attributes = BTreeMap::from([("Floor".to_owned(), Some("2".to_owned()))]);
    CreateCardOwner::new(target(), attributes, "Öberg", 17, "Åsa \"A\"")
}

fn door() -> OpenCardOwnerDoor {
    OpenCardOwnerDoor::new(target(), somebody(), somebody())
}

fn owners() -> ListCardOwners {
    ListCardOwners::new(target()).limit(50_u32)
}

/// How many items there are, for calls that give some.
type Said = Result<Option<usize>, Error>;

/// The client for threads.
pub(crate) fn with_threads(server: &Server, stage: &Stage) -> Said {
    let client = Threads::new(settings(server, stage), key())?;
    let options = options(stage);
    let contracts = |client: &Threads| {
        let response = client.call_with(&ListContracts::new(), &options)?;
        assert_eq!(response.context, options.context);
        assert!(response.correlation_id.is_some());
        Ok(Some(response.data.len()))
    };
    match stage.scenario.call {
        Call::Contracts => contracts(&client),
        Call::ContractsTwice => {
            contracts(&client)?;
            pause();
            contracts(&client)
        }
        Call::ContractsAtOnce => {
            let calls = (0..AT_ONCE).map(|_| {
                let client = client.clone();
                std::thread::spawn(move || client.call(&ListContracts::new()).map(drop))
            });
            let calls: Vec<_> = calls.collect();
            for call in calls {
                call.join().expect("no panic")?;
            }
            Ok(Some(AT_ONCE))
        }
        Call::CardOwners => {
            let all: Result<Vec<_>, _> = client.items(owners()).collect();
            Ok(Some(all?.len()))
        }
        Call::CardOwner => client
            .call_with(&GetCardOwner::new(target(), somebody()), &options)
            .map(|_| None),
        Call::CreateCardOwner => client.call_with(&new_owner(), &options).map(|_| None),
        Call::OpenDoor => client.call_with(&door(), &options).map(|_| None),
        Call::Token => client.log_in().map(|()| None),
    }
}

/// The client for tasks.
pub(crate) async fn with_tasks(server: &Server, stage: &Stage) -> Said {
    let client = Tasks::new(settings(server, stage), key())?;
    let options = options(stage);
    let contracts = || async {
        let response = client.call_with(&ListContracts::new(), &options).await?;
        assert_eq!(response.context, options.context);
        assert!(response.correlation_id.is_some());
        Ok(Some(response.data.len()))
    };
    match stage.scenario.call {
        Call::Contracts => contracts().await,
        Call::ContractsTwice => {
            contracts().await?;
            tokio::time::sleep(PAUSE).await;
            contracts().await
        }
        Call::ContractsAtOnce => {
            let calls = (0..AT_ONCE).map(|_| {
                let client = client.clone();
                tokio::spawn(async move { client.call(&ListContracts::new()).await.map(drop) })
            });
            let calls: Vec<_> = calls.collect();
            for call in calls {
                call.await.expect("no panic")?;
            }
            Ok(Some(AT_ONCE))
        }
        Call::CardOwners => {
            let (mut items, mut count) = (client.items(owners()), 0);
            while let Some(item) = items.next().await {
                item?;
                count += 1;
            }
            Ok(Some(count))
        }
        Call::CardOwner => {
            let call = GetCardOwner::new(target(), somebody());
            client.call_with(&call, &options).await.map(|_| None)
        }
        Call::CreateCardOwner => client.call_with(&new_owner(), &options).await.map(|_| None),
        Call::OpenDoor => client.call_with(&door(), &options).await.map(|_| None),
        Call::Token => client.log_in().await.map(|()| None),
    }
}

/// Long enough for a server to hang up.
const PAUSE: Duration = Duration::from_millis(100);

fn pause() {
    std::thread::sleep(PAUSE);
}

/// How what the client said differs from what it must say; empty if it does not.
pub(crate) fn differences(expected: &Outcome, said: &Said) -> Vec<String> {
    let mut out = Vec::new();
    let kind = said
        .as_ref()
        .map_or_else(|error| kind(error.kind()), |_| Some(Kind::Ok));
    let text = said
        .as_ref()
        .err()
        .map(ToString::to_string)
        .unwrap_or_default();
    if kind != Some(expected.kind) {
        out.push(format!(
            "the outcome is {kind:?}, and must be {:?}: {text}",
            expected.kind
        ));
    }
    let items = said.as_ref().ok().copied().flatten();
    if let Some(must) = expected.items.filter(|must| items != Some(*must)) {
        out.push(format!("{items:?} items, and must be {must}"));
    }
    let status = said.as_ref().err().and_then(Error::status);
    if let Some(must) = expected.status.filter(|must| status != Some(*must)) {
        out.push(format!(
            "the status is {status:?}, and must be {must}: {text}"
        ));
    }
    if let Some(must) = expected
        .says
        .as_ref()
        .filter(|must| !text.contains(must.as_str()))
    {
        out.push(format!("\"{text}\" does not hold \"{must}\""));
    }
    for secret in [identity::PASSWORD, "token+home"] {
        if text.contains(secret) {
            out.push(format!("\"{text}\" tells a secret"));
        }
    }
    out
}

fn kind(kind: ErrorKind) -> Option<Kind> {
    Some(match kind {
        ErrorKind::NotFound => Kind::NotFound,
        ErrorKind::Unauthorised => Kind::Unauthorised,
        ErrorKind::SignatureRefused => Kind::SignatureRefused,
        ErrorKind::ContractRefused => Kind::ContractRefused,
        ErrorKind::RateLimited => Kind::RateLimited,
        ErrorKind::Rejected => Kind::Rejected,
        ErrorKind::ServerFailed => Kind::ServerFailed,
        ErrorKind::Unreachable => Kind::Unreachable,
        ErrorKind::AnswerRefused => Kind::AnswerRefused,
        ErrorKind::Unexpected => Kind::Unexpected,
        _ => return None,
    })
}
