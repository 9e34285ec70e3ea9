//! Writes what is made from `api/dax-api.json`.

use daxsign_tests::dax_api::model::Model;
use daxsign_tests::dax_api::rust;

fn main() -> std::io::Result<()> {
    for (path, text) in rust::files(&Model::load()) {
        std::fs::write(path, text)?;
    }
    Ok(())
}
