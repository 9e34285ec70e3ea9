//! What stands in the record: leaves, the tree over them, checkpoints, what erasing leaves, evidence.

mod erasing;
mod evidence;
mod leaves;
mod log;
mod made;
