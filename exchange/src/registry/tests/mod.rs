//! The rules of the registry, as tables; what is kept, against a second store.

mod changes;
mod decisions;
mod kept;
pub(crate) mod made;
