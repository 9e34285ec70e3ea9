//! `daxsign cert`: what it says of certificates and requests, beside what OpenSSL says of them.

use daxsign_tests::cases::{key_file, key_path};
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::tool::{Run, Tool};
use serde_json::Value;

/// The certificates' time, and a moment in it.
const FROM: &str = "20260101000000Z";
const UNTIL: &str = "20260131235959Z";
const NOW: &str = "2026-01-11T12:00:00Z";

const KEY: &str = "rsa2048.pkcs1.pem";

/// An authority, one below it, and certificates of the latter, made by OpenSSL for that time.
struct Authority {
    openssl: OpenSsl,
    tool: Tool,
}

const CONFIGURATION: &str = "\
[ca]
default_ca = it
[it]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
copy_extensions = copy
email_in_dn = yes
[any]
commonName = optional
countryName = optional
localityName = optional
stateOrProvinceName = optional
organizationName = optional
organizationalUnitName = optional
emailAddress = optional
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[middle]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
[dax]
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
";

impl Default for Authority {
    fn default() -> Self {
        let authority = Self {
            openssl: OpenSsl::default(),
            tool: Tool::default(),
        };
        let openssl = &authority.openssl;
        openssl.write("ca.conf", CONFIGURATION);
        openssl.write("index", "");
        openssl.write("serial", "4A01\n");
        let key = key_path(KEY).display().to_string();
        for (name, key, subject) in [
            (
                "root",
                key_path("rsa4096.pkcs1.pem").display().to_string(),
                "/CN=Root",
            ),
            (
                "middle",
                key_path("rsa3072.pkcs1.pem").display().to_string(),
                "/O=Test/CN=Middle",
            ),
            (
                "door",
                key,
                "/C=SE/L=G\u{f6}teborg/O=A, B \\+ C/OU=IS/OU=IT/CN=door",
            ),
        ] {
            let output = std::process::Command::new("openssl")
                .args(["req", "-new", "-utf8", "-key", &key, "-subj", subject])
                .args([
                    "-addext",
                    "subjectAltName=DNS:door.example.org,DNS:other.example.org,IP:10.1.2.3",
                ])
                .args(["-out", &format!("{name}.csr")])
                .current_dir(openssl.root())
                .output()
                .expect("openssl starts");
            assert!(output.status.success(), "{name}");
        }
        authority.issue(
            "root",
            "root",
            "root",
            &format!(" -selfsign -startdate {FROM} -enddate 20270101000000Z"),
        );
        authority.issue(
            "middle",
            "root",
            "middle",
            &format!(" -cert root.pem -startdate {FROM} -enddate {UNTIL}"),
        );
        authority.issue(
            "door",
            "middle",
            "dax",
            &format!(" -cert middle.pem -startdate {FROM} -enddate 20260125115959Z"),
        );
        for file in ["root.pem", "middle.pem", "door.pem", "door.csr"] {
            authority.tool.write(file, openssl.read(file));
        }
        let chain = ["door.pem", "middle.pem"]
            .map(|file| openssl.read(file))
            .concat();
        authority.tool.write("chain.pem", chain);
        authority.tool.write("client.pem", key_file(KEY));
        authority
            .tool
            .write("other.pem", key_file("rsa3072.spki.pem"));
        authority
    }
}

impl Authority {
    fn issue(&self, name: &str, by: &str, profile: &str, more: &str) {
        let file = if by == "root" {
            "rsa4096.pkcs1.pem"
        } else {
            "rsa3072.pkcs1.pem"
        };
        let key = key_path(file).display().to_string();
        self.openssl.run(&format!(
            "ca -batch -notext -preserveDN -utf8 -config ca.conf -extensions {profile} -keyfile {key} -in \
             {name}.csr -out {name}.pem{more}"
        ));
    }

    fn cert(&self, arguments: &[&str]) -> Run {
        self.tool
            .run(&[&["cert", "--now", NOW], arguments].concat())
    }

    /// The first certificate or request of a file, as `--json` has it.
    fn json(&self, arguments: &[&str]) -> (Value, Run) {
        let run = self.cert(&[arguments, &["--json"]].concat());
        let object: Value = serde_json::from_str(run.text()).expect("JSON");
        let list = object
            .get("certificates")
            .or_else(|| object.get("requests"));
        (list.expect("a list")[0].clone(), run)
    }

    fn said(&self, command: &str) -> String {
        let said = String::from_utf8(self.openssl.run(command)).expect("UTF-8");
        said.trim().to_owned()
    }
}

/// Names in the order of the file, and all else as OpenSSL has it.
#[test]
fn it_says_what_openssl_says() {
    let authority = Authority::default();
    let mut compared = 0;
    for name in ["root", "middle", "door"] {
        let file = format!("{name}.pem");
        let (told, run) = authority.json(&[&file]);
        assert_eq!(run.code, 0, "{}", run.err);
        let said = |what: &str| {
            let command = format!(
                "x509 -in {file} -noout -nameopt RFC2253,-esc_msb,-dn_rev,sep_comma_plus_space {what}"
            );
            let said = authority.said(&command);
            said.split_once('=').expect("a value").1.trim().to_owned()
        };
        for (field, what) in [
            ("subject", "-subject"),
            ("issuer", "-issuer"),
            ("serial", "-serial"),
        ] {
            assert_eq!(told[field], said(what), "{name}: {field}");
            compared += 1;
        }
        for (field, what) in [
            ("thumbprint_sha1", "-sha1"),
            ("thumbprint_sha256", "-sha256"),
        ] {
            assert_eq!(
                told[field],
                said(&format!("-fingerprint {what}")).replace(':', "")
            );
            compared += 1;
        }
        let text = authority.said(&format!("x509 -in {file} -noout -text"));
        for (field, label) in [
            ("key_usage", "X509v3 Key Usage"),
            ("extended_key_usage", "X509v3 Extended Key Usage"),
        ] {
            let Some((_, behind)) = text.split_once(label) else {
                assert!(told[field].is_null(), "{name}: {field}");
                continue;
            };
            let line = behind.lines().nth(1).expect("the uses").trim();
            let names = [
                ("Digital Signature", "digitalSignature"),
                ("Certificate Sign", "keyCertSign"),
                ("CRL Sign", "cRLSign"),
                ("TLS Web Client Authentication", "clientAuth"),
            ];
            let uses: Vec<_> = line
                .split(", ")
                .map(|used| names.iter().find(|(said, _)| *said == used).expect(used).1)
                .collect();
            assert_eq!(told[field], Value::from(uses), "{name}: {field}");
            compared += 1;
        }
        let is_authority = text.contains("CA:TRUE");
        assert_eq!(told["authority"], is_authority, "{name}");
        assert_eq!(
            told["key_bits"],
            if name == "root" {
                4096
            } else if name == "middle" {
                3072
            } else {
                2048
            }
        );
    }
    assert_eq!(compared, 3 * 5 + 4, "fields");
    let (told, _) = authority.json(&["door.pem"]);
    assert_eq!(
        told["subject"],
        "C=SE, L=G\u{f6}teborg, O=A\\, B \\+ C, OU=IS, OU=IT, CN=door"
    );
    assert_eq!(told["subject_parts"][2]["value"], "A, B + C");
    assert_eq!(
        told["names"],
        Value::from(vec![
            "DNS:door.example.org",
            "DNS:other.example.org",
            "IP:10.1.2.3"
        ])
    );
    let times =
        [&told["not_before"], &told["not_after"]].map(|time| time.as_str().unwrap().to_owned());
    assert!(
        times[0].starts_with("2026-01-01T00:00:00") && times[1].starts_with("2026-01-25T11:59:59"),
        "{times:?}"
    );
    assert_eq!(told["days_left"], 13);
}

/// As text: a chain in its order, and a request with its signature.
#[test]
fn chains_and_requests_are_shown() {
    let authority = Authority::default();
    let text = String::from_utf8(authority.cert(&["chain.pem"]).success()).unwrap();
    let places: Vec<_> = [
        "certificate 1 of 2",
        "CN=door",
        "certificate 2 of 2",
        "subject      O=Test, CN=Middle",
    ]
    .iter()
    .map(|part| text.find(part).unwrap_or_else(|| panic!("{part}: {text}")))
    .collect();
    assert!(places.is_sorted(), "{text}");
    assert!(
        text.contains("valid, 13 days left") && text.contains("yes, with at most 0 below it"),
        "{text}"
    );
    let (told, run) = authority.json(&["door.csr", "--key", "client.pem"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(
        (&told["signature_holds"], &told["key_belongs"]),
        (&true.into(), &true.into())
    );
    assert_eq!(told["names"][0], "DNS:door.example.org");
    // Changed: shown all the same, and refused.
    let der = authority.openssl.run("req -in door.csr -outform DER");
    let place = der
        .windows(4)
        .position(|window| window == b"door")
        .expect("a name");
    let mut changed = der.clone();
    changed[place] = b'm';
    authority.tool.write("changed.csr", changed);
    let run = authority.cert(&["changed.csr"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(
        run.err.contains("error[request-not-signed]: changed.csr: "),
        "{}",
        run.err
    );
    assert!(
        run.text().contains("not that of its own key"),
        "{}",
        run.text()
    );
    authority.tool.write("door.der", der);
    assert_eq!(authority.cert(&["door.der"]).code, 0);
    authority
        .cert(&["door.csr", "--warn", "3"])
        .assert_unusable("a request does not expire");
}

#[test]
fn whether_a_key_belongs_to_it_is_told() {
    let authority = Authority::default();
    for (file, key, belongs) in [
        ("door.pem", "client.pem", true),
        ("chain.pem", "client.pem", true),
        ("door.pem", "other.pem", false),
        ("middle.pem", "other.pem", true),
        ("door.csr", "other.pem", false),
    ] {
        let (told, run) = authority.json(&[file, "--key", key]);
        assert_eq!(told["key_belongs"], belongs, "{file} {key}");
        assert_eq!(run.code, i32::from(!belongs), "{file} {key}: {}", run.err);
        let said = format!("error[key-mismatch]: {file}: {key} does not belong to it");
        assert_eq!(run.err.contains(&said), !belongs, "{}", run.err);
    }
}

#[test]
fn whether_an_authority_issued_it_is_told() {
    let authority = Authority::default();
    let spki = authority.openssl.run("x509 -in middle.pem -noout -pubkey");
    authority.tool.write("middle.pub.pem", spki);
    for (file, ca, expected) in [
        ("chain.pem", "root.pem", None),
        ("door.pem", "middle.pem", None),
        ("door.pem", "middle.pub.pem", None),
        ("middle.pem", "root.pem", None),
        ("root.pem", "root.pem", None),
        (
            "door.pem",
            "root.pem",
            Some("give all certificates of the chain"),
        ),
        (
            "middle.pem",
            "middle.pub.pem",
            Some("did not make the signature"),
        ),
    ] {
        let (told, run) = authority.json(&[file, "--ca", ca]);
        let is_issued = expected.is_none();
        assert_eq!(told["issued_by_ca"], is_issued, "{file} {ca}: {}", run.err);
        assert_eq!(run.code, i32::from(!is_issued), "{file} {ca}: {}", run.err);
        if let Some(expected) = expected {
            assert!(
                run.err.contains("error[untrusted-certificate]: "),
                "{}",
                run.err
            );
            assert!(run.err.contains(expected), "{}", run.err);
        }
    }
    let late = authority.tool.run(&[
        "cert",
        "--now",
        "2026-01-26T00:00:00Z",
        "chain.pem",
        "--ca",
        "root.pem",
    ]);
    assert!(
        late.code == 1 && late.err.contains("has expired"),
        "{}",
        late.err
    );
}

/// Days are counted to the second; the first to end of a chain counts.
#[test]
fn warn_has_an_exit_code_of_its_own() {
    let authority = Authority::default();
    let at = |now: &str, days: &str, file: &str| {
        let run = authority
            .tool
            .run(&["cert", "--now", now, "--warn", days, file]);
        assert!(run.text().contains("SHA-1"), "it is shown all the same");
        run
    };
    for (now, days, code) in [
        (NOW, "13", 0),
        (NOW, "14", 3),
        ("2026-01-11T11:59:59Z", "14", 3),
        ("2026-01-11T11:59:58Z", "14", 0),
        ("2026-01-25T11:59:59Z", "0", 3),
        ("2026-01-25T11:59:58Z", "0", 0),
        ("2030-01-01T00:00:00Z", "0", 3),
    ] {
        for file in ["door.pem", "chain.pem"] {
            let run = at(now, days, file);
            assert_eq!(run.code, code, "{now} {days}: {}", run.err);
            assert_eq!(run.err.contains("warning: "), code == 3, "{}", run.err);
        }
    }
    assert!(
        at(NOW, "14", "door.pem")
            .err
            .contains("expires on 2026-01-25T11:59:59")
    );
    assert!(
        at("2030-01-01T00:00:00Z", "1", "door.pem")
            .err
            .contains("expired on 2026-01-25")
    );
    let run = authority.cert(&["door.pem", "--warn", "a month"]);
    run.assert_unusable("days");
    assert!(
        run.err
            .contains("expected days as a whole number, such as 30"),
        "{}",
        run.err
    );
}

/// A chain that was cut off is not taken for what is left of it.
#[test]
fn a_damaged_file_is_not_shown_in_part() {
    let authority = Authority::default();
    let chain = authority.tool.read("chain.pem");
    let chain = String::from_utf8(chain).expect("PEM");
    assert!(chain.matches("-----BEGIN").count() > 1, "{chain}");
    let last = chain.rfind("-----BEGIN").expect("a certificate");
    authority.tool.write("cut.pem", &chain[..last + 200]);
    let run = authority.cert(&["cut.pem", "--warn", "1"]);
    run.assert_refused("invalid-key", "a chain that was cut off");
    assert!(run.err.contains("cut.pem"), "{}", run.err);

    let damaged = [&chain[..last + 100], "!", &chain[last + 101..]].concat();
    authority.tool.write("damaged.pem", damaged);
    let run = authority.cert(&["damaged.pem", "--warn", "1"]);
    run.assert_refused("invalid-key", "a damaged chain");
}

/// With a clock that is behind no certificate would ever end.
#[test]
fn a_certificate_that_is_not_valid_yet_does_not_pass_for_one_that_lasts() {
    let authority = Authority::default();
    let early = [
        "cert",
        "--now",
        "1970-01-01T00:00:00Z",
        "--warn",
        "30",
        "door.pem",
    ];
    let run = authority.tool.run(&early);
    assert!(
        run.code == 1 && run.err.contains("error[not-yet-valid]: "),
        "{}",
        run.err
    );
    assert!(
        run.err.contains("is this machine's clock right?"),
        "{}",
        run.err
    );
}

/// C-THUMB: as people paste them.
#[test]
fn thumbprints_are_taken_as_they_are_pasted() {
    let authority = Authority::default();
    let (told, _) = authority.json(&["door.pem"]);
    let sha1 = told["thumbprint_sha1"].as_str().unwrap().to_owned();
    let sha256 = told["thumbprint_sha256"].as_str().unwrap().to_owned();
    let pairs: Vec<&str> = (0..20)
        .map(|place| &sha1[2 * place..2 * place + 2])
        .collect();
    let spaced = format!("\u{200e}{}", pairs.join(" ").to_lowercase());
    let colons = format!(" {}\u{feff}", pairs.join(":"));
    for pasted in [&sha1, &sha1.to_lowercase(), &sha256, &spaced, &colons] {
        let (told, run) = authority.json(&["chain.pem", "--thumbprint", pasted]);
        assert_eq!(
            (run.code, &told["thumbprint_fits"]),
            (0, &true.into()),
            "{pasted:?}: {}",
            run.err
        );
    }
    let run = authority.cert(&["middle.pem", "--thumbprint", &sha1]);
    assert!(
        run.code == 1 && run.err.contains("error[thumbprint-mismatch]: "),
        "{}",
        run.err
    );
    let run = authority.cert(&["door.pem", "--thumbprint", &sha1[1..]]);
    run.assert_refused("invalid-thumbprint", "39 digits");
    assert!(run.err.contains("--thumbprint: "), "{}", run.err);
}

/// The door's says `clientAuth`, the authority's says nothing of purposes.
#[test]
fn a_purpose_is_judged_where_it_is_asked_about() {
    let authority = Authority::default();
    let chain = ["chain.pem", "--ca", "root.pem"];
    for (purpose, code) in [("client", 0), ("server", 1)] {
        let run = authority.cert(&[&chain[..], &["--purpose", purpose]].concat());
        assert_eq!(run.code, code, "{purpose}: {}", run.err);
        let told = run.err.contains("error[untrusted-certificate]: ");
        assert_eq!(told, code == 1, "{}", run.err);
    }
    let run = authority.cert(&["chain.pem", "--purpose", "client"]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("--ca"), "{}", run.err);
}

/// The list must be that of the authority which issued the certificate, in its time and as it was signed.
#[test]
fn whether_it_was_revoked_is_asked_of_the_authority_s_list() {
    let authority = Authority::default();
    let list = |by: &str, key: &str, end: &str, out: &str| {
        let key = key_path(key).display().to_string();
        authority.openssl.run(&format!(
            "ca -config ca.conf -gencrl -cert {by}.pem -keyfile {key} -crl_lastupdate {FROM} -crl_nextupdate {end} \
             -out {out}"
        ));
        authority.tool.write(out, authority.openssl.read(out));
    };
    let (middle, root) = ("rsa3072.pkcs1.pem", "rsa4096.pkcs1.pem");
    list("middle", middle, UNTIL, "good.crl");
    list("middle", middle, "20260105000000Z", "overdue.crl");
    list("root", root, UNTIL, "root.crl");
    let mut changed = authority.openssl.run("crl -in good.crl -outform DER");
    *changed.last_mut().unwrap() ^= 1;
    authority.tool.write("changed.crl", changed);
    let key = key_path(middle).display().to_string();
    authority.openssl.run(&format!(
        "ca -config ca.conf -revoke door.pem -crl_reason keyCompromise -cert middle.pem -keyfile {key}"
    ));
    list("middle", middle, UNTIL, "revoked.crl");

    let key = key_path(root).display().to_string();
    authority.openssl.run(&format!(
        "ca -config ca.conf -revoke middle.pem -crl_reason CACompromise -cert root.pem -keyfile {key}"
    ));
    list("root", root, UNTIL, "above.crl");

    let asked = |lists: &[&str]| {
        let lists = lists.iter().flat_map(|list| ["--crl", list]);
        let asked = ["chain.pem", "--ca", "root.pem"].into_iter().chain(lists);
        authority.json(&asked.collect::<Vec<_>>())
    };
    for lists in [["good.crl", "root.crl"], ["root.crl", "good.crl"]] {
        let (told, run) = asked(&lists);
        let expected = (0, &true.into());
        assert_eq!((run.code, &told["not_revoked"]), expected, "{}", run.err);
    }
    for (lists, name, says) in [
        (&["revoked.crl", "root.crl"][..], "revoked", "keyCompromise"),
        (
            &["good.crl", "above.crl"],
            "revoked",
            "the authority O=Test, CN=Middle",
        ),
        // Of one of the two nobody was asked.
        (
            &["good.crl"],
            "no-list",
            "whether O=Test, CN=Middle was revoked is not known",
        ),
        (
            &["root.crl"],
            "no-list",
            "CN=door was revoked is not known: root.crl",
        ),
        (&["overdue.crl", "root.crl"], "list-overdue", "2026-01-05"),
        (&["changed.crl", "root.crl"], "list-signature", "not signed"),
        (&["good.crl", "client.pem"], "malformed-list", "no list"),
    ] {
        let (told, run) = asked(lists);
        let expected = (1, &false.into());
        assert_eq!((run.code, &told["not_revoked"]), expected, "{lists:?}");
        let named = run.err.contains(&format!("error[{name}]: "));
        assert!(named && run.err.contains(says), "{lists:?}: {}", run.err);
    }
    let chain = [
        "chain.pem",
        "--ca",
        "root.pem",
        "--crl",
        "good.crl",
        "--crl",
        "root.crl",
    ];
    let shown = authority.cert(&chain);
    let says = "\nrevoked      no, nor is an authority between, say good.crl, root.crl, the first of which holds until \
                2026-01-31";
    assert!(shown.text().contains(says), "{}", shown.text());
    let below = authority.cert(&["door.pem", "--ca", "middle.pem", "--crl", "good.crl"]);
    let says = "\nrevoked      no, says good.crl, which holds until 2026-01-31";
    assert!(below.text().contains(says), "{}", below.text());
    // Through whom it was issued is known to nobody.
    let other = authority.cert(&["door.pem", "--ca", "root.pem", "--crl", "root.crl"]);
    assert!(
        other.code != 0 && !other.text().contains("revoked      no,"),
        "{}",
        other.text()
    );
    let alone = authority.cert(&["chain.pem", "--crl", "good.crl"]);
    assert_eq!(alone.code, 2, "{}", alone.err);
    // Of an authority's bare key nobody knows which lists are its own.
    let bare = authority.cert(&["door.pem", "--ca", "other.pem", "--crl", "good.crl"]);
    assert!(
        bare.code == 2 && bare.err.contains("certificate is needed"),
        "{}",
        bare.err
    );
    let of_list = authority.tool.run(&["cert", "good.crl"]);
    of_list.assert_unusable("a list alone");
    assert!(of_list.err.contains("--crl good.crl"), "{}", of_list.err);
}

#[test]
fn what_is_no_certificate_is_told() {
    let authority = Authority::default();
    for (file, expected) in [
        ("client.pem", "this is a key"),
        ("absent.pem", "cannot read absent.pem"),
        ("/dev/zero", "no message is as long"),
    ] {
        let run = authority.cert(&[file]);
        run.assert_unusable(file);
        assert!(run.err.contains(expected), "{}", run.err);
    }
    authority.tool.write("noise", "no certificate");
    let run = authority.cert(&["noise"]);
    run.assert_refused("invalid-key", "noise");
    let run = authority.cert(&["noise", "--json"]);
    let told: Value = serde_json::from_str(run.text()).expect("JSON");
    assert_eq!(told["error"]["name"], "invalid-key");
    let pem = authority.openssl.read("door.pem");
    authority.tool.write("cut.pem", &pem[..pem.len() / 2]);
    assert_eq!(authority.cert(&["cut.pem"]).code, 1);
    authority
        .cert(&["-", "--key", "-"])
        .assert_unusable("both from standard input");
}
