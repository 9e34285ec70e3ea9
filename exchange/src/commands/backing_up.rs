//! `backup`: by the exchange that runs on the folder, at its management door; by this process where none does.

use std::path::Path;

use daxsign_exchange::operating::{Folder, Locked, NotLocked, back_up};
use daxsign_exchange::record::Halt;
use http::Method;
use serde_json::{Value, json};

use crate::commands::arguments::BackupCommand;
use crate::commands::caller::{Caller, message};
use crate::commands::clock;
use crate::commands::failure::Failure;
use crate::commands::output;

/// Runs the command.
pub(super) fn run(command: &BackupCommand) -> Result<(), Failure> {
    if !asked_for(command)? {
        let now = clock::now().map_err(Failure::of)?;
        let folder = Folder::new(&command.folder);
        let keys = command.keys.as_deref();
        back_up(&folder, &command.to, keys, now, &Halt::default()).map_err(Failure::of)?;
    }
    let shown = command.to.display();
    output::write(&format!(
        "{shown} holds registry, record, settings and certificates; no secret is in it\n"
    ))?;
    if let Some(keys) = &command.keys {
        let text = format!(
            "{} decrypts every message: keep it no longer than an erasure may take, since what is erased from now on is not in it",
            keys.display()
        );
        output::labelled("note", &text);
    }
    Ok(())
}

/// Whether an exchange that runs wrote it. Where none can be asked the files are read here, which is as safe while it runs.
fn asked_for(command: &BackupCommand) -> Result<bool, Failure> {
    // What is there is refused by who writes it; the exchange's process may see another folder there.
    if command.to.symlink_metadata().is_ok() {
        return Ok(false);
    }
    let folder = Folder::new(&command.folder);
    if !Locked::was_ever(&folder) || !matches!(Locked::take(&folder), Err(NotLocked::InUse)) {
        return Ok(false);
    }
    // Others have the lock too, such as fsck; and a port that was free is not written down.
    let Ok(caller) = Caller::of(&command.folder) else {
        return Ok(false);
    };
    if caller.answer(&Method::GET, "/healthz", None).is_err() {
        return Ok(false);
    }
    let to = absolute(&command.to)?;
    let keys = command.keys.as_deref().map(absolute).transpose()?;
    let body = json!({ "to": to, "keys": keys });
    let caller = caller.patient();
    let (status, told) = caller.answer(&Method::POST, "/v1/backup", Some(&body))?;
    match status {
        200 if sees(command) => Ok(true),
        200 => Err(Failure::Unusable(format!(
            "the exchange's own process wrote {} where this one does not see all of it, as in a /tmp of its own: end the \
             exchange or remove it there, and name another place",
            command.to.display()
        ))),
        403 => {
            let text = format!(
                "the exchange's own process may not write there ({}); it is written by this one",
                message(&told)
            );
            output::labelled("note", &text);
            Ok(false)
        }
        // What it does not find may be there for this process, which looks itself.
        409 => Ok(false),
        _ => Err(Failure::Unusable(message(&told))),
    }
}

/// Whether what the exchange's process wrote is where this one looks.
fn sees(command: &BackupCommand) -> bool {
    let written = [Some(&command.to), command.keys.as_ref()];
    written.into_iter().flatten().all(|path| path.exists())
}

fn absolute(path: &Path) -> Result<Value, Failure> {
    let whole = std::path::absolute(path).map_err(Failure::of)?;
    let text = whole.to_str().map(ToOwned::to_owned);
    let not_text = || Failure::of(format_args!("{} is no name in UTF-8", whole.display()));
    text.map(Value::String).ok_or_else(not_text)
}
