//! A component list is read as the naive model reads it, and written so that it reads the same.
#![no_main]

use daxsign_core::{Components, Error};
use daxsign_fuzz::model;
use daxsign_fuzz::reading::write_list;
use daxsign_fuzz::trial::names;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let names = names(&text);
    let borrowed: Vec<&str> = names.iter().map(String::as_str).collect();
    let expected = model::check_list(&names);
    let by_text = Components::parse(data);
    let by_names = Components::from_names(&borrowed);
    for result in [&by_text, &by_names] {
        let found = result.as_ref().err().map(Error::name);
        assert_eq!(found, expected.err(), "{text:?}");
    }
    let (Ok(by_text), Ok(by_names)) = (by_text, by_names) else {
        return;
    };
    let reduced = model::reduced(&names);
    let written = write_list(&by_text);
    assert_eq!(written, reduced.join(" ").into_bytes());
    assert_eq!(written, write_list(&by_names));
    assert_eq!(written.len(), by_text.encoded_len());
    assert_eq!(by_text.iter().count(), reduced.len());
    for name in &reduced {
        assert!(by_text.contains(name) && by_names.contains(&name.to_ascii_uppercase()));
        assert_eq!(by_text.ends_with(name), reduced.last() == Some(name));
    }
    assert!(!by_text.contains("x-not-in-the-list-at-all"));
    let again = Components::parse(&written).expect("what was written");
    assert_eq!(write_list(&again), written);
});
