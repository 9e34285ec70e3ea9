//! Ids: of partners, instances, and everything else in the API.

use daxsign_client::Uuid;

/// Reads an id.
pub(crate) fn id(text: &str) -> Result<Uuid, String> {
    text.parse().map_err(|_| {
        format!(
            "\"{text}\" is no id: 32 hexadecimal digits, as in {}",
            Uuid::nil()
        )
    })
}
