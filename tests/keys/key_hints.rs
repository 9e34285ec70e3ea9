//! What is said of a key file that is none as it is: the file is named, and the command that the
//! sentence gives is run; what it makes must load, as the key that the file was made of.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::{Certificate, Error, KeyHint, PrivateKey, PublicKey, identify_key};
use daxsign_tests::cases::key_file;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::rsa_keys::{KeyNumbers, sequence};

/// What the command of a sentence leaves.
#[derive(Clone, Copy, PartialEq)]
enum Makes {
    /// The file of this name, with the key or its public half.
    Key(&'static str),
    /// The file itself, changed.
    Changed,
    /// An RSA key of its own in this file.
    New(&'static str),
    /// There is no command, or it needs a program that is not on every machine.
    Untried,
}

use Makes::{Changed, Key, New, Untried};

struct Case {
    file: Vec<u8>,
    says: &'static str,
    makes: Makes,
}

fn case(file: impl AsRef<[u8]>, says: &'static str, makes: Makes) -> Case {
    let file = file.as_ref().to_vec();
    Case { file, says, makes }
}

/// A private key as it should be, and what other programs make of it.
struct Keys {
    openssl: OpenSsl,
    pem: String,
    public: String,
    der: Vec<u8>,
}

impl Keys {
    fn new() -> Self {
        let openssl = OpenSsl::default();
        openssl.write("key.pem", key_file("rsa2048.pkcs8.pem"));
        openssl.run("req -x509 -key key.pem -subj /CN=x -days 30 -out cert.pem");
        let text = |file| String::from_utf8(key_file(file)).unwrap();
        Self {
            openssl,
            pem: text("rsa2048.pkcs8.pem"),
            public: text("rsa2048.spki.pem"),
            der: key_file("rsa2048.pkcs8.der"),
        }
    }

    /// What OpenSSL makes of key.pem and cert.pem.
    fn made(&self, arguments: &str) -> Vec<u8> {
        self.openssl.run(&format!("{arguments} -out made"));
        self.openssl.read("made")
    }

    /// What another program prints, in the folder with key.pem and cert.pem.
    fn printed(&self, command: &str) -> Vec<u8> {
        let mut shell = Command::new("bash");
        let output = shell
            .args(["-euo", "pipefail", "-c", command])
            .current_dir(self.openssl.root())
            .output()
            .expect("bash");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}: {said}");
        output.stdout
    }

    fn owned_by_user(&self, name: &str, bytes: &[u8]) {
        let path = self.openssl.write(name, bytes);
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o600)).unwrap();
    }
}

fn modulus(key: &PublicKey) -> Vec<u8> {
    let mut out = vec![0; key.modulus_len()];
    key.write_modulus(&mut out).unwrap();
    out
}

/// The public key of any file that loads.
fn public_of(file: &[u8]) -> PublicKey {
    match identify_key(file).unwrap().0 {
        kind if kind.is_private() => PrivateKey::from_bytes(file).unwrap().public_key().clone(),
        _ => PublicKey::from_bytes(file).unwrap(),
    }
}

/// The sentence for a file, from each reader that refuses it.
fn sentences(file: &[u8]) -> Vec<String> {
    let errors: [Option<Error>; 4] = [
        identify_key(file).err(),
        PrivateKey::from_bytes(file).err(),
        PublicKey::from_bytes(file).err(),
        Certificate::from_bytes(file).err(),
    ];
    let hints = errors
        .iter()
        .flatten()
        .filter_map(|error| KeyHint::for_refused(file, error));
    let mut texts: Vec<String> = hints.map(|hint| hint.to_string()).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// Checks what is said of a case, and does it.
fn try_case(keys: &Keys, Case { file, says, makes }: &Case) {
    let sentences = sentences(file);
    let [sentence] = sentences.as_slice() else {
        panic!("{says}: {sentences:?}");
    };
    assert!(sentence.contains(says), "{says}: {sentence}");
    assert!(sentence.len() < 512, "{says}: {} bytes", sentence.len());
    if *makes == Untried {
        return;
    }
    keys.owned_by_user("FILE", file);
    keys.owned_by_user("COPY", file);
    let command = sentence.split('`').nth(1).expect("a command");
    // What a person would be asked for.
    let command = command
        .replace("openssl pkey", "openssl pkey -passin pass:secret")
        .replace("openssl pkcs12", "openssl pkcs12 -passin pass:secret")
        .replace("ssh-keygen -p", "ssh-keygen -p -N ''")
        .replace("ssh-keygen -t", "ssh-keygen -q -N '' -t");
    let _ = std::fs::remove_file(keys.openssl.path("key.pem"));
    keys.printed(&command);
    let made = match makes {
        Key(name) | New(name) => keys.openssl.read(name),
        _ => keys.openssl.read("COPY"),
    };
    let same = modulus(&public_of(&made)) == modulus(&public_of(keys.pem.as_bytes()));
    assert_eq!(same, !matches!(makes, New(_)), "{command}");
    keys.openssl.write("key.pem", &keys.pem);
}

fn try_all(keys: &Keys, cases: &[Case]) -> usize {
    for case in cases {
        try_case(keys, case);
    }
    cases.len()
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    let units = text.encode_utf16();
    let bytes = |unit: u16| {
        if little {
            unit.to_le_bytes()
        } else {
            unit.to_be_bytes()
        }
    };
    units.flat_map(bytes).collect()
}

#[test]
fn texts_in_another_encoding_are_named() {
    let keys = Keys::new();
    let windows = keys.pem.replace('\n', "\r\n");
    let marked = format!("\u{feff}{windows}");
    let mut cases = vec![case("", "the file is empty", New("key.pem"))];
    cases.push(case("\u{feff}\r\n \t", "the file is empty", New("key.pem")));
    for text in [&marked, &windows, &keys.public] {
        for little in [true, false] {
            let file = utf16(text, little);
            let says = "the file is UTF-16 (PowerShell's >";
            cases.push(case(file, says, Key("key.pem")));
        }
    }
    assert_eq!(try_all(&keys, &cases), 8);
}

#[test]
fn formats_of_openssl_are_named() {
    let keys = Keys::new();
    let export = "pkcs12 -export -inkey key.pem -in cert.pem -passout pass:secret";
    let mut cases = vec![
        case(keys.made(export), "PKCS#12 file", Key("key.pem")),
        case(
            keys.made(&format!("{export} -nokeys")),
            "PKCS#12 file",
            Untried,
        ),
        case(
            keys.made("crl2pkcs7 -nocrl -certfile cert.pem"),
            "PKCS#7 file",
            Key("cert.pem"),
        ),
        case(
            keys.made("crl2pkcs7 -nocrl -certfile cert.pem -outform DER"),
            "PKCS#7 file",
            Key("cert.pem"),
        ),
        case(
            keys.made("x509 -in cert.pem -trustout -addtrust clientAuth"),
            "OpenSSL's notes on trust",
            Key("cert.pem"),
        ),
    ];
    for form in ["", " -outform DER"] {
        for subject in ["/CN=x", "/"] {
            let request = keys.made(&format!("req -new -key key.pem -subj {subject}{form}"));
            cases.push(case(
                request,
                "certificate request (CSR)",
                Key("public.pem"),
            ));
        }
    }
    let text = String::from_utf8(keys.made("req -new -key key.pem -subj /CN=x")).unwrap();
    let mislabelled = text.replace("CERTIFICATE REQUEST", "CERTIFICATE");
    cases.push(case(mislabelled, "certificate request (CSR)", Untried));
    let blob = keys.made("rsa -in key.pem -outform MSBLOB");
    cases.push(case(blob, "key BLOB of Windows' CryptoAPI", Key("key.pem")));
    let pvk = keys.made("rsa -in key.pem -outform PVK -pvk-none");
    cases.push(case(pvk, "PVK file", Key("key.pem")));
    let dump = keys.printed("od -An -v -tx1 key.pem");
    cases.push(case(dump, "hex of a PEM file", Key("key.pem")));
    assert_eq!(try_all(&keys, &cases), 13);
}

#[test]
fn encrypted_keys_are_named_with_the_way_out() {
    let keys = Keys::new();
    let mut cases = Vec::new();
    let commands = [
        "rsa -in key.pem -aes256 -traditional -passout pass:secret",
        "pkcs8 -topk8 -in key.pem -passout pass:secret",
    ];
    for command in commands {
        let text = String::from_utf8(keys.made(command)).unwrap();
        for line_end in ["\n", "\r\n", "\r", "\\n", "\\r\\n"] {
            let file = text.replace('\n', line_end);
            cases.push(case(file, "found an encrypted private key", Key("key.pem")));
        }
    }
    let der = keys.made("pkcs8 -topk8 -in key.pem -passout pass:secret -outform DER");
    cases.push(case(der, "found an encrypted private key", Key("key.pem")));
    assert_eq!(try_all(&keys, &cases), 11);
}

#[test]
fn formats_of_ssh_are_named() {
    let keys = Keys::new();
    let ssh = |command: &str| keys.printed(command);
    keys.owned_by_user("ssh", keys.pem.as_bytes());
    let public = ssh("ssh-keygen -y -f ssh > ssh.pub; cat ssh.pub");
    let rfc4716 = ssh("ssh-keygen -e -f ssh.pub");
    let private = ssh("ssh-keygen -q -p -N '' -f ssh >/dev/null; cat ssh");
    let locked = ssh("ssh-keygen -q -p -N secret -f ssh >/dev/null; cat ssh");
    let mut cases = vec![
        case(public, "OpenSSH's one-line format", Key("public.pem")),
        case(rfc4716, "SSH2 format", Key("public.pem")),
        case(private, "OpenSSH's own format", Changed),
        case(locked, "OpenSSH's own format", Untried),
        case(
            "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: x\n",
            "PuTTY key (.ppk)",
            Untried,
        ),
    ];
    for kind in ["ed25519", "ecdsa"] {
        let command = format!("ssh-keygen -q -t {kind} -N '' -f {kind}; cat {kind}");
        cases.push(case(
            ssh(&command),
            "OpenSSH key of another algorithm",
            Untried,
        ));
        let public = ssh(&format!("cat {kind}.pub"));
        cases.push(case(
            public,
            "OpenSSH key of another algorithm",
            New("key.pem"),
        ));
    }
    assert_eq!(try_all(&keys, &cases[..8]), 8);
    // It would ask whether to overwrite.
    std::fs::remove_file(keys.openssl.path("key.pem")).unwrap();
    assert_eq!(try_all(&keys, &cases[8..]), 1);
}

#[test]
fn a_block_that_is_cut_off_is_not_taken_for_bare_base64() {
    let keys = Keys::new();
    let pkcs1 = String::from_utf8(key_file("rsa2048.pkcs1.pem")).unwrap();
    let mut cuts = 0;
    for text in [&keys.pem, &keys.public, &pkcs1] {
        let end = text.find("-----END").unwrap();
        for len in [text.find('\n').unwrap() + 40, end / 2, end, end + 4] {
            let cut = &text.as_bytes()[..len];
            let sentences = sentences(cut);
            assert!(
                sentences.iter().all(|said| !said.contains("without BEGIN")),
                "{len}: {sentences:?}"
            );
            let error = identify_key(cut).unwrap_err().to_string();
            assert!(error.contains("is the file cut off?"), "{len}: {error}");
            cuts += 1;
        }
    }
    assert_eq!(cuts, 12);
}

#[test]
fn texts_that_were_wrapped_are_named() {
    let keys = Keys::new();
    let base64 = BASE64_STANDARD.encode(&keys.der);
    let lines: Vec<&str> = keys.pem.lines().collect();
    let inside = lines[1..lines.len() - 1].join("\n");
    let hex = |bytes: &[u8], start: &str, between: &str| {
        let bytes: Vec<String> = bytes
            .iter()
            .map(|byte| format!("{start}{byte:02x}"))
            .collect();
        bytes.join(between)
    };
    let of_pem = BASE64_STANDARD.encode(&keys.pem);
    let quoted = |mark: &str| format!("{mark}{}\n", lines.join(&format!("\n{mark}")));
    let html = |line_end: &str| keys.pem.replace('\n', line_end);
    let bare = "base64 without BEGIN/END lines";
    // As xxd writes it, without the column of characters.
    let dumped = |(row, bytes): (usize, &[u8])| {
        let pairs: Vec<String> = bytes.chunks(2).map(|pair| hex(pair, "", "")).collect();
        format!("{:08x}: {}  .", row * 16, pairs.join(" "))
    };
    let dump: Vec<String> = keys.der.chunks(16).enumerate().map(dumped).collect();
    let cases = [
        case(&base64, bare, Key("key.der")),
        case(format!("{inside}\n"), bare, Key("key.der")),
        case(inside.replace('\n', "\r\n"), bare, Untried),
        case(format!("KEY={base64}"), bare, Untried),
        case(&of_pem, "the base64 of a PEM file", Key("key.pem")),
        case(
            format!("tls.key: {of_pem}\n"),
            "the base64 of a PEM file",
            Untried,
        ),
        case(hex(&keys.der, "", ""), "hex of DER", Key("key.der")),
        case(hex(&keys.der, "", ":"), "hex of DER", Key("key.der")),
        case(
            hex(&keys.der, "", " ").to_uppercase(),
            "hex of DER",
            Key("key.der"),
        ),
        case(hex(&keys.der, "0x", ", "), "hex of DER", Key("key.der")),
        case(hex(&keys.der, "\\x", ""), "hex of DER", Key("key.der")),
        case(
            format!("0x{}", hex(&keys.der, "", "")),
            "hex of DER",
            Key("key.der"),
        ),
        case(
            hex(keys.pem.as_bytes(), "", ""),
            "hex of a PEM",
            Key("key.pem"),
        ),
        case(dump.join("\n"), "a dump in hexadecimal", Key("key.der")),
        case(quoted("> "), "a quoted mail", Key("key.pem")),
        case(quoted(">> "), "a quoted mail", Key("key.pem")),
        case(quoted(">"), "a quoted mail", Key("key.pem")),
        case(html("&#10;"), "the text is HTML", Key("key.pem")),
        case(html("&#xA;\n"), "the text is HTML", Key("key.pem")),
        case(html("<br>\n"), "the text is HTML", Key("key.pem")),
        case(html("<br/>"), "the text is HTML", Key("key.pem")),
        case(html("%0A"), "percent-encoded", Key("key.pem")),
        case(
            keys.public.replace('\n', "%0D%0A").replace('+', "%2B"),
            "percent-encoded",
            Key("key.pem"),
        ),
        case(
            keys.printed("openssl rsa -in key.pem -traditional | python3 -m quopri -t"),
            "quoted-printable",
            Key("key.pem"),
        ),
        case(
            "<!doctype html>\n<html><body>Sign in",
            "a web page",
            Untried,
        ),
    ];
    assert_eq!(try_all(&keys, &cases), 25);
}

#[test]
fn begin_and_end_lines_that_are_none_are_named() {
    let keys = Keys::new();
    let dashes = |from: &str, to: &str| keys.pem.replace(from, to);
    let five = "line needs five dashes";
    let rest = keys.pem.split_once('\n').unwrap().1;
    let mut cases = vec![
        case(rest, "no BEGIN line", Key("key.pem")),
        case(
            dashes("END PRIVATE", "END RSA PRIVATE"),
            "name different things",
            Untried,
        ),
    ];
    for dashes_found in [
        "----",
        "---",
        "\u{2013}\u{2013}-",
        "\u{2014}\u{2013}",
        "\u{2012}\u{2012}\u{2012}\u{2012}\u{2012}",
        "\u{2212}\u{2212}\u{2212}\u{2212}\u{2212}",
        "\u{2010}----",
        "\u{ff0d}\u{ff0d}\u{ff0d}\u{ff0d}\u{ff0d}",
        "- - - - -",
    ] {
        cases.push(case(dashes("-----", dashes_found), five, Key("key.pem")));
    }
    let windows_1252 = keys.pem.as_bytes().to_vec();
    let windows_1252 = windows_1252
        .split(|byte| *byte == b'-')
        .fold(Vec::new(), |all, part| {
            let dash: &[u8] = if all.is_empty() && part.is_empty() {
                b""
            } else {
                b"\x96"
            };
            [all.as_slice(), dash, part].concat()
        });
    cases.push(case(windows_1252, five, Key("key.pem")));
    for (from, to) in [
        ("-----BEGIN", "----BEGIN"),
        ("-----END", "----END"),
        ("-----BEGIN ", "----- BEGIN "),
        ("-----BEGIN PRIVATE KEY-----\n", "BEGIN PRIVATE KEY\n"),
        ("BEGIN PRIVATE KEY-----", "BEGIN PRIVATE KEY---"),
        ("END PRIVATE KEY-----", "END PRIVATE KEY----"),
    ] {
        cases.push(case(dashes(from, to), five, Key("key.pem")));
    }
    cases.push(case(
        keys.public.replace("-----", "\u{2014}\u{2014}"),
        five,
        Key("key.pem"),
    ));
    assert_eq!(try_all(&keys, &cases), 19);
}

#[test]
fn what_stands_in_a_block_beside_the_key_is_named() {
    let keys = Keys::new();
    let with = |line: &str| {
        keys.pem
            .replace("KEY-----\nMII", &format!("KEY-----\n{line}\n\nMII"))
    };
    let in_pem = |der: &[u8]| {
        let base64 = BASE64_STANDARD.encode(der);
        format!("-----BEGIN PRIVATE KEY-----\n{base64}\n-----END PRIVATE KEY-----\n")
    };
    let more = |bytes: &[u8]| [keys.der.as_slice(), bytes].concat();
    let less = &keys.der[..keys.der.len() - 9];
    let mut lines: Vec<String> = keys.pem.lines().map(str::to_owned).collect();
    lines[4].replace_range(7..8, "*");
    let pkcs12 = keys.made("pkcs12 -export -inkey key.pem -in cert.pem -passout pass:secret");
    let cases = [
        case(
            with("Comment: door 7"),
            "a header line 'Comment'",
            Key("key.pem"),
        ),
        case(
            with("X-Key-Name: ab"),
            "a header line 'X-Key-Name'",
            Key("key.pem"),
        ),
        case(
            with("Comment: door 7").replace('\n', "\\n"),
            "a header line 'Comment'",
            Untried,
        ),
        case(
            with("Comment: door 7").replace('\n', "\r"),
            "'Comment'",
            Untried,
        ),
        case(more(b"\n"), "1 byte stands behind the key", Key("key.der")),
        case(
            more(&[0; 700]),
            "700 bytes stand behind the key",
            Key("key.der"),
        ),
        case(
            more(&keys.der),
            "bytes stand behind the key",
            Key("key.der"),
        ),
        case(
            in_pem(&more(b"\r\n")),
            "2 bytes stand behind",
            Key("key.pem"),
        ),
        case(
            &keys.der[..keys.der.len() - 1],
            "the key ends 1 byte early",
            Untried,
        ),
        case(less, "the key ends 9 bytes early", Untried),
        case(in_pem(less), "the key ends 9 bytes early", Untried),
        case(lines.join("\n"), "line 5 of the file", Untried),
        case(in_pem(&pkcs12), "PKCS#12 file", Untried),
        case(
            in_pem(keys.pem.as_bytes()),
            "the base64 of a PEM file",
            Untried,
        ),
    ];
    assert_eq!(try_all(&keys, &cases), 14);
}

#[test]
fn keys_of_other_algorithms_are_named_with_what_is_needed() {
    let keys = Keys::new();
    let mut cases = Vec::new();
    for algorithm in ["EC -pkeyopt ec_paramgen_curve:P-256", "ED25519", "X448"] {
        let says = match &algorithm[..2] {
            "EC" => "found an elliptic curve key",
            "ED" => "found an Ed25519 key",
            _ => "found an X448 key",
        };
        let private = keys.made(&format!("genpkey -algorithm {algorithm}"));
        keys.openssl.write("other.pem", &private);
        let public = keys.made("pkey -in other.pem -pubout");
        cases.push(case(private, says, New("key.pem")));
        cases.push(case(public, says, New("key.pem")));
    }
    let old = keys.made("ecparam -name prime256v1 -genkey");
    cases.push(case(old, "found an elliptic curve key", New("key.pem")));
    assert_eq!(try_all(&keys, &cases), 7);
}

#[test]
fn keys_in_json_and_xml_are_named() {
    let keys = Keys::new();
    let script = |call: &str| {
        let command = format!(
            "node -e 'const k=crypto.{call}.export({{format:\"jwk\"}}); {}'",
            "console.log(JSON.stringify(k))"
        );
        keys.printed(&command)
    };
    let private = script("createPrivateKey(fs.readFileSync(\"key.pem\"))");
    let public = script("createPublicKey(fs.readFileSync(\"key.pem\"))");
    let set = [b"{\"keys\": [".as_slice(), &public, b"]}"].concat();
    let text = |private: bool| {
        let numbers = KeyNumbers::from_pkcs1_der(&key_file("rsa2048.pkcs1.der"));
        let base64 = |name: &str, number: &num_bigint::BigUint| {
            format!(
                "<{name}>{}</{name}>",
                BASE64_STANDARD.encode(number.to_bytes_be())
            )
        };
        let secret = if private {
            base64("D", &numbers.d)
        } else {
            String::new()
        };
        let public = base64("Modulus", &numbers.n) + &base64("Exponent", &numbers.e);
        format!("<RSAKeyValue>{public}{secret}</RSAKeyValue>")
    };
    let cases = [
        case(private, "a private key as JWK", Key("key.pem")),
        case(public, "a public key as JWK", Key("public.pem")),
        case(set, "a set of keys as JWK", Key("public.pem")),
        case(
            "{\"kty\":\"EC\",\"crv\":\"P-256\"}",
            "a JWK (JSON) of another",
            New("key.pem"),
        ),
        case("{\"a\": 1}", "JSON without a key in PEM", Untried),
        case(text(true), "a private key as XML", Untried),
        case(text(false), "a public key as XML", Untried),
        case(b"\xFE\xED\xFE\xED\0\0\0\x02", "a Java key store", Untried),
        case(
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nxA==\n-----END PGP PRIVATE KEY BLOCK-----",
            "OpenPGP",
            New("key.pem"),
        ),
    ];
    assert_eq!(try_all(&keys, &cases), 9);
}

/// Where the error says all that is known, nothing is made up.
#[test]
fn nothing_is_said_of_what_is_not_known() {
    let mut numbers = KeyNumbers::from_pkcs1_der(&key_file("rsa2048.pkcs1.der"));
    numbers.q_inv += 1_u8;
    let random: Vec<u8> = (0..600_u32)
        .map(|place| (place * 7919 % 251) as u8)
        .collect();
    for file in [
        numbers.pkcs1_der(),
        key_file("rsa2048.spki.pem"),
        key_file("rsa2048.pkcs8.pem"),
        b"no key".to_vec(),
        b"We BEGIN today, and END soon. The KEY is elsewhere.".to_vec(),
        b"Mit freundlichen Gruessen".to_vec(),
        sequence(&[vec![2, 1, 0]]),
        random,
    ] {
        assert_eq!(
            sentences(&file),
            [""; 0],
            "{}",
            String::from_utf8_lossy(&file)
        );
    }
}
