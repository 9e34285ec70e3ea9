//! `daxsign evidence verify`: what a file proves, what it only states, and what nothing covers.

use std::fmt::Write;

use daxsign_exchange::record::{EvidenceProblem, Grounds, Pins, Report, verify_evidence};
use serde_json::{Value, json};

use crate::evidence::arguments::VerifyArguments;
use crate::evidence::pins;
use crate::failure::{Failure, Refusal};
use crate::hex::hex;
use crate::input::Input;
use crate::output;
use crate::terminal::{self, Paint};

/// The width of the labels in front of the sentences.
const LABEL_COLUMNS: usize = 16;

/// Runs the command.
pub(super) fn run(arguments: &VerifyArguments) -> Result<(), Failure> {
    let pins = pins::read(&arguments.pins)?;
    let input = Input::read(&arguments.file)?;
    let outcome = read(&input, &pins);
    match &outcome {
        Ok(report) if arguments.json.json => output::json(&to_json(report))?,
        Ok(report) => {
            let text = to_text(report, terminal::width(), Paint::for_stdout());
            output::write(text.as_bytes())?;
        }
        Err(failure) => {
            if let Some(error) = failure.to_json().filter(|_| arguments.json.json) {
                output::json(&json!({ "verified": false, "error": error }))?;
            }
        }
    }
    outcome.map(drop)
}

/// What a file comes to.
pub(super) fn read(input: &Input, pins: &Pins) -> Result<Report, Failure> {
    verify_evidence(&input.bytes, pins).map_err(|problem| refused(&problem, &input.name))
}

/// Evidence that is none.
pub(super) fn refused(problem: &EvidenceProblem, name: &str) -> Failure {
    let hint = match problem {
        EvidenceProblem::Pin(_) => {
            "either the pin is wrong, or another key than the party's signed: ask the party for the SHA-256 of \
             every certificate that it had"
        }
        EvidenceProblem::Form(_) => {
            "an evidence file is taken as the exchange wrote it, byte for byte: not printed anew, not converted"
        }
        _ => {
            "nothing that this file says is to be believed; whoever exported it has the file as it was"
        }
    };
    Failure::Refused(Refusal {
        name: problem.name(),
        message: format!("{name}: {problem}"),
        hints: vec![hint.to_owned()],
    })
}

/// What a label means, for who reads it for the first time.
const fn meaning(grounds: Grounds) -> &'static str {
    match grounds {
        Grounds::Proved => {
            "only who holds the key can have signed it: what a party signed, the exchange cannot have made up"
        }
        Grounds::Stated => {
            "the exchange's word: when it came, what allowed it, how it ended. It stands in its log, where it \
             cannot be changed unseen; that it is true, nothing proves"
        }
        Grounds::NotSigned => {
            "it stands in the message, and the signature does not cover it: it may have been changed on the way"
        }
        Grounds::NotPinned => {
            "you have not said whose this certificate is. Ask its owner, not who gave you the file, for its \
             SHA-256: then `--pin PARTY=SHA256`"
        }
        Grounds::NotWitnessed => {
            "keep this file: `daxsign evidence compare` shows later whether the log that it is of went on"
        }
    }
}

const fn label(grounds: Grounds) -> &'static str {
    match grounds {
        Grounds::Proved => "proved",
        Grounds::Stated => "stated",
        Grounds::NotSigned => "not signed",
        Grounds::NotPinned => "not pinned",
        Grounds::NotWitnessed => "not witnessed",
    }
}

fn paint(grounds: Grounds, paint: Paint) -> String {
    let label = format!("{:<LABEL_COLUMNS$}", label(grounds));
    match grounds {
        Grounds::Proved => paint.good(&label),
        Grounds::Stated => paint.strong(&label),
        Grounds::NotSigned | Grounds::NotPinned | Grounds::NotWitnessed => paint.bad(&label),
    }
}

fn to_text(report: &Report, width: usize, colours: Paint) -> String {
    let size = report.checkpoint.size;
    let heading = format!(
        "The evidence of exchange {} holds, as of a log of {size} events.",
        report.correlation
    );
    let mut text = format!("{}\n\n", colours.strong(&heading));
    let mut line = |grounds, said: &str| {
        let label = paint(grounds, colours);
        text.push_str(&terminal::labelled(&label, LABEL_COLUMNS, said, width));
    };
    for statement in &report.statements {
        line(statement.grounds, &statement.text);
    }
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\n{}", colours.strong("What that means"));
    for grounds in Grounds::ALL {
        let count = report
            .statements
            .iter()
            .filter(|one| one.grounds == grounds);
        if count.count() > 0 {
            let label = paint(grounds, colours);
            text.push_str(&terminal::labelled(
                &label,
                LABEL_COLUMNS,
                meaning(grounds),
                width,
            ));
        }
    }
    text
}

fn to_json(report: &Report) -> Value {
    let statement = |one: &daxsign_exchange::record::Statement| json!({ "grounds": one.grounds.name(), "text": one.text });
    let statements: Vec<Value> = report.statements.iter().map(statement).collect();
    json!({
        "verified": true,
        "correlation": report.correlation.to_string(),
        "log": {
            "key": report.log_key,
            "size": report.checkpoint.size,
            "root": hex(&report.checkpoint.root),
        },
        "statements": statements,
    })
}
