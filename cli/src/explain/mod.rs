//! `daxsign explain`: why does the signature not verify?
//!
//! Read in this order: `signed_file` (what the sender logged), `bodies` (what else may have been
//! signed) out of `chunks`, `inflate`, `base64`, `text_encoding`, and `json` with `json_tokens` and
//! `json_strings`; `case` (a request and what was found), `mistake` (in words), `not_tried`, `advice`
//! (what to do); `comparison` of strings kept as an `excerpt`; `answer` (all of it, as text and as
//! JSON) and `progress`.

mod advice;
mod answer;
mod base64;
mod bodies;
mod case;
mod chunks;
mod comparison;
mod excerpt;
mod inflate;
mod json;
mod json_strings;
mod json_tokens;
mod mistake;
mod not_tried;
mod progress;
mod signed_file;
mod text_encoding;

use std::path::Path;

use daxsign_core::{BodyAlternative, Explainer, PublicKey, Request, Sink};
use daxsign_http::RawRequest;

use self::answer::Answer;
use self::bodies::{OtherBodies, OtherBody};
use self::case::Case;
use self::progress::Progress;
use crate::arguments::ExplainArguments;
use crate::failure::Failure;
use crate::input::{Input, is_stdin};
use crate::key_file::KeyFile;
use crate::request_file::{header_fields, open_request};
use crate::terminal::{self, Paint};
use crate::{framing, output};

/// A body is hashed this often at least, however large it is.
const BODY_PASSES: u64 = 8;

/// Runs the command.
pub(crate) fn run(arguments: &ExplainArguments) -> Result<(), Failure> {
    let signed = arguments.signed.as_deref();
    let (key_input, input) = read(arguments, signed)?;
    let signed = signed.map(Input::read).transpose()?;
    let raw = open_request(&input)?;
    let answer = match KeyFile::parse(&key_input) {
        Ok(key) => {
            let names = Names {
                key: &key_input.name,
                request: &input.name,
            };
            explain(arguments, &raw, &key.public, signed.as_ref(), &names)
        }
        Err(failure) => Answer::without_key(failure),
    };
    if arguments.json.json {
        output::json(&answer.to_json())?;
    } else {
        let text = answer.to_text(terminal::width(), Paint::for_stdout());
        output::write(text.as_bytes())?;
    }
    answer.failure.map_or(Ok(()), Err)
}

/// How messages call the files.
struct Names<'a> {
    key: &'a str,
    request: &'a str,
}

/// Key and request; of the three files one can be standard input.
fn read(arguments: &ExplainArguments, signed: Option<&Path>) -> Result<(Input, Input), Failure> {
    let others = [&arguments.key, &arguments.request.path];
    if signed.is_some_and(is_stdin) && others.into_iter().any(|path| is_stdin(path)) {
        return Err(Failure::Unusable(
            "only one of the key, the request and the signed bytes can come from standard input: \
             name a file for the others"
                .to_owned(),
        ));
    }
    Input::read_both(&arguments.key, &arguments.request.path)
}

fn explain(
    arguments: &ExplainArguments,
    raw: &RawRequest<'_>,
    key: &PublicKey,
    signed: Option<&Input>,
    names: &Names<'_>,
) -> Answer {
    let headers = header_fields(raw);
    let joined = is_chunked(raw)
        .then(|| chunks::joined(raw.body()))
        .flatten();
    let body = joined.as_deref().unwrap_or(raw.body());
    let request = Request::new(raw.method, raw.target, &headers, body);
    let others = OtherBodies::from_request(raw, body);
    let writers: Vec<_> = others.bodies.iter().map(writer).collect();
    let alternatives: Vec<BodyAlternative<'_>> = others
        .bodies
        .iter()
        .zip(&writers)
        .map(|(other, write)| BodyAlternative {
            name: &other.name,
            text: &other.text,
            write,
        })
        .collect();
    let progress = Progress::for_stderr();
    let tell = |done, budget| progress.tell(done, budget);
    let passes = u64::try_from(body.len())
        .unwrap_or(u64::MAX)
        .saturating_mul(BODY_PASSES);
    let explainer = Explainer::new(key)
        .options(arguments.target.options())
        .budget(Explainer::DEFAULT_BUDGET.max(passes))
        .bodies(&alternatives)
        .progress(&tell);
    let case = Case {
        file: names.request,
        key_file: names.key,
        raw,
        request,
        options: arguments.target.options(),
        explainer,
        others: &others,
    };
    let explanation = case.explainer.explain(&case.request);
    progress.end();
    let unframed = framing::check(raw, names.request).err();
    case.answer(&explanation, unframed, signed)
}

fn writer(other: &OtherBody) -> impl Fn(&mut dyn Sink) {
    |sink| sink.write(&other.bytes)
}

/// Whether the body is said to come in chunks.
fn is_chunked(raw: &RawRequest<'_>) -> bool {
    let codings = raw.named("transfer-encoding").last();
    codings.is_some_and(|field| {
        let value = field.value.trim_ascii().to_ascii_lowercase();
        value.ends_with(b"chunked")
    })
}
