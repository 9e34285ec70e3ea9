//! `daxsign ca issue` and `renew`: what will be issued is shown, and then it is.

use daxsign_core::{CertificateFile, RequestFile, Timestamp};
use daxsign_pki::{Access, Asked, Entry, PkiError, Profile, Validity};

use crate::authority::arguments::{IssueArguments, RenewArguments, TermsArguments};
use crate::authority::opened::{Found, Opened, is_wanted, validity};
use crate::clock::{self, date_text};
use crate::enrolling::kind::Kind;
use crate::failure::Failure;
use crate::input::Input;
use crate::terminal::{argument, shown};
use crate::{new_key, output};

/// No more of what was issued before is told.
const MAX_BEFORE: usize = 5;

/// Runs `issue`.
pub(super) fn run(arguments: &IssueArguments) -> Result<(), Failure> {
    let input = Input::read(&arguments.request)?;
    let asked = Asked::from_request(&input.bytes).map_err(|error| refused(&error, &input))?;
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

/// What is no request at all is told as what it is.
fn refused(error: &PkiError, input: &Input) -> Failure {
    let instead = match Kind::of(&input.bytes) {
        None | Some(Kind::Request) => return Failure::refused_pki(error, &input.name),
        Some(Kind::Certificate) => {
            "`daxsign ca renew` issues it anew, with its key and names".to_owned()
        }
        Some(Kind::PrivateKey | Kind::EncryptedKey) => format!(
            "it stays with its owner, who makes a request of it: `daxsign csr --key {}`, or `openssl req -new -key`",
            argument(&input.name)
        ),
        Some(Kind::PublicKey | Kind::List) => {
            "a request is made with the private key that it is for".to_owned()
        }
    };
    let kind = Kind::of(&input.bytes).map_or("", Kind::words);
    Failure::Unusable(format!(
        "{}: this is {kind}, no request for a certificate: {instead}",
        input.name
    ))
}

/// Runs `renew`.
pub(super) fn renew(arguments: &RenewArguments) -> Result<(), Failure> {
    let opened = Opened::of(&arguments.terms.folder, Access::Read)?;
    let found = opened.find(&arguments.certificate)?;
    let entry = &found.entry;
    let file = found.file.clone();
    let file = file.map_or_else(|| opened.authority.read_issued(entry), Ok);
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
        renewed: Some(found),
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
    renewed: Option<Found>,
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
        if let Some(old) = &self.renewed {
            opened.enter(old)?;
        }
        let granted = (self.profile, validity);
        let (authority, random) = (&mut opened.authority, &mut new_key::random);
        let issued = match &self.renewed {
            None => authority.issue(&self.asked, granted, random, &*signer),
            Some(old) => authority.renew(&old.entry.serial, &self.asked, granted, random, &*signer),
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
        // One a line: a comma within one begins no other.
        for name in &self.names {
            output::labelled("name", name);
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
        let renewed = self.renewed.as_ref().map(|old| &old.entry.serial);
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
