//! Pictures of persons.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rusqlite::params;

use super::answer::Done;
use super::refused::Refused;
use super::work::{OWNER, Work};

/// How large one may be.
const MAX_BYTES: usize = 512 << 10;
/// How PNG and JPEG begin.
const BEGINNINGS: [&[u8]; 2] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"];

pub(super) fn upload(work: &mut Work<'_>) -> Result<Done, Refused> {
    let owner = work.named(&OWNER, "cardOwnerId")?;
    if !work.any(
        "SELECT 1 FROM owner WHERE seq = ?1 AND kind = 'Person'",
        [owner],
    )? {
        return Err(Refused::conflict("only persons have images"));
    }
    let image = work.request.text("image").unwrap_or_default();
    let bytes = BASE64_STANDARD.decode(image).unwrap_or_default();
    let known = BEGINNINGS.iter().any(|begin| bytes.starts_with(begin));
    if !known || bytes.len() > MAX_BYTES {
        return Err(Refused::invalid(format!(
            "image is a PNG or a JPEG of {MAX_BYTES} bytes at most, in base64"
        )));
    }
    work.write(
        "INSERT OR REPLACE INTO image VALUES(?1, ?2)",
        params![owner, bytes],
    )?;
    Ok(Done::nothing())
}
