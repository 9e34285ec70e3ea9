//! Access groups that an installation shows to a partner, which may then [obtain access](super::Resource) by them.

use serde::{Deserialize, Serialize};
use serde_json::Number;
use uuid::Uuid;

/// How many groups an instance shows to one partner at most.
pub const MAX_PUBLISHED_GROUPS: usize = 1000;

/// A group, as its owner's operators named it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedGroup {
    /// Its id.
    #[serde(with = "super::text::shown")]
    pub id: Uuid,
    /// Its name.
    pub name: Option<String>,
    /// Where it is, in degrees.
    pub latitude: Option<Number>,
    /// Where it is, in degrees.
    pub longitude: Option<Number>,
}
