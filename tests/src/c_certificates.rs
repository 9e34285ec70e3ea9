//! Certificates that C programs read and judge, made by OpenSSL.

use crate::openssl::OpenSsl;

/// An authority that may have further ones below it.
const AUTHORITY: &str = "basicConstraints = critical, CA:TRUE\nkeyUsage = keyCertSign\n";
/// Other extensions, by the name of the chain's part that has them.
const EXTENSIONS: [(&str, &str); 5] = [
    ("authority", AUTHORITY),
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

/// What is not to be trusted, each for its own reason.
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
        ("small", "rsa1024.pem", "authority"),
    ] {
        issue(openssl, &format!("{file}-ca"), key, root, &with(extensions));
        let by = format!("{file}-ca.pem");
        let leaf = format!("{file}-leaf");
        issue(openssl, &leaf, key, (&by, key), &with("plain"));
        join(openssl, &format!("by-{file}"), &leaf, &format!("{file}-ca"));
    }
    // An authority with one below it, which it does not allow.
    issue(openssl, "last", KEY, root, &with("last"));
    issue(openssl, "below", KEY, ("last.pem", KEY), &with("authority"));
    issue(openssl, "lowest", KEY, ("below.pem", KEY), &with("plain"));
    join(openssl, "by-below", "lowest", "below");
}
