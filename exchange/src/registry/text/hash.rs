//! A SHA-256 in base64.

use serde::{Deserializer, Serializer};

pub(crate) fn serialize<S: Serializer>(value: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    super::base64::serialize(value, serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<[u8; 32], D::Error> {
    let bytes = super::base64::deserialize(deserializer)?;
    bytes
        .try_into()
        .map_err(|_| serde::de::Error::custom("no hash of 32 bytes"))
}
