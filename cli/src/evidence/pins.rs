//! Whose certificates are whose, as the command line says.

use daxsign_exchange::record::Pins;

use crate::evidence::arguments::PinArguments;
use crate::failure::Failure;
use crate::terminal::visible;

/// What is to be known beforehand.
pub(super) fn read(arguments: &PinArguments) -> Result<Pins, Failure> {
    let mut pins = Pins::new();
    for pin in &arguments.pins {
        pins.add(pin).map_err(|problem| {
            Failure::Unusable(format!("--pin {}: {problem}", visible(pin.as_bytes())))
        })?;
    }
    for witness in &arguments.witnesses {
        pins.add_witness(witness);
    }
    Ok(pins)
}
