//! Names and hashed passwords, with which an instance gets tokens.

use uuid::Uuid;

use crate::party::Party;

/// The longest name.
pub const MAX_CREDENTIAL_NAME_LEN: usize = 128;

/// What the text of every hash begins with: argon2id, version 1.3.
pub(crate) const PASSWORD_HASH_START: &str = "$argon2id$v=19$";

/// Whether a text is a hash, as far as its beginning tells. A password that was put in its place is refused.
pub(super) fn is_password_hash(text: &str) -> bool {
    text.starts_with(PASSWORD_HASH_START)
}

/// A credential of one instance.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// Made anew whenever the password is set: a token names it, and ends with it.
    pub id: Uuid,
    /// Whose it is: `client_id` must be its instance (X-REG).
    pub party: Party,
    /// The argon2id hash of the password, as text.
    pub hash: String,
}

impl core::fmt::Debug for Credential {
    /// Without the hash.
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter
            .debug_struct("Credential")
            .field("id", &self.id)
            .field("party", &self.party)
            .finish_non_exhaustive()
    }
}
