//! What the fuzz targets share: how bytes become requests, how DER is changed without losing its
//! shape, and the naive reading of the rules that the tests use, too.

pub mod caller;
pub mod der;
pub mod evidence;
pub mod keys;
pub mod managed;
#[path = "../../tests/src/managing.rs"]
pub mod managing;
#[allow(clippy::doc_lazy_continuation)]
#[path = "../../tests/src/model.rs"]
pub mod model;
pub mod mutator;
pub mod pem;
pub mod reading;
#[path = "../../tests/src/request.rs"]
pub mod request;
pub mod trial;
