//! What an Alliera is.

use super::zone::Zone;
use crate::party::Party;

/// What an Alliera is.
#[derive(Clone, Debug)]
pub struct Settings {
    /// As which party it is known.
    pub party: Party,
    /// What its partner is called.
    pub partner_name: String,
    /// What it is called.
    pub name: String,
    /// Where its clocks stand: its times are local.
    pub zone: Zone,
}
