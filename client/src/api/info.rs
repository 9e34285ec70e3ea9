//! What is known of every operation, as data: for programs that offer all of them.

use crate::protocol::request::{Method, Repeat};

/// An operation.
#[derive(Debug)]
pub struct OperationInfo {
    /// Its name: `list_card_owners`.
    pub id: &'static str,
    /// What it belongs to: `CardOwner`.
    pub tag: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path below the API's, with names in braces.
    pub path: &'static str,
    /// What is said of it; may be empty.
    pub about: &'static str,
    /// What stands in path and query; those of the path in its order.
    pub parameters: &'static [ParameterInfo],
    /// What stands in the body beside the context.
    pub body: &'static [FieldInfo],
    /// What the answer's data holds.
    pub answer: &'static [FieldInfo],
    /// The status of success.
    pub success: u16,
    /// The most that a page holds; `None` for an operation without pages.
    pub max_limit: Option<u32>,
    /// What a patch may replace.
    pub patch_paths: &'static [&'static str],
    /// Whether it is sent again by itself.
    pub repeat: Repeat,
    /// What it does that cannot be undone.
    pub danger: Danger,
}

/// What an operation does that a person should be asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Danger {
    /// Nothing of the kind.
    None,
    /// It opens a door.
    OpensDoor,
    /// It deletes or archives something.
    Deletes,
    /// It takes access away.
    Revokes,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path; always needed.
    Path,
    /// In the query; may be left out.
    Query,
}

/// A parameter.
#[derive(Debug)]
pub struct ParameterInfo {
    /// Its name.
    pub name: &'static str,
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub kind: Kind,
    /// Whether it is a list, separated by commas.
    pub many: bool,
    /// Values that are known; there may be others.
    pub known: &'static [&'static str],
    /// What is said of it; may be empty.
    pub about: &'static str,
}

/// A field of an object.
#[derive(Debug)]
pub struct FieldInfo {
    /// Its name in JSON.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Whether it is a list.
    pub many: bool,
    /// Whether a request must have it.
    pub required: bool,
    /// Values that are known; there may be others.
    pub known: &'static [&'static str],
    /// What is said of it; may be empty.
    pub about: &'static str,
}

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text.
    Text,
    /// Text that is not shown.
    Secret,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A GUID.
    Uuid,
    /// A time of the target's clocks, without a zone.
    LocalTime,
    /// A time in UTC.
    UtcTime,
    /// Bytes in base64.
    Bytes,
    /// An object from names to texts.
    Texts,
    /// Any JSON.
    Json,
    /// An object with these fields; one that holds itself is not followed further.
    Object(&'static [FieldInfo]),
}
