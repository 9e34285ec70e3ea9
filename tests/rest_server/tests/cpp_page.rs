//! The program of the page for C++ services that lists card owners with libcurl.

use std::process::Command;

use daxsign_tests::folder::Folder;
use daxsign_tests::pages::{cpp, program};
use rest_server::identity;
use rest_server::origin::Origin;
use rest_server::scenario::named;
use rest_server::server::Server;
use serde_json::Value;

/// How many card owners the scenario has.
const OWNERS: usize = 2;

#[test]
fn the_program_of_the_page_lists_card_owners() {
    let (folder, server) = (Folder::default(), Server::default());
    let source = folder.write("owners.cpp", program("cpp-service", "C++"));
    let flags = Command::new("curl-config").arg("--libs").output();
    let flags = flags.expect("curl-config starts: install libcurl4-openssl-dev");
    let flags = String::from_utf8(flags.stdout).expect("text");
    let owners = folder.path("owners");
    let compiled = cpp("g++", &source, &owners)
        .args(flags.split_whitespace())
        .output()
        .expect("g++ starts");
    assert!(
        compiled.status.success(),
        "{}",
        String::from_utf8_lossy(&compiled.stderr)
    );
    let stage = server.play(named("odd-unknown").expect("a scenario"));
    let run = Command::new(owners)
        .env("DAX_BASE", &stage.addresses[&Origin::Home])
        .env("DAX_USER", identity::USER)
        .env("DAX_PASSWORD", identity::PASSWORD)
        .env("DAX_CLIENT_ID", identity::CLIENT_ID)
        .env("DAX_PARTNER", identity::PARTNER)
        .env("DAX_INSTANCE", identity::INSTANCE)
        .env("DAX_KEY", identity::private_key())
        .output()
        .expect("the program starts");
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let said: Value = serde_json::from_slice(&run.stdout).expect("JSON");
    let owners = said["data"]["cardOwners"].as_array().expect("a list");
    assert_eq!(owners.len(), OWNERS);
    assert_eq!(stage.differences(), Vec::<String>::new());
}
