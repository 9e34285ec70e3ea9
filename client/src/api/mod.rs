//! The operations of the API, with the types of what they take and give.
//!
//! Read in this order: `json` with `open_enum` (how values are read and written), `operation` (what all
//! operations have), `draft` and `patch` (how their requests are made), `info` (what is known of them).
//!
//! `types`, `operations`, `operation_infos` and `patches` are made from `api/dax-api.json` (`cargo run -p
//! daxsign-tests --bin dax_api`). What stands in them: every field that answers may leave out is an
//! `Option`; fields and values that the description does not know are kept.

mod draft;
mod info;
mod json;
mod open_enum;
mod operation;
mod operation_infos;
mod operations;
mod patch;
mod patches;
mod types;

pub use info::{Danger, FieldInfo, Kind, OperationInfo, ParameterInfo, Place};
pub use json::{Bytes, Json, Unknown};
pub use operation::{ById, Instance, Operation, Paged};
pub use operation_infos::OPERATIONS;
pub use operations::*;
pub use patches::*;
pub use types::*;
