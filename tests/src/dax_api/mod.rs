//! From the description of the API (`api/dax-api.json`) to the code that is made of it: `model` reads
//! it, each writer makes one language of it.

pub mod csharp;
mod csharp_operations;
pub mod model;
pub mod rust;
mod rust_info;
mod rust_operations;
mod rust_types;

use std::path::PathBuf;

use crate::native::project;

/// The description.
#[must_use]
pub fn description_path() -> PathBuf {
    project().join("api/dax-api.json")
}
