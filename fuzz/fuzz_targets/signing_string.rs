//! The signing string of any request is that of the naive model, byte for byte and error for error,
//! and in pieces it is the same.
#![no_main]

use daxsign_core::{Components, Error, Policy};
use daxsign_fuzz::model::{self, ModelOptions};
use daxsign_fuzz::reading;
use daxsign_fuzz::trial::Trial;
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};

fuzz_target!(|data: &[u8]| {
    let trial = Trial::read(data);
    let names = trial.names();
    let borrowed: Vec<&str> = names.iter().map(String::as_str).collect();
    check(&trial, &names, Components::from_names(&borrowed));
    // The default list of the same request.
    let fields = trial.request.fields();
    let components = Components::default_for(&trial.request.borrow(&fields));
    check(&trial, &model::default_list(&trial.request), Ok(components));
});

fn check(trial: &Trial, names: &[String], components: Result<Components<'_>, Error>) {
    let options = ModelOptions {
        full_target: trial.switch(0) & 1 == 1,
        rest: trial.switch(0) & 2 == 2,
    };
    let request = &trial.request;
    let expected = model::signing_string(request, names, options);
    let components = match components {
        Ok(components) => components,
        Err(error) => return assert_eq!(Err(error.name()), expected, "{error}"),
    };
    // Whether a body without its length is signed is the policy's to say, not the string's.
    let components = components.for_policy(Policy::Interop);
    let core_options = reading::core_options(options);
    let fields = request.fields();
    let string = reading::string(&request.borrow(&fields), &components, core_options);
    if let Err(error) = &string {
        assert!(!error.to_string().is_empty());
    }
    assert_eq!(string.map_err(|error| error.name()), expected);

    let piece = usize::from(trial.switch(1));
    let is_known = trial.switch(0) & 4 == 0;
    let stream = reading::stream(request, &components, core_options, piece, is_known);
    match (stream, expected.map(|string| Sha256::digest(string).into())) {
        // In pieces, only a byte order mark is looked for.
        (Ok(_), Err("invalid-body")) => assert!(!request.body.starts_with(b"\xEF\xBB\xBF")),
        // A length that is not told is checked last.
        (Err(error), Err("content-length-mismatch")) if !is_known => {
            let later = [
                "content-length-mismatch",
                "unsupported-charset",
                "invalid-content-type",
                "invalid-body",
            ];
            assert!(later.contains(&error.name()), "{error}");
        }
        (stream, expected) => assert_eq!(stream.map_err(|error| error.name()), expected),
    }
}
