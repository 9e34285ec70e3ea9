//! Who takes part: a partner's instance, as fields of a message name it.

use core::fmt;
use core::str::FromStr;

use uuid::Uuid;

/// A client of a partner: what signs messages and receives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Party {
    /// The legal entity.
    pub partner: Uuid,
    /// Its installation.
    pub instance: Uuid,
}

/// Text that is not `<partner>/<instance>`, two ids of 36 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAParty;

impl Party {
    /// The length of [`to_bytes`](Self::to_bytes).
    pub const LEN: usize = 32;

    /// The partner's 16 bytes, then the instance's.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        let ids = self
            .partner
            .as_bytes()
            .iter()
            .chain(self.instance.as_bytes());
        for (to, from) in bytes.iter_mut().zip(ids) {
            *to = *from;
        }
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) writes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        let half = |bytes: Option<&[u8; 16]>| Uuid::from_bytes(bytes.copied().unwrap_or_default());
        Self {
            partner: half(bytes.first_chunk()),
            instance: half(bytes.last_chunk()),
        }
    }
}

impl fmt::Display for Party {
    /// `<partner>/<instance>` in lowercase, as X-SIGN has it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}/{}",
            self.partner.hyphenated(),
            self.instance.hyphenated()
        )
    }
}

impl fmt::Display for NotAParty {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .write_str("a party is <partner>/<instance>, two ids of 36 characters in lowercase")
    }
}

impl std::error::Error for NotAParty {}

impl FromStr for Party {
    type Err = NotAParty;

    /// Takes what [`Display`](fmt::Display) writes and no other spelling: the text is signed.
    fn from_str(text: &str) -> Result<Self, NotAParty> {
        let (partner, instance) = text.split_once('/').ok_or(NotAParty)?;
        let id = |text: &str| Uuid::try_parse(text).map_err(|_| NotAParty);
        let party = Self {
            partner: id(partner)?,
            instance: id(instance)?,
        };
        if party.to_string() == text {
            Ok(party)
        } else {
            Err(NotAParty)
        }
    }
}
