//! The pages on certificates, followed from an empty folder: their commands as somebody copies them, what the text's
//! own commands make, and why that is refused.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use daxsign_tests::native::project;
use daxsign_tests::open_banking;
use daxsign_tests::tool::{Tool, binary};
use serde_json::Value;

/// The blocks of commands of a page, in their order.
fn blocks(page: &str) -> Vec<String> {
    let text = fs::read_to_string(project().join(format!("docs/{page}.md"))).expect(page);
    let blocks = text.split("\n```sh\n").skip(1);
    let block = |block: &str| block.split_once("\n```\n").expect("its end").0.to_owned();
    blocks.map(block).collect()
}

/// A shell in the tool's folder, with `daxsign` on its path.
fn shell(tool: &Tool, script: &str) -> Output {
    let folder = binary().parent().expect("its folder").display();
    let path = std::env::var("PATH").expect("a path");
    Command::new("sh")
        .args(["-ec", script])
        .current_dir(tool.root())
        .env("PATH", format!("{folder}:{path}"))
        .stdin(Stdio::null())
        .output()
        .expect("sh starts")
}

/// What both of its outputs say.
fn said(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr].concat();
    String::from_utf8_lossy(&both).into_owned()
}

fn succeeds(tool: &Tool, script: &str) -> String {
    let output = shell(tool, script);
    assert!(output.status.success(), "{script}: {}", said(&output));
    said(&output)
}

#[test]
fn the_page_on_certificates_is_followed_as_it_stands() {
    let tool = Tool::default();
    let blocks = blocks("certificates");
    for block in &blocks {
        succeeds(&tool, block);
    }
    assert_eq!(blocks.len(), 5);
    let listed = tool.run(&["ca", "list", "--ca", "root", "--json"]);
    let listed: Value = serde_json::from_slice(&listed.success()).expect("JSON");
    let told = listed["certificates"].as_array().expect("a list");
    let told: Vec<_> = told
        .iter()
        .map(|one| {
            let part = |name: &str| one[name].as_str().expect(name).to_owned();
            format!("{} {}", part("profile"), part("state"))
        })
        .collect();
    assert_eq!(
        told,
        ["dax revoked", "dax valid", "server valid", "ca valid"]
    );
}

/// The tool's server, ended with this.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Serving {
    /// With the arguments of the page, on a port that is free; and which.
    fn start(tool: &Tool, line: &str) -> (Self, String) {
        let arguments = line.split(' ').skip(1);
        let arguments = arguments.map(|argument| match argument {
            "127.0.0.1:8444" => "127.0.0.1:0",
            argument => argument,
        });
        let mut command = tool.command();
        command.args(arguments).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the server starts");
        let lines = BufReader::new(child.stderr.take().expect("its output")).lines();
        let mut lines = lines.map(|line| line.expect("text"));
        let port = lines.find_map(|line| {
            let (_, rest) = line.split_once("127.0.0.1:")?;
            Some(rest.chars().take_while(char::is_ascii_digit).collect())
        });
        // What it tells else is read, so that it does not wait for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        (Self(child), port.expect("where it listens"))
    }
}

/// What the text's commands make is refused with a sentence that says why, and what takes its place is let in.
#[test]
fn what_the_text_s_own_commands_make_is_refused() {
    let tool = Tool::default();
    for number in [1, 2] {
        let name = format!("tpp{number}.cnf");
        tool.write(&name, open_banking::configuration(number));
    }
    succeeds(&tool, "(umask 077; echo 'a passphrase of your own' > pass)");
    let blocks = blocks("mutual-tls");
    let first = blocks
        .iter()
        .position(|block| block.starts_with("openssl genrsa"))
        .expect("the text's commands");
    let [text, taken, refused, mended] = &blocks[first..] else {
        panic!("four blocks");
    };
    succeeds(&tool, text);
    let (made, served) = taken.rsplit_once('\n').expect("the server's line");
    succeeds(&tool, made);
    let (_serving, port) = Serving::start(&tool, served);
    let here = |line: &str| line.replace("8444", &port);
    let mut count = 0;
    for line in refused.lines() {
        let (command, why) = line.split_once("  # ").expect("why it is refused");
        let output = shell(&tool, &here(command));
        assert_eq!(
            output.status.code(),
            Some(1),
            "{command}: {}",
            said(&output)
        );
        for part in why.split(" … ") {
            assert!(said(&output).contains(part), "{part}: {}", said(&output));
        }
        count += 1;
    }
    assert_eq!(count, 6);
    for line in mended.lines() {
        succeeds(&tool, &here(line));
    }
}
