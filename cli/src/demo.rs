//! `daxsign demo`: signing and verifying at work on the example of the DAX text, without any file.

use std::time::{Duration, Instant};

use daxsign_core::{
    Components, Error, Options, PrivateKey, Profile, ReplayGuard, SIGNATURE_FIELD, Timestamp,
    Verifier, signature_header_len, write_signing_string,
};
use daxsign_http::RawRequest;

use crate::arguments::KeyFormat;
use crate::clock::{self, date_text};
use crate::failure::Failure;
use crate::request_file::{header_fields, request};
use crate::terminal::{Paint, visible_lines};
use crate::{new_key, output};

const BITS: usize = 2048;
/// The example's list with `date` moved to the end, as the strict policy asks for.
const LIST: &str = "(request-target) host cache-control content-length date";
const BODY: &str = r#"{"hello": "world"}"#;
const TAMPERED_BODY: &str = r#"{"hello": "World"}"#;
/// No line gets wider.
const WIDTH: usize = 100;
const INDENT: &str = "   ";
/// How many requests the demo's replay guard can hold.
const GUARD_PLACES: usize = 8;

/// The first line's indentation is given where it is printed.
const NEXT: &str = "\
daxsign keygen --bits 2048 --out client.pem             make a key of your own
   daxsign key client.pem --public --out client.pub.pem    the part of it that DAX gets
   daxsign sign --key client.pem --profile vendor-sdk --complete request.http
                                                           sign a request of yours
   daxsign verify --key client.pub.pem --profile vendor-sdk signed.http
                                                           check one
   daxsign explain --key client.pub.pem signed.http        find out why one does not verify
   daxsign help sign                                       all options of a command
";

/// Runs the command.
pub(crate) fn run() -> Result<(), Failure> {
    let paint = Paint::for_stdout();
    output::write(
        b"A request is signed, verified, tampered with and replayed. No file is read or written.\n",
    )?;
    let demo = Demo::prepare(paint)?;
    demo.show_request()?;
    demo.show_string()?;
    demo.show_signature()?;
    demo.show_profiles()?;
    demo.show_tampering()?;
    demo.show_replay()?;
    output::write(format!("\n{}\n{INDENT}{NEXT}", paint.strong("Next")).as_bytes())
}

/// The key, the request and the time that all steps share.
struct Demo {
    paint: Paint,
    key: Box<PrivateKey>,
    now: Timestamp,
    /// The request without its signature.
    unsigned: Vec<u8>,
}

/// A result and how long it took.
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.3} ms", duration.as_secs_f64() * 1000.0)
}

/// A core error where none can be, since the demo's own request keeps the rules.
fn unexpected(error: Error) -> Failure {
    Failure::refused(&error, "the demo's own request")
}

impl Demo {
    /// Step 1: the key.
    fn prepare(paint: Paint) -> Result<Self, Failure> {
        let (pem, took) = timed(|| new_key::make(BITS, KeyFormat::Pkcs1));
        let mut key = Box::new(PrivateKey::empty());
        key.load(&pem?).map_err(unexpected)?;
        let now = clock::now()?;
        let demo = Self {
            paint,
            key,
            now,
            unsigned: request_text(now),
        };
        let text = format!("RSA, {BITS} bits, from the operating system's randomness");
        demo.step("1", "A new key", Some(took), &[text])?;
        Ok(demo)
    }

    fn show_request(&self) -> Result<(), Failure> {
        let text = String::from_utf8_lossy(&self.unsigned).into_owned();
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        self.step(
            "2",
            "The request, the DAX text's example with today's date",
            None,
            &lines,
        )
    }

    fn show_string(&self) -> Result<(), Failure> {
        let (string, took) = timed(|| self.signing_string());
        let mut lines = vec![
            self.paint.faint(&format!("headers=\"{LIST}\"")),
            String::new(),
        ];
        lines.extend(visible_lines(&string?));
        self.step(
            "3",
            "The signing string, line ends visible",
            Some(took),
            &lines,
        )
    }

    fn show_signature(&self) -> Result<(), Failure> {
        let (value, took) = timed(|| self.sign(Profile::Documented));
        let field = format!("{SIGNATURE_FIELD}: {}", value?);
        let title = "The header field, profile documented (one line on the wire)";
        self.step("4", title, Some(took), &wrap(&field))
    }

    /// Each profile's signature under each profile: only its own verifies it.
    fn show_profiles(&self) -> Result<(), Failure> {
        let mut lines = Vec::new();
        let mut total = Duration::ZERO;
        for signed_as in Profile::ALL {
            let signed = self.signed(&self.unsigned, signed_as)?;
            for verified_as in Profile::ALL {
                let (outcome, took) = timed(|| self.verify(&signed, verified_as));
                total = total.saturating_add(took);
                let expected = if signed_as == verified_as {
                    None
                } else {
                    Some(Error::SignatureMismatch)
                };
                let verdict = self.verdict(outcome?, expected, "verified")?;
                lines.push(format!(
                    "signed as {:<12} verified as {:<12} {verdict}",
                    signed_as.name(),
                    verified_as.name(),
                ));
            }
        }
        lines.push(String::new());
        lines.push(
            "Both sides must use the same profile; `daxsign explain` tells which one. Production was only"
                .into(),
        );
        lines.push(
            "seen to accept vendor-sdk; this example goes on with documented, the text's.".into(),
        );
        self.step(
            "5",
            "Verification under both profiles (four in all)",
            Some(total),
            &lines,
        )
    }

    fn show_tampering(&self) -> Result<(), Failure> {
        let signed = self.signed(&self.unsigned, Profile::Documented)?;
        let text = String::from_utf8_lossy(&signed).replace(BODY, TAMPERED_BODY);
        let (outcome, took) = timed(|| self.verify(text.as_bytes(), Profile::Documented));
        let verdict = self.verdict(outcome?, Some(Error::SignatureMismatch), "verified")?;
        let lines = [format!("body {TAMPERED_BODY}    {verdict}")];
        self.step("6", "A tampered body", Some(took), &lines)
    }

    fn show_replay(&self) -> Result<(), Failure> {
        let signed = self.signed(&self.unsigned, Profile::Documented)?;
        let raw = parse(&signed)?;
        let headers = header_fields(&raw);
        let request = request(&raw, &headers);
        let verifier = Verifier::new(self.key.public_key(), Profile::Documented);
        let mut guard = ReplayGuard::<GUARD_PLACES>::new();
        let mut once = || {
            verifier
                .verify_once(&request, self.now, &mut guard)
                .map(drop)
        };
        let first = self.verdict(once(), None, "accepted")?;
        let (second, took) = timed(once);
        let second = self.verdict(second, Some(Error::Replayed), "accepted")?;
        let lines = [
            format!("first time     {first}"),
            format!("second time    {second}"),
        ];
        self.step("7", "The same request again", Some(took), &lines)
    }

    /// The outcome in a word or two; an outcome that must not be ends the demo.
    fn verdict(
        &self,
        outcome: Result<(), Error>,
        expected: Option<Error>,
        success: &str,
    ) -> Result<String, Failure> {
        match outcome {
            Ok(()) if expected.is_none() => Ok(self.paint.good(success)),
            Err(error) if expected == Some(error) => {
                Ok(self.paint.bad(&format!("refused: error[{}]", error.name())))
            }
            Err(error) => Err(unexpected(error)),
            Ok(()) => Err(Failure::Unusable(
                "the demo's forged request was accepted: do not use this build".to_owned(),
            )),
        }
    }

    fn signing_string(&self) -> Result<Vec<u8>, Failure> {
        let raw = parse(&self.unsigned)?;
        let headers = header_fields(&raw);
        let components = Components::parse(LIST).map_err(unexpected)?;
        let mut string = Vec::new();
        let mut sink = |bytes: &[u8]| string.extend_from_slice(bytes);
        let request = request(&raw, &headers);
        write_signing_string(&request, &components, Options::default(), &mut sink)
            .map_err(unexpected)?;
        Ok(string)
    }

    /// The value of the Signature field.
    fn sign(&self, profile: Profile) -> Result<String, Failure> {
        let raw = parse(&self.unsigned)?;
        let headers = header_fields(&raw);
        let components = Components::parse(LIST).map_err(unexpected)?;
        let mut out = vec![0; signature_header_len(BITS, LIST.len())];
        let request = request(&raw, &headers);
        let options = Options::default();
        daxsign_core::RequestSigner::new(&*self.key, profile)
            .components(components)
            .options(options)
            .sign(&request, &mut out)
            .map(str::to_owned)
            .map_err(unexpected)
    }

    /// The request with its Signature field.
    fn signed(&self, unsigned: &[u8], profile: Profile) -> Result<Vec<u8>, Failure> {
        let value = self.sign(profile)?;
        Ok(parse(unsigned)?.edited(SIGNATURE_FIELD, &[(SIGNATURE_FIELD, &value)]))
    }

    fn verify(&self, signed: &[u8], profile: Profile) -> Result<Result<(), Error>, Failure> {
        let raw = parse(signed)?;
        let headers = header_fields(&raw);
        let verifier = Verifier::new(self.key.public_key(), profile);
        Ok(verifier
            .verify(&request(&raw, &headers), self.now)
            .map(drop))
    }

    /// Prints a step: number, title, time taken, indented lines.
    fn step(
        &self,
        number: &str,
        title: &str,
        took: Option<Duration>,
        lines: &[String],
    ) -> Result<(), Failure> {
        let took = took.map(milliseconds).unwrap_or_default();
        let room = WIDTH
            .saturating_sub(INDENT.len())
            .saturating_sub(title.len());
        let heading = format!(
            "{number}  {}{}",
            self.paint.strong(title),
            self.paint.faint(&format!("{took:>room$}"))
        );
        let mut text = format!("\n{}\n", heading.trim_end());
        for line in lines {
            text.push_str(format!("{INDENT}{line}").trim_end());
            text.push('\n');
        }
        output::write(text.as_bytes())
    }
}

/// The POST example of the DAX text with the date `now`, as it goes over the wire.
fn request_text(now: Timestamp) -> Vec<u8> {
    let date = date_text(now);
    let length = BODY.len();
    format!(
        "POST /api/v2/DaxEndPoint HTTP/1.1\r\n\
         Host: dax.amido.se\r\n\
         Date: {date}\r\n\
         X-Example: Example header\r\n           with some whitespace.\r\n\
         Cache-Control: max-age=60\r\n\
         Cache-Control: must-revalidate\r\n\
         Content-Length: {length}\r\n\
         \r\n\
         {BODY}"
    )
    .into_bytes()
}

fn parse(bytes: &[u8]) -> Result<RawRequest<'_>, Failure> {
    RawRequest::parse(bytes).map_err(|error| Failure::Unusable(error.problem.to_owned()))
}

/// The field in lines that fit: its parameters one under the other, the base64 in pieces.
fn wrap(field: &str) -> Vec<String> {
    let room = WIDTH.saturating_sub(INDENT.len());
    let broken = field
        .replace(" headers=", "\n  headers=")
        .replace(" signature=", "\n  signature=");
    let mut lines = Vec::new();
    for line in broken.lines() {
        let characters: Vec<char> = line.chars().collect();
        lines.extend(characters.chunks(room).map(String::from_iter));
    }
    lines
}
