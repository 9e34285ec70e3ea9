//! `rest-server`: the tests' REST server as a program, for clients in any language. How to use it
//! stands in its README.

use std::io::{Read, Write};
use std::process::{Command, ExitCode};
use std::sync::Arc;

use rest_server::report::invitation;
use rest_server::scenario;
use rest_server::server::Server;
use serde_json::{Value, json};

const USAGE: &str = "\
usage: rest-server                        prints the address of its door; plays what it is asked for
       rest-server SCENARIO               plays it, prints the invitation; at the end of its input, the report
       rest-server SCENARIO -- COMMAND …  plays it for a command, told by variables DAX_…, prints the report
       rest-server --list                 the scenarios
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => door(),
        ["--list"] => list(),
        [name] if !name.starts_with('-') => play(name, &[]),
        [name, "--", ..] if arguments.len() > 2 => play(name, &arguments[2..]),
        _ => {
            eprint!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn list() -> ExitCode {
    for scenario in scenario::all() {
        println!("{:32} {}", scenario.name, scenario.about);
    }
    ExitCode::SUCCESS
}

fn door() -> ExitCode {
    let server = Arc::new(Server::default());
    say(&json!({"control": server.control()}));
    wait_for_end();
    ExitCode::SUCCESS
}

fn play(name: &str, command: &[String]) -> ExitCode {
    let Some(scenario) = scenario::named(name) else {
        eprintln!("rest-server: no scenario is called {name}; see rest-server --list");
        return ExitCode::from(2);
    };
    let server = Server::default();
    let stage = server.play(scenario);
    let invitation = invitation(&server, &stage);
    match command {
        [] => {
            say(&invitation);
            wait_for_end();
        }
        [program, arguments @ ..] => {
            let mut command = Command::new(program);
            command.args(arguments).envs(variables(&invitation));
            let status = command.status();
            if !status.is_ok_and(|status| status.success()) {
                eprintln!("rest-server: {program} did not succeed");
            }
        }
    }
    let report = stage.report();
    say(&report);
    if report["as_expected"] == true {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The texts of the invitation as `DAX_…`.
fn variables(invitation: &Value) -> impl Iterator<Item = (String, String)> {
    let members = invitation.as_object().into_iter().flatten();
    members.filter_map(|(name, value)| {
        Some((
            format!("DAX_{}", name.to_ascii_uppercase()),
            value.as_str()?.to_owned(),
        ))
    })
}

/// One line of JSON.
fn say(value: &Value) {
    println!("{value}");
    std::io::stdout().flush().expect("standard output");
}

/// The program that started this one holds its input open as long as it needs it.
fn wait_for_end() {
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}
