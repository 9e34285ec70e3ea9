//! OpenSSL's configuration files as the tool reads them: settings stand where the file has them, what needs no
//! expanding is the text itself, and variables within variables stay within bounds.
#![no_main]

#[allow(dead_code)]
#[path = "../../cli/src/enrolling/config.rs"]
mod config;

use config::{Config, DEFAULT};
use libfuzzer_sys::fuzz_target;

/// What is expanded, ends a value early, or joins lines.
const SPECIAL: [char; 7] = ['$', '"', '\'', '`', '\\', '#', '['];
/// What all values may take, and those that were read last.
const MAX_VALUES_LEN: usize = 2 << 20;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let lines: Vec<&str> = text.split('\n').collect();
    let mut config = match Config::parse(&text) {
        Ok(config) => config,
        Err((line, problem)) => {
            assert!((1..=lines.len()).contains(&line) && !problem.is_empty());
            return;
        }
    };
    let unused: Vec<_> = config.unused().collect();
    let values: usize = unused.iter().map(|setting| setting.value.len()).sum();
    assert!(values < MAX_VALUES_LEN);
    for setting in &unused {
        let line = lines[setting.line - 1];
        // One that goes on is not looked at, nor what another goes on with: that has an earlier number.
        if line.contains(SPECIAL) {
            continue;
        }
        let (name, value) = line.split_once('=').expect("a setting");
        let trim = |text: &str| text.trim_matches([' ', '\t', '\r']).to_owned();
        assert_eq!(setting.value, trim(value));
        let name = trim(name);
        let own = name.split_once("::").map_or(&*name, |(_, own)| own);
        assert_eq!(setting.name, own);
    }
    let sections: Vec<String> = unused.iter().map(|one| one.section.clone()).collect();
    for section in sections.iter().chain([&DEFAULT.to_owned()]) {
        let own = config.section(section);
        let names: Vec<(usize, String)> = own
            .iter()
            .map(|(place, setting)| (*place, setting.name.clone()))
            .collect();
        for (place, name) in names {
            let line = config.take_own(section, &name).expect("it counts").line;
            assert!(line <= lines.len());
            config.mark(place);
        }
    }
});
