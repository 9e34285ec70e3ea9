//! What the sender hears of a decision (X-CLAUSE).

use super::decision::Denied;

/// How much senders are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Candour {
    /// One sentence for everything: who asks must not learn who takes part, nor what others agreed.
    #[default]
    Production,
    /// Contract, clause and value, so that one can build against it.
    Sandbox,
}

/// The message of the 403.
#[must_use]
pub fn told(denied: &Denied, candour: Candour) -> String {
    match candour {
        Candour::Production => "no contract allows this request".into(),
        Candour::Sandbox => denied.to_string(),
    }
}
