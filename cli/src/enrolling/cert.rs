//! `daxsign cert`: what a certificate or a request says, and whether it fits.

use std::fmt::Write;
use std::path::PathBuf;

use daxsign_core::{
    CertificateFile, Document, EnrolError, PublicKey, Purpose, RequestFile, Thumbprint,
    ThumbprintKind, Timestamp, TrustAnchor, certificates,
};
use serde_json::{Value, json};

use crate::clock::{self, date_text};
use crate::enrolling::arguments::CertArguments;
use crate::enrolling::facts::Facts;
use crate::enrolling::kind::Kind;
use crate::enrolling::revoked::{Bad, Lists, refusal, ways};
use crate::enrolling::validity;
use crate::failure::Failure;
use crate::input::{Input, is_stdin};
use crate::key_file::{self, KeyFile};
use crate::output;
use crate::terminal::{Paint, argument};

/// Runs the command.
pub(crate) fn run(arguments: &CertArguments) -> Result<(), Failure> {
    let outcome = show(arguments);
    if let Err(Outcome::Unread(failure)) = &outcome
        && let Some(error) = failure.to_json().filter(|_| arguments.json.json)
    {
        output::json(&json!({ "error": error }))?;
    }
    match outcome {
        Ok(()) => Ok(()),
        Err(Outcome::Unread(failure) | Outcome::Shown(failure)) => Err(failure),
    }
}

/// How the command ends when it does not succeed.
enum Outcome {
    /// There was nothing to show.
    Unread(Failure),
    /// What the file says was shown; something asked about is not so.
    Shown(Failure),
}

impl From<Failure> for Outcome {
    fn from(failure: Failure) -> Self {
        Self::Unread(failure)
    }
}

fn show(arguments: &CertArguments) -> Result<(), Outcome> {
    let others = [&arguments.key, &arguments.ca];
    let others = others.into_iter().flatten().chain(&arguments.crl);
    let named = others
        .map(PathBuf::as_path)
        .chain([arguments.file.as_path()]);
    if named.filter(|path| is_stdin(path)).count() > 1 {
        let message =
            "only one of the files can come from standard input: name files for the others";
        return Err(Failure::Unusable(message.to_owned()).into());
    }
    let now = arguments.now.map_or_else(clock::now, Ok)?;
    let input = Input::read(&arguments.file)?;
    let wanted = Wanted::read(arguments, now)?;
    if is_request(&input.bytes) {
        return show_request(&input, arguments, &wanted);
    }
    let all: Result<Vec<_>, EnrolError> = CertificateFile::all(&input.bytes).collect();
    let all = all.map_err(|error| Failure::refused_enrolling(&error, &input.name))?;
    let mut shown: Vec<Facts> = all
        .iter()
        .map(|certificate| Facts::of_certificate(certificate, now))
        .collect();
    let mut problems = Vec::new();
    if let (Some(first), Some(facts)) = (all.split_first(), shown.first_mut()) {
        problems = wanted.judge(first, facts, &input.name);
    }
    problems.extend(wanted.ending(&all, &input.name));
    print(&input.name, "certificates", shown, arguments)?;
    first_of(problems)
}

/// Whether the file is to be read as a request. In DER both begin alike, so that what can be read decides.
fn is_request(file: &[u8]) -> bool {
    let no_certificate = CertificateFile::from_bytes(file).is_err();
    let is_request = || RequestFile::unverified(file).is_ok();
    no_certificate && (is_request() || certificates(file).next().is_none())
}

fn show_request(input: &Input, arguments: &CertArguments, wanted: &Wanted) -> Result<(), Outcome> {
    let request = RequestFile::unverified(&input.bytes).map_err(|error| unknown(&error, input))?;
    if arguments.ca.is_some() || arguments.warn.is_some() || arguments.thumbprint.is_some() {
        return Err(Failure::Unusable(format!(
            "{}: this is a request: --ca, --crl, --warn and --thumbprint are for certificates",
            input.name
        ))
        .into());
    }
    let key = request.public_key();
    let verified = RequestFile::from_bytes(&input.bytes);
    let signed = key.is_ok().then_some(verified.is_ok());
    let mut facts = Facts::of_request(&request, signed);
    let mut problems = Vec::new();
    if signed == Some(false) {
        problems.push(Failure::refused_enrolling(
            &EnrolError::NotSignedByItsKey,
            &input.name,
        ));
    }
    problems.extend(wanted.judge_key(key.ok().as_ref(), &mut facts, &input.name));
    print(&input.name, "requests", vec![facts], arguments)?;
    first_of(problems)
}

fn first_of(problems: Vec<Failure>) -> Result<(), Outcome> {
    problems
        .into_iter()
        .next()
        .map_or(Ok(()), |problem| Err(Outcome::Shown(problem)))
}

fn print(
    name: &str,
    kind: &str,
    shown: Vec<Facts>,
    arguments: &CertArguments,
) -> Result<(), Failure> {
    if arguments.json.json {
        let shown: Vec<Value> = shown
            .into_iter()
            .map(|facts| facts.into_json().into())
            .collect();
        return output::json(&json!({ "file": name, kind: shown }));
    }
    let paint = Paint::for_stdout();
    let count = shown.len();
    let mut text = String::new();
    for (index, facts) in shown.iter().enumerate() {
        if count > 1 {
            let space = if index > 0 { "\n" } else { "" };
            let number = index.saturating_add(1);
            let heading = paint.strong(&format!("certificate {number} of {count}"));
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{space}{heading}");
        }
        text.push_str(&facts.to_text(paint));
    }
    output::write(text.as_bytes())
}

/// A file that is neither: what it is instead.
fn unknown(error: &EnrolError, input: &Input) -> Failure {
    match error {
        EnrolError::Malformed {
            document: Document::Request,
            ..
        } => match Kind::of(&input.bytes) {
            Some(Kind::List) => Failure::Unusable(format!(
                "{}: this is a list of revoked certificates: `daxsign cert CERTIFICATE --ca FILE --crl {}` asks it",
                input.name,
                argument(&input.name)
            )),
            Some(Kind::EncryptedKey) => Failure::Unusable(format!(
                "{}: this is an encrypted private key, no certificate and no request",
                input.name
            )),
            _ => no_key_either(input),
        },
        _ => Failure::refused_enrolling(error, &input.name),
    }
}

fn no_key_either(input: &Input) -> Failure {
    match KeyFile::parse(input) {
        Ok(key) => Failure::Unusable(format!(
            "{}: this is a key ({}), no certificate and no request: `daxsign key` shows keys",
            input.name,
            key.kind.description()
        )),
        Err(failure) => {
            let hint = "`daxsign cert` shows certificates and requests for them, PEM or DER";
            failure.with_hint(Some(hint.to_owned()))
        }
    }
}

/// What is asked about a certificate.
struct Wanted {
    now: Timestamp,
    warn: Option<u32>,
    thumbprint: Option<Thumbprint>,
    /// With the file's name.
    key: Option<(String, PublicKey)>,
    ca: Option<Input>,
    crl: Vec<Input>,
    purpose: Option<Purpose>,
}

impl Wanted {
    fn read(arguments: &CertArguments, now: Timestamp) -> Result<Self, Failure> {
        let thumbprint = arguments.thumbprint.as_deref().map(Thumbprint::parse);
        let key = arguments.key.as_deref().map(|path| {
            let input = Input::read(path)?;
            let key = KeyFile::parse(&input)?;
            Ok((input.name, key.public))
        });
        let crl = arguments.crl.iter().map(|path| Input::read(path));
        Ok(Self {
            now,
            warn: arguments.warn,
            thumbprint: thumbprint
                .transpose()
                .map_err(|error| Failure::refused_enrolling(&error, "--thumbprint"))?,
            key: key.transpose()?,
            ca: arguments.ca.as_deref().map(Input::read).transpose()?,
            crl: crl.collect::<Result<_, Failure>>()?,
            purpose: arguments.purpose.map(Purpose::from),
        })
    }

    /// Judges the first certificate of a file, with the others between it and an authority.
    fn judge(
        &self,
        (certificate, others): (&CertificateFile<'_>, &[CertificateFile<'_>]),
        facts: &mut Facts,
        name: &str,
    ) -> Vec<Failure> {
        let key = certificate.public_key().ok();
        let judged = [
            self.judge_key(key.as_ref(), facts, name),
            self.judge_issuer(certificate, others, facts, name),
            self.judge_revocation(certificate, others, facts, name),
            self.judge_thumbprint(certificate, facts, name),
        ];
        judged.into_iter().flatten().collect()
    }

    fn judge_key(&self, own: Option<&PublicKey>, facts: &mut Facts, name: &str) -> Option<Failure> {
        let (file, key) = self.key.as_ref()?;
        let belongs = own == Some(key);
        let (text, end) = if belongs {
            ("belongs to it", "")
        } else {
            (
                "does not belong to it",
                ": the key is another than the one in it",
            )
        };
        facts.verdict("its key", "key_belongs", belongs, &format!("{file} {text}"));
        (!belongs).then(|| refusal("key-mismatch", format!("{name}: {file} {text}{end}")))
    }

    /// The authority of `--ca`, for what is asked.
    fn anchor<'a>(&self, ca: &'a Input) -> Result<TrustAnchor<'a>, Failure> {
        let anchor = anchor(ca)?;
        Ok(match self.purpose {
            Some(purpose) => anchor.for_purpose(purpose),
            None => anchor,
        })
    }

    fn judge_issuer(
        &self,
        certificate: &CertificateFile<'_>,
        others: &[CertificateFile<'_>],
        facts: &mut Facts,
        name: &str,
    ) -> Option<Failure> {
        let ca = self.ca.as_ref()?;
        let issued = self.anchor(ca).and_then(|anchor| {
            let verified = anchor.verify(certificate, others, self.now);
            verified.map_err(|error| Failure::refused_enrolling(&error, name))
        });
        let text = if issued.is_ok() {
            format!("the authority of {}", ca.name)
        } else {
            // By another, or not in a way that is good now, for this: the error says which.
            format!("not to be trusted through {}", ca.name)
        };
        facts.verdict("issued by", "issued_by_ca", issued.is_ok(), &text);
        issued.err()
    }

    /// By the lists of the authorities between it and that of `--ca`.
    fn judge_revocation(
        &self,
        certificate: &CertificateFile<'_>,
        others: &[CertificateFile<'_>],
        facts: &mut Facts,
        name: &str,
    ) -> Option<Failure> {
        let ca = self.ca.as_ref().filter(|_| !self.crl.is_empty())?;
        let (text, failure) = match self.revocation(certificate, others, ca, name) {
            Ok(text) => (text, None),
            Err((text, failure)) => (text, Some(failure)),
        };
        facts.verdict("revoked", "not_revoked", failure.is_none(), &text);
        failure
    }

    /// What is told, and why it is not good. Any way will do on which nobody was revoked.
    fn revocation(
        &self,
        certificate: &CertificateFile<'_>,
        others: &[CertificateFile<'_>],
        ca: &Input,
        name: &str,
    ) -> Result<String, Bad> {
        let lists = Lists::read(&self.crl, self.now)?;
        let pinned: Vec<_> = CertificateFile::all(&ca.bytes).flatten().collect();
        let ways = match self.anchor(ca) {
            Ok(anchor) => ways(&anchor, pinned.first(), certificate, others, self.now),
            // Which is told of by who judges the issuer.
            Err(_) => Vec::new(),
        };
        let mut asked = ways.iter().map(|way| lists.ask(way, name));
        if let Some(first) = asked.next() {
            return first.or_else(|bad| asked.find_map(Result::ok).ok_or(bad));
        }
        let mut all = pinned.iter().chain(others);
        let issuer = all.find(|one| one.subject() == certificate.issuer());
        lists.ask(&[(certificate, issuer)], name)?;
        let text = format!("not known: it is not to be trusted through {}", ca.name);
        let message = format!("{name}: whether it was revoked is {text}");
        Err((text, refusal("untrusted-certificate", message)))
    }

    fn judge_thumbprint(
        &self,
        certificate: &CertificateFile<'_>,
        facts: &mut Facts,
        name: &str,
    ) -> Option<Failure> {
        let wanted = self.thumbprint.as_ref()?;
        let kinds = [ThumbprintKind::Sha1, ThumbprintKind::Sha256];
        let is_own = kinds
            .iter()
            .any(|kind| certificate.thumbprint(*kind) == *wanted);
        let text = if is_own { "its own" } else { "not its own" };
        facts.verdict(
            "thumbprint",
            "thumbprint_fits",
            is_own,
            &format!("{wanted} is {text}"),
        );
        (!is_own).then(|| {
            let message = format!("{name}: {wanted} is the thumbprint of another certificate");
            refusal("thumbprint-mismatch", message)
        })
    }

    /// The certificate that ends first, if that is within the days of `--warn`; or one that is not valid yet, as all
    /// would seem with a clock that is behind, which knows of no end.
    fn ending(&self, all: &[CertificateFile<'_>], name: &str) -> Option<Failure> {
        let days = self.warn?;
        if let Some(early) = all.iter().find(|one| self.now < one.not_before()) {
            let message = format!(
                "{name}: the certificate of {} is not valid before {}: is this machine's clock right?",
                early.subject(),
                date_text(early.not_before())
            );
            return Some(refusal("not-yet-valid", message));
        }
        let all = all.iter().enumerate();
        let (index, first) = all.min_by_key(|(_, certificate)| certificate.not_after())?;
        let times = validity::of(first);
        if !validity::ends_within(times, self.now, days) {
            return None;
        }
        let number = index.saturating_add(1);
        let left = validity::days_left(times, self.now);
        let end = date_text(times.not_after);
        let when = if left < 0 {
            format!("expired on {end}")
        } else {
            format!("expires on {end}: {}", validity::left_text(left))
        };
        Some(Failure::Expiring(format!(
            "{name}: certificate {number}, that of {}, {when}; a new one takes a new request: `daxsign \
             help csr`",
            first.subject()
        )))
    }
}

/// The authority in a file: a certificate or a bare key.
fn anchor(ca: &Input) -> Result<TrustAnchor<'_>, Failure> {
    if certificates(&ca.bytes).next().is_none() {
        return Ok(TrustAnchor::from_key(KeyFile::parse(ca)?.public));
    }
    CertificateFile::from_bytes(&ca.bytes)
        .and_then(|certificate| TrustAnchor::from_certificate(&certificate))
        .map_err(|error| match error {
            EnrolError::Core(error) => key_file::refused(&error, ca),
            error => Failure::refused_enrolling(&error, &ca.name),
        })
}
