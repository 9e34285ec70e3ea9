//! `daxsign-exchange demo`, run as a program: the facts of its story.

#![cfg(unix)]

use std::path::Path;
use std::process::{Command, Output};

fn demo(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_daxsign-exchange"))
        .arg("demo")
        .args(arguments)
        .current_dir(folder)
        // Its record lies there.
        .env("TMPDIR", folder)
        .output()
        .expect("the program starts")
}

/// The text between two headings.
fn part<'t>(story: &'t str, from: &str, to: &str) -> &'t str {
    let (_, rest) = story
        .split_once(from)
        .unwrap_or_else(|| panic!("{from} is not in {story}"));
    rest.split_once(to).map_or(rest, |(part, _)| part)
}

/// Lines of one paragraph, joined.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// In their order, and what was measured was measured.
fn thirteen_steps(story: &str) {
    let steps: Vec<&str> = story
        .lines()
        .filter(|line| line.starts_with("step "))
        .collect();
    assert_eq!(steps.len(), 13, "{steps:#?}");
    for (index, (step, said)) in steps
        .iter()
        .zip([
            "A writes a request",
            "A signs it",
            "The exchange verifies A's signature",
            "finds the contract",
            "finds the clause",
            "signs a message of its own for B",
            "event 1 is on disk",
            "B verifies the exchange's signature",
            "B writes an answer and signs it",
            "The exchange verifies B's signature",
            "Event 2 is on disk",
            "signs the answer for A",
            "A verifies it",
        ])
        .enumerate()
    {
        assert!(
            step.starts_with(&format!("step {:>2} ", index + 1)) && step.contains(said),
            "{step}"
        );
    }
    let timed: Vec<&&str> = steps.iter().filter(|step| step.ends_with(" ms")).collect();
    assert_eq!(timed.len(), 9, "{steps:#?}");
    assert!(
        !timed.iter().any(|step| step.ends_with(" 0.00 ms")),
        "{steps:#?}"
    );
}

/// What each event holds, and what the evidence proves.
fn on_record(story: &str) {
    let record = joined(part(story, "What is on record", "Four that are refused"));
    for said in [
        "event 1 Leaf ",
        ": request from A to B, at ",
        "OperationClause/Operation/open_card_owner_door",
        "event 2 Leaf ",
        ": answer from B to A, at ",
        "proved A signed POST /api/v2.0/partners/",
        "proved the exchange signed this request for B",
        "proved B signed ANSWER /api/v2.0/partners/",
        "proved the exchange signed this answer, with the body as it came, for who had asked, with the status 200",
        "proved A signed POST /exchange/v1/contracts",
        "proved B signed POST /exchange/v1/contracts/",
        "not witnessed no witness signed the checkpoint",
    ] {
        assert!(record.contains(said), "{said:?} is not in {record}");
    }
    assert!(!record.contains("not pinned "), "{record}");
}

/// Each with its name, what its sender is told, and what is on record.
fn four_refused(story: &str) {
    let refusals = joined(part(story, "Four that are refused", "Go on"));
    for (number, title, said, recorded) in [
        (
            1,
            "tampered",
            "is told 401: error[signature-mismatch]",
            "on record nothing",
        ),
        (
            2,
            "replayed",
            "is told 409: error[replayed]",
            "refused: replayed: the same bytes came before",
        ),
        (
            3,
            "no clause",
            "is told 403: error[not-allowed]",
            "refused: error[not-allowed]",
        ),
        (
            4,
            "wrong key",
            "is told 502: error[answer-refused]",
            "the answer does not verify",
        ),
    ] {
        let told = part(
            &refusals,
            &format!("refused {number} {title}: "),
            "refused {}",
        );
        let next = format!("refused {} ", number + 1);
        let told = told.split_once(&next).map_or(told, |(told, _)| told);
        assert!(
            told.contains(said) && told.contains(recorded),
            "{number}: {told}"
        );
    }
}

#[test]
fn a_complete_exchange_in_thirteen_steps_and_four_that_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let output = demo(folder.path(), &[]);
    let story = String::from_utf8(output.stdout).unwrap();
    let problem = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{story}{problem}");
    assert_eq!(problem, "");
    for line in story.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }

    thirteen_steps(&story);
    on_record(&story);
    four_refused(&story);
    for command in [
        "daxsign-exchange demo --evidence ",
        "daxsign-exchange init ",
        "daxsign-exchange serve ",
    ] {
        assert!(
            part(&story, "Go on", "no other part").contains(command),
            "{command}"
        );
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn evidence_that_is_there_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("there.json"), "mine").unwrap();
    let output = demo(folder.path(), &["--evidence", "there.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty(), "told before anything is done");
    let problem = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        problem.contains("there.json exists and is never overwritten"),
        "{problem}"
    );
    assert_eq!(
        std::fs::read(folder.path().join("there.json")).unwrap(),
        b"mine"
    );
}
