//! A caller of the C ABI who keeps what the header asks for and breaks everything that it promises
//! to check: each argument lies in an allocation of exactly its size, so that the sanitizer sees
//! a byte read or written too far, and can be twisted into NULL, a misaligned pointer, a length no
//! object has, a struct of another version, or memory of another argument.

use core::ffi::c_void;
use core::mem::MaybeUninit;

use daxsign::DaxsignStatus;
use daxsign::date::DaxsignTime;
use daxsign::detail::DaxsignDetail;
use daxsign::detail_message::daxsign_detail_message;
use daxsign::keys::{DaxsignPrivateKey, DaxsignPublicKey};
use daxsign::options::DaxsignOptions;
use daxsign::replay_guard::{DaxsignReplayEntry, DaxsignReplayGuard};
use daxsign::request::{DaxsignBytes, DaxsignField, DaxsignRequest};
use daxsign::signing_stream::DaxsignSigningStream;
use daxsign::verifying::DaxsignVerifyingStream;

use crate::request::OwnedRequest;

/// How many entries the guards have.
pub const ENTRIES: usize = 2;

/// A status by its number.
pub const OK: i32 = DaxsignStatus::DaxsignOk as i32;
const NULL_POINTER: i32 = DaxsignStatus::DaxsignErrNullPointer as i32;
const INVALID_LENGTH: i32 = DaxsignStatus::DaxsignErrInvalidLength as i32;
const OVERLAP: i32 = DaxsignStatus::DaxsignErrOverlap as i32;
const MISALIGNED: i32 = DaxsignStatus::DaxsignErrMisaligned as i32;
const TOO_SMALL: i32 = DaxsignStatus::DaxsignErrTooSmall as i32;
const ABI_MISMATCH: i32 = DaxsignStatus::DaxsignErrAbiMismatch as i32;
const BUFFER_TOO_SMALL: i32 = DaxsignStatus::DaxsignErrBufferTooSmall as i32;
/// The first of the errors of a call itself.
const FIRST_OF_CALL: i32 = NULL_POINTER;
/// What else a call can be refused for that twists no pointer: a number out of its range, storage
/// without a value, a signer that fails.
const OTHERS: [i32; 3] = [
    DaxsignStatus::DaxsignErrInvalidArgument as i32,
    DaxsignStatus::DaxsignErrNotInitialised as i32,
    DaxsignStatus::DaxsignErrSignerFailed as i32,
];

/// Bytes in an allocation of their own.
pub type Memory = Box<[u8]>;

/// A request in C, with everything that it points to.
pub struct CRequest {
    /// What is passed.
    pub request: Box<DaxsignRequest>,
    fields: Box<[DaxsignField]>,
    memory: Vec<Memory>,
}

impl CRequest {
    /// The request's bytes, copied each to a place of its own.
    #[must_use]
    pub fn new(request: &OwnedRequest) -> Self {
        let mut memory: Vec<Memory> = Vec::new();
        let mut keep = |bytes: &[u8]| {
            let kept: Memory = bytes.into();
            let bytes = bytes_of(&kept);
            memory.push(kept);
            bytes
        };
        let field = |(name, value): &(String, Vec<u8>)| (name.clone(), value.clone());
        let fields: Vec<_> = request.headers.iter().map(field).collect();
        let fields: Box<[DaxsignField]> = fields
            .iter()
            .map(|(name, value)| DaxsignField {
                name: keep(name.as_bytes()),
                value: keep(value),
            })
            .collect();
        let request = Box::new(DaxsignRequest {
            struct_size: size_of::<DaxsignRequest>().try_into().unwrap_or(0),
            method: keep(request.method.as_bytes()),
            target: keep(request.target.as_bytes()),
            fields: fields.as_ptr(),
            field_count: fields.len(),
            body: keep(&request.body),
        });
        Self {
            request,
            fields,
            memory,
        }
    }

    /// Breaks a promise that is checked, by its number; tells what the library must say.
    fn twist(&mut self, twist: u8) -> Option<i32> {
        let huge = DaxsignBytes {
            data: self.request.method.data,
            len: HUGE,
        };
        let null = DaxsignBytes {
            data: core::ptr::null(),
            len: 1,
        };
        let request = &mut *self.request;
        match twist {
            1 => request.struct_size = 0,
            2 => request.struct_size += 8,
            3 => request.fields = request.fields.wrapping_byte_add(1),
            4 => request.fields = core::ptr::null(),
            5 => request.field_count = HUGE,
            6 => request.field_count = usize::MAX / size_of::<DaxsignField>() + 2,
            7 => request.method = huge,
            8 => request.target = null,
            9 => request.body = huge,
            10 => self.fields.last_mut()?.name = huge,
            11 => self.fields.first_mut()?.value = null,
            12 => request.body.len = usize::MAX,
            _ => return None,
        }
        match twist {
            1 | 2 => Some(ABI_MISMATCH),
            3 | 4 if self.fields.is_empty() => None,
            3 => Some(MISALIGNED),
            4 | 8 | 11 => Some(NULL_POINTER),
            _ => Some(INVALID_LENGTH),
        }
    }

    /// The memory of its largest part, and of its structs.
    fn parts(&self) -> [(*mut u8, usize); 3] {
        let of = |memory: &Memory| (memory.as_ptr().cast_mut(), memory.len());
        let largest = self.memory.iter().max_by_key(|memory| memory.len());
        let request = &raw const *self.request;
        [
            largest.map_or((core::ptr::null_mut(), 0), of),
            (request.cast_mut().cast(), size_of::<DaxsignRequest>()),
            (
                self.fields.as_ptr().cast_mut().cast(),
                size_of_val(&*self.fields),
            ),
        ]
    }
}

/// Longer than any object.
const HUGE: usize = usize::MAX / 2 + 1;

/// Bytes as C has them.
#[must_use]
pub fn bytes_of(memory: &[u8]) -> DaxsignBytes {
    DaxsignBytes {
        data: memory.as_ptr().cast(),
        len: memory.len(),
    }
}

/// Storage that the library fills.
pub struct Storages {
    pub private_key: Box<MaybeUninit<DaxsignPrivateKey>>,
    pub public_key: Box<MaybeUninit<DaxsignPublicKey>>,
    pub signing: Box<MaybeUninit<DaxsignSigningStream>>,
    pub verifying: Box<MaybeUninit<DaxsignVerifyingStream>>,
    pub guard: Box<MaybeUninit<DaxsignReplayGuard>>,
    pub entries: Box<MaybeUninit<[DaxsignReplayEntry; ENTRIES]>>,
}

impl Storages {
    /// Without a value. The bytes are no mark of the library's.
    #[must_use]
    pub fn new() -> Self {
        Self {
            private_key: Box::new(MaybeUninit::zeroed()),
            public_key: Box::new(MaybeUninit::zeroed()),
            signing: Box::new(MaybeUninit::zeroed()),
            verifying: Box::new(MaybeUninit::zeroed()),
            guard: Box::new(MaybeUninit::zeroed()),
            entries: Box::new(MaybeUninit::zeroed()),
        }
    }
}

impl Default for Storages {
    fn default() -> Self {
        Self::new()
    }
}

/// One call: how its arguments are twisted, and what that must lead to.
pub struct Call {
    choices: [u8; 8],
    next: usize,
    /// The request and list of this call.
    pub request: CRequest,
    list: Memory,
    components: Box<DaxsignBytes>,
    options: Box<DaxsignOptions>,
    time: Box<DaxsignTime>,
    detail: Box<DaxsignDetail>,
    out: Memory,
    out_len: Box<usize>,
    /// What the twisted arguments must be refused with.
    expected: Vec<i32>,
    /// Whether the detail can be read after the call.
    has_detail: bool,
    /// Whether the output can be.
    has_output: bool,
    /// An output lies in an input, which the call may not read; then nothing is overwritten.
    may_overlap: bool,
}

impl Call {
    /// A call with these choices (0 twists nothing).
    #[must_use]
    pub fn new(choices: [u8; 8], request: &OwnedRequest, list: &[u8], time: DaxsignTime) -> Self {
        let list: Memory = list.into();
        let u32_of = |size: usize| u32::try_from(size).unwrap_or(0);
        // SAFETY: made of integers.
        let mut detail: Box<DaxsignDetail> = Box::new(unsafe { core::mem::zeroed() });
        detail.struct_size = u32_of(size_of::<DaxsignDetail>());
        Self {
            choices,
            next: 0,
            request: CRequest::new(request),
            components: Box::new(bytes_of(&list)),
            list,
            options: Box::new(DaxsignOptions {
                struct_size: u32_of(size_of::<DaxsignOptions>()),
                target_form: 0,
                content: 0,
                policy: 1,
                window: 300,
            }),
            time: Box::new(time),
            detail,
            out: vec![0xAA; 2048].into(),
            out_len: Box::new(0xAAAA),
            expected: Vec::new(),
            has_detail: true,
            has_output: false,
            may_overlap: false,
        }
    }

    /// The next choice.
    pub fn choice(&mut self) -> u8 {
        let choice = self.choices.get(self.next).copied().unwrap_or(0);
        self.next += 1;
        choice
    }

    fn expect<T>(&mut self, status: i32, value: T) -> T {
        self.expected.push(status);
        value
    }

    /// What was twisted so far is not passed after all.
    pub fn expect_none(&mut self) {
        self.expected.clear();
    }

    /// A pointer to one object.
    pub fn one<T>(&mut self, good: *mut T) -> *mut T {
        match self.choice() {
            1 => self.expect(NULL_POINTER, core::ptr::null_mut()),
            2 if align_of::<T>() > 1 => self.expect(MISALIGNED, good.wrapping_byte_add(1)),
            _ => good,
        }
    }

    /// A pointer that may be NULL.
    pub fn optional<T>(&mut self, good: *mut T) -> *mut T {
        match self.choice() {
            1 => core::ptr::null_mut(),
            2 if align_of::<T>() > 1 => self.expect(MISALIGNED, good.wrapping_byte_add(1)),
            _ => good,
        }
    }

    /// A pointer to a struct that starts with its size; it is put right again for the next call.
    pub fn versioned<T>(&mut self, good: &mut T) -> *mut T {
        let size: *mut u32 = (&raw mut *good).cast();
        match self.choice() {
            1 => self.expect(NULL_POINTER, core::ptr::null_mut()),
            2 => self.expect(MISALIGNED, (&raw mut *good).wrapping_byte_add(1)),
            3 => {
                // SAFETY: the first member is the size.
                unsafe { size.write(3) };
                self.expect(ABI_MISMATCH, &raw mut *good)
            }
            _ => &raw mut *good,
        }
    }

    /// As [`versioned`](Self::versioned), where NULL is good.
    pub fn versioned_or_null<T>(&mut self, good: &mut T) -> *mut T {
        if self.choice() == 1 {
            return core::ptr::null_mut();
        }
        self.next -= 1;
        self.versioned(good)
    }

    /// A pointer to some objects, and how many.
    pub fn array<T>(&mut self, good: *mut T, count: usize) -> (*mut T, usize) {
        match self.choice() {
            1 => self.expect(NULL_POINTER, (core::ptr::null_mut(), count)),
            2 if align_of::<T>() > 1 => self.expect(MISALIGNED, (good.wrapping_byte_add(1), count)),
            3 => self.expect(INVALID_LENGTH, (good, HUGE)),
            4 => self.expect(INVALID_LENGTH, (good, usize::MAX / size_of::<T>() + 2)),
            5 => (core::ptr::null_mut(), 0),
            6 => (good, 0),
            7 => (good, count - 1),
            _ => (good, count),
        }
    }

    /// The size of storage that is passed with it.
    pub fn size<T>(&mut self) -> usize {
        match self.choice() {
            1 => self.expect(TOO_SMALL, 0),
            2 => self.expect(TOO_SMALL, 16),
            _ => size_of::<T>(),
        }
    }

    /// Some bytes to be read.
    pub fn bytes(&mut self, bytes: &[u8]) -> (*const c_void, usize) {
        let (data, len) = (bytes.as_ptr().cast(), bytes.len());
        match self.choice() {
            1 if len > 0 => self.expect(NULL_POINTER, (core::ptr::null(), len)),
            2 => self.expect(INVALID_LENGTH, (data, HUGE)),
            3 => self.expect(INVALID_LENGTH, (data, usize::MAX)),
            4 => (core::ptr::null(), 0),
            5 => (core::ptr::without_provenance(1), 0),
            6 => (data, len / 2),
            _ => (data, len),
        }
    }

    /// The call's request.
    pub fn request(&mut self) -> *const DaxsignRequest {
        let twist = self.choice();
        match twist {
            0x20 => self.expect(NULL_POINTER, core::ptr::null()),
            0x21 => {
                let request = &raw const *self.request.request;
                self.expect(MISALIGNED, request.wrapping_byte_add(2))
            }
            _ => {
                let status = self.request.twist(twist);
                self.expected.extend(status);
                &raw const *self.request.request
            }
        }
    }

    /// The call's list; NULL for the default list.
    pub fn components(&mut self) -> *const DaxsignBytes {
        let place = &raw mut *self.components;
        let passed = self.optional(place);
        if !passed.is_null() {
            let (data, len) = self.list_bytes();
            *self.components = DaxsignBytes { data, len };
        }
        passed
    }

    fn list_bytes(&mut self) -> (*const c_void, usize) {
        let list = core::mem::take(&mut self.list);
        let bytes = self.bytes(&list);
        self.list = list;
        bytes
    }

    /// Options, or NULL.
    pub fn options(&mut self) -> *const DaxsignOptions {
        let place = &raw const *self.options;
        match self.choice() {
            1 => core::ptr::null(),
            2 => self.expect(MISALIGNED, place.wrapping_byte_add(1)),
            3 => {
                self.options.struct_size = 1;
                self.expect(ABI_MISMATCH, place)
            }
            4 => {
                self.options.target_form = 1;
                place
            }
            5 => {
                self.options.content = 1;
                place
            }
            6 => {
                self.options.policy = 0;
                place
            }
            7 => {
                self.options.policy = 77;
                place
            }
            _ => place,
        }
    }

    /// A moment.
    pub fn time(&mut self) -> *mut DaxsignTime {
        let place = &raw mut *self.time;
        self.one(place)
    }

    /// A profile's number, most of the time.
    pub fn profile(&mut self) -> u32 {
        match self.choice() {
            byte @ 0..=1 => u32::from(byte) + 1,
            byte => u32::from(byte) * 0x0101,
        }
    }

    /// A buffer, its capacity and where its length goes. `is_read` tells whether the call reads
    /// the request, which an output must not lie in.
    pub fn output(&mut self, is_read: bool) -> (*mut u8, usize, *mut usize) {
        let choice = self.choice();
        let parts = self.request.parts();
        let own = self.out.as_mut_ptr();
        let (data, capacity) = match choice {
            1 => self.expect(NULL_POINTER, (core::ptr::null_mut(), 8)),
            3 => self.expect(INVALID_LENGTH, (own, HUGE)),
            4 => self.expect(INVALID_LENGTH, (own, usize::MAX)),
            5..=7 if is_read && parts[usize::from(choice - 5)].1 > 0 => {
                self.may_overlap = true;
                self.expect(OVERLAP, parts[usize::from(choice - 5)])
            }
            8 if self.has_detail => {
                self.has_detail = false;
                let detail = (&raw mut *self.detail).cast();
                self.may_overlap = true;
                self.expect(OVERLAP, (detail, size_of::<DaxsignDetail>()))
            }
            9 => {
                self.may_overlap = true;
                let len: *mut usize = &raw mut *self.out_len;
                self.expect(OVERLAP, (len.cast(), size_of::<usize>()))
            }
            // A buffer of exactly so many bytes.
            10.. => {
                self.out = vec![0xAA; usize::from(choice - 10)].into();
                (self.out.as_mut_ptr(), self.out.len())
            }
            0 | 8 => (self.out.as_mut_ptr(), self.out.len()),
            // Only the length is asked for.
            _ => (core::ptr::null_mut(), 0),
        };
        let len = match choice % 64 {
            61 => self.expect(NULL_POINTER, core::ptr::null_mut()),
            62 => {
                let len = &raw mut *self.out_len;
                self.expect(MISALIGNED, len.wrapping_byte_add(1))
            }
            _ => &raw mut *self.out_len,
        };
        self.has_output = !self.may_overlap && data == self.out.as_mut_ptr();
        (data, capacity, len)
    }

    /// Where the reason goes.
    pub fn detail(&mut self) -> *mut DaxsignDetail {
        let place = &raw mut *self.detail;
        match self.choice() {
            _ if !self.has_detail => place,
            1 => {
                self.has_detail = false;
                core::ptr::null_mut()
            }
            2 => {
                self.has_detail = false;
                self.expect(MISALIGNED, place.wrapping_byte_add(4))
            }
            3 => {
                self.has_detail = false;
                self.detail.struct_size = 4;
                self.expect(ABI_MISMATCH, place)
            }
            _ => place,
        }
    }

    /// For a function without a detail: an output may lie there.
    pub const fn without_detail(&mut self) {
        self.has_detail = false;
    }

    /// As [`check`](Self::check), of a function without a detail.
    pub fn check_without_detail(mut self, status: DaxsignStatus) {
        self.without_detail();
        self.check(status);
    }

    /// Judges what the library said; returns the status and what was written.
    #[allow(clippy::must_use_candidate)]
    pub fn check(self, status: DaxsignStatus) -> (i32, Vec<u8>) {
        let status = status as i32;
        if self.expected.is_empty() && !self.may_overlap {
            let is_good = status < FIRST_OF_CALL || OTHERS.contains(&status);
            assert!(is_good, "status {status} of a good call");
        } else if !self.expected.is_empty() {
            assert_ne!(status, OK, "expected one of {:?}", self.expected);
            let is_told = status < FIRST_OF_CALL
                || OTHERS.contains(&status)
                || self.expected.contains(&status)
                || self.may_overlap && status == OVERLAP;
            assert!(is_told, "status {status}, not one of {:?}", self.expected);
        }
        let is_of_pointers = status >= FIRST_OF_CALL && !OTHERS.contains(&status);
        if self.has_detail && !(is_of_pointers && status == OVERLAP) {
            assert_eq!(self.detail.status, status, "the detail's status");
            check_message(&self.detail);
        }
        if !self.has_output || is_of_pointers {
            return (status, Vec::new());
        }
        let len = *self.out_len;
        // Where an input was refused the output was not looked at.
        if len == 0xAAAA {
            assert_ne!(status, OK);
            return (status, Vec::new());
        }
        if status == OK {
            return (status, self.out[..len].to_vec());
        }
        assert!(
            self.out.iter().all(|byte| *byte == 0),
            "output after an error"
        );
        if status == BUFFER_TOO_SMALL {
            assert!(len > self.out.len());
        } else {
            assert_eq!(len, 0);
        }
        (status, Vec::new())
    }
}

/// Every detail has a sentence that fits 512 bytes.
fn check_message(detail: &DaxsignDetail) {
    let (mut out, mut len) = ([0xAA_u8; 512], 0);
    // SAFETY: a detail that the library wrote, a buffer and a place for its length.
    let status =
        unsafe { daxsign_detail_message(detail, out.as_mut_ptr().cast(), out.len(), &raw mut len) };
    assert_eq!(status as i32, OK);
    let text = core::str::from_utf8(&out[..len]).expect("a sentence in UTF-8");
    assert!(!text.is_empty() && out[len] == 0);
}
