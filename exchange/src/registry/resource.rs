//! What an operation acts on, as clauses name it: `cards.read`.

use daxsign_client::Method;
use daxsign_client::api::{OPERATIONS, OperationInfo};

/// What a clause says that allows everything.
const EVERYTHING: &str = "*";

/// A resource and whether it is read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resource {
    /// `cards`, `cardowners`, …
    pub name: &'static str,
    /// Whether the operation reads only.
    pub reads: bool,
}

impl Resource {
    /// That of an operation. Doors are a resource of their own: who may edit card owners may not, for that,
    /// open their doors. Published access groups are another resource than those of an instance.
    #[must_use]
    pub fn of(operation: &OperationInfo) -> Self {
        let reads = matches!(operation.method, Method::Get);
        if operation.path.contains("/doors") {
            return Self {
                name: "doors",
                reads,
            };
        }
        let name = match operation.tag {
            "AccessGrants" => "accessgrants",
            "AccessGroups" => "accessgroups",
            "Callback" => "callbacks",
            "CardOwner" => "cardowners",
            "Card" | "Cards" => "cards",
            "Contracts" => "contracts",
            "DaxAccessGroups" => "publishedgroups",
            "Delivery" => "deliveries",
            "Folder" => "folders",
            "Logs" => "logs",
            "Organization" => "organizations",
            "PinCode" => "pincodes",
            "Renz" => "renzrecipients",
            other => other,
        };
        Self { name, reads }
    }

    /// Whether a clause's value allows an operation: by its name, its resource, or everything.
    #[must_use]
    pub fn is_allowed_by(value: &str, operation: &OperationInfo) -> bool {
        value == EVERYTHING || value == operation.id || Self::of(operation).is(value)
    }

    /// Whether a value names anything that there is: a misspelt one would allow nothing, silently.
    #[must_use]
    pub fn is_known(value: &str) -> bool {
        let mut all = OPERATIONS.iter();
        all.any(|operation| Self::is_allowed_by(value, operation))
    }

    fn is(&self, value: &str) -> bool {
        let action = if self.reads { "read" } else { "write" };
        value.split_once('.') == Some((self.name, action))
    }
}

impl core::fmt::Display for Resource {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let action = if self.reads { "read" } else { "write" };
        write!(formatter, "{}.{action}", self.name)
    }
}
