//! The commands that ask a running exchange.

use std::fs;
use std::path::Path;

use http::Method;
use serde_json::{Value, json};

use crate::commands::arguments::{
    CertificateCommand, ClauseCommand, ContractCommand, CredentialCommand, InstanceCommand,
    PartnerCommand, WouldAllow,
};
use crate::commands::caller::Caller;
use crate::commands::failure::Failure;
use crate::commands::output;

/// The longest file that is read.
const MAX_FILE_LEN: u64 = 1 << 20;

pub(super) fn partner(folder: &Path, command: &PartnerCommand) -> Result<(), Failure> {
    match command {
        PartnerCommand::Add { name, id } => {
            let id = id.map_or_else(new_id, Ok)?;
            let body = json!({ "partner": id.to_string(), "name": name });
            Caller::of(folder)?.json(&Method::POST, "/v1/partners", Some(&body))?;
            output::write(&format!("{id}\n"))
        }
        PartnerCommand::List => show(folder, "/v1/partners"),
    }
}

pub(super) fn instance(folder: &Path, command: &InstanceCommand) -> Result<(), Failure> {
    match command {
        InstanceCommand::Set(set) => {
            let id = set.id.map_or_else(new_id, Ok)?;
            let party = format!("{}/{id}", set.partner);
            let body = json!({
                "party": party,
                "name": set.name,
                "vendorSdk": set.vendor_sdk,
                "interop": set.interop,
                "deduplicates": set.deduplicates,
            });
            Caller::of(folder)?.json(&Method::POST, "/v1/instances", Some(&body))?;
            output::write(&format!("{party}\n"))
        }
        InstanceCommand::List => show(folder, "/v1/instances"),
    }
}

pub(super) fn certificate(folder: &Path, command: &CertificateCommand) -> Result<(), Failure> {
    match command {
        CertificateCommand::Add { party, file } => {
            let body = json!({ "party": party, "certificate": read(file)? });
            post(folder, "/v1/certificates", &body)
        }
        CertificateCommand::Revoke { thumbprint } => {
            let body = json!({ "thumbprint": thumbprint });
            post(folder, "/v1/certificates/revoke", &body)
        }
        CertificateCommand::List => show(folder, "/v1/certificates"),
    }
}

pub(super) fn credential(folder: &Path, command: &CredentialCommand) -> Result<(), Failure> {
    match command {
        CredentialCommand::Set {
            name,
            party,
            password_file,
        } => {
            let password = password_file.as_deref().map(first_line).transpose()?;
            let is_given = password.is_some();
            let mut body = json!({ "name": name, "party": party });
            if let (Some(password), Some(members)) = (password, body.as_object_mut()) {
                members.insert("password".to_owned(), Value::String(password));
            }
            let caller = Caller::of(folder)?;
            let told = caller.json(&Method::POST, "/v1/credentials", Some(&body))?;
            if is_given {
                return Ok(());
            }
            let made = told.get("password").and_then(Value::as_str);
            output::labelled("note", "the password is shown once, and its hash is kept");
            output::write(&format!("{}\n", made.unwrap_or_default()))
        }
        CredentialCommand::Remove { name } => {
            post(folder, "/v1/credentials/remove", &json!({ "name": name }))
        }
        CredentialCommand::List => show(folder, "/v1/credentials"),
    }
}

pub(super) fn contract(folder: &Path, command: &ContractCommand) -> Result<(), Failure> {
    match command {
        ContractCommand::List { partner: None } => show(folder, "/v1/contracts"),
        ContractCommand::List {
            partner: Some(partner),
        } => show(folder, &format!("/v1/contracts?partner={partner}")),
        ContractCommand::Show { contract } => show(folder, &format!("/v1/contracts/{contract}")),
    }
}

pub(super) fn clause(folder: &Path, command: &ClauseCommand) -> Result<(), Failure> {
    let ClauseCommand::List { contract } = command;
    let path = format!("/v1/contracts/{contract}");
    let told = Caller::of(folder)?.json(&Method::GET, &path, None)?;
    print(told.get("clauses").unwrap_or(&Value::Null))
}

/// What is not allowed ends with code 1.
pub(super) fn would_allow(folder: &Path, would: &WouldAllow) -> Result<(), Failure> {
    let body = match &would.body {
        Some(file) => serde_json::from_str(&read(file)?).map_err(Failure::of)?,
        None => Value::Null,
    };
    let asked = json!({
        "sender": would.sender,
        "receiver": would.receiver,
        "operation": would.operation,
        "body": body,
    });
    let told = Caller::of(folder)?.json(&Method::POST, "/v1/would-allow", Some(&asked))?;
    print(&told)?;
    if told.get("allowed") == Some(&Value::Bool(true)) {
        return Ok(());
    }
    let reason = told.get("reason").and_then(Value::as_str);
    Err(Failure::Refused(reason.unwrap_or_default().to_owned()))
}

/// Again and again, until all of the record was searched.
pub(super) fn erase_card_owner(folder: &Path, owner: uuid::Uuid) -> Result<(), Failure> {
    let caller = Caller::of(folder)?;
    let (mut erased, mut in_work, mut from) = (0_u64, Vec::new(), 0_u64);
    loop {
        let body = json!({ "cardOwner": owner.to_string(), "from": from });
        let told = caller.json(&Method::POST, "/v1/erase-card-owner", Some(&body))?;
        let some = told.get("erased").and_then(Value::as_u64);
        erased = erased.saturating_add(some.unwrap_or_default());
        let waits = told.get("inWork").and_then(Value::as_array);
        in_work.extend(waits.into_iter().flatten().cloned());
        match told.get("next").and_then(Value::as_u64) {
            Some(next) => from = next,
            None => break,
        }
    }
    output::write(&format!("{erased} exchanges erased\n"))?;
    if in_work.is_empty() {
        return Ok(());
    }
    let waiting = Value::Array(in_work);
    Err(Failure::Refused(format!(
        "still in work, and not erased: {waiting}; ask again once they have ended"
    )))
}

/// The same way.
pub(super) fn card_owner(folder: &Path, owner: uuid::Uuid) -> Result<(), Failure> {
    let caller = Caller::of(folder)?;
    let (mut exchanges, mut from) = (Vec::new(), 0_u64);
    loop {
        let path = format!("/v1/card-owners/{owner}?from={from}");
        let mut told = caller.json(&Method::GET, &path, None)?;
        if let Some(some) = told.get_mut("exchanges").and_then(Value::as_array_mut) {
            exchanges.append(some);
        }
        match told.get("next").and_then(Value::as_u64) {
            Some(next) => from = next,
            None => return print(&Value::Array(exchanges)),
        }
    }
}

/// Asks for something, and prints it.
pub(super) fn show(folder: &Path, path: &str) -> Result<(), Failure> {
    print(&Caller::of(folder)?.json(&Method::GET, path, None)?)
}

/// What is not well ends with code 1.
pub(super) fn ready(folder: &Path) -> Result<(), Failure> {
    let (status, told) = Caller::of(folder)?.answer(&Method::GET, "/readyz", None)?;
    print(&serde_json::from_slice(&told).map_err(Failure::of)?)?;
    if status == 200 {
        return Ok(());
    }
    Err(Failure::Refused("the exchange is not ready".to_owned()))
}

/// Asks for something, and prints or keeps it as it is.
pub(super) fn fetch(folder: &Path, path: &str, out: Option<&Path>) -> Result<(), Failure> {
    let bytes = Caller::of(folder)?.ask(&Method::GET, path, None)?;
    let Some(out) = out else {
        return output::write(&String::from_utf8_lossy(&bytes));
    };
    let made = fs::File::create_new(out);
    let written = made.and_then(|mut file| std::io::Write::write_all(&mut file, &bytes));
    written.map_err(|error| Failure::Unusable(format!("cannot write {}: {error}", out.display())))
}

pub(super) fn delete(folder: &Path, path: &str) -> Result<(), Failure> {
    print(&Caller::of(folder)?.json(&Method::DELETE, path, None)?)
}

pub(super) fn post(folder: &Path, path: &str, body: &Value) -> Result<(), Failure> {
    print(&Caller::of(folder)?.json(&Method::POST, path, Some(body))?)
}

fn print(value: &Value) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(Failure::of)?;
    output::write(&format!("{text}\n"))
}

fn read(file: &Path) -> Result<String, Failure> {
    let cannot = |problem: &dyn core::fmt::Display| {
        Failure::Unusable(format!("cannot read {}: {problem}", file.display()))
    };
    let len = fs::metadata(file).map_err(|error| cannot(&error))?.len();
    if len > MAX_FILE_LEN {
        return Err(cannot(&"longer than 1 MB"));
    }
    fs::read_to_string(file).map_err(|error| cannot(&error))
}

fn first_line(file: &Path) -> Result<String, Failure> {
    let text = read(file)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn new_id() -> Result<uuid::Uuid, Failure> {
    let mut random = [0; 16];
    let filled = ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut random);
    filled.map_err(|_| Failure::of("the system gives no randomness"))?;
    Ok(uuid::Builder::from_random_bytes(random).into_uuid())
}
