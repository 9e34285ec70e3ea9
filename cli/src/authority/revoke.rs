//! `daxsign ca revoke`: a certificate is no longer good, and everybody who reads the list knows.

use daxsign_pki::{Access, Reason};

use crate::authority::arguments::RevokeArguments;
use crate::authority::list::renew_with;
use crate::authority::opened::{Opened, is_wanted};
use crate::clock::{self, date_text};
use crate::failure::Failure;
use crate::output;

/// Runs the command.
pub(super) fn run(arguments: &RevokeArguments) -> Result<(), Failure> {
    let opened = Opened::of(&arguments.folder, Access::Read)?;
    let found = opened.find(&arguments.certificate)?;
    let entry = &found.entry;
    let reason = Reason::from_name(&arguments.reason).unwrap_or_default();
    output::labelled("number", &entry.serial.to_string());
    output::labelled("subject", &entry.subject);
    output::labelled("valid", &format!("until {}", date_text(entry.not_after)));
    if !is_wanted(&arguments.yes, &format!("Revoke it for good ({reason})?"))? {
        return Err(Failure::Unusable("nothing was revoked".to_owned()));
    }
    let signer = opened.unlock(&arguments.passphrase)?;
    let mut opened = Opened::of(&arguments.folder, Access::Change)?;
    opened.enter(&found)?;
    // Under the lock: a list with a greater number is no older.
    let now = clock::now()?;
    let revoked = opened.authority.revoke(&entry.serial, reason, now);
    revoked.map_err(|error| opened.refused(&error).with_hint(unlisted(&opened)))?;
    output::labelled("revoked", &format!("number {}, {reason}", entry.serial));
    let listed = renew_with(&mut opened, now, &arguments.next, &signer);
    listed.map_err(|failure| match unlisted(&opened) {
        Some(hint) => Failure::Unusable(format!("{}; {hint}", failure.text())),
        None => failure,
    })
}

/// What to do where the register has a revocation that no list tells, if it has.
fn unlisted(opened: &Opened) -> Option<String> {
    let told = opened.authority.list_is_current();
    told.is_ok_and(|current| !current).then(|| {
        format!(
            "{} has the revocation and its list does not tell it yet: `daxsign ca crl` makes the list anew",
            opened.name
        )
    })
}
