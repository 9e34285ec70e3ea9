//! `init DIR`.

use std::path::Path;

use daxsign_exchange::operating::{
    AUTHORITY_FOLDER, NewExchange, PASSPHRASE_FILE, Part, Settings, found,
};

use crate::commands::arguments::InitCommand;
use crate::commands::clock;
use crate::commands::failure::Failure;
use crate::commands::output;

/// Runs the command.
pub(super) fn run(command: &InitCommand) -> Result<(), Failure> {
    let settings = Settings {
        sandbox: command.sandbox,
        environment: command.environment.clone(),
        ..Settings::default()
    };
    let hosts = if command.host.is_empty() {
        vec!["localhost".to_owned()]
    } else {
        command.host.clone()
    };
    let default_name = format!(
        "{}/record",
        hosts.first().map_or("localhost", String::as_str)
    );
    let new = NewExchange {
        hosts: &hosts,
        log_name: command.log_name.as_deref().unwrap_or(&default_name),
        settings: &settings,
    };
    let now = clock::now().map_err(Failure::of)?;
    found(&command.folder, &new, now).map_err(Failure::of)?;
    output::write(&told(&command.folder))
}

fn told(folder: &Path) -> String {
    let folder = folder.display();
    let (certificate, key) = (Part::Certificate.name(), Part::Key.name());
    let authority = Part::Authority.name();
    format!(
        "{folder} holds an exchange that has nobody yet:
  {certificate}, {key}  what it signs with; parties pin the certificate
  {authority}  whose certificates parties have, and which clients trust for TLS
  {AUTHORITY_FOLDER}/, {PASSPHRASE_FILE}  that authority, for `daxsign ca`; keep them elsewhere in production
Go on with
  daxsign-exchange serve {folder}
and in another terminal
  daxsign-exchange partner --dir {folder} add 'Alpha housing'
"
    )
}
