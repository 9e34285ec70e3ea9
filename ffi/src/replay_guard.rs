//! Accepting a request once, in caller's memory.

use daxsign_core::{ReplayEntry, ReplaySlice, ReplayState};

use crate::call::{call, call_without_detail};
use crate::call_error::CallError;
use crate::detail::DaxsignDetail;
use crate::memory::caller::Caller;
use crate::memory::outputs::Outputs;
use crate::memory::place::Kept;
use crate::memory::storage::storage;
use crate::status::DaxsignStatus;
use crate::storage::DAXSIGN_STORAGE_ALIGN;

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
    entries: Kept<ReplayEntry>,
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
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let room = outputs.room(guard, guard_size)?;
        let entries = outputs.places("entries", entries, count)?;
        room.start(|| {
            Ok(Guard {
                entries: entries.fill_with(ReplayEntry::EMPTY),
                state: ReplayState::new(),
            })
        })
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
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call(caller, detail, |outputs| {
        let count = outputs.place("count", count)?;
        let guard = outputs.inputs().stored(guard)?.get()?;
        count.write(guard.state.len());
        Ok(())
    })
}

/// Overwrites a guard with zeros; storage without one is left as it is. Its entries are then free for
/// other use; they hold no secret.
///
/// Errors: `null-pointer`, `misaligned`. Exclusive: `guard`. Stack: small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn daxsign_replay_guard_wipe(
    guard: *mut DaxsignReplayGuard,
) -> DaxsignStatus {
    // SAFETY: the pointers are this function's arguments; its caller promises the header's rules.
    let caller = unsafe { Caller::promises() };
    call_without_detail(caller, |outputs| {
        outputs.held(guard)?.wipe();
        Ok(())
    })
}

/// The guard of a call, which is written and so are its entries; `None` for NULL.
pub(crate) fn open_guard<'c>(
    outputs: &mut Outputs<'c, '_>,
    guard: *mut DaxsignReplayGuard,
) -> Result<Option<ReplaySlice<'c>>, CallError> {
    if guard.is_null() {
        return Ok(None);
    }
    let guard = outputs.held(guard)?.into_mut()?;
    let entries = outputs.kept("guard.entries", guard.entries)?;
    Ok(Some(ReplaySlice::new(entries, &mut guard.state)))
}
