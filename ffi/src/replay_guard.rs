//! Accepting a request once, in caller's memory.

use daxsign_core::{ReplayEntry, ReplaySlice, ReplayState};

use crate::call::call;
use crate::detail::DaxsignDetail;
use crate::failure::Failure;
use crate::memory::{Memory, Region, keep_apart};
use crate::status::DaxsignStatus;
use crate::storage::{DAXSIGN_STORAGE_ALIGN, Room, Storage, storage};

/// The size of a `DaxsignReplayGuard` in bytes.
pub const DAXSIGN_REPLAY_GUARD_SIZE: usize = 64;
/// The alignment of a `DaxsignReplayGuard` in bytes.
pub const DAXSIGN_REPLAY_GUARD_ALIGN: usize = DAXSIGN_STORAGE_ALIGN;
/// The size of a `DaxsignReplayEntry` in bytes.
pub const DAXSIGN_REPLAY_ENTRY_SIZE: usize = 48;
/// The alignment of a `DaxsignReplayEntry` in bytes.
pub const DAXSIGN_REPLAY_ENTRY_ALIGN: usize = DAXSIGN_STORAGE_ALIGN;

/// Room for one accepted request. Declare an array of as many as requests may be fresh at one time:
/// the requests per second, times twice the window in seconds.
#[repr(C)]
#[derive(Clone, Copy)]
pub union DaxsignReplayEntry {
    /// Private to the library.
    pub opaque: [u8; DAXSIGN_REPLAY_ENTRY_SIZE],
    /// Gives the storage its alignment.
    pub align: u64,
}

const _: () = {
    assert!(size_of::<ReplayEntry>() <= size_of::<DaxsignReplayEntry>());
    assert!(align_of::<ReplayEntry>() <= align_of::<DaxsignReplayEntry>());
};

/// A guard and where its entries are.
#[derive(Clone, Copy)]
pub(crate) struct Guard {
    entries: *mut ReplayEntry,
    capacity: usize,
    state: ReplayState,
}

/// Storage for a replay guard. It points to the entries that it was started with.
#[repr(C)]
#[derive(Clone, Copy)]
pub union DaxsignReplayGuard {
    /// Private to the library.
    pub opaque: [u8; DAXSIGN_REPLAY_GUARD_SIZE],
    /// Gives the storage its alignment.
    pub align: u64,
}

storage!(DaxsignReplayGuard("guard", b"daxs-rpl"): Guard);

/// How many library entries fit the caller's array.
fn capacity_of(count: usize) -> usize {
    let bytes = count.saturating_mul(size_of::<DaxsignReplayEntry>());
    // An entry is no empty type.
    bytes
        .checked_div(size_of::<ReplayEntry>())
        .unwrap_or_default()
}

/// Starts an empty guard over `count` entries. `guard_size` is `sizeof *guard`. What is in the
/// entries does not matter. Guard and entries must stay where they are until the guard is wiped.
///
/// The guard never forgets an accepted request that is still fresh: when it is full it refuses new
/// ones with `replay-guard-full`. One guard serves any number of keys: a request of one key never
/// makes another key's look repeated. It lives in this memory: after a restart, requests of the last
/// window could be replayed; wait that long before accepting any.
///
/// Errors: `too-small`, `misaligned`, `null-pointer`, `overlap`. Exclusive: `guard`, `entries`.
/// Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_replay_guard_start(
    guard: *mut DaxsignReplayGuard,
    guard_size: usize,
    entries: *mut DaxsignReplayEntry,
    count: usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    call(detail, |detail| {
        let room = Room::new(guard, guard_size)?;
        let region = Region::array("entries", entries, count)?;
        keep_apart(&[Some(room.region()?), Some(region), detail], &[])?;
        let entries = entries.cast::<ReplayEntry>();
        let capacity = if entries.is_null() {
            0
        } else {
            capacity_of(count)
        };
        for index in 0..capacity {
            // SAFETY: inside the array.
            let entry = unsafe { entries.add(index) };
            // SAFETY: aligned and the caller's.
            unsafe { entry.write(ReplayEntry::EMPTY) };
        }
        let value = Guard {
            entries,
            capacity,
            state: ReplayState::new(),
        };
        // SAFETY: the caller's contract.
        unsafe { room.start(|| Ok(value)) }
    })
}

/// Tells how many requests a guard remembers now, to `*count`.
///
/// Errors: `not-initialised`. Shared: `guard`; exclusive: `count`. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_replay_guard_count(
    guard: *const DaxsignReplayGuard,
    count: *mut usize,
    detail: *mut DaxsignDetail,
) -> DaxsignStatus {
    call(detail, |detail| {
        crate::memory::check("count", count)?;
        // SAFETY: the caller's contract, here and below.
        let input = unsafe { DaxsignReplayGuard::region(guard) }?;
        keep_apart(
            &[Some(Region::array("count", count, 1)?), detail],
            &[&input],
        )?;
        // SAFETY: as above.
        let guard = unsafe { DaxsignReplayGuard::get(guard) }?;
        // SAFETY: checked, and apart from the guard.
        unsafe { count.write(guard.state.len()) };
        Ok(())
    })
}

/// Overwrites a guard with zeros; storage without one is left as it is. Its entries are then free for other use; they hold no secret.
///
/// Errors: `null-pointer`, `misaligned`. Exclusive: `guard`. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_replay_guard_wipe(
    guard: *mut DaxsignReplayGuard,
) -> DaxsignStatus {
    call(core::ptr::null_mut(), |_| {
        // SAFETY: the caller's contract.
        unsafe { DaxsignReplayGuard::wipe(guard) }
    })
}

/// The guard of a call, apart from the call's other memory; `None` for NULL. The outputs are
/// checked against the inputs here, with or without a guard.
///
/// # Safety
/// `guard` is NULL or follows the header's rules during `'a`.
pub(crate) unsafe fn read_guard<'a>(
    guard: *mut DaxsignReplayGuard,
    outputs: &[Option<Region>],
    inputs: &[&dyn Memory],
) -> Result<Option<ReplaySlice<'a>>, Failure> {
    keep_apart(outputs, inputs)?;
    if guard.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's contract, here and below.
    let place = unsafe { DaxsignReplayGuard::region(guard) }?;
    keep_apart(outputs, &[&place])?;
    keep_apart(&[Some(place)], inputs)?;
    // SAFETY: as above.
    let guard = unsafe { DaxsignReplayGuard::get_mut(guard) }?;
    let entries = Region::array("guard.entries", guard.entries, guard.capacity)?;
    keep_apart(outputs, &[&entries])?;
    keep_apart(&[Some(entries)], inputs)?;
    let entries: &mut [ReplayEntry] = if guard.capacity == 0 {
        &mut []
    } else {
        // SAFETY: written when the guard was started; they stay where they are (the contract).
        unsafe { core::slice::from_raw_parts_mut(guard.entries, guard.capacity) }
    };
    Ok(Some(ReplaySlice::new(entries, &mut guard.state)))
}
