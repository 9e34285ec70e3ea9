//! Writes what is made from `api/dax-api.json`.

use daxsign_tests::dax_api::model::Model;
use daxsign_tests::dax_api::{csharp, rust};

fn main() -> std::io::Result<()> {
    let model = Model::load();
    for (path, text) in rust::files(&model).into_iter().chain(csharp::files(&model)) {
        std::fs::write(path, text)?;
    }
    Ok(())
}
