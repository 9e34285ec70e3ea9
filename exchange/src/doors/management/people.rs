//! Partners, instances, certificates, credentials (X-REG).
#![expect(clippy::unnecessary_wraps, reason = "all handlers answer alike")]

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use daxsign_core::CertificateFile;
use ring::rand::{SecureRandom, SystemRandom};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;
use zeroize::Zeroize as _;

use super::asked::{Answer, Asked, Problem};
use super::managed::Managed;
use super::words::{change_problem, hex, time};
use crate::identity::{Password, PasswordHash};
use crate::party::Party;
use crate::registry::{Change, Instance, NewCredential, Registered};

/// Random bytes of a password that is made here: 192 bits, 32 letters.
const PASSWORD_BYTES: usize = 24;

pub(super) fn list_partners(managed: &Managed, _: &Asked<'_>) -> Result<Answer, Problem> {
    let registry = managed.registry.snapshot();
    let partners = registry
        .partners()
        .map(|(id, partner)| json!({ "partner": id.to_string(), "name": partner.name }));
    Ok(Answer::json(&Value::Array(partners.collect())))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPartner {
    partner: String,
    name: String,
}

pub(super) fn add_partner(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let NewPartner { partner, name } = asked.json()?;
    let partner: Uuid = partner
        .parse()
        .map_err(|_| Problem::bad("a partner's id is a GUID of 36 characters"))?;
    change(managed, Change::AddPartner { partner, name })
}

pub(super) fn list_instances(managed: &Managed, _: &Asked<'_>) -> Result<Answer, Problem> {
    let registry = managed.registry.snapshot();
    let now = managed.now();
    let instances = registry.instances().map(|instance| {
        let live = registry.counting(instance.party, now).count();
        json!({
            "party": instance.party.to_string(),
            "name": instance.name,
            "vendorSdk": instance.vendor_sdk,
            "interop": instance.interop,
            "deduplicates": instance.deduplicates,
            "certificates": live,
        })
    });
    Ok(Answer::json(&Value::Array(instances.collect())))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct NewInstance {
    party: String,
    name: String,
    #[serde(default)]
    vendor_sdk: bool,
    #[serde(default)]
    interop: bool,
    #[serde(default)]
    deduplicates: bool,
}

pub(super) fn set_instance(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let new: NewInstance = asked.json()?;
    let instance = Instance {
        party: party(&new.party)?,
        name: new.name,
        vendor_sdk: new.vendor_sdk,
        interop: new.interop,
        deduplicates: new.deduplicates,
    };
    change(managed, Change::SetInstance(instance))
}

pub(super) fn list_certificates(managed: &Managed, _: &Asked<'_>) -> Result<Answer, Problem> {
    let registry = managed.registry.snapshot();
    let now = managed.now();
    let shown = |one: &Registered| {
        json!({
            "party": one.party.to_string(),
            "sha256": hex(&one.thumbprint),
            "thumbprint": one.short_thumbprint,
            "from": time(one.not_before),
            "until": time(one.not_after),
            "revoked": one.revoked.map(time),
            "counts": one.counts(now),
        })
    };
    let certificates = registry.certificates().map(shown);
    Ok(Answer::json(&Value::Array(certificates.collect())))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCertificate {
    party: String,
    certificate: String,
}

/// Its issuer, its names and its validity are checked here; what the registry's rules are, there.
pub(super) fn add_certificate(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let new: NewCertificate = asked.json()?;
    let (party, file) = (party(&new.party)?, new.certificate.as_bytes());
    let read = CertificateFile::from_bytes(file).map_err(Problem::bad)?;
    let mut der = Vec::new();
    read.write_der(&mut |bytes: &[u8]| der.extend_from_slice(bytes));
    let authority = managed
        .authority
        .read()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let checked = authority.check(file, party, managed.now());
    drop(authority);
    checked.map_err(|problem| Problem::new(422, problem))?;
    change(managed, Change::AddCertificate { party, der })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByThumbprint {
    thumbprint: String,
}

/// By its SHA-256, or the SHA-1 by which DAX names it, with colons or without, in any case.
pub(super) fn revoke(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let ByThumbprint { thumbprint } = asked.json()?;
    let digits = thumbprint.replace([':', ' '], "");
    let registry = managed.registry.snapshot();
    let is_meant = |one: &&Registered| {
        digits.eq_ignore_ascii_case(&hex(&one.thumbprint))
            || digits.eq_ignore_ascii_case(&one.short_thumbprint)
    };
    let found = registry.certificates().find(is_meant);
    let thumbprint = found
        .ok_or_else(|| Problem::unknown("certificate"))?
        .thumbprint;
    change(managed, Change::Revoke { thumbprint })
}

pub(super) fn list_credentials(managed: &Managed, _: &Asked<'_>) -> Result<Answer, Problem> {
    let registry = managed.registry.snapshot();
    let credentials = registry
        .credentials()
        .map(|(name, credential)| json!({ "name": name, "party": credential.party.to_string() }));
    Ok(Answer::json(&Value::Array(credentials.collect())))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetCredential {
    name: String,
    party: String,
    password: Option<String>,
}

/// With the password that is given, or one that is made and told once.
pub(super) fn set_credential(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let set: SetCredential = asked.json()?;
    let party = party(&set.party)?;
    let (made, password) = if let Some(password) = set.password {
        (None, password)
    } else {
        let password = new_password()?;
        (Some(password.clone()), password)
    };
    let hash = PasswordHash::of(&Password::new(password), random()?);
    let hash = hash.map_err(Problem::bad)?.to_string();
    let id = uuid::Builder::from_random_bytes(random()?).into_uuid();
    let new = NewCredential {
        name: set.name,
        id,
        party,
        hash,
    };
    let changed = changed(managed, Change::SetCredential(new))?;
    Ok(Answer::json(
        &json!({ "version": changed, "password": made }),
    ))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ByName {
    name: String,
}

pub(super) fn remove_credential(managed: &Managed, asked: &Asked<'_>) -> Result<Answer, Problem> {
    let ByName { name } = asked.json()?;
    change(managed, Change::RemoveCredential { name })
}

fn change(managed: &Managed, change: Change) -> Result<Answer, Problem> {
    let version = changed(managed, change)?;
    Ok(Answer::json(&json!({ "version": version })))
}

fn changed(managed: &Managed, change: Change) -> Result<u64, Problem> {
    let made = managed.registry.change(change, None);
    let made = made.map_err(|problem| change_problem(&problem))?;
    let (version, correlation) = (made.version, made.correlation);
    tracing::info!(version, %correlation, "the registry was changed");
    Ok(made.version)
}

fn party(text: &str) -> Result<Party, Problem> {
    text.parse().map_err(Problem::bad)
}

fn random<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| Problem::new(500, "the system gives no randomness"))?;
    Ok(bytes)
}

fn new_password() -> Result<String, Problem> {
    let mut bytes: [u8; PASSWORD_BYTES] = random()?;
    let password = BASE64_URL_SAFE_NO_PAD.encode(bytes);
    bytes.zeroize();
    Ok(password)
}
