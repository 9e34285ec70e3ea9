//! `daxsign evidence compare`: whether a log that was shown at two times only grew.

use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_exchange::record::{Checkpoint, CompareProblem, HASH_LEN, compare_checkpoints};
use serde_json::json;

use crate::evidence::arguments::CompareArguments;
use crate::evidence::exchange::Exchange;
use crate::evidence::given::Given;
use crate::evidence::pins;
use crate::failure::{Failure, Refusal};
use crate::input::Input;
use crate::output;

/// Runs the command.
pub(super) fn run(arguments: &CompareArguments) -> Result<(), Failure> {
    let outcome = compare(arguments);
    match &outcome {
        Ok(Compared { earlier, later }) if arguments.json.json => {
            let sizes = json!({ "continued": true, "earlier": earlier, "later": later });
            output::json(&sizes)?;
        }
        Ok(Compared { earlier, later }) => {
            let text = format!(
                "The log only grew: its {later} events begin with the {earlier} that were shown before.\n"
            );
            output::write(text.as_bytes())?;
        }
        Err(failure) => {
            if let Some(error) = failure.to_json().filter(|_| arguments.json.json) {
                output::json(&json!({ "continued": false, "error": error }))?;
            }
        }
    }
    outcome.map(drop)
}

/// How many events each checkpoint has.
struct Compared {
    earlier: u64,
    later: u64,
}

fn compare(arguments: &CompareArguments) -> Result<Compared, Failure> {
    let pins = pins::read(&arguments.pins)?;
    let earlier = Given::read(&arguments.earlier, &pins)?;
    let later = match &arguments.later {
        Some(path) => Given::read(path, &pins)?,
        None => Given {
            name: "the exchange's checkpoint".to_owned(),
            signed: Exchange::new(&arguments.exchange)?.get("/v1/log/checkpoint")?,
            key: None,
        },
    };
    let key = key_of(arguments, &earlier, &later)?;
    let size = |given: &Given| {
        let read = Checkpoint::verify(&given.signed, &key);
        let read = read.map(|checkpoint| checkpoint.size);
        read.map_err(|problem| refused(CompareProblem::Checkpoint(problem), &given.name))
    };
    let sizes = Compared {
        earlier: size(&earlier)?,
        later: size(&later)?,
    };
    let proof = if sizes.earlier >= sizes.later {
        // Equal ones need none, and no proof helps others.
        Vec::new()
    } else {
        proof_of(arguments, &sizes)?
    };
    compare_checkpoints(&earlier.signed, &later.signed, &key, &proof)
        .map_err(|problem| refused(problem, &later.name))?;
    Ok(sizes)
}

/// Of which log both are to be.
fn key_of(arguments: &CompareArguments, earlier: &Given, later: &Given) -> Result<String, Failure> {
    let mut keys = [&arguments.key, &earlier.key, &later.key]
        .into_iter()
        .flatten();
    let Some(key) = keys.next() else {
        return Err(Failure::Unusable(
            "two checkpoints without evidence do not say whose log they are of: name its key with --key, as \
             `daxsign evidence verify` shows it"
                .to_owned(),
        ));
    };
    if keys.any(|other| other != key) {
        return Err(Failure::Refused(Refusal {
            name: "log-other",
            message: format!(
                "{} and {} are not of one log, or not of that of --key",
                earlier.name, later.name
            ),
            hints: Vec::new(),
        }));
    }
    Ok(key.clone())
}

fn proof_of(
    arguments: &CompareArguments,
    sizes: &Compared,
) -> Result<Vec<[u8; HASH_LEN]>, Failure> {
    match &arguments.proof {
        Some(path) => read_proof(path),
        None if arguments.exchange.token_file.is_some() => {
            let Compared { earlier, later } = sizes;
            let path = format!("/v1/log/consistency?earlier={earlier}&later={later}");
            let bytes = Exchange::new(&arguments.exchange)?.get(&path)?;
            parse_proof(&bytes, "the exchange's proof")
        }
        None => Err(Failure::Unusable(format!(
            "the first has {} events, the second {}: that it continues the first takes a proof of the exchange: name \
             it with --proof, or --token-file to ask the exchange on this machine",
            sizes.earlier, sizes.later
        ))),
    }
}

fn read_proof(path: &Path) -> Result<Vec<[u8; HASH_LEN]>, Failure> {
    let input = Input::read(path)?;
    parse_proof(&input.bytes, &input.name)
}

/// A hash a line, in base64.
fn parse_proof(bytes: &[u8], name: &str) -> Result<Vec<[u8; HASH_LEN]>, Failure> {
    let hash = |(index, line): (usize, &[u8])| {
        let hash = BASE64_STANDARD.decode(line).ok();
        hash.and_then(|hash| hash.try_into().ok()).ok_or_else(|| {
            let number = index.saturating_add(1);
            Failure::Unusable(format!(
                "{name}:{number}: not a hash: a proof has {HASH_LEN} bytes in base64 on each line"
            ))
        })
    };
    let lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let lines = lines.filter(|line| !line.is_empty());
    lines.enumerate().map(hash).collect()
}

fn refused(problem: CompareProblem, name: &str) -> Failure {
    let hints = match problem {
        CompareProblem::Split => {
            vec!["keep both files: nobody but the holder of the log's key could make them".to_owned()]
        }
        CompareProblem::NotProved => vec![
            "the proof may be of other sizes: ask for one of these two; an exchange that cannot give it has rewritten its log"
                .to_owned(),
        ],
        CompareProblem::Order => vec!["name the earlier one first".to_owned()],
        CompareProblem::Checkpoint(_) => Vec::new(),
    };
    Failure::Refused(Refusal {
        name: problem.name(),
        message: format!("{name}: {problem}"),
        hints,
    })
}
