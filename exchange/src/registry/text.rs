//! Ids, times and bytes as text, in what is kept.

use serde::{Deserialize, Deserializer, Serializer};

/// What is written by `Display` and read by `FromStr`.
pub(super) mod shown {
    use core::fmt::Display;
    use core::str::FromStr;

    use super::{Deserialize, Deserializer, Serializer};

    pub(in crate::registry) fn serialize<T: Display, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(in crate::registry) fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|_| serde::de::Error::custom(format!("{text:?} is no id")))
    }
}

/// Times in UTC with seven digits, as .NET writes them.
pub(super) mod time {
    use daxsign_core::Timestamp;
    use serde::ser::Error as _;

    use super::{Deserialize, Deserializer, Serializer};

    pub(in crate::registry) fn serialize<S: Serializer>(
        value: &Timestamp,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text = value.format().map_err(S::Error::custom)?;
        serializer.serialize_str(text.as_str())
    }

    pub(in crate::registry) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        Timestamp::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Bytes in base64.
pub(super) mod base64 {
    use ::base64::Engine as _;
    use ::base64::prelude::BASE64_STANDARD;

    use super::{Deserialize, Deserializer, Serializer};

    pub(in crate::registry) fn serialize<S: Serializer>(
        value: &[u8],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&BASE64_STANDARD.encode(value))
    }

    pub(in crate::registry) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64_STANDARD
            .decode(text)
            .map_err(serde::de::Error::custom)
    }
}

/// A SHA-256 in base64.
pub(super) mod hash {
    use super::{Deserializer, Serializer};

    pub(in crate::registry) fn serialize<S: Serializer>(
        value: &[u8; 32],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        super::base64::serialize(value, serializer)
    }

    pub(in crate::registry) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<[u8; 32], D::Error> {
        let bytes = super::base64::deserialize(deserializer)?;
        bytes
            .try_into()
            .map_err(|_| serde::de::Error::custom("no hash of 32 bytes"))
    }
}
