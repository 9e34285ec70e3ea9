//! Files on Windows that nobody may read but the user who makes them: each with an access list of its own,
//! in the place of what its folder would give it.

use std::fs::File;
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::path::Path;
use std::ptr::null_mut;

use windows_sys::Win32::Foundation::{GENERIC_WRITE, INVALID_HANDLE_VALUE, LocalFree};
use windows_sys::Win32::Security::Authorization::{
    ConvertSidToStringSidW, ConvertStringSecurityDescriptorToSecurityDescriptorW, SDDL_REVISION_1,
};
use windows_sys::Win32::Security::{
    GetTokenInformation, PSECURITY_DESCRIPTOR, SECURITY_ATTRIBUTES, TOKEN_QUERY, TOKEN_USER,
    TokenUser,
};
use windows_sys::Win32::Storage::FileSystem::{
    CREATE_NEW, CreateFileW, FILE_ATTRIBUTE_NORMAL, FILE_SHARE_DELETE, FILE_SHARE_READ,
    FILE_SHARE_WRITE,
};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

/// A file that must not exist yet, to be written. Its list comes with it: were it set afterwards, others
/// could open it before.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    let list = Descriptor::of_user()?;
    let attributes = SECURITY_ATTRIBUTES {
        nLength: u32::try_from(size_of::<SECURITY_ATTRIBUTES>()).map_err(io::Error::other)?,
        lpSecurityDescriptor: list.0,
        bInheritHandle: 0,
    };
    let name: Vec<u16> = path.as_os_str().encode_wide().chain([0]).collect();
    // SAFETY: the name ends with 0, and name and attributes live as long as the call.
    let handle = unsafe {
        CreateFileW(
            name.as_ptr(),
            GENERIC_WRITE,
            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
            &raw const attributes,
            CREATE_NEW,
            FILE_ATTRIBUTE_NORMAL,
            null_mut(),
        )
    };
    if handle == INVALID_HANDLE_VALUE {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the handle is that of a file which is open, and nobody else has it.
    Ok(unsafe { File::from_raw_handle(handle) })
}

/// Who may do what with a file, in the system's memory.
struct Descriptor(PSECURITY_DESCRIPTOR);

impl Descriptor {
    /// Everything for the process's user, who is the owner, and nothing for anybody else.
    fn of_user() -> io::Result<Self> {
        let user = user()?;
        let text: Vec<u16> = format!("O:{user}D:P(A;;FA;;;{user})\0")
            .encode_utf16()
            .collect();
        let mut descriptor = null_mut();
        // SAFETY: the text ends with 0; what the call makes is freed with this value.
        checked(unsafe {
            ConvertStringSecurityDescriptorToSecurityDescriptorW(
                text.as_ptr(),
                SDDL_REVISION_1,
                &raw mut descriptor,
                null_mut(),
            )
        })?;
        Ok(Self(descriptor))
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        // SAFETY: the system made it for this, and nothing has freed it.
        unsafe { LocalFree(self.0) };
    }
}

/// The security identifier of the process's user, such as `S-1-5-21-…-1001`.
fn user() -> io::Result<String> {
    let mut token = null_mut();
    // SAFETY: the call fills in the token, which is closed with its value.
    checked(unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw mut token) })?;
    // SAFETY: as above.
    let token = unsafe { OwnedHandle::from_raw_handle(token) };
    // TOKEN_USER and the identifier that it points to: 16 bytes and at most 68. Aligned as it is.
    let mut room = [0_u64; 32];
    let size = u32::try_from(size_of_val(&room)).map_err(io::Error::other)?;
    let mut written = 0;
    // SAFETY: the call writes at most as many bytes as it is told.
    checked(unsafe {
        GetTokenInformation(
            token.as_raw_handle(),
            TokenUser,
            room.as_mut_ptr().cast(),
            size,
            &raw mut written,
        )
    })?;
    let mut text = null_mut();
    // SAFETY: the call before has written a TOKEN_USER there, whose identifier lies in the same room.
    checked(unsafe {
        let user = room.as_ptr().cast::<TOKEN_USER>().read();
        ConvertSidToStringSidW(user.User.Sid, &raw mut text)
    })?;
    // SAFETY: the call has made a text that ends with 0, and it is freed once.
    unsafe {
        let length = (0..).take_while(|at| *text.add(*at) != 0).count();
        let user = String::from_utf16_lossy(std::slice::from_raw_parts(text, length));
        LocalFree(text.cast());
        Ok(user)
    }
}

fn checked(succeeded: i32) -> io::Result<()> {
    if succeeded == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
