//! Who may send requests: what the command line says, and the secret's file.

use daxsign_proxy::Access;

use crate::failure::Failure;
use crate::proxy::arguments::ProxyCommand;
use crate::secret_file;

/// Reads the secret, and takes the names of the command line.
pub(crate) fn read(command: &ProxyCommand) -> Result<Access, Failure> {
    let mut access = Access::default();
    if let Some(file) = &command.secret_file {
        let line = secret_file::first_line(file)?;
        // A field's value has no blanks around it.
        let secret = line.trim();
        if secret.is_empty() {
            let why = "--secret-file: the file's first line is empty: a secret is not";
            return Err(Failure::Unusable(why.to_owned()));
        }
        access = access.secret(secret.as_bytes());
    }
    for name in &command.allow_host {
        let named = access.host(name);
        access = named.map_err(|why| Failure::Unusable(format!("--allow-host {why}")))?;
    }
    for origin in &command.allow_origin {
        let named = access.origin(origin);
        access = named.map_err(|why| Failure::Unusable(format!("--allow-origin {why}")))?;
    }
    Ok(access)
}
