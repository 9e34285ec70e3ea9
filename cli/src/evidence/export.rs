//! `daxsign evidence export`: the evidence of one exchange, from the exchange.

use daxsign_exchange::CorrelationId;
use daxsign_exchange::record::{Pins, verify_evidence};

use crate::evidence::arguments::ExportArguments;
use crate::evidence::exchange::Exchange;
use crate::evidence::verify::refused;
use crate::failure::Failure;
use crate::new_file::{self, Readers};
use crate::output;
use crate::terminal::{argument, shown, visible};

/// Runs the command.
pub(super) fn run(arguments: &ExportArguments) -> Result<(), Failure> {
    let out = output::new_file(arguments.out.file.as_deref())?;
    let correlation: CorrelationId = arguments.correlation.parse().map_err(|problem| {
        let given = visible(arguments.correlation.as_bytes());
        Failure::Unusable(format!("{given}: {problem}"))
    })?;
    let exchange = Exchange::new(&arguments.exchange)?;
    let bytes = exchange.get(&format!("/v1/evidence/{correlation}"))?;
    // What does not hold here will not hold elsewhere.
    let report = verify_evidence(&bytes, &Pins::new())
        .map_err(|problem| refused(&problem, "what the exchange gave"))?;
    let Some(path) = out else {
        return output::product(&bytes, None);
    };
    new_file::write(path, &bytes, Readers::Owner)?;
    let name = shown(path);
    let count = report.statements.len();
    output::labelled(
        "made",
        &format!("{name}, {} bytes, which say {count} things", bytes.len()),
    );
    output::labelled(
        "next",
        &format!("daxsign evidence verify {}", argument(&name)),
    );
    Ok(())
}
