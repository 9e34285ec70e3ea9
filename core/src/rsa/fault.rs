//! Where a fault may strike a signature or a new key under way, for the test that none of them gets a wrong
//! one out: the private operation and the making of keys call [`strike`] on each number they go on with.
//!
//! Only in a build with `--cfg daxsign_faults` does that do anything: the test then says which number
//! is struck next ([`injected`]). In all other builds it is nothing.

use super::limb::Limb;

/// A number of the private operation (RFC 8017 5.2.1), or of a key that is made.
#[allow(unreachable_pub, reason = "public for the test alone")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The encoded message, where it is read for a prime.
    Message,
    /// m_2, modulo q.
    HalfQ,
    /// h, made of m_1, modulo p.
    HalfP,
    /// s, of both.
    Signature,
    /// p or q, once it was found to be prime.
    Prime,
    /// dP or dQ.
    Exponent,
    /// qInv.
    Coefficient,
}

/// A fault hits the number, if the test wants one here.
#[allow(clippy::inline_always, reason = "in a normal build it is nothing")]
#[inline(always)]
pub(crate) fn strike(place: Place, number: &mut [Limb]) {
    #[cfg(daxsign_faults)]
    injected::strike(place, number);
    #[cfg(not(daxsign_faults))]
    let _ = (place, number);
}

/// The faults of a test.
#[cfg(daxsign_faults)]
pub mod injected {
    use core::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    pub use crate::rsa::fault::Place;
    use crate::rsa::limb::{LIMB_BITS, Limb};

    /// The bit to be flipped next, or none.
    static BIT: AtomicUsize = AtomicUsize::new(usize::MAX);
    static PLACE: AtomicUsize = AtomicUsize::new(usize::MAX);

    /// Bits of a limb.
    pub const BITS: usize = LIMB_BITS;

    /// Flips a bit of the next number at this place, counted from its least significant one.
    pub fn plan(place: Place, bit: usize) {
        PLACE.store(number(place), SeqCst);
        BIT.store(bit, SeqCst);
    }

    /// Whether what was planned has happened. Nothing is planned then.
    pub fn happened() -> bool {
        BIT.swap(usize::MAX, SeqCst) == usize::MAX
    }

    const fn number(place: Place) -> usize {
        match place {
            Place::Message => 0,
            Place::HalfQ => 1,
            Place::HalfP => 2,
            Place::Signature => 3,
            Place::Prime => 4,
            Place::Exponent => 5,
            Place::Coefficient => 6,
        }
    }

    pub(super) fn strike(place: Place, limbs: &mut [Limb]) {
        if PLACE.load(SeqCst) != number(place) {
            return;
        }
        let bit = BIT.load(SeqCst);
        if let Some(limb) = limbs.get_mut(bit / LIMB_BITS) {
            *limb ^= 1 << (bit % LIMB_BITS);
            BIT.store(usize::MAX, SeqCst);
        }
    }
}
