//! The commands for an exchange that does not run: restoring, checking.

use std::path::Path;

use daxsign_exchange::operating::{Folder, Locked, log_key, restore};
use daxsign_exchange::record::{Bereft, SqliteStore};
use daxsign_exchange::registry::{RegistryStore as _, SqliteRegistry};

use crate::commands::arguments::RestoreCommand;
use crate::commands::failure::Failure;
use crate::commands::output;

pub(super) fn run_restore(command: &RestoreCommand) -> Result<(), Failure> {
    let folder = Folder::new(&command.folder);
    let restored = restore(&command.backup, &folder, command.keys.as_deref());
    let restored = restored.map_err(Failure::of)?;
    output::write(&format!(
        "restored as of {}: {} leaves\n",
        restored.at, restored.leaves
    ))?;
    tell_bereft(restored.bereft)?;
    output::labelled(
        "note",
        "what came after the backup is gone: certificates revoked since count again (revoke them), what was erased since is there \
         again (erase it), and whoever holds a newer checkpoint will find that this log is another one (tell them)",
    );
    output::labelled(
        "note",
        "requests that were accepted since are not known as replays: serve no sooner than ten minutes after the last of them",
    );
    Ok(())
}

pub(super) fn lost_keys(path: &Path) -> Result<(), Failure> {
    let folder = Folder::new(path);
    let _locked = Locked::take(&folder).map_err(Failure::of)?;
    let key = log_key(&folder).map_err(Failure::of)?;
    let bereft = SqliteStore::mark_lost_keys(path, key).map_err(Failure::of)?;
    tell_bereft(bereft)
}

fn tell_bereft(bereft: Bereft) -> Result<(), Failure> {
    let Some(first) = bereft.first else {
        return output::write("every message has its key\n");
    };
    output::write(&format!(
        "lost: what was said in {} exchanges, certificates and contracts, the earliest at leaf {first}; they count as erased from \
         now on, and the log still verifies\n",
        bereft.lost
    ))?;
    if bereft.open > 0 {
        let text = format!(
            "{} of them were in work: the next start ends them as expired or unknown",
            bereft.open
        );
        output::labelled("note", &text);
    }
    Ok(())
}

/// Hashes every leaf and decrypts every message.
pub(super) fn fsck(path: &Path) -> Result<(), Failure> {
    let folder = Folder::new(path);
    let _locked = Locked::take(&folder).map_err(Failure::of)?;
    let key = log_key(&folder).map_err(Failure::of)?;
    let store = SqliteStore::open(path, key).map_err(Failure::of)?;
    let checked = store.fsck().map_err(Failure::of)?;
    let registry = SqliteRegistry::open(path).map_err(Failure::of)?;
    let waiting = registry.pending().map_err(Failure::of)?.len();
    output::write(&format!(
        "leaves hashed: {}; messages decrypted: {}, erased: {}; checkpoints compared: {}; changes of the registry: {}, still to be \
         recorded: {waiting}\n",
        checked.leaves,
        checked.contents,
        checked.erased,
        checked.checkpoints,
        registry.registry().version()
    ))?;
    if checked.is_sound() {
        return Ok(());
    }
    for finding in &checked.findings {
        output::labelled("wrong", &finding.to_string());
    }
    let is_key = |finding: &&daxsign_exchange::record::Finding| {
        matches!(finding, daxsign_exchange::record::Finding::Key(_))
    };
    let hint = if checked.findings.iter().all(|finding| is_key(&finding)) {
        "keys are missing and nothing else is wrong: put the newest keys.db back, or give up what was said with \
         `daxsign-exchange lost-keys`"
    } else {
        "restore the record from a backup, and compare its log with the last checkpoint that others have"
    };
    Err(Failure::Refused(hint.to_owned()))
}
