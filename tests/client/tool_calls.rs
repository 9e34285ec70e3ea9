//! `daxsign setup`, `call`, `probe` and the commands of all operations, against the tests' REST server,
//! which judges what arrives with OpenSSL.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use daxsign_tests::caller::Caller;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::rest_stage::RestStage;
use daxsign_tests::tool::{Run, binary};
use serde_json::Value;

const ID: &str = "00000000-0000-4000-8000-000000000001";
const OBSERVED: [&str; 2] = ["--signing", "observed"];
/// What does something that cannot be undone.
const DANGEROUS: [&[&str]; 11] = [
    &["cardowners", "delete", ID],
    &["cards", "delete", ID],
    &["folders", "delete", "7"],
    &["organizations", "delete", ID],
    &["callbacks", "delete", ID],
    &["grants", "revoke", ID],
    &["grants", "revoke-many", "--grant-ids", ID],
    &["cardowners", "open-door", ID, ID],
    &["cards", "patch", ID, "--set", "archived=true"],
    &[
        "cards",
        "patch",
        ID,
        "--body",
        r#"{"PatchItems":[{"op":"replace","PATH":"/archived","Value":true}]}"#,
    ],
    &["call", "POST", "/not/known"],
];

fn json(run: &Run) -> Value {
    serde_json::from_slice(&run.out).unwrap_or_else(|error| panic!("{error}: {}", run.err))
}

/// The methods and targets that arrived.
fn arrived(report: &Value) -> Vec<String> {
    let requests = report["arrived"].as_array().expect("what arrived");
    let line = |request: &Value| {
        let text = |name: &str| request[name].as_str().expect(name).to_owned();
        format!("{} {}", text("method"), text("target"))
    };
    requests.iter().map(line).collect()
}

#[test]
fn settings_are_their_owners_alone_and_hold_no_password() {
    let stage = RestStage::start("contracts");
    let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
    let mode = |path: &str| {
        let data = fs::metadata(caller.folder.path(path)).expect("its data");
        data.permissions().mode() & 0o777
    };
    assert_eq!(
        (mode("settings"), mode("settings/default.toml")),
        (0o700, 0o600)
    );
    let text = caller.settings("default");
    assert!(!text.contains(stage.told("password")), "{text}");
    assert!(text.contains("profile = \"vendor-sdk\""), "{text}");
    let again = caller.setup(stage.invitation(), &OBSERVED);
    again.assert_unusable("a second time");
    assert!(again.err.contains("never overwritten"), "{}", again.err);
    assert_eq!(caller.settings("default"), text);
    let named = caller.setup(stage.invitation(), &["--as", "other", "--signing", "probe"]);
    assert_eq!(named.code, 0, "{}", named.err);
    assert!(!caller.settings("other").contains("profile ="));
}

#[test]
fn what_is_missing_or_wrong_in_settings_is_said() {
    let stage = RestStage::start("contracts");
    let caller = Caller::new(stage.told("password"));
    let run = caller.run(&["contracts", "list"]);
    run.assert_unusable("no settings");
    assert!(run.err.contains("daxsign setup"), "{}", run.err);
    let run = caller.run(&["setup", "--base", stage.told("base")]);
    run.assert_unusable("nothing else");
    assert!(run.err.contains("--client-id is missing"), "{}", run.err);
    for (more, says) in [
        (&["--base", "ftp://x"][..], "neither https nor http"),
        (&["--base", "http://dax.example"], "only https"),
        (&["--as", "../x"], "--as: a name"),
        (&["--key", "/dev/null"], "error"),
        (&["--user", ""], "leave the option out"),
        (&["--scope", ""], "leave the option out"),
        (&["--password-env", ""], "leave the option out"),
    ] {
        let run = caller.run(&[&setup_without(&stage, more[0])[..], more].concat());
        assert_ne!(run.code, 0, "{more:?}");
        assert!(run.err.contains(says), "{more:?}: {}", run.err);
    }
    assert!(!caller.folder.path("settings").exists());
    let caller = Caller::with_settings(stage.invitation(), &["--signing", "probe"]);
    let run = caller.run(&["contracts", "list"]);
    run.assert_unusable("no profile");
    assert!(run.err.contains("vendor-sdk"), "{}", run.err);
    let run = caller.run(&["contracts", "list", "--profile", "vendor-sdk"]);
    run.assert_unusable("no list");
    assert!(run.err.contains("daxsign probe"), "{}", run.err);
    let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
    for half in ["client_certificate", "client_key"] {
        let text = format!("{}{half} = \"own.pem\"\n", caller.settings("default"));
        caller.folder.write(&format!("settings/{half}.toml"), text);
        let run = caller.run(&["contracts", "list", "--as", half]);
        run.assert_unusable(half);
        assert!(run.err.contains("both be set"), "{half}: {}", run.err);
    }
    assert_eq!(arrived(&stage.report()), [""; 0]);
}

/// The setting that is wrong, its file, and what to do.
#[test]
fn what_settings_lead_to_is_told_with_the_setting() {
    let stage = RestStage::start("contracts");
    let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
    let good = caller.settings("default");
    caller.folder.write("no.pem", "no certificate");
    let cases = [
        ("client_id", "\"abc\"", "client_id: \"abc\" is no id", 2),
        ("base", "", "line 3: ", 2),
        ("user", "7", "mend it by hand, or remove it", 2),
        ("key", "\"missing.pem\"", "(`key` in ", 2),
        ("password", "\"file:/no/such/file\"", "(`password` in ", 2),
        ("password", "\"env:NO_SUCH_NAME\"", "not set", 2),
        (
            "password",
            "\"file:/dev/null\"",
            "is empty (`password` in ",
            2,
        ),
        ("ca", "\"missing.pem\"", "(`ca` in ", 2),
        ("ca", "\"../no.pem\"", "no certificate in PEM (`ca` in ", 2),
        ("base", "\"http://127.0.0.1:1\"", "check `base`", 1),
    ];
    for (name, value, says, code) in cases {
        let others = good.lines().filter(|line| {
            let wanted = line.split(" =").next();
            wanted != Some(name)
        });
        let mut lines: Vec<_> = others.map(str::to_owned).collect();
        lines.insert(2, format!("{name} = {value}"));
        caller
            .folder
            .write("settings/wrong.toml", lines.join("\n") + "\n");
        let run = caller.run(&["contracts", "list", "--as", "wrong"]);
        assert_eq!(run.code, code, "{name} = {value}: {}", run.err);
        assert!(run.err.contains(says), "{name} = {value}: {}", run.err);
    }
    for option in ["--ca", "--client-certificate"] {
        let more = ["--client-key", stage.told("key"), option, "missing.pem"];
        let more = if option == "--ca" { &more[2..] } else { &more };
        let run = caller.setup(
            stage.invitation(),
            &[more, &["--as", "other"], &OBSERVED].concat(),
        );
        run.assert_unusable(option);
        assert!(run.err.contains("missing.pem"), "{option}: {}", run.err);
    }
    assert_eq!(arrived(&stage.report()), [""; 0]);
}

/// A proxy that is dead is told as one, without its address, which may hold a password.
#[test]
fn a_proxy_that_is_dead_is_told_as_one() {
    let caller = Caller::new("not the password");
    let stage = RestStage::start("contracts");
    let mut arguments = setup_without(&stage, "--base");
    arguments.extend(["--base", "https://dax.example"]);
    assert_eq!(caller.run(&arguments).code, 0);
    let mut command = caller.command(binary());
    command.env("HTTPS_PROXY", "http://user:sesame@127.0.0.1:1");
    command.args(["contracts", "list", "--max-time", "5"]);
    let run = caller.finish(command, "");
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.err.contains("HTTPS_PROXY is set"), "{}", run.err);
    assert!(!run.err.contains("sesame"), "{}", run.err);
}

/// All options of `setup` but one.
fn setup_without<'s>(stage: &'s RestStage, left_out: &str) -> Vec<&'s str> {
    let pairs = [
        ["--base", stage.told("base")],
        ["--client-id", stage.told("client_id")],
        ["--user", stage.told("user")],
        ["--password-env", "DAX_PASSWORD"],
        ["--key", stage.told("key")],
        ["--signing", "observed"],
    ];
    let kept = pairs.into_iter().filter(|pair| pair[0] != left_out);
    ["setup"].into_iter().chain(kept.flatten()).collect()
}

#[test]
fn a_list_comes_as_json_and_on_a_terminal_as_a_table() {
    let stage = RestStage::start("contracts");
    let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
    let run = caller.run(&["contracts", "list"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("profile: vendor-sdk"), "{}", run.err);
    let answer = json(&run);
    assert_eq!(answer["status"], 200);
    let contracts = answer["data"]["contracts"].as_array().expect("contracts");
    assert_eq!(contracts.len(), 2);
    stage.assert_as_expected();
    let stage = RestStage::start("contracts");
    let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
    let run = caller.type_to(&["contracts", "list"], "");
    let lines: Vec<_> = run.text().lines().collect();
    let head = lines
        .iter()
        .position(|line| line.starts_with("contractId "));
    assert_eq!(lines.len() - head.expect("a table"), 3, "{}", run.text());
    stage.assert_as_expected();
}

#[test]
fn all_pages_come_one_item_a_line_each_once() {
    for scenario in [
        "pages",
        "pages-overlapping",
        "pages-token-withdrawn",
        "pages-cut",
    ] {
        let stage = RestStage::start(scenario);
        let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
        let run = caller.run(&["cardowners", "list", "--all", "--limit", "50"]);
        assert_eq!(run.code, 0, "{scenario}: {}", run.err);
        let ids = run.text().lines().map(|line| {
            let item: Value = serde_json::from_str(line).expect("an item a line");
            item["cardOwnerId"].to_string()
        });
        assert_eq!(ids.collect::<BTreeSet<_>>().len(), 120, "{scenario}");
        assert_eq!(run.text().lines().count(), 120, "{scenario}");
        stage.assert_as_expected();
    }
    let stage = RestStage::start("pages-failing");
    let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
    let run = caller.run(&["cardowners", "list", "--all", "--limit", "50"]);
    assert_eq!((run.code, run.text().lines().count()), (1, 50));
    assert!(run.err.contains("error[contract-refused]: "), "{}", run.err);
    assert!(run.err.contains("--offset 50 goes on"), "{}", run.err);
    stage.assert_as_expected();
}

/// `daxsign … --all | head -1`
#[test]
fn no_more_pages_are_asked_for_than_are_read() {
    let stage = RestStage::start("pages");
    let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
    let mut command = caller.command(binary());
    command.args(["cardowners", "list", "--all", "--limit", "1"]);
    let mut child = command.spawn().expect("the tool starts");
    let mut line = String::new();
    let mut reader = BufReader::new(child.stdout.take().expect("its output"));
    reader.read_line(&mut line).expect("an item");
    drop(reader);
    let output = child.wait_with_output().expect("the tool ends");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{err}");
    assert!(err.contains("nobody reads on"), "{err}");
    let lines = arrived(&stage.report());
    assert!((2..60).contains(&lines.len()), "of 121: {lines:?}");
    assert_eq!(err.matches("expires at").count(), 1, "{err}");
}

#[test]
fn any_call_can_be_made() {
    let stage = RestStage::start("context");
    let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
    let run = caller.run(&[
        "call",
        "get",
        "/contracts",
        "--context",
        "Order 7, corridor B",
    ]);
    assert_eq!(json(&run)["context"], "Order 7, corridor B");
    stage.assert_as_expected();
    let stage = RestStage::start("card-owner");
    let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
    let path = format!("/partners/{{partner}}/instances/{{instance}}/cardowners/{ID}");
    let run = caller.run(&["call", "GET", &path]);
    assert_eq!(run.code, 0, "{}", run.err);
    stage.assert_as_expected();
    let stage = RestStage::start("create-card-owner");
    let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
    caller.folder.write("pin", "4711\n");
    let fields = [
        "--specific-name",
        "Bo",
        "--folder-id",
        "1",
        "--attributes",
        "a=b=c",
    ];
    let create = [
        "cardowners",
        "create",
        "--family-name",
        "Ek",
        "--pin-code",
        "@pin",
    ];
    let run = caller.run(&[&create[..], &fields].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let report = stage.report();
    assert_eq!(report["as_expected"], true, "{report}");
    let sent = report["arrived"][1]["http"].as_str().expect("a request");
    let body = sent.split_once("\r\n\r\n").expect("a body").1;
    let body: Value = serde_json::from_str(body).expect("a body in JSON");
    assert_eq!(body["pinCode"], "4711");
    assert_eq!(body["folderId"], 1);
    assert_eq!(body["attributes"]["a"], "b=c");
}

#[test]
fn what_cannot_be_right_is_refused_before_anything_is_sent() {
    let stage = RestStage::start("contracts");
    let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
    let cases: [(&[&str], &str); 9] = [
        (&["cards", "list", "--limit", "51"], "51"),
        (&["cardowners", "get", "not-an-id"], "no id"),
        (&["cardowners", "create", "--family-name", "Ek"], "missing"),
        (&["cardowners", "patch", ID], "nothing to change"),
        (
            &["cardowners", "patch", ID, "--set", "state=x"],
            "cannot be changed",
        ),
        (&["cardowners", "patch", ID, "--set", "pincode=1"], "secret"),
        (
            &[
                "logs",
                "list",
                "2026-01-01T00:00:00Z",
                "2026-01-02T00:00:00",
            ],
            "without a zone",
        ),
        (&["call", "GET", "contracts"], "starts with /"),
        (
            &["call", "POST", "/callbacks", "--yes", "--body", "[]"],
            "object",
        ),
    ];
    for (arguments, says) in cases {
        let run = caller.run(arguments);
        run.assert_unusable(says);
        assert!(run.err.contains(says), "{arguments:?}: {}", run.err);
    }
    let long = "x".repeat(256);
    let run = caller.run(&["contracts", "list", "--context", &long]);
    run.assert_unusable("a long context");
    assert_eq!(arrived(&stage.report()), [""; 0]);
}

/// What `--dry-run` prints, OpenSSL verifies; nothing is sent, and no password is needed.
#[test]
fn a_dry_run_prints_what_openssl_verifies() {
    let stage = RestStage::start("contracts");
    let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
    let mut command = caller.command(binary());
    command.args([
        "contracts",
        "list",
        "--limit",
        "5",
        "--dry-run",
        "--explain",
    ]);
    command.env_remove("DAX_PASSWORD");
    let run = caller.finish(command, "");
    assert_eq!(run.code, 0, "{}", run.err);
    let (head, body) = run.text().split_once("\r\n\r\n").expect("a body");
    assert!(head.starts_with("GET /api/v2.0/contracts?limit=5 HTTP/1.1\r\n"));
    assert!(head.contains("\r\nAuthorization: Bearer TOKEN\r\n"));
    let field = |name: &str| head.split(name).nth(1).expect(name).split("\r\n").next();
    let date = field("\r\nDate: ").expect("a date");
    let value = field("\r\nSignature: ").expect("a signature");
    let signature = value.split("signature=\"").nth(1).expect("base64");
    let signature = STANDARD
        .decode(signature.trim_end_matches('"'))
        .expect("base64");
    let string = format!("(request-target): get /api/v2.0/contracts\ndate: {date}\n{body}");
    let openssl = OpenSsl::default();
    openssl.write("string", &string);
    let hash = openssl.run("dgst -sha256 -binary string");
    openssl.run(&format!(
        "pkey -in {} -pubout -out public.pem",
        stage.told("key")
    ));
    assert!(openssl.verifies(&openssl.path("public.pem"), &hash, &signature));
    assert!(
        run.err
            .contains("signed: (request-target): get /api/v2.0/contracts\\n")
    );
    assert!(
        run.err.contains("not signed: the query ?limit=5"),
        "{}",
        run.err
    );
    assert_eq!(arrived(&stage.report()), [""; 0]);
}

#[test]
fn what_is_signed_is_shown_without_the_token() {
    let stage = RestStage::start("contracts");
    let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
    let list = "(request-target) authorization date";
    let run = caller.run(&["contracts", "list", "--explain", "--headers", list]);
    assert!(
        run.err.contains("signed: authorization: (hidden)"),
        "{}",
        run.err
    );
    assert_eq!(run.code, 1, "the scenario takes another list");
    assert!(
        run.err.contains("error[signature-refused]: "),
        "{}",
        run.err
    );
    assert!(run.err.contains("daxsign probe"), "{}", run.err);
}

#[test]
fn what_cannot_be_undone_is_asked_about() {
    let stage = RestStage::start("open-door");
    let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
    for arguments in DANGEROUS {
        let run = caller.run(arguments);
        run.assert_unusable(arguments[0]);
        assert!(run.err.contains("--yes"), "{arguments:?}: {}", run.err);
        let run = caller.run(&[arguments, &["--json", "--explain"]].concat());
        run.assert_unusable(arguments[0]);
        let run = caller.run(&[arguments, &["--dry-run"]].concat());
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.err);
    }
    let door = ["cardowners", "open-door", ID, ID];
    let refused = caller.type_to(&door, "no\n");
    assert!(
        refused.text().contains("This opens a door."),
        "{}",
        refused.text()
    );
    assert_eq!(refused.code, 2, "{}", refused.text());
    let opened = caller.type_to(&door, "yes\n");
    assert_eq!(opened.code, 0, "{}", opened.text());
    stage.assert_as_expected();
    let stage = RestStage::start("open-door");
    let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
    assert_eq!(caller.run(&[&door[..], &["--yes"]].concat()).code, 0);
    stage.assert_as_expected();
}

#[test]
fn probing_tells_the_profiles_apart() {
    for (scenario, profile, headers, requests) in [
        ("contracts", "vendor-sdk", "(request-target) date", 2),
        (
            "documented",
            "documented",
            "(request-target) host content-type content-length date",
            3,
        ),
    ] {
        let stage = RestStage::start(scenario);
        let caller = Caller::with_settings(stage.invitation(), &["--signing", "probe"]);
        let run = caller.run(&["probe", "--json", "--write"]);
        assert_eq!(run.code, 0, "{scenario}: {}", run.err);
        let found = json(&run);
        assert_eq!(found["accepted"]["profile"], profile);
        assert_eq!(found["accepted"]["headers"], headers);
        let tried = found["tried"].as_array().expect("what was tried");
        let last = tried.last().expect("one");
        assert!(last["certificate_thumbprint"].is_string(), "{last}");
        for refused in &tried[..tried.len() - 1] {
            assert_eq!(refused["status"], 401);
            assert!(refused["certificate_thumbprint"].is_null());
        }
        let text = caller.settings("default");
        assert!(text.contains(&format!("profile = \"{profile}\"")), "{text}");
        assert!(text.contains(&format!("headers = \"{headers}\"")), "{text}");
        let lines = arrived(&stage.report());
        assert_eq!(lines.len(), requests, "{lines:?}");
        assert_eq!(lines[0], "POST /oauth/token");
        assert!(
            lines[1..]
                .iter()
                .all(|line| line == "GET /api/v2.0/contracts")
        );
    }
}

#[test]
fn probing_changes_no_settings_unless_told_to() {
    let stage = RestStage::start("contracts");
    let caller = Caller::with_settings(stage.invitation(), &["--signing", "probe"]);
    let before = caller.settings("default");
    let run = caller.run(&["probe"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.text()
            .contains("accepted, status 200, verified with the certificate")
    );
    assert_eq!(caller.settings("default"), before);
    let run = caller.type_to(&["probe"], "yes\n");
    assert_eq!(run.code, 0, "{}", run.text());
    assert!(
        caller
            .settings("default")
            .contains("profile = \"vendor-sdk\"")
    );
}

#[test]
fn probing_tells_clock_token_and_key_apart() {
    let stage = RestStage::start("clock");
    let caller = Caller::with_settings(stage.invitation(), &["--signing", "probe"]);
    let run = caller.run(&["probe"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("error[future-date]: "), "{}", run.err);
    assert!(run.err.contains("ahead of the service's"), "{}", run.err);
    assert!(
        run.text().contains("signature accepted, status 401"),
        "{}",
        run.text()
    );
    assert_eq!(arrived(&stage.report()).len(), 2);

    let stage = RestStage::start("token-wrong-password");
    let caller = Caller::with_settings(stage.invitation(), &["--signing", "probe"]);
    let run = caller.run(&["probe", "--json"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("error[unauthorised]: "), "{}", run.err);
    assert!(run.err.contains("no signature has to do"), "{}", run.err);
    assert_eq!(json(&run)["error"]["name"], "unauthorised");
    stage.assert_as_expected();

    let stage = RestStage::start("contracts");
    let openssl = OpenSsl::default();
    openssl.run("genrsa -out other.pem 2048");
    let other = openssl.path("other.pem");
    let more = [
        "--signing",
        "probe",
        "--key",
        other.to_str().expect("UTF-8"),
    ];
    let caller = Caller::with_settings(stage.invitation(), &more);
    let run = caller.run(&["probe"]);
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains("error[signature-refused]: "),
        "{}",
        run.err
    );
    let lines = arrived(&stage.report());
    assert_eq!(lines.len(), 5, "a token, and each way once: {lines:?}");
}

#[test]
fn errors_tell_what_support_needs_as_text_and_as_json() {
    for (scenario, arguments, name) in [
        (
            "not-found-problem",
            &["cardowners", "get", ID][..],
            "not-found",
        ),
        ("forbidden", &["contracts", "list"], "contract-refused"),
        ("clock", &["contracts", "list"], "unauthorised"),
        ("nowhere", &["contracts", "list"], "unreachable"),
        ("odd-text", &["contracts", "list"], "unexpected-answer"),
    ] {
        let stage = RestStage::start(scenario);
        let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
        let run = caller.run(&[arguments, &["--json"]].concat());
        assert_eq!(run.code, 1, "{scenario}: {}", run.err);
        assert!(
            run.err.contains(&format!("error[{name}]: ")),
            "{scenario}: {}",
            run.err
        );
        assert_eq!(json(&run)["error"]["name"], name, "{scenario}");
        if scenario == "clock" {
            assert!(run.err.contains("ahead of the server's"), "{}", run.err);
        }
        stage.assert_as_expected();
    }
}

/// PINs are shown only to who asks for them.
#[test]
fn pins_in_answers_are_hidden() {
    let stage = RestStage::start("card-owner");
    let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
    let get = ["cardowners", "get", ID];
    let pin = |run: &Run| json(run)["data"]["cardOwner"]["pinCode"].clone();
    let hidden = caller.run(&get);
    let shown = caller.run(&[&get[..], &["--show-secrets"]].concat());
    assert_eq!(pin(&hidden), "(hidden: --show-secrets)", "{}", hidden.err);
    assert_ne!(pin(&shown), pin(&hidden));
    assert!(pin(&shown).is_string());
}

/// Behind the tool there is a keyring; here a program that stands for it and notes its arguments.
#[test]
fn a_password_in_the_keyring_is_found_and_never_an_argument() {
    let stage = RestStage::start("contracts");
    let mut caller = Caller::new("not the password");
    keyring(
        &mut caller,
        "echo \"$@\" >>keyring.log\n\
         if [ \"$1\" = store ]; then cat >keyring.secret; else cat keyring.secret; fi",
    );
    let mut arguments = setup_without(&stage, "--password-env");
    arguments.push("--password-keyring");
    let run = caller.run_with_input(&arguments, &format!("{}\n", stage.told("password")));
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        caller
            .settings("default")
            .contains("password = \"keyring\"")
    );
    let run = caller.run(&["contracts", "list"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let log = caller.folder.read("keyring.log");
    let log = String::from_utf8(log).expect("UTF-8");
    assert_eq!(log.lines().count(), 2, "{log}");
    assert!(
        log.starts_with("store ") && log.contains("\nlookup "),
        "{log}"
    );
    assert!(!log.contains(stage.told("password")), "{log}");
    // What is filed for one server is not looked up for another.
    let base = stage.told("base");
    assert!(log.lines().all(|line| line.contains(base)), "{log}");
    stage.assert_as_expected();
}

/// A program that stands for the keyring: it notes its arguments, or does as `script` says.
fn keyring(caller: &mut Caller, script: &str) {
    let program = caller
        .folder
        .write("secret-tool", format!("#!/bin/sh\n{script}\n"));
    fs::set_permissions(&program, PermissionsExt::from_mode(0o700)).expect("its mode");
    if !caller
        .path
        .starts_with(caller.folder.root().to_str().expect("UTF-8"))
    {
        caller.path = format!("{}:{}", caller.folder.root().display(), caller.path);
    }
}

/// What is asked, in its order; what is mistyped is asked again, and the rest is not lost.
#[test]
fn setup_asks_for_all_that_it_is_not_told() {
    let stage = RestStage::start("contracts");
    let caller = Caller::new(stage.told("password"));
    let run = caller.talk(
        &["setup"],
        &[
            (
                "Address of the service [https://api-prod.dax.amido.io]",
                "dax",
            ),
            ("Address of the service", stage.told("base")),
            ("Your own instance's id", "abc"),
            ("\"abc\" is no id", stage.told("client_id")),
            ("The target's partner id [none]", stage.told("partner")),
            ("The target's instance id", stage.told("instance")),
            ("User", ""),
            ("this is needed", stage.told("user")),
            ("File of the private key", "missing.pem"),
            ("missing.pem", stage.told("key")),
            ("How are requests signed?", "vendor"),
            ("observed, documented or probe", ""),
            ("Where is the password?", "hunter2"),
            ("it does not stand there itself", "env:DAX_PASSWORD"),
        ],
    );
    assert_eq!(run.code, 0, "{}", run.text());
    assert!(run.text().contains("daxsign probe"), "{}", run.text());
    let run = caller.talk(&["probe"], &[("Type yes", "yes")]);
    assert_eq!(run.code, 0, "{}", run.text());
    assert!(
        caller
            .settings("default")
            .contains("profile = \"vendor-sdk\"")
    );
    let run = caller.run(&["cardowners", "list"]);
    assert_eq!(run.code, 0, "{}", run.err);
    // Of a conversation that is broken off nothing is left.
    let other = Caller::new("not the password");
    let run = other.type_to(&["setup"], "\n");
    assert_eq!(run.code, 2, "{}", run.text());
    assert!(!other.folder.path("settings").exists());
}

/// Typed, it is not shown (which `talk` looks after), and goes to the keyring.
#[test]
fn setup_files_a_password_that_is_typed() {
    let stage = RestStage::start("contracts");
    let mut caller = Caller::new(stage.told("password"));
    keyring(
        &mut caller,
        "if [ \"$1\" = store ]; then cat >keyring.secret; else cat keyring.secret; fi",
    );
    let arguments = setup_without(&stage, "--password-env");
    // The terminal's shell reads them.
    let arguments: Vec<_> = arguments.iter().map(|text| format!("'{text}'")).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let run = caller.talk(
        &arguments,
        &[("Password (goes into the keyring)", stage.told("password"))],
    );
    assert_eq!(run.code, 0, "{}", run.text());
    assert!(
        caller
            .settings("default")
            .contains("password = \"keyring\"")
    );
    assert_eq!(
        caller.folder.read("keyring.secret"),
        stage.told("password").as_bytes()
    );
    let run = caller.run(&["contracts", "list"]);
    assert_eq!(run.code, 0, "{}", run.err);
    stage.assert_as_expected();
}

#[test]
fn a_keyring_that_fails_is_told_with_the_way_round_it() {
    let stage = RestStage::start("contracts");
    let mut caller = Caller::new("not the password");
    let mut arguments = setup_without(&stage, "--password-env");
    arguments.push("--password-keyring");
    let store = |caller: &Caller, input: &str, says: &str| {
        let run = caller.run_with_input(&arguments, input);
        run.assert_unusable(says);
        assert!(run.err.contains(says), "{}", run.err);
        assert!(!caller.folder.path("settings").exists(), "{says}");
    };
    keyring(&mut caller, "cat >/dev/null; exit 1");
    store(
        &caller,
        "secret\n",
        "is it locked? --password-env and --password-file",
    );
    store(&caller, "\n", "holds no password");
    store(&caller, "", "holds no password");
    fs::remove_file(caller.folder.path("secret-tool")).expect("it is there");
    store(&caller, "secret\n", "secret-tool: ");
    // Filed, and then locked, or gone.
    keyring(&mut caller, "cat >/dev/null; [ \"$1\" = store ]");
    let run = caller.run_with_input(&arguments, "secret\n");
    assert_eq!(run.code, 0, "{}", run.err);
    let run = caller.run(&["contracts", "list"]);
    run.assert_unusable("locked");
    assert!(run.err.contains("or is locked: unlock it"), "{}", run.err);
    assert!(run.err.contains("(`password` in "), "{}", run.err);
    assert_eq!(arrived(&stage.report()), [""; 0]);
}

/// The exchange's certificate in the settings: nothing else than what it signed is taken, unless the
/// settings say so.
#[test]
fn answers_are_verified_with_the_pinned_certificate() {
    let stage = RestStage::start("answer-signed");
    let pinned = ["--exchange-certificate", stage.told("exchange_certificate")];
    let caller = Caller::with_settings(
        stage.invitation(),
        &[&pinned[..], &["--signing", "probe"]].concat(),
    );
    let text = caller.settings("default");
    assert!(text.contains("require_signed_answers = true\n"), "{text}");
    let run = caller.run(&["probe", "--json", "--write"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(json(&run)["tried"][0]["signed_by_exchange"], true);
    assert!(
        caller
            .settings("default")
            .contains("require_signed_answers = true\n")
    );
    // The next answers are not signed, and so say nothing, whatever they look like.
    for command in [&["probe"][..], &["contracts", "list"]] {
        let run = caller.run(command);
        assert_eq!(run.code, 1, "{}", run.text());
        assert!(run.err.contains("error[answer-refused]: "), "{}", run.err);
        assert!(run.err.contains("exchange_certificate"), "{}", run.err);
        assert!(!run.text().contains("signature accepted"), "{}", run.text());
    }
    let lax = [
        &pinned[..],
        &["--require-signed-answers", "false", "--as", "lax"],
        &OBSERVED,
    ];
    let run = caller.setup(stage.invitation(), &lax.concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let run = caller.run(&["contracts", "list", "--as", "lax"]);
    assert_eq!(json(&run)["signed_by_exchange"], false, "{}", run.err);

    let stage = RestStage::start("answer-signed");
    let pinned = ["--exchange-certificate", stage.told("exchange_certificate")];
    let caller = Caller::with_settings(stage.invitation(), &[&pinned[..], &OBSERVED].concat());
    let run = caller.type_to(&["contracts", "list"], "");
    assert_eq!(run.code, 0, "{}", run.text());
    assert!(
        run.text().contains("signed by the exchange"),
        "{}",
        run.text()
    );
    // What is no certificate is told before anything is written, or sent.
    let other = ["--exchange-certificate", "/dev/null", "--as", "other"];
    let run = caller.setup(stage.invitation(), &[&other[..], &OBSERVED].concat());
    run.assert_unusable("no certificate");
    assert!(!caller.folder.path("settings/other.toml").exists());
    stage.assert_as_expected();
}

/// Without `ca` it is not trusted, and the message names the setting.
#[test]
fn a_made_up_authority_is_told_as_such() {
    let stage = RestStage::start("tls");
    let caller = Caller::with_settings(stage.invitation(), &OBSERVED);
    let run = caller.run(&["contracts", "list"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.err.contains("error[unreachable]: "), "{}", run.err);
    assert!(run.err.contains("`ca` in the settings"), "{}", run.err);
    assert_eq!(arrived(&stage.report()), [""; 0]);
}

/// The commands are the operations of the API's description, each once.
#[test]
fn every_operation_of_the_description_has_a_command() {
    let description = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/dax-api.json");
    let description = fs::read(description).expect("the description");
    let description: Value = serde_json::from_slice(&description).expect("JSON");
    let mut expected = BTreeSet::new();
    for (path, methods) in description["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                let path = path.trim_start_matches("/api/v{version}");
                expected.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    expected.remove("POST /oauth/token");
    let caller = Caller::new("no password");
    let groups = [
        "cardowners",
        "cards",
        "grants",
        "accessgroups",
        "contracts",
        "folders",
        "organizations",
        "logs",
        "callbacks",
        "deliveries",
        "pincode",
        "renz",
    ];
    let mut found = Vec::new();
    for group in groups {
        let help = caller.run(&["help", group]);
        let text = help.text().split_whitespace().collect::<Vec<_>>();
        for (index, word) in text.iter().enumerate() {
            if ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(word) {
                let path = text[index + 1].trim_end_matches(':');
                found.push(format!("{word} {path}"));
            }
        }
    }
    assert_eq!(found.len(), 49);
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
}
