//! The seeds of the fuzz targets, out of the vectors: what a search for errors starts with.
//! `fuzz/src/trial.rs` tells how requests are written as bytes.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::Sha256;
use daxsign_exchange::record::{End, Operation, SqliteStore, Store as _};

use crate::cases::{self, Case, key_file};
use crate::managing;
use crate::openssl::OpenSsl;
use crate::pages::program;
use crate::request::OwnedRequest;

use made::{World, at, id};

/// The exchange's record and its parties, as the tests of the record make them.
#[path = "../../exchange/tests/record/made.rs"]
#[expect(dead_code, reason = "the exchange's own tests use all of it")]
mod made;

/// Between two parts of a request.
const SEPARATOR: &[u8] = b"\xFE";
/// The targets that take a request, and the switches that their seeds get.
const REQUEST_TARGETS: [(&str, &[u8]); 2] =
    [("signing_string", b"\x00\x07"), ("verify", b"\x08\x07\x00")];
/// The functions that the seeds of `c_abi` call in their order, by their numbers there.
const C_CALLS: [(&str, &[u8]); 4] = [
    ("sign", &[7, 3, 8, 12, 26, 25, 25, 27, 30, 34, 35, 36]),
    ("streams", &[7, 3, 9, 15, 17, 18, 5, 26, 20, 22, 23, 28]),
    ("string", &[0, 1, 2, 4, 29, 31, 32, 33, 37, 38, 39, 14]),
    ("keys", &[9, 13, 10, 11, 7, 40, 16, 19, 21, 24, 30, 34]),
];
/// What is longer only makes the search slow.
const MAX_LEN: usize = 8192;
/// The same for evidence, which is of several messages with their signatures.
const MAX_EVIDENCE_LEN: usize = 32 << 10;
/// What configuration files are made of, for the search to put together.
const CONFIGURATIONS: [(&str, &str); 4] = [
    (
        "request",
        "COUNTRY = SE\n[req]\nprompt = no\nutf8 = yes\ndistinguished_name = dn\n[ dn ] # names\nC = $COUNTRY\n\
         O = ${COUNTRY}\nCN = \"a b\"\n",
    ),
    (
        "alternative-names",
        "[req]\r\nprompt=no\r\nreq_extensions=v3\r\n[v3]\r\nsubjectAltName=@names\r\n[names]\r\nDNS.1=a.se\r\n",
    ),
    (
        "escapes",
        "a = 'b' `c` \\n\\x \\\nd = goes on\nother::e = $(a) ${other::e} $other::e\n",
    ),
    ("broken", "[open\nno setting\n.include a\n= empty\n"),
];
const KEYS: [&str; 3] = ["rsa2048", "rsa3072", "rsa4096"];

/// Writes them to `folder/TARGET/`; returns how many.
pub fn write(folder: &Path) -> usize {
    let mut seeds = Seeds {
        folder,
        cases: 0,
        count: 0,
    };
    for case in cases::load() {
        seeds.case(&case);
    }
    for (case, good) in cases::good() {
        let list = good.headers_parameter;
        for signature in good.signatures {
            let field = format!(
                "realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"{list}\" signature=\"{}\"",
                signature.base64
            );
            let name = format!("{}-{}", case.name, signature.key);
            seeds.put("signature_header", &name, field.as_bytes());
        }
    }
    seeds.files();
    seeds.certificates();
    for (name, text) in CONFIGURATIONS {
        seeds.put("config", name, text.as_bytes());
    }
    seeds.policies();
    seeds.messages();
    seeds.evidence();
    seeds.management();
    seeds.count
}

/// What operators ask; `{a}` and `{b}` are parties.
const MANAGEMENT: [(&str, &str, &str); 40] = [
    ("GET", "/healthz", ""),
    ("GET", "/readyz", ""),
    ("GET", "/metrics", ""),
    ("GET", "/openapi.json", ""),
    ("GET", "/rest/openapi.json", ""),
    ("GET", "/v1/nothing", ""),
    ("PUT", "/v1/partners", ""),
    ("GET", "/v1/partners", ""),
    (
        "POST",
        "/v1/partners",
        r#"{"partner": "7d37f2c0-3fb7-4a2a-9f0d-1f9f6d6a2b11", "name": "Alpha"}"#,
    ),
    ("GET", "/v1/instances", ""),
    (
        "POST",
        "/v1/instances",
        r#"{"party": "{a}", "name": "one", "vendorSdk": true, "interop": true, "deduplicates": true}"#,
    ),
    ("GET", "/v1/certificates", ""),
    (
        "POST",
        "/v1/certificates",
        r#"{"party": "{b}", "certificate": "{certificate}"}"#,
    ),
    (
        "POST",
        "/v1/certificates/revoke",
        r#"{"thumbprint": "{thumbprint}"}"#,
    ),
    ("GET", "/v1/credentials", ""),
    (
        "POST",
        "/v1/credentials",
        r#"{"name": "anna", "party": "{a}", "password": "correct horse battery"}"#,
    ),
    (
        "POST",
        "/v1/credentials",
        r#"{"name": "bert", "party": "{b}"}"#,
    ),
    ("POST", "/v1/credentials/remove", r#"{"name": "anna"}"#),
    (
        "GET",
        "/v1/contracts?partner=01010101-0101-0101-0101-010101010101",
        "",
    ),
    ("GET", "/v1/contracts/{contract}", ""),
    (
        "POST",
        "/v1/would-allow",
        r#"{"sender": "{a}", "receiver": "{b}", "operation": "create_card", "body": {}}"#,
    ),
    (
        "GET",
        "/v1/exchanges/01010101-0101-0101-0101-010101010101",
        "",
    ),
    (
        "GET",
        "/v1/exchanges/03030303-0303-0303-0303-030303030303",
        "",
    ),
    (
        "GET",
        "/v1/exchanges/07070707-0707-0707-0707-070707070707",
        "",
    ),
    (
        "DELETE",
        "/v1/exchanges/01010101-0101-0101-0101-010101010101",
        "",
    ),
    (
        "DELETE",
        "/v1/exchanges/04040404-0404-0404-0404-040404040404",
        "",
    ),
    (
        "POST",
        "/v1/exchanges/02020202-0202-0202-0202-020202020202/requeue",
        r#"{"deadlineSeconds": 60}"#,
    ),
    ("GET", "/v1/card-owners/{owner}?from=0", ""),
    (
        "POST",
        "/v1/erase-card-owner",
        r#"{"cardOwner": "{owner}", "from": 0}"#,
    ),
    (
        "GET",
        "/v1/evidence/01010101-0101-0101-0101-010101010101",
        "",
    ),
    ("GET", "/v1/log/checkpoint", ""),
    ("GET", "/v1/log/consistency?earlier=1&later=5", ""),
    ("GET", "/v1/receivers", ""),
    (
        "POST",
        "/v1/backup",
        r#"{"to": "/backup", "keys": "/keys"}"#,
    ),
    ("GET", "/v1/faults", ""),
    (
        "POST",
        "/v1/faults",
        r#"{"kind": "delay", "instance": "65656565-6565-6565-6565-656565656565", "operation": "create_card", "count": 0, "percent": 10, "seconds": 3}"#,
    ),
    ("DELETE", "/v1/faults", ""),
    ("DELETE", "/v1/faults/1", ""),
    ("GET", "/v1/clock", ""),
    ("POST", "/v1/clock", r#"{"bySeconds": 60}"#),
];

/// Messages with folds, without fields, and such as others read otherwise.
const MESSAGES: [(&str, &str); 6] = [
    ("none", "GET / HTTP/1.1\r\n\r\n"),
    (
        "folds",
        "POST /a?b HTTP/1.1\r\nX: one\r\n  two\r\n\t\r\ncontent-length:\r\n 2\r\n\r\n{}",
    ),
    (
        "callback",
        "CALLBACK https://a/b HTTP/1.1\r\nHost: a\r\nY:\r\n\r\n",
    ),
    (
        "chunked",
        "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "lengths",
        "POST /a HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    ),
    ("feeds", "GET /a HTTP/1.1\nX : a\rb\n\n"),
];

struct Seeds<'a> {
    folder: &'a Path,
    cases: usize,
    count: usize,
}

impl Seeds<'_> {
    fn put(&mut self, target: &str, name: &str, bytes: &[u8]) {
        let limit = match target {
            "evidence" => MAX_EVIDENCE_LEN,
            _ => MAX_LEN,
        };
        if bytes.len() > limit {
            return;
        }
        let folder = self.folder.join(target);
        fs::create_dir_all(&folder).expect("a folder for the seeds");
        let name: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        fs::write(folder.join(name), bytes).expect("a seed");
        self.count += 1;
    }

    fn case(&mut self, case: &Case) {
        let list = case.components.join(" ");
        for (target, switches) in REQUEST_TARGETS {
            self.put(target, &case.name, &trial(switches, &list, &case.request));
        }
        let (name, functions) = C_CALLS[self.cases % C_CALLS.len()];
        self.cases += 1;
        // No argument is twisted: all choices are 0.
        let calls: Vec<u8> = functions
            .iter()
            .flat_map(|function| [*function, 0, 0, 0, 0, 0, 0, 0, 0])
            .collect();
        let name = format!("{}-{name}", case.name);
        self.put("c_abi", &name, &trial(&calls, &list, &case.request));
        self.put("component_list", &case.name, list.as_bytes());
        let wire = case.request.to_http("\r\n");
        self.put("http_reader", &case.name, &wire);
        self.put("message", &case.name, &wire);
        for (name, value) in &case.request.headers {
            if name.eq_ignore_ascii_case("date") {
                self.put("date", &case.name, value);
            }
        }
    }

    fn files(&mut self) {
        for key in KEYS {
            for form in ["pkcs1", "pkcs8"] {
                let file = key_file(&format!("{key}.{form}.der"));
                self.put("private_der", &format!("{key}-{form}"), &file);
            }
            for form in ["spki", "public-pkcs1"] {
                let file = key_file(&format!("{key}.{form}.der"));
                self.put("public_der", &format!("{key}-{form}"), &file);
            }
        }
        for form in ["pkcs1", "pkcs8", "spki", "public-pkcs1"] {
            self.put("pem", form, &key_file(&format!("rsa2048.{form}.pem")));
        }
    }

    /// Certificates of the test keys, made by OpenSSL.
    fn certificates(&mut self) {
        let openssl = OpenSsl::default();
        let mut made = Vec::new();
        for key in KEYS {
            let path = cases::key_path(&format!("{key}.pkcs8.pem"));
            for (name, more) in [("now", "-days 30"), ("after-2050", "-days 20000")] {
                openssl.run(&format!(
                    "req -x509 -key {} -subj /C=SE/O=test/CN={key} {more} -outform DER -out certificate.der",
                    path.display()
                ));
                made.push((format!("{key}-{name}"), openssl.read("certificate.der")));
            }
        }
        for (name, certificate) in &made {
            self.put("certificate", name, certificate);
            self.put("certificate_file", name, certificate);
        }
        self.requests(&openssl);
        self.lists(&openssl);
        self.pkcs12(&openssl);
        let (_, certificate) = &made[0];
        self.put("public_der", "certificate", certificate);
        openssl.write("certificate.der", certificate);
        let pem = openssl.run("x509 -inform DER -in certificate.der");
        self.put("pem", "certificate", &pem);
        let key = key_file("rsa2048.pkcs8.pem");
        self.put(
            "pem",
            "certificate-and-key",
            &[&*pem, b"\r\n text \r\n", &*key].concat(),
        );
    }
}

impl Seeds<'_> {
    /// The page's policy, and smaller ones, each with targets.
    fn policies(&mut self) {
        let page = program("mutual-tls", "toml");
        let page = page.replace("demo/ca1.crt", "root.crt");
        let page = page.replace("[\"demo/root/authority.crl\"]", "\"not-asked\"");
        let small = "[roots.a]\ncertificates = [\"root.crt\"]\nlists = \"not-asked\"\n\
                     [[paths]]\npath = \"/\"\nroots = [\"a\"]\n\
                     [[paths]]\npath = \"/a/b%20c/\"\nrule = \"b\"\nroots = [\"a\"]\n";
        for (name, text, targets) in [
            (
                "page",
                &*page,
                "/fdx/accounts/7?a=//.. /fdx/authorization /fdx/accounts2",
            ),
            (
                "paths",
                small,
                "/ /a /a/b%20c /a/b%20c/d /a/../b /%61 /a//b /a;b/c",
            ),
            (
                "list",
                &small.replace("\"not-asked\"", "[\"root.crl\"]"),
                "/",
            ),
        ] {
            let targets = targets.split(' ').map(str::as_bytes);
            let parts: Vec<&[u8]> = [text.as_bytes()].into_iter().chain(targets).collect();
            self.put("policy", name, &parts.join(SEPARATOR));
        }
    }

    /// Requests for certificates, and a certificate with all that is asked for there.
    fn requests(&mut self, openssl: &OpenSsl) {
        let key = cases::key_path("rsa2048.pkcs8.pem");
        let key = key.display();
        let more = "-addext basicConstraints=critical,CA:TRUE,pathlen:1 \
                    -addext keyUsage=critical,digitalSignature,keyCertSign \
                    -addext extendedKeyUsage=clientAuth \
                    -addext subjectAltName=DNS:a.se,IP:192.0.2.1,IP:::1,email:a@a.se,URI:a:b,RID:1.2.3 \
                    -outform DER";
        for (name, subject) in [
            ("plain", "/CN=a"),
            ("many", "/C=SE/O=a+OU=b/UID=c/1.2.3.4=d"),
        ] {
            let subject = format!("req -new -multivalue-rdn -key {key} -subj {subject}");
            self.put(
                "request_file",
                name,
                &openssl.run(&format!("{subject} {more}")),
            );
            let bare = openssl.run(&format!("{subject} -outform DER"));
            self.put("request_file", &format!("{name}-bare"), &bare);
            let certificate = openssl.run(&format!("{subject} -x509 {more}"));
            self.put(
                "certificate_file",
                &format!("extensions-{name}"),
                &certificate,
            );
        }
    }
}

impl Seeds<'_> {
    /// Lists of revoked certificates: OpenSSL's with two entries, and our own with every reason.
    fn lists(&mut self, openssl: &OpenSsl) {
        let key = cases::key_path("rsa2048.pkcs8.pem");
        openssl.run(&format!(
            "req -x509 -new -key {} -subj /CN=a -days 3650 -out ca.pem",
            key.display()
        ));
        openssl.write("list.cnf", LIST_CONF);
        openssl.write("list.txt", LIST_DATABASE);
        openssl.write("number", "01\n");
        for (name, more) in [("version-2", "-crlexts extensions"), ("version-1", "")] {
            let made = format!(
                "ca -config list.cnf -gencrl -keyfile {} -cert ca.pem -crldays 30 -out list.pem {more}",
                key.display()
            );
            openssl.run(made.trim_end());
            let list = openssl.run("crl -in list.pem -outform DER");
            self.put("crl", name, &list);
        }
        self.put("crl", "pem", &openssl.read("list.pem"));
    }

    /// What the target puts a MAC behind: AuthenticatedSafe (RFC 7292 4.1), with few iterations.
    fn pkcs12(&mut self, openssl: &OpenSsl) {
        let key = cases::key_path("rsa2048.pkcs8.pem");
        let make = format!(
            "pkcs12 -export -inkey {} -in ca.pem -name a -passout pass:secret -nomaciter -iter 1",
            key.display()
        );
        for (name, more) in [
            ("plain", "-keypbe NONE -certpbe NONE"),
            ("aes", "-keypbe AES-256-CBC -certpbe NONE"),
            ("triple-des", "-keypbe NONE -certpbe PBE-SHA1-3DES"),
            (
                "rc2",
                "-legacy -keypbe PBE-SHA1-RC2-128 -certpbe PBE-SHA1-RC2-40",
            ),
        ] {
            openssl.run(&format!("{make} {more} -out made.p12"));
            let file = openssl.read("made.p12");
            self.put("pkcs12", name, &authenticated_safe(&file));
            self.put("pkcs12", &format!("{name}-file"), &file);
        }
    }
}

impl Seeds<'_> {
    /// What the exchange and a party send each other, and the forms that other requests do not have.
    fn messages(&mut self) {
        let world = World::new();
        let passed_on = world.passed_on(id(1));
        let answer = World::answer(id(1), &passed_on.name(), &world.b.key, 2);
        self.put("message", "request", &world.request().bytes);
        self.put("message", "passed-on", &passed_on.bytes);
        self.put("message", "answer", &answer.bytes);
        for (name, text) in MESSAGES {
            self.put("message", name, text.as_bytes());
        }
    }

    /// Files of one log: a whole exchange, a refused and an expired one, and one that was erased.
    fn evidence(&mut self) {
        let world = World::new();
        let mut store = world.store();
        world.run(&mut store);
        let end = End {
            correlation: id(2),
            at: at(10),
            statement: b"504".to_vec(),
        };
        let batch = [world.refusal(id(3)), Operation::Expire(end)];
        let results = store.commit(&batch).expect("a record");
        assert!(results.iter().all(Result::is_ok), "{results:?}");
        let mut put = |name: &str, number: u8, store: &mut SqliteStore| {
            self.put("evidence", name, &world.evidence(store, id(number)));
        };
        put("complete", 1, &mut store);
        put("expired", 2, &mut store);
        put("refused", 3, &mut store);
        assert_eq!(store.erase(id(1)), Ok(true));
        put("erased", 1, &mut store);
    }
}

impl Seeds<'_> {
    /// Everything that operators ask, as they ask it.
    fn management(&mut self) {
        let party = |number| {
            let (partner, instance) = managing::party(number);
            format!("{partner}/{instance}")
        };
        let certificate = BASE64_STANDARD.encode(managing::certificate(2));
        let certificate =
            format!("-----BEGIN CERTIFICATE-----\\n{certificate}\\n-----END CERTIFICATE-----\\n");
        let thumbprint = Sha256::digest(&managing::certificate(1));
        let thumbprint = thumbprint.map(|byte| format!("{byte:02x}")).concat();
        let filled = |text: &str| {
            text.replace("{a}", &party(1))
                .replace("{b}", &party(2))
                .replace("{certificate}", &certificate)
                .replace("{thumbprint}", &thumbprint)
                .replace("{contract}", managing::CONTRACT)
                .replace("{owner}", managing::CARD_OWNER)
        };
        let token = format!("Bearer {}", managing::TOKEN);
        for (number, (method, target, body)) in MANAGEMENT.into_iter().enumerate() {
            let asked = [
                method,
                &*filled(target),
                &*filled(body),
                "Host",
                "localhost",
                "Authorization",
                &*token,
            ];
            let seed = asked.map(str::as_bytes).join(SEPARATOR);
            let name = format!("{number:02}-{method}-{}", target.trim_start_matches("/v1/"));
            let name: String = name.chars().take(40).collect();
            self.put("management", &name, &seed);
        }
    }
}

/// The contents of the OCTET STRING in the first ContentInfo of a file.
fn authenticated_safe(file: &[u8]) -> Vec<u8> {
    let data = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01];
    let place = file.windows(data.len()).position(|bytes| bytes == data);
    // Behind it `[0]` and OCTET STRING, with lengths of two bytes.
    let start = place.expect("id-data") + data.len() + 8;
    let len = usize::from(u16::from_be_bytes([file[start - 2], file[start - 1]]));
    file[start..start + len].to_vec()
}

const LIST_CONF: &str = "\
[ca]
default_ca = ca
[ca]
database = list.txt
crlnumber = number
default_md = sha256
[extensions]
authorityKeyIdentifier = keyid:always
";
/// What OpenSSL calls its database: revoked, until when, when and why, number, where, subject.
const LIST_DATABASE: &str = "\
R\t301231235959Z\t260101000000Z,keyCompromise\t01\tunknown\t/CN=a
R\t301231235959Z\t260102000000Z\t8F0102030405060708090A0B0C0D0E0F\tunknown\t/CN=b
R\t301231235959Z\t260103000000Z,cessationOfOperation\t7F\tunknown\t/CN=c
";

fn trial(switches: &[u8], list: &str, request: &OwnedRequest) -> Vec<u8> {
    let method = request.method.as_bytes();
    let mut parts = vec![switches, list.as_bytes(), method, request.target.as_bytes()];
    parts.push(&request.body);
    for (name, value) in &request.headers {
        parts.extend([name.as_bytes(), value]);
    }
    parts.join(SEPARATOR)
}
