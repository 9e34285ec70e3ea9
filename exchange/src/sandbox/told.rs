//! What a sandbox tells programs: one line that it is ready, and files with all that one needs.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::facts::{Facts, shown};
use super::failed::Failed;
use super::people::Member;
use super::quoted::quoted;
use crate::operating::{Part, write_new};

/// All that one needs, as JSON.
pub const DETAILS_FILE: &str = "sandbox.json";
/// The same for a shell, with the client's password.
pub const ENVIRONMENT_FILE: &str = "env.sh";

/// The line that says that it is ready.
pub(super) fn ready_line(facts: &Facts) -> String {
    json!({
        "ready": true,
        "rest": facts.base,
        "management": facts.management,
        "dir": shown(&facts.folder),
        "details": shown(&facts.folder.join(DETAILS_FILE)),
    })
    .to_string()
}

/// All that one needs.
pub(super) fn details(facts: &Facts) -> Value {
    let door = facts
        .door
        .as_ref()
        .map(|door| json!({ "cardOwner": door.card_owner, "door": door.door, "name": door.name }));
    json!({
        "rest": facts.base,
        "management": facts.management,
        "managementToken": shown(&facts.file(Part::ManagementToken)),
        "dir": shown(&facts.folder),
        "seed": facts.seed,
        "authority": shown(&facts.file(Part::Authority)),
        "exchangeCertificate": shown(&facts.file(Part::Certificate)),
        "clientCertificates": facts.client_certificates,
        "client": member(facts.client()),
        "target": member(facts.office()),
        "allieras": [member(facts.estates()), member(facts.office())],
        "firstDoor": door,
    })
}

/// Variables for programs that ask as the client.
fn environment(facts: &Facts) -> Result<Vec<(&'static str, String)>, Failed> {
    let (client, target) = (facts.client(), facts.office().party());
    let door = facts.door.as_ref();
    let (owner, door) = door.map_or(("", ""), |door| (&door.card_owner, &door.door));
    let authority = shown(&facts.file(Part::Authority));
    Ok(vec![
        ("DAX_BASE", facts.base.clone()),
        ("DAX_CLIENT_ID", client.party().instance.to_string()),
        ("DAX_USER", client.user().to_owned()),
        ("DAX_PASSWORD", client.password()?.to_string()),
        ("DAX_KEY", shown(&client.key_file())),
        ("DAX_CERTIFICATE", shown(&client.certificate_file())),
        ("DAX_CA", authority.clone()),
        (
            "DAX_EXCHANGE_CERTIFICATE",
            shown(&facts.file(Part::Certificate)),
        ),
        ("DAX_PARTNER", target.partner.to_string()),
        ("DAX_INSTANCE", target.instance.to_string()),
        ("DAX_CARD_OWNER", owner.to_owned()),
        ("DAX_DOOR", door.to_owned()),
        ("NODE_EXTRA_CA_CERTS", authority),
        ("DAXSIGN_SETTINGS", shown(&facts.tool_settings())),
        ("DAXSIGN_EXCHANGE_DIR", shown(&facts.folder)),
    ])
}

/// Writes both files anew.
pub(super) fn write(facts: &Facts) -> Result<(), Failed> {
    let text = format!("{:#}\n", details(facts));
    replace(&facts.folder.join(DETAILS_FILE), text.as_bytes(), false)?;
    let mut text = String::new();
    for (name, value) in environment(facts)? {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "export {name}={}", quoted(&value));
    }
    let place = facts.folder.join(ENVIRONMENT_FILE);
    replace(&place, text.as_bytes(), true)
}

/// Writes a file in the place of another, whole or not at all.
pub(super) fn replace(place: &Path, bytes: &[u8], secret: bool) -> Result<(), Failed> {
    let named = |error| Failed::of(format_args!("{}: {error}", place.display()));
    let unfinished = place.with_extension("new");
    // Of a process that was killed.
    let _ = fs::remove_file(&unfinished);
    write_new(&unfinished, bytes, secret).map_err(named)?;
    fs::rename(&unfinished, place).map_err(named)
}

fn member(member: &Member) -> Value {
    json!({
        "name": member.name(),
        "partner": member.party().partner.to_string(),
        "instance": member.party().instance.to_string(),
        "user": member.user(),
        "passwordFile": shown(&member.password_file()),
        "key": shown(&member.key_file()),
        "certificate": shown(&member.certificate_file()),
    })
}
