//! Evidence, as anybody could have changed it, and as the operator could who holds the log's key: what is taken says of
//! pinned parties nothing that they did not sign; without that key it says nothing new at all.
#![no_main]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::OnceLock;

use daxsign_exchange::record::{Checkpoint, Grounds, Kind, Leaf, Pins, Report, verify_evidence};
use daxsign_fuzz::evidence::Evidence;
use daxsign_fuzz::mutator;
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

/// Files of one exchange's log: all that its parties ever signed.
const KNOWN: [&[u8]; 4] = [
    include_bytes!("../corpus/evidence/complete"),
    include_bytes!("../corpus/evidence/refused"),
    include_bytes!("../corpus/evidence/expired"),
    include_bytes!("../corpus/evidence/erased"),
];
const ERASED: &str = "; what was said is erased";
const NOT_SHOWN: &str = "which request this answers, the file does not show";

fuzz_target!(|data: &[u8]| {
    let known = known();
    if let Some(report) = check(data, known) {
        check_unforged(&report, known);
    }
    if let Some(evidence) = Evidence::read(data) {
        check(&evidence.by_the_operator().write(), known);
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    match Evidence::read(&data[..size]) {
        Some(mut evidence) if !seed.is_multiple_of(8) => {
            evidence.change(seed / 8, &mut mutator::change);
            mutator::put(&evidence.write(), data, size, max_size)
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
});

struct Known {
    pins: Pins,
    /// What parties signed, in sentences.
    signed: BTreeSet<String>,
    /// What the exchange's key signed, and what the exchange states.
    told: BTreeSet<String>,
    checkpoints: Vec<Checkpoint>,
    log_key: String,
}

fn known() -> &'static Known {
    static FOUND: OnceLock<Known> = OnceLock::new();
    FOUND.get_or_init(|| {
        let mut known = Known {
            pins: pins(),
            signed: BTreeSet::new(),
            told: BTreeSet::new(),
            checkpoints: Vec::new(),
            log_key: String::new(),
        };
        for file in KNOWN {
            let report = verify_evidence(file, &known.pins).expect("the seeds are evidence");
            assert_eq!(Evidence::read(file).expect("JSON").write(), file);
            for (grounds, text) in sentences(&report) {
                let by_party = grounds == Grounds::Proved && !by_exchange(&text);
                let all = if by_party {
                    &mut known.signed
                } else {
                    &mut known.told
                };
                all.insert(text);
            }
            known.checkpoints.push(report.checkpoint);
            known.log_key = report.log_key;
        }
        known
    })
}

/// The certificates that the leaves name, and the exchange's.
fn pins() -> Pins {
    let mut pins = Pins::new();
    let mut add = |who: &str, thumbprint: [u8; 32]| {
        let hex = thumbprint.iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").expect("a string");
            hex
        });
        pins.add(&format!("{who}={hex}")).expect("a pin");
    };
    for file in KNOWN {
        let evidence = Evidence::read(file).expect("JSON");
        for event in std::iter::once(&evidence.log).chain(&evidence.events) {
            let leaf = Leaf::from_bytes(&event.leaf.bytes()).expect("a leaf");
            match (leaf.kind, leaf.sender, leaf.thumbprint) {
                (Kind::LogKey, _, Some(thumbprint)) => add("exchange", thumbprint),
                (_, Some(sender), Some(thumbprint)) => add(&sender.to_string(), thumbprint),
                _ => {}
            }
        }
    }
    pins
}

/// What is taken says of the pinned parties what they signed.
fn check(file: &[u8], known: &Known) -> Option<Report> {
    let open = verify_evidence(file, &Pins::new());
    let report = match verify_evidence(file, &known.pins) {
        Ok(report) => report,
        Err(error) => {
            assert!(error.name().starts_with("evidence-") && !error.to_string().is_empty());
            return None;
        }
    };
    let open = open.expect("pins refuse, and let nothing in");
    assert_eq!(open.checkpoint, report.checkpoint);
    assert!(
        report
            .statements
            .iter()
            .any(|statement| statement.grounds == Grounds::NotWitnessed)
    );
    for (grounds, text) in sentences(&report) {
        assert!(
            !text.contains(char::is_control),
            "a terminal obeys {text:?}"
        );
        let by_party = grounds == Grounds::Proved && !by_exchange(&text);
        // Whose key is not pinned, is called by the key alone.
        assert!(
            !by_party
                || known.signed.contains(&text)
                || text.starts_with("the key of the certificate "),
            "never signed: {text}"
        );
    }
    Some(report)
}

/// Who lacks the log's key can leave something out, and make nothing up.
fn check_unforged(report: &Report, known: &Known) {
    assert!(known.checkpoints.contains(&report.checkpoint) && known.log_key == report.log_key);
    for (grounds, text) in sentences(report) {
        let is_less = text.strip_suffix(ERASED).is_some_and(|less| {
            let mut told = known.told.iter();
            told.any(|told| told.starts_with(less))
        });
        let is_told = known.told.contains(&text) || known.signed.contains(&text);
        assert!(
            is_told || is_less || text.starts_with(NOT_SHOWN),
            "made up: {grounds}: {text}"
        );
    }
}

fn by_exchange(text: &str) -> bool {
    text.starts_with("the exchange signed ")
}

/// Each sentence, without the number of events.
fn sentences(report: &Report) -> impl Iterator<Item = (Grounds, String)> {
    report.statements.iter().map(|statement| {
        let text = statement.text.split("; the ").next().unwrap_or_default();
        let is_log = statement.text.contains(" events below are among them");
        let text = if is_log { text } else { &statement.text };
        (statement.grounds, text.to_owned())
    })
}
