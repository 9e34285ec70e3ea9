//! PINs that nobody has.

use super::answer::Done;
use super::refused::Refused;
use super::work::Work;

/// How often a free one is looked for.
const ATTEMPTS: usize = 100;

pub(super) fn generate(work: &mut Work<'_>) -> Result<Done, Refused> {
    if !work.any("SELECT 1 FROM visible", [])? {
        return Err(Refused::missing("folder"));
    }
    Ok(Done::with("pinCode", new(work)?.into()))
}

/// Six digits that no owner, card or reservation has.
pub(super) fn new(work: &Work<'_>) -> Result<String, Refused> {
    let taken = "SELECT 1 FROM owner WHERE pin = ?1 UNION ALL SELECT 1 FROM card WHERE pin = ?1
        UNION ALL SELECT 1 FROM reservation WHERE pin = ?1";
    for _ in 0..ATTEMPTS {
        let drawn = work.random()?.into_iter().take(4);
        let drawn = drawn.fold(0_u32, |sum, byte| sum.wrapping_shl(8) | u32::from(byte));
        let pin = format!("{:06}", drawn.checked_rem(1_000_000).unwrap_or_default());
        if !work.any(taken, [&pin])? {
            return Ok(pin);
        }
    }
    Err(Refused::conflict("nearly all PINs are taken"))
}
