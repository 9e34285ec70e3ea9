//! Before a receiver: passes on what verifies.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use daxsign_core::Timestamp;
use daxsign_hosting::health::Check;
use daxsign_proxy::metrics::Facts;
use daxsign_proxy::verifying::memory::ReplayMemory;
use daxsign_proxy::verifying::peers::Peers;
use daxsign_proxy::verifying::receiver::Receiver;
use daxsign_proxy::verifying::service::Verifying;
use daxsign_proxy::verifying::upstream::Upstream;
use daxsign_proxy::{Limits, Server};

use crate::clock;
use crate::failure::{Failure, Refusal};
use crate::input::Input;
use crate::output;
use crate::profile;
use crate::proxy::arguments::ProxyCommand;
use crate::proxy::operating::{Operating, Problem};

/// Serves until it is told to stop.
pub(crate) async fn serve(
    command: Arc<ProxyCommand>,
    limits: Limits,
    operating: Operating,
) -> Result<(), Failure> {
    let places = command.verifying.replay_memory;
    // What another process accepted before this one is not known: it is not accepted again.
    let memory = ReplayMemory::new(places, Some(clock::now()?));
    let verifying = Verifying::new(receiver(&command)?, memory, Upstream::new(place(&command)?));
    let verifying = Arc::new(verifying);
    let (stop, observer) = (operating.stop.clone(), Arc::clone(&operating.observer));
    let server = Server::verifying(Arc::clone(&verifying), limits, stop, observer);
    let server = Arc::new(server);
    let (again, replaced) = (Arc::clone(&command), Arc::clone(&verifying));
    let all = files(&command);
    let named = all.clone();
    operating.keep_up(
        all.clone(),
        move || Some(named.clone()),
        move || {
            replaced.replace(receiver(&again)?);
            Ok(all.clone())
        },
    )?;
    let (loaded, known) = (Arc::clone(&server), Arc::clone(&verifying));
    let facts = move || facts(&loaded, &known, places);
    let problem = operating.problem.clone();
    let checks = move || checks(&verifying, places, &problem);
    operating
        .serve(&command, server, Box::new(facts), Box::new(checks))
        .await
}

/// `--check`: says what would be done, and whether the service behind can be reached.
pub(crate) async fn check(command: &ProxyCommand) -> Result<(), Failure> {
    let (place, receiver) = (place(command)?, receiver(command)?);
    let listen: Vec<_> = command.listen.iter().map(ToString::to_string).collect();
    let mut plan = vec![
        ("requests go to", place.to_string()),
        ("clients come in at", listen.join(", ")),
        ("signed", receiver.profile.to_string()),
        ("window", format!("{} s", receiver.window)),
        (
            "remembered",
            format!("{} requests", command.verifying.replay_memory),
        ),
    ];
    for key in receiver.peers.keys() {
        let end = key.validity.map_or_else(String::new, |(_, end)| {
            format!(", until {}", clock::date_text(end))
        });
        plan.push(("peer", format!("{}, key {}{end}", key.peer, key.thumbprint)));
    }
    for (what, how) in plan {
        output::write(format!("{what}: {how}\n").as_bytes())?;
    }
    place.reach().await.map_err(|error| {
        Failure::Refused(Refusal {
            name: "upstream-unreachable",
            message: format!("{place}: {error}"),
            hints: Vec::new(),
        })
    })?;
    output::write(format!("{place}: can be reached\n").as_bytes())
}

fn place(command: &ProxyCommand) -> Result<daxsign_proxy::verifying::upstream::Place, Failure> {
    let arguments = &command.verifying;
    let missing = || Failure::Unusable("--verify: --upstream says for whom".to_owned());
    let place = arguments.upstream.clone().ok_or_else(missing)?;
    if !place.is_local() && !arguments.unsafe_upstream {
        return Err(Failure::Unusable(
            "--upstream: another machine, and whoever writes on the way there can say of anything that it was \
             verified: put this proxy beside the service, or say --unsafe-upstream"
                .to_owned(),
        ));
    }
    Ok(place)
}

/// Reads the peers' files.
fn receiver(command: &ProxyCommand) -> Result<Receiver, Failure> {
    let arguments = &command.verifying;
    let profile = profile::choose(command.profile, || Ok(None))?;
    let mut inputs = Vec::new();
    for (name, file) in &arguments.peer {
        inputs.push((name.as_str(), Input::read(file)?));
    }
    let files = inputs
        .iter()
        .map(|(name, input)| (*name, input.bytes.as_slice()));
    let peers = Peers::read(files).map_err(|why| Failure::Unusable(format!("--peer {why}")))?;
    let window = arguments.window.as_secs();
    Ok(Receiver {
        peers,
        profile: profile.into(),
        policy: arguments.policy.into(),
        window: u32::try_from(window).unwrap_or(u32::MAX),
        options: arguments.target.options(),
    })
}

fn files(command: &ProxyCommand) -> Vec<PathBuf> {
    command
        .verifying
        .peer
        .iter()
        .map(|(_, file)| file.clone())
        .collect()
}

/// What is known now, for metrics.
fn facts(server: &Server, verifying: &Verifying, places: usize) -> Facts {
    let load = server.load();
    // The key of a peer that lasts longest.
    let mut ends: BTreeMap<String, Timestamp> = BTreeMap::new();
    for key in verifying.receiver().peers.keys() {
        if let Some((_, end)) = key.validity {
            let known = ends.entry(key.peer.to_string()).or_insert(end);
            *known = end.max(*known);
        }
    }
    Facts {
        work: (load.in_work, load.queued),
        connections: load.connections,
        accept_failures: load.accept_failures,
        certificates: ends.into_iter().collect(),
        replay_memory: Some((verifying.memory().used(), places)),
        now: clock::now().ok(),
        ..Facts::default()
    }
}

/// Whether requests can be judged.
fn checks(verifying: &Verifying, places: usize, problem: &Problem) -> Vec<Check> {
    let now = clock::now().ok();
    let receiver = verifying.receiver();
    let holds = |validity: Option<(Timestamp, Timestamp)>| match (validity, now) {
        (Some((start, end)), Some(now)) => start <= now && now <= end,
        (None, _) => true,
        (Some(_), None) => false,
    };
    let all = receiver.peers.keys().len();
    let holding = receiver
        .peers
        .keys()
        .iter()
        .filter(|key| holds(key.validity))
        .count();
    let refused = problem
        .text()
        .map(|why| format!("; those before go on, since the new are refused: {why}"));
    let key = format!(
        "{holding} of {all} keys hold{}",
        refused.unwrap_or_default()
    );
    let used = verifying.memory().used();
    vec![
        Check {
            name: "key",
            good: holding > 0,
            detail: key,
        },
        Check {
            name: "replay_memory",
            // One that is full gets room again by requests only: none must be kept from it.
            good: true,
            detail: format!("{used} of {places} places are used, as of the last request"),
        },
    ]
}
