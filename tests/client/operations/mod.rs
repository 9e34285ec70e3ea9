//! Every operation of the API against the sandbox, so that it succeeds and so that it is refused, by each client.

mod callers;
mod table;
mod typed;

use std::path::Path;

use daxsign_tests::csharp::{binding, built, text};
use daxsign_tests::dotnet::Runtime;
use daxsign_tests::folder::Folder;
use daxsign_tests::sandbox::{Sandbox, binary};

use callers::{Curl, Node, Ours};
use table::{Asked, OPERATIONS, People, Table};

const ALL: (usize, usize) = (OPERATIONS, OPERATIONS);

#[test]
fn the_client_in_rust_goes_through_every_operation() {
    let sandbox = Sandbox::start(&[]);
    let people = People::of(&sandbox);
    let table = Table::of(&people);
    let happy = typed::happy(&people, &table);
    let refused = table.refused_by(&mut Ours::of(&people));
    assert_eq!((happy, refused), ALL);
    let _ = sandbox.end();
}

#[test]
fn node_goes_through_every_operation() {
    let sandbox = Sandbox::start(&[]);
    let people = People::of(&sandbox);
    let went = Table::of(&people).through(&mut Node::start(&people));
    assert_eq!(went, ALL);
    let _ = sandbox.end();
}

#[test]
fn curl_goes_through_every_operation() {
    let sandbox = Sandbox::start(&[]);
    let people = People::of(&sandbox);
    let went = Table::of(&people).through(&mut Curl::of(&people));
    assert_eq!(went, ALL);
    let _ = sandbox.end();
}

/// Its program has a sandbox of its own, whose ids are the same.
#[test]
fn the_client_in_c_sharp_goes_through_every_operation() {
    let sandbox = Sandbox::start(&[]);
    let table = Table::of(&People::of(&sandbox));
    let _ = sandbox.end();
    let folder = Folder::default();
    let refused = folder.write("refused", lines(&table.refused()));
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("client/operations/Operations.cs");
    let sources = [source, binding().join("sandbox/DaxSandbox.cs")];
    let library = &built(Runtime::Mono).library;
    let program = Runtime::Mono.program(&sources, library, "operations");
    let arguments = [Path::new(binary()).as_os_str(), refused.as_os_str()];
    let output = Runtime::Mono.run(&program, arguments);
    let printed = text(Runtime::Mono, "operations", &output);
    let (happy, refused) = ALL;
    assert_eq!(printed, format!("happy {happy}\nrefused {refused}\n"));
}

/// Method, path, query, body, status and error of each, between tabs.
fn lines(all: &[Asked]) -> String {
    let mut lines = String::new();
    for asked in all {
        let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
        let (method, body) = (asked.operation.method.as_str(), asked.body.to_string());
        let status = asked.status.to_string();
        let parts = [method, path, query, &body, &status, &asked.error];
        lines.push_str(&parts.join("\t"));
        lines.push('\n');
    }
    lines
}
