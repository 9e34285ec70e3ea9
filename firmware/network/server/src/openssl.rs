//! The independent judge: the signing string put together from the request itself, by nothing of
//! daxsign-core, and OpenSSL's command line.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use daxsign_core::Request;

/// OpenSSL with a folder for its files.
pub struct OpenSsl {
    folder: PathBuf,
}

/// The signing string and the signature, as a request's own bytes give them.
pub fn signed_part(request: &Request<'_>) -> Option<(Vec<u8>, Vec<u8>)> {
    let field = value(request, "signature")?;
    let parameter = |name: &str| {
        let (_, after) = field.split_once(&format!("{name}=\""))?;
        Some(after.split_once('"')?.0.to_owned())
    };
    let mut string = String::new();
    for name in parameter("headers")?.split(' ') {
        let value = if name == "(request-target)" {
            let path = str::from_utf8(request.target).ok()?.split('?').next()?;
            let method = str::from_utf8(request.method).ok()?;
            format!("{} {path}", method.to_lowercase())
        } else {
            value(request, name)?
        };
        string.extend([name, ": ", value.as_str(), "\n"]);
    }
    let mut string = string.into_bytes();
    string.extend_from_slice(request.body);
    Some((
        string,
        BASE64_STANDARD.decode(parameter("signature")?).ok()?,
    ))
}

/// The values of a field, joined as for signing.
fn value(request: &Request<'_>, name: &str) -> Option<String> {
    let values = request
        .field(name)
        .map(|value| str::from_utf8(value.trim_ascii()))
        .collect::<Result<Vec<_>, _>>()
        .ok()?;
    (!values.is_empty()).then(|| values.join(","))
}

impl OpenSsl {
    pub fn new(folder: PathBuf) -> Result<Self, String> {
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Self { folder })
    }

    /// Whether OpenSSL accepts the signature. It must also refuse it for a string with one bit
    /// changed.
    pub fn verifies(&self, key: &Path, string: &[u8], signature: &[u8]) -> Result<bool, String> {
        let mut changed = string.to_vec();
        if let Some(byte) = changed.last_mut() {
            *byte ^= 1;
        }
        Ok(self.says_yes(key, string, signature)? && !self.says_yes(key, &changed, signature)?)
    }

    fn says_yes(&self, key: &Path, string: &[u8], signature: &[u8]) -> Result<bool, String> {
        let write = |name: &str, bytes: &[u8]| {
            let path = self.folder.join(name);
            fs::write(&path, bytes)
                .map(|()| path)
                .map_err(|error| format!("{name}: {error}"))
        };
        let (string, signature) = (write("string", string)?, write("signature", signature)?);
        let output = Command::new("openssl")
            .args(["dgst", "-sha256", "-verify"])
            .arg(key)
            .arg("-signature")
            .args([signature, string])
            .output()
            .map_err(|error| {
                format!("cannot run `openssl` ({error}): install the package openssl")
            })?;
        match String::from_utf8_lossy(&output.stdout)
            .trim()
            .to_lowercase()
            .as_str()
        {
            "verified ok" => Ok(true),
            "verification failure" => Ok(false),
            other => {
                let errors = String::from_utf8_lossy(&output.stderr);
                Err(format!("openssl said: {other} {errors}"))
            }
        }
    }
}
