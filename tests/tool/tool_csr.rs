//! `daxsign csr`: the request that OpenSSL makes of the same names and the same key, to the byte.

use std::os::unix::fs::symlink;

use daxsign_tests::cases::{key_file, key_path};
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::tool::{Run, Tool};
use serde_json::Value;

const INSTANCE: &str = "01234567-89ab-cdef-0123-456789abcdef";
const PARTNER: &str = "7f8c2b1a-0000-4000-8000-00000000abcd";

/// The variables of the text's `request.conf`.
const VARIABLES: &str = "\
# Your Partner ID as provided by Amido.
PARTNERID=7f8c2b1a-0000-4000-8000-00000000abcd
# Your Instance ID as provided by Amido.
INSTANCEID=01234567-89ab-cdef-0123-456789abcdef
# Your country in two letter code.
COUNTRY=SE
# your city or company location.
LOCALIZATION=Gothenburg
# Your partner name/organization that you've configured or that was provided by Amido.
PARTNERNAME=Partner Name
# The name of the part of your partner's organization that will own the certificate.
SECTION=IS/IT
";

/// What stands below the line.
const BELOW: &str = "
# -----------------------------------------------
# --- No modifications needed below this line ---
# -----------------------------------------------

[ dn ]
C = ${COUNTRY}
L = ${LOCALIZATION}
O = ${PARTNERNAME}
OU = ${SECTION}
CN = ${INSTANCEID}.instance.prod.dax.amido.io

[ req ]
distinguished_name = dn
req_extensions = req_ext
prompt = no

[ req_ext ]
subjectAltName = DNS:${INSTANCEID}.instance.prod.dax.amido.io,DNS:${PARTNERID}.partner.prod.dax.amido.io
";

const KEYS: [&str; 4] = [
    "rsa2048.pkcs1.pem",
    "rsa2048.pkcs8.der",
    "rsa3072.pkcs8.pem",
    "rsa4096.pkcs1.der",
];

fn text_file() -> String {
    format!("{VARIABLES}{BELOW}")
}

/// The text's file with something else in the place of a part that it has.
fn with(old: &str, new: &str) -> String {
    let text = text_file();
    assert!(text.contains(old), "{old}");
    text.replace(old, new)
}

/// The arguments that say what [`VARIABLES`] says.
fn options() -> Vec<&'static str> {
    vec![
        "--instance",
        INSTANCE,
        "--partner",
        PARTNER,
        "--country",
        "SE",
        "--locality",
        "Gothenburg",
        "--organization",
        "Partner Name",
        "--unit",
        "IS/IT",
    ]
}

/// The options with another value for one of them.
fn options_with<'a>(option: &str, value: &'a str) -> Vec<&'a str> {
    let mut options: Vec<&str> = options();
    let place = options.iter().position(|given| *given == option);
    options[place.expect("an option") + 1] = value;
    options
}

fn csr(tool: &Tool, arguments: &[&str]) -> Run {
    let key = key_path(KEYS[0]).display().to_string();
    tool.run(&[&["csr", "--key", &key], arguments].concat())
}

/// What OpenSSL makes of a file of names and a key.
fn of_openssl(openssl: &OpenSsl, file: &[u8], key: &str, more: &str) -> Vec<u8> {
    openssl.write("request.conf", file);
    let key = key_path(key).display().to_string();
    let form = if key.contains(".der") { "DER" } else { "PEM" };
    openssl.run(&format!(
        "req -new -config request.conf -key {key} -keyform {form}{more}"
    ))
}

/// Files that say in other words what DAX's text says.
fn spellings() -> Vec<(&'static str, Vec<u8>)> {
    let names = [
        ("C = ", "countryName = "),
        ("L = ", "localityName="),
        ("O = ", "0.organizationName = "),
        ("OU = ", "1.OU = "),
        ("CN = ", "commonName = "),
    ];
    let long = names.iter().fold(text_file(), |text, (short, long)| {
        text.replace(&format!("\n{short}"), &format!("\n{long}"))
    });
    let section = with(
        "subjectAltName = DNS:${INSTANCEID}.instance.prod.dax.amido.io,DNS:${PARTNERID}.partner.prod.dax.amido.io",
        "subjectAltName = @names\n[names]\nDNS.1 = ${INSTANCEID}.instance.prod.dax.amido.io\n\
         DNS.2 = ${PARTNERID}.partner.prod.dax.amido.io",
    );
    let latin1 = with("Gothenburg", "G\u{f6}teborg");
    let latin1 = latin1.chars().map(|c| u8::try_from(u32::from(c)).unwrap());
    vec![
        ("as it stands", text_file().into_bytes()),
        ("CRLF", text_file().replace('\n', "\r\n").into_bytes()),
        (
            "a byte order mark",
            format!("\u{feff}{}", text_file()).into_bytes(),
        ),
        (
            "quotes",
            with("=Partner Name", " = \"  Partner # 'Name'  \" # Oh").into_bytes(),
        ),
        (
            "other quotes",
            with("=Partner Name", "='Part'`ner`\" \"Name").into_bytes(),
        ),
        (
            "backslashes",
            with("=Partner Name", "=A\\#B\\\\C \\$ \\\"D\\\"").into_bytes(),
        ),
        (
            "a line that goes on",
            with("=Partner Name", "=Part\\\nner \\\r\nName").into_bytes(),
        ),
        (
            "a remark that goes on",
            with("COUNTRY=SE", "# \\\nCOUNTRY=NO\nCOUNTRY=SE").into_bytes(),
        ),
        (
            "twice",
            with("COUNTRY=SE", "COUNTRY=NO\nCOUNTRY=SE").into_bytes(),
        ),
        (
            "round brackets",
            with("${PARTNERNAME}", "$(PARTNERNAME)").into_bytes(),
        ),
        (
            "no brackets",
            with("${PARTNERNAME}", "$PARTNERNAME").into_bytes(),
        ),
        (
            "a section's variable",
            with("${PARTNERNAME}", "${default::PARTNERNAME}").into_bytes(),
        ),
        (
            "a single colon",
            with("${PARTNERNAME}", "$PARTNERNAME:x").into_bytes(),
        ),
        ("a value there", with("${SECTION}", "Doors").into_bytes()),
        (
            "into a section",
            with("[ dn ]", "dn::OU = first\n[dn]").into_bytes(),
        ),
        (
            "spaces",
            with(" = ", "\t=  ")
                .replace("[ dn ]", "  [dn]  ")
                .into_bytes(),
        ),
        ("long names", long.into_bytes()),
        ("names in a section", section.into_bytes()),
        (
            "another environment",
            text_file().replace(".prod.", ".stage.").into_bytes(),
        ),
        (
            "UTF-8 that is told",
            with("prompt = no", "prompt = no\nutf8 = yes")
                .replace("Gothenburg", "G\u{f6}teborg \u{65e5}")
                .into_bytes(),
        ),
        ("Latin-1", latin1.collect()),
        (
            "what else says the same",
            with(
                "prompt = no",
                "prompt = no\nstring_mask = utf8only\ndefault_md = sha256",
            )
            .into_bytes(),
        ),
    ]
}

#[test]
fn of_the_text_s_file_it_is_openssl_s_request() {
    let tool = Tool::default();
    let openssl = OpenSsl::default();
    let mut compared = 0;
    for (case, file) in spellings() {
        let expected = of_openssl(&openssl, &file, KEYS[0], "");
        tool.write("request.conf", &file);
        let run = csr(&tool, &["--config", "request.conf"]);
        assert_eq!(run.code, 0, "{case}: {}", run.err);
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(said(&run.out), said(&expected), "{case}");
        let is_told = run.err.contains("note: ");
        let to_tell = ["twice", "a value there", "into a section", "Latin-1"].contains(&case);
        assert_eq!(is_told, to_tell, "{case}: {}", run.err);
        compared += 1;
    }
    assert_eq!(compared, 22, "files");
}

/// Whatever the key is, and the same from options; into a file as to a pipe.
#[test]
fn of_each_key_it_is_openssl_s_request() {
    let tool = Tool::default();
    let openssl = OpenSsl::default();
    tool.write("request.conf", text_file());
    let mut compared = 0;
    for key in KEYS {
        let expected = of_openssl(&openssl, text_file().as_bytes(), key, "");
        let path = key_path(key).display().to_string();
        let start = ["csr", "--key", &path];
        let of_file = tool.run(&[&start[..], &["--config", "request.conf"]].concat());
        let of_options = tool.run(&[&start[..], &options()].concat());
        for run in [of_file, of_options] {
            assert!(run.err.contains("to Amido Customer Success"), "{}", run.err);
            assert_eq!(run.success(), expected, "{key}");
            compared += 1;
        }
        let out = format!("{key}.csr");
        let run = tool.run(&[&start[..], &["--out", &out], &options()].concat());
        assert!(run.out.is_empty() && run.code == 0, "{}", run.err);
        assert!(
            run.err.contains(&format!("send: {out}, to Amido")),
            "{}",
            run.err
        );
        assert!(!run.err.contains("BEGIN"), "{}", run.err);
        openssl.write("request.csr", tool.read(&out));
        let verified = openssl.try_run("req -in request.csr -verify -noout");
        let said = String::from_utf8_lossy(&verified.stderr);
        assert!(
            verified.status.success() && said.contains("verify OK"),
            "{said}"
        );
        assert_eq!(tool.read(&out), expected, "{key}");
    }
    assert_eq!(compared, 8);
}

/// Ids in any case (C-CSR); space around what was copied.
#[test]
fn ids_are_written_in_lowercase() {
    let tool = Tool::default();
    let expected = csr(&tool, &options()).success();
    let upper = format!(" {} ", INSTANCE.to_uppercase());
    let run = csr(&tool, &options_with("--instance", &upper));
    assert!(
        run.err.contains(&format!("CN = {INSTANCE}.instance.prod")),
        "{}",
        run.err
    );
    assert_eq!(run.success(), expected);
    tool.write("request.conf", with(INSTANCE, &INSTANCE.to_uppercase()));
    assert_eq!(
        csr(&tool, &["--config", "request.conf"]).success(),
        expected
    );
}

/// Options come before the file, and a file may have the variables alone.
#[test]
fn options_and_file_go_together() {
    let tool = Tool::default();
    let expected = csr(&tool, &options_with("--unit", "Doors")).success();
    tool.write("request.conf", text_file());
    let from = ["--config", "request.conf"];
    let run = csr(&tool, &[&from[..], &["--unit", "Doors"]].concat());
    assert_eq!(run.success(), expected);
    for file in [VARIABLES, &VARIABLES.replace("SECTION=IS/IT", "SECTION=")] {
        tool.write("request.conf", file);
        let run = csr(&tool, &[&from[..], &["--unit", "Doors"]].concat());
        assert_eq!(run.success(), expected, "{file}");
    }
    // From standard input.
    let key = key_path(KEYS[0]).display().to_string();
    let run = tool.run_with_input(
        &["csr", "--key", &key, "--config", "-", "--unit", "Doors"],
        VARIABLES.as_bytes(),
    );
    assert_eq!(run.success(), expected);
    let run = tool.run(&["csr", "--key", "-", "--config", "-"]);
    run.assert_unusable("both from standard input");
}

/// What OpenSSL would make of it and DAX's request has no place for is told, and nothing else is.
#[test]
fn what_is_ignored_is_told() {
    let tool = Tool::default();
    let cases = [
        (with("[ dn ]", "[ dn ]\nST = Bohuslän"), "`ST` on line 19"),
        (
            with("prompt = no", "prompt = no\ndefault_md = sha512"),
            "`default_md` on line",
        ),
        (
            with("OU = ${SECTION}", "OU = ${SECTION}\n1.OU = Doors"),
            "`1.OU` on line",
        ),
        (
            with("[ req_ext ]", "[ req_ext ]\nkeyUsage = digitalSignature"),
            "`keyUsage` on line",
        ),
        (
            with("COUNTRY=SE", "COUNTRY=SE\nTOWN=Gothenburg"),
            "`TOWN` on line 7",
        ),
        (with("C = ${COUNTRY}", "C = SE"), "`COUNTRY` on line 6"),
        (format!("{}[other]\na = b\n", text_file()), "`a` on line"),
    ];
    let mut told = 0;
    for (file, expected) in cases {
        tool.write("request.conf", &file);
        let run = csr(&tool, &["--config", "request.conf"]);
        let note = "note: request.conf: ignored, since nothing of DAX's request comes from it: ";
        assert!(
            run.err.contains(&format!("{note}{expected}")),
            "{}",
            run.err
        );
        assert_eq!(run.code, 0, "{}", run.err);
        told += 1;
    }
    assert_eq!(told, 7);
    // OpenSSL's own trap.
    tool.write("request.conf", with("Gothenburg", "G\u{f6}teborg"));
    let run = csr(&tool, &["--config", "request.conf"]);
    assert!(
        run.err
            .contains("`openssl req` would make `G\u{c3}\u{b6}teborg`"),
        "{}",
        run.err
    );
    let openssl = OpenSsl::default();
    let as_told = of_openssl(&openssl, &tool.read("request.conf"), KEYS[0], " -utf8");
    assert_eq!(run.success(), as_told);
}

/// As of a variable that is not set: it means neither production nor what a file says.
#[test]
fn an_empty_option_is_not_one_left_out() {
    let tool = Tool::default();
    let unusable = |arguments: &[&str], expected: &str| {
        let run = csr(&tool, &[&["--config", "request.conf"], arguments].concat());
        run.assert_unusable(expected);
        assert!(run.err.contains(expected), "{}", run.err);
    };
    tool.write("request.conf", text_file());
    for option in ["--environment", "--organization", "--instance"] {
        let expected = format!("{option} is empty: give it a value, or leave it out");
        for value in ["", " "] {
            unusable(&[option, value], &expected);
        }
    }
    tool.write("request.conf", with(".instance.prod.", ".instance.."));
    unusable(&[], "lacks its id or its environment");
}

/// Each says which option or line, and what to do.
#[test]
fn what_cannot_be_used_is_told_with_its_place() {
    let long = "n".repeat(65);
    let cases = [
        (
            "--instance",
            "{01234567-89ab-cdef-0123-456789abcdef}",
            "it is no GUID at byte 0: write 32",
        ),
        ("--partner", "7f8c2b1a", "it is no GUID at byte 8: write 32"),
        (
            "--country",
            "Sweden",
            "the country (C) cannot be used: it is not two capital letters: write",
        ),
        (
            "--locality",
            "a\u{7}b",
            "the locality (L) cannot be used: there is a control character at byte 1",
        ),
        (
            "--organization",
            &long,
            "it has 65 characters and 64 are allowed (RFC 5280): shorten it",
        ),
        (
            "--unit",
            &long,
            "the organizational unit (OU) cannot be used: it has 65",
        ),
    ];
    let tool = Tool::default();
    let mut refused = 0;
    for (option, value, expected) in cases {
        let run = csr(&tool, &options_with(option, value));
        run.assert_refused("invalid-field", option);
        assert!(
            run.err
                .starts_with(&format!("error[invalid-field]: {option}: ")),
            "{}",
            run.err
        );
        assert!(run.err.contains(expected), "{}", run.err);
        refused += 1;
    }
    for (environment, expected) in [
        (
            "sandbox",
            "the common name (CN) cannot be used: it has 66 characters and 64 are allowed",
        ),
        (
            "a.b",
            "the environment cannot be used: it is no DNS name at byte 1",
        ),
    ] {
        let run = csr(
            &tool,
            &[&options()[..], &["--environment", environment]].concat(),
        );
        run.assert_refused("invalid-field", environment);
        assert!(
            run.err.contains(&format!("--environment: {expected}")),
            "{}",
            run.err
        );
        refused += 1;
    }
    tool.write("request.conf", with("COUNTRY=SE", "COUNTRY=Sweden"));
    let run = csr(&tool, &["--config", "request.conf"]);
    run.assert_refused("invalid-field", "of a file");
    assert!(
        run.err.contains("request.conf:19: the country (C)"),
        "{}",
        run.err
    );
    assert_eq!(refused, 8);
}

#[test]
fn a_file_that_openssl_would_not_read_so_is_told_with_its_line() {
    let tool = Tool::default();
    let twice = format!("A=${{B}}\n{}", "A=$A$A\n".repeat(40)).replace("${B}", "abc");
    let cases = [
        (
            with("${SECTION}", "${SECTON}"),
            22,
            "${SECTON} stands for nothing: write `SECTON = …`",
        ),
        (
            with("${SECTION}", "${SECTION"),
            22,
            "the bracket behind $SECTION is not closed",
        ),
        (
            with("${SECTION}", "$"),
            22,
            "a $ without a name behind it: write ${NAME}",
        ),
        (with("[ dn ]", "[ dn"), 18, "a ] is missing"),
        (
            with("COUNTRY=SE", "COUNTRY SE"),
            6,
            "`COUNTRY SE` is no setting",
        ),
        (
            with("COUNTRY=SE", ".include other.conf"),
            6,
            "other files are not read",
        ),
        (with("prompt = no", ""), 26, "without `prompt = no`"),
        (
            with("CN = ${INSTANCEID}.instance.prod", "CN = door.prod"),
            23,
            "`door.prod.dax.amido.io` is not DAX's name",
        ),
        (
            with(
                "DNS:${PARTNERID}.partner.prod",
                "DNS:${PARTNERID}.partner.stage",
            ),
            31,
            "one environment",
        ),
        (
            with("DNS:${INSTANCEID}.", "DNS:${PARTNERID}."),
            31,
            "one instance",
        ),
        (
            with("subjectAltName = ", "subjectAltName = IP:10.0.0.1,"),
            31,
            "`IP:10.0.0.1` is no name",
        ),
        (twice, 16, "too long"),
    ];
    let mut told = 0;
    for (file, line, expected) in cases {
        tool.write("request.conf", &file);
        let run = csr(&tool, &["--config", "request.conf"]);
        run.assert_unusable(expected);
        assert!(
            run.err.contains(&format!("error: request.conf:{line}: ")),
            "{expected}: {}",
            run.err
        );
        assert!(run.err.contains(expected), "{}", run.err);
        told += 1;
    }
    assert_eq!(told, 12);
    let utf16: Vec<u8> = text_file()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    tool.write("request.conf", utf16);
    let run = csr(&tool, &["--config", "request.conf"]);
    run.assert_unusable("UTF-16");
    assert!(run.err.contains("save it as UTF-8"), "{}", run.err);
    tool.write("request.conf", vec![b'#'; 1 << 17]);
    csr(&tool, &["--config", "request.conf"]).assert_unusable("a large file");
}

/// All that is missing at once, where nobody can be asked.
#[test]
fn what_is_missing_is_told() {
    let tool = Tool::default();
    let run = csr(
        &tool,
        &["--instance", INSTANCE, "--unit", "Doors", "--locality", " "],
    );
    run.assert_unusable("names");
    let said =
        "--partner, --country, --locality, --organization are missing, and nobody can be asked";
    assert!(run.err.contains(said), "{}", run.err);
    let run = tool.run(&["csr"]);
    run.assert_unusable("key");
    assert!(run.err.contains("--key is missing"), "{}", run.err);
    let run = tool.run(&[&["csr", "--key", "my key.pem"][..], &options()].concat());
    run.assert_unusable("no such key");
    let said = "there is no file my key.pem: `daxsign keygen --out 'my key.pem'` makes a key";
    assert!(run.err.contains(said), "{}", run.err);
}

/// Names are asked for one by one; what cannot be used is told, and asked for again.
#[test]
fn on_a_terminal_it_asks_for_what_is_missing() {
    let tool = Tool::default();
    tool.write("client.pem", key_file(KEYS[0]));
    let steps = [
        ("File of the private key: ", "client.pem"),
        ("Instance id, as Amido gave it: ", "0123"),
        ("it is no GUID at byte 4: ", INSTANCE),
        ("Partner id, as Amido gave it: ", PARTNER),
        ("Country, two letters such as SE: ", "Sweden"),
        ("it is not two capital letters", "SE"),
        ("City or place: ", ""),
        ("this is needed", "Gothenburg"),
        ("Partner's name, as Amido has it: ", "Partner Name"),
        (
            "Part of the organization that owns the certificate: ",
            "IS/IT",
        ),
    ];
    let run = tool.converse(&["csr", "--out", "request.csr"], &steps);
    assert_eq!(run.code, 0, "{}", run.text());
    assert!(
        run.text()
            .contains("send: request.csr, to Amido Customer Success"),
        "{}",
        run.text()
    );
    let expected = csr(&tool, &options()).success();
    assert_eq!(tool.read("request.csr"), expected);
    // What is known is not asked for.
    tool.write("request.conf", VARIABLES.replace("COUNTRY=SE", ""));
    let known = [
        "csr",
        "--key",
        "client.pem",
        "--config",
        "request.conf",
        "--out",
        "other.csr",
    ];
    let run = tool.converse(&known, &[("Country, two letters such as SE: ", "SE")]);
    assert_eq!(run.code, 0, "{}", run.text());
    assert!(!run.text().contains("City"), "{}", run.text());
    assert_eq!(tool.read("other.csr"), expected);
}

#[test]
fn the_file_is_new_or_nothing_is_done() {
    let tool = Tool::default();
    tool.write("precious", "precious");
    symlink("nowhere", tool.path("link")).unwrap();
    for name in ["precious", "link", ".", "no/such/folder"] {
        let run = csr(&tool, &[&options()[..], &["--out", name]].concat());
        run.assert_unusable(name);
    }
    assert_eq!(tool.read("precious"), b"precious");
    assert!(!tool.path("nowhere").exists());
    // A refusal leaves nothing behind.
    let run = csr(
        &tool,
        &[&options_with("--country", "x")[..], &["--out", "new.csr"]].concat(),
    );
    run.assert_refused("invalid-field", "country");
    let left = std::fs::read_dir(tool.root()).unwrap().count();
    assert_eq!(left, 2, "files in the folder");
}

/// A key that cannot sign a request is named as what it is, with the command that helps.
#[test]
fn keys_that_do_not_sign_are_told() {
    let tool = Tool::default();
    let openssl = OpenSsl::default();
    let key = key_path(KEYS[0]).display().to_string();
    openssl.run(&format!(
        "rsa -in {key} -aes256 -passout pass:secret -traditional -out traditional"
    ));
    openssl.run(&format!(
        "pkcs8 -in {key} -topk8 -passout pass:secret -out pkcs8"
    ));
    openssl.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out curve");
    openssl.run("genrsa -out small 1024");
    openssl.write("public", key_file("rsa2048.spki.pem"));
    let cases = [
        (
            "traditional",
            "unsupported-key",
            "take the password off with `openssl pkey -in",
        ),
        (
            "pkcs8",
            "unsupported-key",
            "take the password off with `openssl pkey -in",
        ),
        ("curve", "unsupported-key", "an elliptic curve key"),
        ("small", "key-too-small", "1024"),
        ("public", "unsupported-key", "public"),
    ];
    let mut refused = 0;
    for (file, name, expected) in cases {
        tool.write(file, openssl.read(file));
        let run = tool.run(&[&["csr", "--key", file][..], &options()].concat());
        run.assert_refused(name, file);
        assert!(run.err.contains(expected), "{file}: {}", run.err);
        refused += 1;
    }
    assert_eq!(refused, 5);
}

/// On a terminal the passphrase of a key is asked for; a script is told which command takes it off.
#[test]
fn an_encrypted_key_opens_with_its_passphrase() {
    let (tool, openssl) = (Tool::default(), OpenSsl::default());
    tool.write("request.conf", text_file());
    let plain = key_path("rsa2048.pkcs8.pem");
    let encrypt = |more: &str, out: &str| {
        let plain = plain.display();
        openssl.run(&format!(
            "pkcs8 -topk8 -in {plain} -passout pass:horse-battery {more}-out {out}"
        ));
        tool.write(out, openssl.read(out));
    };
    encrypt("", "own.pem");
    encrypt("-scrypt ", "scrypt.pem");
    // As OpenSSL before 1.1 has it, and what came before AES.
    encrypt("-v2prf hmacWithSHA1 ", "sha1.pem");
    encrypt("-v2 des3 ", "old.pem");
    for (file, typed, code, said) in [
        ("own.pem", "horse-battery", 0, "BEGIN CERTIFICATE REQUEST"),
        (
            "scrypt.pem",
            "horse-battery",
            0,
            "BEGIN CERTIFICATE REQUEST",
        ),
        ("sha1.pem", "horse-battery", 0, "BEGIN CERTIFICATE REQUEST"),
        ("own.pem", "horse", 1, "error[wrong-passphrase]: own.pem"),
        (
            "old.pem",
            "horse-battery",
            1,
            "error[key-encryption]: old.pem",
        ),
    ] {
        let arguments = ["csr", "--key", file, "--config", "request.conf"];
        let question = format!("Passphrase of {file}:");
        let run = tool.converse(&arguments, &[(&question, typed)]);
        let shown = String::from_utf8_lossy(&run.out).into_owned();
        assert!(run.code == code && shown.contains(said), "{file}: {shown}");
        assert!(!shown.contains(typed) || typed == "horse", "{shown}");
        let run = tool.run(&arguments);
        run.assert_refused("unsupported-key", file);
        assert!(run.err.contains("openssl"), "{}", run.err);
    }
}

/// For an authority of one's own: any names, and what a server is looked for by.
#[test]
fn a_request_to_somebody_else_has_any_names() {
    let (tool, openssl) = (Tool::default(), OpenSsl::default());
    let key = key_path("rsa2048.pkcs1.pem").display().to_string();
    let request = |more: &[&str]| tool.run(&[&["csr", "--key", &key], more].concat());
    let hosts = ["--dns", "gateway.example", "--dns", "*.gateway.example"];
    let run = request(&[&["--name", "C=SE, O=A\\, Inc., CN=gateway"], &hosts[..]].concat());
    assert!(
        run.err.contains("to who issues the certificate"),
        "{}",
        run.err
    );
    let made = run.success();
    openssl.write(
        "server.cnf",
        "[req]\nprompt = no\nstring_mask = utf8only\ndistinguished_name = name\nreq_extensions = all\n[name]\nC = SE\n\
         O = \"A, Inc.\"\nCN = gateway\n[all]\nsubjectAltName = DNS:gateway.example, DNS:*.gateway.example\n",
    );
    openssl.run(&format!(
        "req -new -key {key} -config server.cnf -out theirs.csr"
    ));
    assert_eq!(made, openssl.read("theirs.csr"), "OpenSSL's to the byte");
    // A server is known by its names alone.
    let without = request(&hosts).success();
    openssl.write("without.csr", without);
    let text = openssl.run("req -in without.csr -noout -verify -subject");
    assert!(
        String::from_utf8_lossy(&text).contains("subject="),
        "verified"
    );
    request(&["--dns", "not a host"]).assert_refused("invalid-field", "--dns");
    let address = request(&["--dns", "192.0.2.1"]);
    assert!(
        address.code == 2 && address.err.contains("no DNS name"),
        "{}",
        address.err
    );
    for wrong in [
        &["--name", ""][..],
        &["--name", "gateway"],
        &["--name", "CN=x", "--instance", "x"],
        &["--dns", "x.example", "--config", "request.conf"],
    ] {
        request(wrong).assert_unusable("names");
    }
}

/// Trap: a name that is shown in one order or spelling and read back in another.
#[test]
fn a_name_is_read_back_as_it_is_shown() {
    let tool = Tool::default();
    let key = key_path("rsa2048.pkcs1.pem").display().to_string();
    for name in [
        "C=SE, O=Example, OU=one, OU=two, CN=client",
        "CN=client, OU=two, OU=one, O=Example, C=SE",
        r#"O=A\, B \+ C\; \"D\" \<E\> \\ \#, CN=G\C3\B6teborg"#,
        "businessCategory=Third Party Provider 1, jurisdictionC=US, serialNumber=1, UID=x, CN=x",
    ] {
        let request = |name: &str| tool.run(&["csr", "--key", &key, "--name", name]).success();
        let made = request(name);
        tool.write("name.csr", &made);
        let shown = tool.run(&["cert", "name.csr", "--json"]).success();
        let shown: Value = serde_json::from_slice(&shown).expect("JSON");
        let subject = shown["requests"][0]["subject"].as_str().expect("a name");
        assert_eq!(request(subject), made, "{name}: {subject}");
    }
}
