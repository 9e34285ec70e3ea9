//! Who may get anything.

use super::refused::Refused;
use super::work::Work;

/// That an owner is neither archived nor disabled.
pub(super) fn is_active(work: &Work<'_>, seq: i64) -> Result<(), Refused> {
    let active = "SELECT 1 FROM owner WHERE seq = ?1 AND archived IS NULL AND disabled = 0";
    if work.any(active, [seq])? {
        return Ok(());
    }
    Err(Refused::conflict("the card owner is archived or disabled"))
}
