//! Who sends what is asked for: the client in Rust, Node with its own signature, curl with OpenSSL's.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use daxsign_client::blocking::Client;
use daxsign_client::{ApiRequest, CallOptions};
use serde_json::{Value, json};

use super::table::{Asked, Caller, People, Person};

const API: &str = "/api/v2.0";

fn beside(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("client/operations")
        .join(file)
}

/// Our client, with requests that its types do not check before they are sent.
pub(crate) struct Ours {
    client: Client,
    office: Client,
}

impl Ours {
    pub(crate) fn of(people: &People) -> Self {
        Self {
            client: people.calling_as(&people.client),
            office: people.calling_as(&people.office),
        }
    }
}

impl Caller for Ours {
    fn ask(&mut self, asked: &Asked) -> (u16, Value) {
        let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
        let mut request = ApiRequest::new(asked.operation.method, path);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').expect("a value");
            request = request.query(name, value);
        }
        let request = request.body(asked.body.as_object().expect("an object").clone());
        let client = if asked.by_office {
            &self.office
        } else {
            &self.client
        };
        match client.send(&request, &CallOptions::default()) {
            Ok(answer) => panic!("{} is not refused: {}", asked.operation.id, answer.data),
            Err(error) => {
                let body = error.body().unwrap_or_else(|| panic!("{error}"));
                let body = serde_json::from_slice(body).expect("JSON");
                (error.status().expect("a status"), body)
            }
        }
    }
}

/// `ask.js`.
pub(crate) struct Node {
    program: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Node {
    pub(crate) fn start(people: &People) -> Self {
        let mut program = Command::new("node")
            .arg(beside("ask.js"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts: install nodejs");
        let input = program.stdin.take().expect("piped");
        let output = BufReader::new(program.stdout.take().expect("piped"));
        let person = |person: &Person| {
            let instance = person.instance.instance.to_string();
            json!({"instance": instance, "user": person.user, "password": person.password, "key": person.key})
        };
        let mut node = Self {
            program,
            input,
            output,
        };
        node.write(&json!({
            "base": people.base,
            "ca": people.ca,
            "people": {"client": person(&people.client), "office": person(&people.office)},
        }));
        node
    }

    fn write(&mut self, line: &Value) {
        writeln!(self.input, "{line}").expect("node reads");
    }
}

impl Caller for Node {
    fn ask(&mut self, asked: &Asked) -> (u16, Value) {
        self.write(&json!({
            "as": if asked.by_office { "office" } else { "client" },
            "method": asked.operation.method.as_str(),
            "path": format!("{API}{}", asked.target),
            "body": asked.body.to_string(),
        }));
        let mut line = String::new();
        self.output.read_line(&mut line).expect("node's output");
        let told: Value =
            serde_json::from_str(&line).expect("a line of node, which says why there is none");
        let status = told["status"].as_u64().expect("a status");
        (
            u16::try_from(status).expect("a status"),
            told["body"].clone(),
        )
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// `ask.sh`.
pub(crate) struct Curl<'p> {
    people: &'p People,
    client: String,
    office: String,
}

impl<'p> Curl<'p> {
    pub(crate) fn of(people: &'p People) -> Self {
        Self {
            people,
            client: token(people, &people.client),
            office: token(people, &people.office),
        }
    }
}

/// As curl gets it.
fn token(people: &People, person: &Person) -> String {
    let output = Command::new("curl")
        .args(["--silent", "--show-error", "--cacert", &people.ca])
        .args(["--data", "grant_type=password"])
        .args(["--data", &format!("client_id={}", person.instance.instance)])
        .args(["--data-urlencode", &format!("username={}", person.user)])
        .args(["--data-urlencode", &format!("password={}", person.password)])
        .arg(format!("{}/oauth/token", people.base))
        .output()
        .expect("curl starts");
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    told["access_token"].as_str().expect("a token").to_owned()
}

impl Caller for Curl<'_> {
    fn ask(&mut self, asked: &Asked) -> (u16, Value) {
        let (person, token) = if asked.by_office {
            (&self.people.office, &self.office)
        } else {
            (&self.people.client, &self.client)
        };
        let output = Command::new("bash")
            .arg(beside("ask.sh"))
            .env("METHOD", asked.operation.method.as_str())
            .env("TARGET", format!("{API}{}", asked.target))
            .env("BODY", asked.body.to_string())
            .env("TOKEN", token)
            .env("DAX_BASE", &self.people.base)
            .env("DAX_CA", &self.people.ca)
            .env("DAX_KEY", &person.key)
            .output()
            .expect("bash starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", asked.operation.id);
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let (body, status) = text.rsplit_once('\n').expect("a line with the status");
        (
            status.parse().expect("a status"),
            serde_json::from_str(body).expect("JSON"),
        )
    }
}
