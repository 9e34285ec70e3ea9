//! The sandbox of DAX, as a newcomer has it: the commands that it prints are pasted, and programs of others ask it.

mod operations;

use std::process::Command;
use std::time::Duration;

use daxsign_tests::csharp::{binding, built, text};
use daxsign_tests::dotnet::Runtime;
use daxsign_tests::folder::Folder;
use daxsign_tests::native::{succeeds, target_folder};
use daxsign_tests::pages::{cpp, program};
use daxsign_tests::sandbox::{Sandbox, binary};
use serde_json::Value;

/// How many card owners an Alliera begins with.
const OWNERS: usize = 12;

fn run(sandbox: &Sandbox, script: &str) -> String {
    let output = sandbox.shell(script).output().expect("bash");
    let (out, err) = (
        output.stdout,
        String::from_utf8_lossy(&output.stderr).into_owned(),
    );
    assert!(
        output.status.success(),
        "{script}\n{err}\n{}",
        sandbox.said()
    );
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn what_it_prints_is_pasted_and_opens_a_door() {
    let folder = Folder::default();
    let dir = folder.root().join("it's here");
    let dir = dir.to_str().expect("UTF-8");
    let sandbox = Sandbox::start(&[dir]);
    let commands = sandbox.commands();
    for command in [
        "daxsign setup",
        "daxsign cardowners list",
        "daxsign cardowners open-door",
        "curl --silent",
        "daxsign-exchange contract list",
        "daxsign-exchange clock +2h",
    ] {
        assert!(commands.contains(command), "{command} in {commands}");
    }
    let printed = run(&sandbox, &commands);
    // By the tool, by curl, and by the tool on a page that is short by order.
    assert_eq!(
        printed.matches("\"cardOwnerId\"").count(),
        2 * OWNERS + OWNERS / 2,
        "{printed}"
    );
    assert!(
        printed.contains("7200 s ahead of the system's clock"),
        "{printed}"
    );
    assert!(printed.contains("as the system's clock"), "{printed}");
    sandbox.wait_for("stands open for card owner");
    assert!(printed.contains("short-page"), "{printed}");
    // A second time in the folder: everything is there, and what was set up is still right.
    let first = sandbox.ready.clone();
    assert!(sandbox.end().contains("the Small Office: the door"));
    let sandbox = Sandbox::start(&[dir]);
    assert_eq!(sandbox.ready, first, "the same addresses");
    println!("started again in {:?}", sandbox.took);
    assert!(sandbox.took < Duration::from_secs(10), "{:?}", sandbox.took);
    let commands = sandbox.commands();
    assert!(!commands.contains("daxsign setup"), "{commands}");
    let printed = run(&sandbox, &commands);
    assert_eq!(
        printed.matches("\"cardOwnerId\"").count(),
        2 * OWNERS + OWNERS / 2,
        "{printed}"
    );
}

fn details(sandbox: &Sandbox) -> Value {
    let text = std::fs::read_to_string(sandbox.folder().join("sandbox.json"));
    serde_json::from_str(&text.expect("details")).expect("JSON")
}

#[test]
fn the_same_number_gives_the_same_data_and_another_gives_others() {
    let owners = |sandbox: &Sandbox| {
        let setup = sandbox
            .commands()
            .replace("daxsign cardowners open-door", "true")
            .replace("daxsign accessgroups", "true");
        let upto = setup.find("token=").expect("curl's part");
        let printed = run(sandbox, &setup[..upto]);
        let list: Value = serde_json::from_str(&printed).expect("JSON");
        list["data"]["cardOwners"].clone()
    };
    let first = Sandbox::start(&["--seed", "7"]);
    let second = Sandbox::start(&["--seed", "7"]);
    let other = Sandbox::start(&["--seed", "8", "--card-owners", "3"]);
    let (one, two, three) = (details(&first), details(&second), details(&other));
    for part in ["/client/instance", "/target/partner", "/firstDoor"] {
        assert!(one.pointer(part).is_some(), "{part}");
        assert_eq!(one.pointer(part), two.pointer(part), "{part}");
        assert_ne!(one.pointer(part), three.pointer(part), "{part}");
    }
    let (of_first, of_second) = (owners(&first), owners(&second));
    let names = |owners: &Value| {
        let owners = owners.as_array().expect("owners").clone();
        let name = |owner: Value| {
            ["cardOwnerId", "familyName", "specificName"].map(|part| owner[part].clone())
        };
        owners.into_iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(names(&of_first).len(), OWNERS);
    assert_eq!(names(&of_first), names(&of_second));
    // Nothing is left of it.
    let folder = first.folder();
    assert!(folder.exists());
    let _ = first.end();
    assert!(!folder.exists(), "{}", folder.display());
}

#[test]
fn the_program_in_node_lists_card_owners_and_opens_a_door() {
    let folder = Folder::default();
    let source = folder.write("door.js", program("sandbox", "js"));
    let sandbox = Sandbox::start(&[]);
    let environment = sandbox.folder().join("env.sh");
    let script = format!(". {}; node {}", environment.display(), source.display());
    let printed = run(&sandbox, &script);
    assert_eq!(printed.lines().count(), OWNERS + 1, "{printed}");
    assert!(printed.contains("\nopened "), "{printed}");
    sandbox.wait_for("stands open for card owner");
}

/// Its source names `env.sh`.
#[test]
fn the_example_in_rust_lists_card_owners_and_opens_a_door() {
    let sandbox = Sandbox::start(&[]);
    let environment = sandbox.folder().join("env.sh");
    let example = target_folder().join("debug/examples/open_door");
    let script = format!(". {}; {}", environment.display(), example.display());
    let printed = run(&sandbox, &script);
    assert_eq!(printed.lines().count(), OWNERS + 1, "{printed}");
    assert!(printed.contains("\nopened: "), "{printed}");
    sandbox.wait_for("stands open for card owner");
}

#[test]
fn the_program_in_cpp_lists_card_owners() {
    let folder = Folder::default();
    let source = folder.write("owners.cpp", program("cpp-service", "C++"));
    let flags = succeeds(
        Command::new("curl-config").arg("--libs"),
        "libcurl4-openssl-dev",
    );
    let owners = folder.path("owners");
    succeeds(
        cpp("g++", &source, &owners).args(flags.split_whitespace()),
        "g++",
    );
    let sandbox = Sandbox::start(&[]);
    let environment = sandbox.folder().join("env.sh");
    let script = format!(". {}; {}", environment.display(), owners.display());
    let list: Value = serde_json::from_str(&run(&sandbox, &script)).expect("JSON");
    let list = list["data"]["cardOwners"].as_array().map(Vec::len);
    assert_eq!(list, Some(OWNERS));
}

/// The page's program starts the sandbox, and ends it.
#[test]
fn the_program_in_c_sharp_lists_card_owners_and_opens_a_door() {
    let folder = Folder::default();
    let source = folder.write("door.cs", program("sandbox", "cs"));
    let fixture = binding().join("sandbox/DaxSandbox.cs");
    let library = &built(Runtime::Mono).library;
    let program = Runtime::Mono.program(&[source, fixture], library, "door");
    let output = Runtime::Mono.run(&program, [binary()]);
    let printed = text(Runtime::Mono, "door", &output);
    assert_eq!(printed.lines().count(), OWNERS + 1, "{printed}");
    assert!(printed.contains("\nopened "), "{printed}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("stands open for card owner"), "{said}");
}
