//! RSA in fixed memory: no heap, no secret-dependent branch or index.
//!
//! From the bottom up: [`limb`] (words and rows of them), [`product`], [`one_row`], [`two_rows`] and
//! [`squares`], [`portable`], [`kernel`] (Montgomery multiplication, the boundary behind which machines differ),
//! [`modulus`], [`power`], [`private_operation`] and [`public_key`], [`private_key`] with [`key_check`].
//!
//! Beside them: [`sizes`] and [`scratch`] (the memory), [`encoding`] (what is signed), [`batch`] and
//! `lanes` (many signatures at once), [`recover`] and [`pss`] (diagnosis), [`fault`] and `row_check` (tests).

mod batch;
pub(crate) mod encoding;
pub(crate) mod fault;
mod kernel;
pub(crate) mod key_check;
#[cfg(daxsign_ifma)]
mod lanes;
pub(crate) mod limb;
pub(crate) mod modulus;
mod one_row;
mod portable;
pub(crate) mod power;
pub(crate) mod private_key;
pub(crate) mod private_operation;
pub(crate) mod product;
pub(crate) mod pss;
pub(crate) mod public_key;
pub(crate) mod recover;
#[cfg(daxsign_row_check)]
pub(crate) mod row_check;
pub(crate) mod scratch;
pub(crate) mod sizes;
mod squares;
mod two_rows;
