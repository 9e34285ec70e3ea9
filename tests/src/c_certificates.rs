//! Certificates that C and C++ programs read and judge, made by OpenSSL, which has to say the same of them.

use crate::c_program::Programs;
use crate::openssl::OpenSsl;

/// An authority that may have further ones below it.
const AUTHORITY: &str = "basicConstraints = critical, CA:TRUE\nkeyUsage = keyCertSign\n";
/// Other extensions, by the name of the chain's part that has them.
const EXTENSIONS: [(&str, &str); 6] = [
    ("authority", AUTHORITY),
    (
        "client",
        "basicConstraints = critical, CA:TRUE\nextendedKeyUsage = clientAuth\n",
    ),
    ("plain", "keyUsage = digitalSignature\n"),
    (
        "mute",
        "basicConstraints = critical, CA:TRUE\nkeyUsage = cRLSign\n",
    ),
    ("last", "basicConstraints = critical, CA:TRUE, pathlen:0\n"),
    ("odd", "1.2.3.4 = critical, ASN1:NULL\n"),
];

/// Signs a certificate for a name and key with the authority's certificate and key.
fn issue(openssl: &OpenSsl, file: &str, key: &str, by: (&str, &str), more: &str) {
    // Who issues others lives longer than they.
    let days = if file.starts_with("leaf") { 800 } else { 900 };
    openssl.run(&format!(
        "req -new -key keys/{key} -subj /CN={file} -out keys/asked.pem"
    ));
    let (certificate, own) = by;
    openssl.run(&format!(
        "x509 -req -in keys/asked.pem -CA keys/{certificate} -CAkey keys/{own} -set_serial 7 -days {days} \
         -out keys/{file}.pem{more}"
    ));
}

fn with(extensions: &str) -> String {
    format!(" -sha256 -extfile keys/{extensions}.ext")
}

/// `chain2048.pem` and so on: a certificate, and the authority between it and `certificate2048.pem`.
pub fn write_chains(openssl: &OpenSsl) {
    for (name, text) in EXTENSIONS {
        openssl.write(&format!("keys/{name}.ext"), text);
    }
    for bits in [2048, 3072, 4096] {
        let key = format!("rsa{bits}.pkcs8.pem");
        let root = format!("certificate{bits}.pem");
        let between = format!("between{bits}");
        issue(openssl, &between, &key, (&root, &key), &with("authority"));
        let by = format!("{between}.pem");
        issue(
            openssl,
            &format!("leaf{bits}"),
            &key,
            (&by, &key),
            &with("plain"),
        );
        join(
            openssl,
            &format!("chain{bits}"),
            &format!("leaf{bits}"),
            &between,
        );
    }
}

/// A file with the certificates of two others.
fn join(openssl: &OpenSsl, file: &str, first: &str, second: &str) {
    let read = |name: &str| openssl.read(&format!("keys/{name}.pem"));
    let both = [read(first), read(second)].concat();
    openssl.write(&format!("keys/{file}.pem"), both);
}

/// What is not to be trusted, or not for everything, each for its own reason.
pub fn write_untrusted(openssl: &OpenSsl) {
    const KEY: &str = "rsa2048.pkcs8.pem";
    let root = ("certificate2048.pem", KEY);
    issue(
        openssl,
        "sha512",
        KEY,
        root,
        " -sha512 -extfile keys/plain.ext",
    );
    issue(openssl, "old", KEY, root, " -sha256");
    issue(openssl, "odd", KEY, root, &with("odd"));
    // An authority of each kind, and one certificate of it.
    for (file, key, extensions) in [
        ("plain", KEY, "plain"),
        ("mute", KEY, "mute"),
        ("client", KEY, "client"),
        ("small", "rsa1024.pem", "authority"),
    ] {
        issue(openssl, &format!("{file}-ca"), key, root, &with(extensions));
        let by = format!("{file}-ca.pem");
        let leaf = format!("{file}-leaf");
        issue(openssl, &leaf, key, (&by, key), &with("plain"));
        join(openssl, &format!("by-{file}"), &leaf, &format!("{file}-ca"));
    }
    // Another authority's before the one that is meant.
    join(openssl, "pair", "certificate3072", "certificate2048");
    // An authority with one below it, which it does not allow.
    issue(openssl, "last", KEY, root, &with("last"));
    issue(openssl, "below", KEY, ("last.pem", KEY), &with("authority"));
    issue(openssl, "lowest", KEY, ("below.pem", KEY), &with("plain"));
    join(openssl, "by-below", "lowest", "below");
}

/// Compares what a program left in `read.txt` and `verdicts.txt` with what OpenSSL says of those files.
///
/// # Panics
/// If they differ, or are not so many.
pub fn compare_with_openssl(programs: &Programs, files: usize, verdicts: usize) {
    let text = |name: &str| String::from_utf8(programs.folder().read(name)).expect("text");
    let read = text("read.txt");
    for line in read.lines() {
        let file = line.split(' ').next().expect("a file");
        assert_eq!(line, read_by(programs.openssl(), file));
    }
    assert_eq!(read.lines().count(), files);
    let said = text("verdicts.txt");
    for line in said.lines() {
        let [file, authority, verdict] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let output = programs.openssl().try_run(&format!(
            "verify -CAfile keys/{authority} -untrusted keys/{file} keys/{file}"
        ));
        assert_eq!(output.status.success(), verdict == "ok", "{line}");
    }
    assert_eq!(said.lines().count(), verdicts);
}

/// A line of `read.txt` in OpenSSL's words: thumbprints, size of the key, first and last second.
fn read_by(openssl: &OpenSsl, file: &str) -> String {
    let form = if file.ends_with("der") { "DER" } else { "PEM" };
    let print = |what: &str| {
        let said = openssl.run(&format!(
            "x509 -in keys/{file} -inform {form} -noout {what}"
        ));
        String::from_utf8(said).expect("text").trim().to_owned()
    };
    let hash = |kind: &str| {
        let said = print(&format!("-fingerprint -{kind}"));
        let (_, digits) = said.split_once('=').expect("a fingerprint");
        digits.replace(':', "")
    };
    let dates = print("-dates -dateopt iso_8601");
    let dates: Vec<String> = dates
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(_, date)| date.trim_end_matches('Z').replace(' ', "T"))
        .collect();
    let bits = print("-text");
    let (_, bits) = bits.split_once("Public-Key: (").expect("a key");
    let (bits, _) = bits.split_once(" bit").expect("its bits");
    let (sha1, sha256) = (hash("sha1"), hash("sha256"));
    format!("{file} {sha1} {sha256} {bits} {}", dates.join(" "))
}
