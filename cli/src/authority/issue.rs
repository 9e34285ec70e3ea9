//! `daxsign ca issue` and `renew`: what will be issued is shown, and then it is.

use daxsign_core::{CertificateFile, RequestFile, Timestamp};
use daxsign_pki::{Access, Asked, Entry, Profile, Validity};

use crate::authority::arguments::{IssueArguments, RenewArguments, TermsArguments};
use crate::authority::opened::{Opened, is_wanted, validity};
use crate::clock::{self, date_text};
use crate::failure::Failure;
use crate::input::Input;
use crate::terminal::shown;
use crate::{new_key, output};

/// No more of what was issued before is told.
const MAX_BEFORE: usize = 5;

/// Runs `issue`.
pub(super) fn run(arguments: &IssueArguments) -> Result<(), Failure> {
    let input = Input::read(&arguments.request)?;
    let asked = Asked::from_request(&input.bytes)
        .map_err(|error| Failure::refused_pki(&error, &input.name))?;
    let request = RequestFile::from_bytes(&input.bytes)
        .map_err(|error| Failure::refused_enrolling(&error, &input.name))?;
    let names = request.extensions().alternative_names();
    let names: Vec<String> = names.map(|name| name.to_string()).collect();
    let granted = Granted {
        profile: profile(&arguments.profile)?,
        names,
        asked,
        renewed: None,
    };
    granted.issue(&arguments.terms)
}

/// Runs `renew`.
pub(super) fn renew(arguments: &RenewArguments) -> Result<(), Failure> {
    let opened = Opened::of(&arguments.terms.folder, Access::Read)?;
    let entry = opened.find(&arguments.certificate)?;
    let file = opened.authority.read_issued(&entry);
    let file = file.map_err(|error| opened.refused(&error))?;
    if let Some(revocation) = entry.revocation {
        return Err(Failure::Unusable(format!(
            "{} was revoked on {} ({}): a new certificate takes a new request",
            entry.serial,
            date_text(revocation.time),
            revocation.reason
        )));
    }
    let asked = Asked::from_certificate(&file).map_err(|error| opened.refused(&error))?;
    let certificate = CertificateFile::from_bytes(&file)
        .map_err(|error| Failure::refused_enrolling(&error, &opened.name))?;
    let names = certificate.extensions().alternative_names();
    let names = names.map(|name| name.to_string()).collect();
    let granted = Granted {
        profile: profile(arguments.profile.as_deref().unwrap_or(&entry.profile))?,
        names,
        asked,
        renewed: Some(entry),
    };
    granted.issue(&arguments.terms)
}

fn profile(name: &str) -> Result<Profile, Failure> {
    Profile::from_name(name).ok_or_else(|| {
        Failure::Unusable(format!(
            "the certificate's profile is not known ({name}): say with --profile what it is to be good for"
        ))
    })
}

/// What is to be issued.
struct Granted {
    profile: Profile,
    names: Vec<String>,
    asked: Asked,
    /// What it takes the place of.
    renewed: Option<Entry>,
}

impl Granted {
    fn issue(&self, terms: &TermsArguments) -> Result<(), Failure> {
        let file = output::new_file(terms.out.file.as_deref())?;
        let now = clock::now()?;
        let opened = Opened::of(&terms.folder, Access::Read)?;
        let days = terms.days.unwrap_or(self.profile.default_days());
        let validity = validity(now, days, opened.authority.issuer().not_after())?;
        self.show(&opened, validity)?;
        self.show_before(&opened, now)?;
        if !is_wanted(&terms.yes, "Issue this certificate?")? {
            return Err(Failure::Unusable("nothing was issued".to_owned()));
        }
        let signer = opened.unlock(&terms.passphrase)?;
        // Meanwhile others may have worked in the folder.
        let mut opened = Opened::of(&terms.folder, Access::Change)?;
        let granted = (self.profile, validity);
        let (authority, random) = (&mut opened.authority, &mut new_key::random);
        let issued = match &self.renewed {
            None => authority.issue(&self.asked, granted, random, &*signer),
            Some(old) => authority.renew(&old.serial, &self.asked, granted, random, &*signer),
        };
        let issued = issued.map_err(|error| opened.refused(&error))?;
        drop(opened);
        output::labelled("issued", &format!("number {}", issued.serial));
        output::product(issued.pem.as_bytes(), file).inspect_err(|_| {
            let text = format!(
                "the certificate is issued, and kept in {}",
                shown(&issued.file)
            );
            output::labelled("note", &text);
        })
    }

    fn show(&self, opened: &Opened, validity: Validity) -> Result<(), Failure> {
        let subject = self.asked.subject_text();
        let subject = subject.map_err(|error| opened.refused(&error))?;
        output::labelled(
            "subject",
            if subject.is_empty() {
                "(empty)"
            } else {
                &subject
            },
        );
        if !self.names.is_empty() {
            output::labelled("names", &self.names.join(", "));
        }
        output::labelled(
            "profile",
            &format!("{}: {}", self.profile.name(), good_for(self.profile)),
        );
        output::labelled("valid", &format!("until {}", date_text(validity.not_after)));
        let not_taken = self.asked.not_taken(self.profile);
        if self.renewed.is_none() && !not_taken.is_empty() {
            let text = format!(
                "of the request, since the profile decides: {}",
                not_taken.join(", ")
            );
            output::labelled("not taken", &text);
        }
        Ok(())
    }

    /// Warns of what was issued before for the same key or the same subject.
    fn show_before(&self, opened: &Opened, now: Timestamp) -> Result<(), Failure> {
        let before = opened.authority.issued_before(&self.asked);
        let before = before.map_err(|error| opened.refused(&error))?;
        let renewed = self.renewed.as_ref().map(|entry| &entry.serial);
        let counts = |entry: &&&Entry| Some(&entry.serial) != renewed;
        for entry in before.iter().rev().filter(counts).take(MAX_BEFORE) {
            let state = match entry.revocation {
                Some(_) => "revoked".to_owned(),
                None if entry.not_after < now => "expired".to_owned(),
                None => format!("valid until {}", date_text(entry.not_after)),
            };
            let text = format!(
                "this key or this subject has number {} already, {state}: {}",
                entry.serial, entry.subject
            );
            output::labelled("warning", &text);
        }
        Ok(())
    }
}

const fn good_for(profile: Profile) -> &'static str {
    match profile {
        Profile::Dax => "signs requests to DAX, and is a TLS client",
        Profile::OpenBanking => "a TLS client of Open Banking",
        Profile::Server => "a TLS server",
        Profile::Authority { .. } => "an authority that issues certificates itself",
    }
}
