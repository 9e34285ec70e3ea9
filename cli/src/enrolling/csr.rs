//! `daxsign csr`: a request for a certificate, as DAX wants it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use daxsign_core::{CertificateRequest, DaxNames, EnrolError, KeyEncoding, PrivateKey};

use crate::enrolling::arguments::CsrArguments;
use crate::enrolling::field::{Field, Fields};
use crate::enrolling::{request_conf, subject};
use crate::failure::Failure;
use crate::input::{Input, is_stdin};
use crate::terminal::{argument, shown};
use crate::{ask, key_file, output};

/// Runs the command.
pub(crate) fn run(arguments: &CsrArguments) -> Result<(), Failure> {
    let file = output::new_file(arguments.out.file.as_deref())?;
    let path = key_path(arguments)?;
    let key = read_key(&path)?;
    if arguments.name.is_some() || !arguments.dns.is_empty() {
        let name = arguments.name.as_deref();
        if name.is_some_and(|name| name.trim().is_empty()) {
            let message = "--name is empty: give it a value, or leave it out";
            return Err(Failure::Unusable(message.to_owned()));
        }
        let pem = of_names(
            &key,
            name.unwrap_or_default(),
            &arguments.dns,
            KeyEncoding::Pem,
        )?;
        output::product(&pem, file)?;
        let (request, key) = places(file, &path);
        let text =
            format!("{request}, to who issues the certificate; {key} stays here and is never sent");
        output::labelled("send", &text);
        return Ok(());
    }
    let mut fields = from_options(arguments);
    if let Some(path) = &arguments.config {
        let (of_file, notes) = request_conf::read(&Input::read(path)?)?;
        fields.fill_from(of_file);
        for note in notes {
            output::labelled("note", &note);
        }
    }
    check_empty_options(arguments, &fields)?;
    fields.complete(key.public_key())?;
    let names = fields.names();
    let pem = make(&key, &names).map_err(|error| refused(&error, &fields, &path))?;
    output::product(&pem, file)?;
    tell(&names, file, &path);
    Ok(())
}

fn key_path(arguments: &CsrArguments) -> Result<PathBuf, Failure> {
    let key = arguments.key.clone();
    let path = ask::given(key, "--key", "File of the private key: ", "csr", |text| {
        ask::not_empty(text).map(PathBuf::from)
    })?;
    if is_stdin(&path) && arguments.config.as_deref().is_some_and(is_stdin) {
        return Err(Failure::Unusable(
            "the key and the names cannot both come from standard input: name a file for one"
                .to_owned(),
        ));
    }
    Ok(path)
}

fn read_key(path: &Path) -> Result<Box<PrivateKey>, Failure> {
    let is_missing = |error: std::io::Error| error.kind() == ErrorKind::NotFound;
    if !is_stdin(path) && path.metadata().is_err_and(is_missing) {
        let name = shown(path);
        return Err(Failure::Unusable(format!(
            "there is no file {name}: `daxsign keygen --out {}` makes a key",
            argument(&name)
        )));
    }
    key_file::private(&Input::read(path)?)
}

fn options(arguments: &CsrArguments) -> [(Field, Option<&str>); Field::ALL.len()] {
    [
        (Field::Instance, &arguments.instance),
        (Field::Partner, &arguments.partner),
        (Field::Country, &arguments.country),
        (Field::Locality, &arguments.locality),
        (Field::Organization, &arguments.organization),
        (Field::Unit, &arguments.unit),
        (Field::Environment, &arguments.environment),
    ]
    // What was copied may have brought space with it.
    .map(|(field, value)| (field, value.as_deref().map(str::trim)))
}

fn from_options(arguments: &CsrArguments) -> Fields {
    let mut fields = Fields::default();
    for (field, value) in options(arguments) {
        fields.give(field, value.unwrap_or_default(), field.option());
    }
    fields
}

/// An option without any text, of a variable that is not set most likely, is not one that was left out: it means
/// neither what a file says nor production. One that nothing stands in for is missing, and is told with the others.
fn check_empty_options(arguments: &CsrArguments, fields: &Fields) -> Result<(), Failure> {
    let mut empty = options(arguments)
        .into_iter()
        .filter(|(_, value)| *value == Some(""))
        .map(|(field, _)| field);
    let replaced = |field: &Field| *field == Field::Environment || fields.value(*field).is_some();
    match empty.find(replaced) {
        Some(field) => Err(Failure::Unusable(format!(
            "{} is empty: give it a value, or leave it out",
            field.option()
        ))),
        None => Ok(()),
    }
}

/// A request with any names, signed by the key.
pub(crate) fn of_names(
    key: &PrivateKey,
    name: &str,
    hosts: &[String],
    encoding: KeyEncoding,
) -> Result<Vec<u8>, Failure> {
    let parts = match name {
        "" if !hosts.is_empty() => Vec::new(),
        name => subject::parse(name)
            .map_err(|problem| Failure::Unusable(format!("--name: {problem}")))?,
    };
    let mut request = CertificateRequest::new(key.public_key());
    let refused = |place| move |error| Failure::refused_enrolling(&error, place);
    for (oid, value) in &parts {
        request.add_name(oid, value).map_err(refused("--name"))?;
    }
    for host in hosts {
        request.add_dns_name(host).map_err(refused("--dns"))?;
    }
    let mut bytes = vec![0; request.encoded_len(encoding)];
    let written = request.write(key, encoding, &mut bytes);
    written.map_err(|error| refused("--name")(error.into()))?;
    Ok(bytes)
}

/// The request as PEM.
fn make(key: &PrivateKey, names: &DaxNames<'_>) -> Result<Vec<u8>, EnrolError> {
    let request = CertificateRequest::dax(key.public_key(), names)?;
    let mut pem = vec![0; request.encoded_len(KeyEncoding::Pem)];
    request.write(key, KeyEncoding::Pem, &mut pem)?;
    Ok(pem)
}

/// The refusal, with the option or the line that it is about.
fn refused(error: &EnrolError, fields: &Fields, key: &Path) -> Failure {
    match fields.place(error) {
        Some(place) => Failure::refused_enrolling(error, place),
        None => Failure::refused_enrolling(error, &shown(key)),
    }
}

/// What was asked for, and what is to be done with it.
fn tell(names: &DaxNames<'_>, file: Option<&Path>, key: &Path) {
    let DaxNames {
        country,
        locality,
        organization,
        unit,
        environment,
        ..
    } = names;
    let [instance, partner] = [names.instance_id, names.partner_id].map(str::to_ascii_lowercase);
    let domain = format!("{environment}.dax.amido.io");
    let host = format!("{instance}.instance.{domain}");
    output::labelled(
        "subject",
        &format!("C = {country}, L = {locality}, O = {organization}, OU = {unit}, CN = {host}"),
    );
    output::labelled("names", &format!("{host}, {partner}.partner.{domain}"));
    let (request, key) = places(file, key);
    output::labelled(
        "send",
        &format!("{request}, to Amido Customer Success; {key} stays here and is never sent"),
    );
}

/// How the request and the key are called.
fn places(file: Option<&Path>, key: &Path) -> (String, String) {
    let request = file.map_or_else(|| "the text from BEGIN to END".to_owned(), shown);
    let key = if is_stdin(key) {
        "the key".to_owned()
    } else {
        shown(key)
    };
    (request, key)
}
