//! The `.cnf` file of a client, as the Open Banking text has it: what `openssl req -new -config FILE` takes its names
//! from.

use crate::enrolling::config::{Config, Problem};
use crate::enrolling::request_conf::{decode, part_name, part_prefix};
use crate::enrolling::subject::{Part, part_type};
use crate::failure::Failure;
use crate::input::Input;

/// Bits of a key where the file says nothing (OpenSSL's own default).
const DEFAULT_BITS: usize = 2048;

/// Settings of `[req]` with the values that say what is done here anyway. With any other they are told.
const DONE: [(&str, &[&str]); 5] = [
    ("default_md", &["sha256", "sha-256"]),
    ("encrypt_key", &["no"]),
    ("encrypt_rsa_key", &["no"]),
    ("string_mask", &["utf8only"]),
    ("utf8", &["yes"]),
];
/// The same of extensions, which the profile decides: blanks do not count.
const OF_PROFILE: [(&str, &[&str]); 3] = [
    ("basicConstraints", &["ca:false", "critical,ca:false"]),
    (
        "keyUsage",
        &[
            "critical,digitalsignature,keyencipherment",
            "digitalsignature,keyencipherment",
        ],
    ),
    ("extendedKeyUsage", &["clientauth"]),
];

/// Who is to have a certificate.
pub(super) struct Client {
    pub(super) bits: usize,
    pub(super) subject: Vec<Part>,
    pub(super) dns_names: Vec<String>,
    /// What nothing was made of, for a person.
    pub(super) ignored: Vec<String>,
}

/// Reads the file.
pub(super) fn read(input: &Input) -> Result<Client, Failure> {
    let (text, _) = decode(input)?;
    parse(&text)
        .map_err(|(line, problem)| Failure::Unusable(format!("{}:{line}: {problem}", input.name)))
}

/// The same of its text.
pub(super) fn parse(text: &str) -> Result<Client, Problem> {
    let mut config = Config::parse(text)?;
    let prompt = config.take("req", "prompt");
    if prompt.is_none_or(|setting| setting.value != "no") {
        let problem =
            "without `prompt = no` in [req], its names are questions and no values: write it";
        return Err((1, problem.to_owned()));
    }
    let value = |config: &mut Config, name| {
        let setting = config.take("req", name)?;
        Some((setting.value.trim().to_owned(), setting.line))
    };
    let bits = match value(&mut config, "default_bits") {
        Some((bits, line)) => bits
            .parse()
            .map_err(|_| (line, format!("`{bits}` is no number of bits: write 2048")))?,
        None => DEFAULT_BITS,
    };
    let subject = match value(&mut config, "distinguished_name") {
        Some((section, line)) => {
            there(&config, &section, line)?;
            subject(&mut config, &section)?
        }
        None => Vec::new(),
    };
    let dns_names = match value(&mut config, "req_extensions") {
        Some((section, line)) => {
            there(&config, &section, line)?;
            alternative_names(&mut config, &section)?
        }
        None => Vec::new(),
    };
    take_done(&mut config, "req", &DONE);
    let ignored = config.unused();
    let ignored = ignored.map(|setting| format!("`{}` on line {}", setting.name, setting.line));
    Ok(Client {
        bits,
        subject,
        dns_names,
        ignored: ignored.collect(),
    })
}

/// Settings with a value that says what is done anyway count as used.
fn take_done(config: &mut Config, section: &str, done: &[(&str, &[&str])]) {
    let is_done = |name: &str, value: &str| {
        let mut done = done.iter();
        let value = value.replace([' ', '\t'], "").to_ascii_lowercase();
        done.any(|(known, values)| *known == name && values.contains(&value.as_str()))
    };
    let own = config.section(section).into_iter();
    let places: Vec<usize> = own
        .filter(|(_, setting)| is_done(&setting.name, &setting.value))
        .map(|(place, _)| place)
        .collect();
    for place in places {
        config.mark(place);
    }
}

/// A section that is named and not there would mean that nobody is named.
fn there(config: &Config, section: &str, line: usize) -> Result<(), Problem> {
    if config.section(section).is_empty() {
        let problem = format!("the section [{section}] is not there, or nothing stands in it");
        return Err((line, problem));
    }
    Ok(())
}

/// The parts of a section, which count as used.
fn settings(config: &mut Config, section: &str) -> Vec<(String, String, usize)> {
    let own = config.section(section);
    let places: Vec<usize> = own.iter().map(|(place, _)| *place).collect();
    let settings = own
        .iter()
        .map(|(_, setting)| (setting.name.clone(), setting.value.clone(), setting.line));
    let settings = settings.collect();
    for place in places {
        config.mark(place);
    }
    settings
}

fn subject(config: &mut Config, section: &str) -> Result<Vec<Part>, Problem> {
    let parts = settings(config, section).into_iter();
    let part = |(name, value, line): (String, String, usize)| {
        let oid = part_type(part_name(&name)).or_else(|| part_type(&name));
        let problem =
            format!("`{name}` is no type of a name: write it as OpenSSL has it, or in numbers");
        Ok((oid.ok_or((line, problem))?, value))
    };
    parts.map(part).collect()
}

/// `DNS:…, DNS:…`, or a section of them.
fn alternative_names(config: &mut Config, section: &str) -> Result<Vec<String>, Problem> {
    take_done(config, section, &OF_PROFILE);
    let Some(setting) = config.take_own(section, "subjectAltName") else {
        return Ok(Vec::new());
    };
    let (value, line) = (setting.value.trim().to_owned(), setting.line);
    let entries: Vec<(String, usize)> = match value.strip_prefix('@') {
        Some(other) => {
            there(config, other.trim(), line)?;
            settings(config, other.trim())
                .into_iter()
                .map(|(name, value, line)| {
                    (format!("{}:{}", part_prefix(&name), value.trim()), line)
                })
                .collect()
        }
        None => value
            .split(',')
            .map(|entry| (entry.trim().to_owned(), line))
            .collect(),
    };
    let entries = entries.into_iter();
    let name = |(entry, line): (String, usize)| {
        let host = entry
            .strip_prefix("DNS:")
            .map(|host| host.trim().to_owned());
        host.ok_or((
            line,
            format!("`{entry}` is no DNS name, and no other names are written here"),
        ))
    };
    entries.map(name).collect()
}
