//! `daxsign p12`: what it makes is read by OpenSSL, Java and .NET, what they make is read by it, and nothing of a key
//! is printed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use daxsign_tests::cases::{key_file, key_path};
use daxsign_tests::dotnet::Runtime;
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::roslyn;
use daxsign_tests::tool::{Run, Tool};

const PASSPHRASE: &str = "correct horse battery staple";

/// The tool and OpenSSL in folders of their own: `client.pem`, `client.crt` and `root.crt` in both, and the passphrase
/// in `pass`.
fn with_client() -> (Tool, OpenSsl) {
    let (tool, openssl) = (Tool::default(), OpenSsl::default());
    let root = key_path("rsa3072.pkcs8.pem");
    let root = root.display();
    openssl.write("client.pem", key_file("rsa2048.pkcs8.pem"));
    openssl.run(&format!(
        "req -x509 -new -key {root} -subj /CN=root -days 90 -out root.crt"
    ));
    openssl.run("req -new -key client.pem -subj /CN=client -out client.csr");
    openssl.run(&format!(
        "x509 -req -in client.csr -CA root.crt -CAkey {root} -set_serial 2 -days 30 -out client.crt"
    ));
    write_passphrase(&openssl, PASSPHRASE);
    for file in ["client.pem", "client.crt", "root.crt"] {
        tool.write(file, openssl.read(file));
    }
    write_passphrase(&tool, PASSPHRASE);
    (tool, openssl)
}

fn write_passphrase(folder: &daxsign_tests::folder::Folder, passphrase: &str) {
    let path = folder.write("pass", format!("{passphrase}\n"));
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn export(tool: &Tool, more: &[&str]) -> Run {
    let own = [
        "p12",
        "export",
        "--key",
        "client.pem",
        "--certificate",
        "client.crt",
        "--passphrase-file",
        "pass",
    ];
    tool.run(&[&own, more].concat())
}

/// Into `client.p12`, with the issuer, under the name `door`.
fn export_door(tool: &Tool) -> Run {
    let issuer = ["--certificate", "root.crt"];
    let rest = ["--name", "door", "--out", "client.p12"];
    export(tool, &[issuer.as_slice(), &rest].concat())
}

fn import(tool: &Tool, file: &str, more: &[&str]) -> Run {
    tool.run(&[&["p12", "import", file, "--passphrase-file", "pass"], more].concat())
}

fn mode(tool: &Tool, file: &str) -> u32 {
    let metadata = fs::metadata(tool.path(file)).expect("a file");
    metadata.permissions().mode() & 0o777
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("text")
}

#[test]
fn a_key_goes_out_and_comes_back() {
    let (tool, openssl) = with_client();
    let run = export_door(&tool);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.is_empty() && run.err.contains("made: client.p12, "),
        "{}",
        run.err
    );
    assert_eq!(mode(&tool, "client.p12"), 0o600);
    openssl.write("client.p12", tool.read("client.p12"));
    let said = text(openssl.run("pkcs12 -in client.p12 -noenc -passin file:pass"));
    assert_eq!(said.matches("friendlyName: door").count(), 2, "{said}");
    assert_eq!(said.matches("BEGIN CERTIFICATE").count(), 2, "{said}");

    let shown = import(&tool, "client.p12", &[]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    for line in [
        "key: RSA, 2048 bits\n",
        "name: door\n",
        "certificate: CN=client, valid until ",
    ] {
        assert!(shown.err.contains(line), "{line}: {}", shown.err);
    }
    assert!(!shown.err.contains("note"), "{}", shown.err);
    let taken = import(
        &tool,
        "client.p12",
        &["--key-out", "back.pem", "--certificate-out", "back.crt"],
    );
    assert_eq!(taken.code, 0, "{}", taken.err);
    assert!(taken.out.is_empty() && shown.out.is_empty());
    assert_eq!(mode(&tool, "back.pem"), 0o600);
    openssl.write("back.pem", tool.read("back.pem"));
    assert_eq!(
        openssl.run("pkey -in back.pem -pubout"),
        openssl.run("pkey -in client.pem -pubout")
    );
    let chain = ["client.crt", "root.crt"].map(|file| openssl.run(&format!("x509 -in {file}")));
    assert_eq!(tool.read("back.crt"), chain.concat());
    let fits = tool.run(&["cert", "back.crt", "--key", "back.pem"]);
    assert_eq!(fits.code, 0, "{}", fits.err);
}

#[test]
fn it_says_what_is_wrong() {
    let (tool, openssl) = with_client();
    assert_eq!(export(&tool, &["--out", "client.p12"]).code, 0);
    export(&tool, &["--out", "client.p12"]).assert_unusable("it is there already");
    export(&tool, &["--out", "-"]).assert_unusable("a key is not printed");
    import(&tool, "client.p12", &["--key-out", "-"]).assert_unusable("the same");
    import(&tool, "client.p12", &["--key-out", "client.pem"]).assert_unusable("it is there");
    import(&tool, "client.pem", &[]).assert_refused("malformed-pkcs12", "a key in PEM");
    let whole = tool.read("client.p12");
    tool.write("half.p12", &whole[..whole.len() / 2]);
    import(&tool, "half.p12", &[]).assert_refused("malformed-pkcs12", "cut off");
    // Nobody can be asked here.
    tool.run(&["p12", "import", "client.p12"])
        .assert_unusable("no passphrase");
    for wrong in ["wrong horse", ""] {
        write_passphrase(&tool, wrong);
        let run = import(&tool, "client.p12", &["--key-out", "new.pem"]);
        run.assert_refused("wrong-passphrase", wrong);
        assert!(!tool.path("new.pem").exists());
    }
    for weak in ["", "1234567"] {
        write_passphrase(&tool, weak);
        export(&tool, &["--out", "new.p12"]).assert_unusable("a weak passphrase");
        assert!(!tool.path("new.p12").exists());
    }
    write_passphrase(&tool, PASSPHRASE);
    let arguments = [
        "p12",
        "export",
        "--key",
        "client.pem",
        "--certificate",
        "root.crt",
    ];
    let rest = ["--passphrase-file", "pass", "--out", "new.p12"];
    let run = tool.run(&[&arguments[..], &rest].concat());
    run.assert_refused("not-its-certificate", "the root's");
    openssl.run("pkcs12 -export -nokeys -in root.crt -passout file:pass -out trusted.p12");
    tool.write("trusted.p12", openssl.read("trusted.p12"));
    import(&tool, "trusted.p12", &["--key-out", "new.pem"]).assert_unusable("it has no key");
}

/// What a person types is not shown, and a new passphrase is typed twice.
#[test]
fn the_passphrase_is_asked_for() {
    let (tool, _) = with_client();
    let arguments = [
        "p12",
        "export",
        "--key",
        "client.pem",
        "--certificate",
        "client.crt",
        "--out",
        "client.p12",
    ];
    let asked = ("Passphrase of client.p12: ", PASSPHRASE);
    let run = tool.converse(&arguments, &[asked, ("The same again: ", "another one")]);
    assert_ne!(run.code, 0);
    assert!(!tool.path("client.p12").exists());
    let run = tool.converse(&arguments, &[asked, ("The same again: ", PASSPHRASE)]);
    assert_eq!(run.code, 0, "{}", String::from_utf8_lossy(&run.out));
    let run = tool.converse(&["p12", "import", "client.p12"], &[asked]);
    let shown = String::from_utf8_lossy(&run.out);
    assert!(run.code == 0 && shown.contains("CN=client"), "{shown}");
}

#[test]
fn old_ciphers_are_read_with_a_note() {
    let (tool, openssl) = with_client();
    for way in [
        "-legacy",
        "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
    ] {
        openssl.run(&format!(
            "pkcs12 -export -inkey client.pem -in client.crt -passout file:pass {way} -out old.p12"
        ));
        tool.write("old.p12", openssl.read("old.p12"));
        let run = import(&tool, "old.p12", &[]);
        assert_eq!(run.code, 0, "{way}: {}", run.err);
        assert!(
            run.err
                .contains("note: it is encrypted with RC2 or triple DES"),
            "{}",
            run.err
        );
    }
}

#[test]
fn a_key_that_nothing_encrypts_is_told_of() {
    let (tool, openssl) = with_client();
    for (way, is_bare) in [
        ("-keypbe NONE -certpbe NONE", true),
        ("-keypbe NONE", true),
        ("-certpbe NONE", false),
    ] {
        openssl.run(&format!(
            "pkcs12 -export -inkey client.pem -in client.crt -passout file:pass {way} -out bare.p12"
        ));
        tool.write("bare.p12", openssl.read("bare.p12"));
        let run = import(&tool, "bare.p12", &[]);
        let told = run.err.contains("note: the key in it is not encrypted");
        assert_eq!((run.code, told), (0, is_bare), "{way}: {}", run.err);
    }
}

#[test]
fn all_that_was_asked_for_is_written_or_nothing() {
    let (tool, openssl) = with_client();
    openssl.run("pkcs12 -export -nocerts -inkey client.pem -passout file:pass -out key.p12");
    tool.write("key.p12", openssl.read("key.p12"));
    let both = ["--key-out", "new.pem", "--certificate-out", "new.crt"];
    import(&tool, "key.p12", &both).assert_unusable("it has no certificate");
    assert_eq!(export(&tool, &["--out", "client.p12"]).code, 0);
    for certificates in ["new.pem", "./new.pem"] {
        let both = ["--key-out", "new.pem", "--certificate-out", certificates];
        let run = import(&tool, "client.p12", &both);
        run.assert_unusable("one file for both");
        assert!(run.err.contains("--certificate-out"), "{}", run.err);
    }
    assert!(!tool.path("new.pem").exists());
    // More is not known of a file that does not open.
    let mut changed = tool.read("client.p12");
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    tool.write("changed.p12", changed);
    let run = import(&tool, "changed.p12", &[]);
    run.assert_refused("wrong-passphrase", "a changed file");
    assert!(run.err.contains("or the file was changed"), "{}", run.err);
}

/// Its classes for encryption take no others: keytool cannot make such a file itself.
#[test]
fn a_passphrase_that_java_cannot_take_is_told_of() {
    let (tool, _) = with_client();
    write_passphrase(&tool, "p\u{e4}ssw\u{f6}rd1");
    let run = export(&tool, &["--out", "client.p12"]);
    assert!(run.code == 0 && run.err.contains("Java"), "{}", run.err);
    let mut list = Command::new("keytool");
    list.args([
        "-J-Dfile.encoding=UTF-8",
        "-list",
        "-keystore",
        "client.p12",
    ]);
    list.args(["-storetype", "PKCS12", "-storepass:file", "pass"]);
    let output = list.current_dir(tool.root()).output().expect("keytool");
    assert!(!output.status.success(), "the note is not needed any more");
    let run = import(&tool, "client.p12", &[]);
    assert_eq!(run.code, 0, "{}", run.err);
}

/// Java's `keytool` in the tool's folder, with the passphrase of `pass`.
fn keytool(tool: &Tool, arguments: &str) -> String {
    let output = Command::new("keytool")
        .args(["-J-Duser.language=en", "-J-Duser.country=US"])
        .args(arguments.split(' '))
        .args(["-storetype", "PKCS12", "-storepass:file", "pass"])
        .current_dir(tool.root())
        .output()
        .unwrap_or_else(|error| {
            panic!("cannot run `keytool` ({error}): install the package `default-jre-headless`")
        });
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "keytool {arguments}: {said} {err}");
    said
}

#[test]
fn java_reads_what_is_made() {
    let (tool, _) = with_client();
    let made = export_door(&tool);
    assert_eq!(made.code, 0, "{}", made.err);
    let said = keytool(&tool, "-list -v -keystore client.p12");
    for line in [
        "Alias name: door",
        "Entry type: PrivateKeyEntry",
        "Certificate chain length: 2",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    // It gets at the key, too: a certificate that it signs itself.
    keytool(
        &tool,
        "-certreq -alias door -keystore client.p12 -file java.csr",
    );
    let shown = tool.run(&["cert", "java.csr", "--key", "client.pem"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
}

#[test]
fn what_java_makes_is_read() {
    let (tool, openssl) = with_client();
    let make = "-genkeypair -keyalg RSA -keysize 2048 -validity 30";
    for (file, way, is_old) in [
        ("new.p12", "", false),
        ("old.p12", "-J-Dkeystore.pkcs12.legacy ", true),
    ] {
        keytool(
            &tool,
            &format!("{way}{make} -alias java -dname CN=java -keystore {file}"),
        );
        let (key, certificate) = (format!("{file}.pem"), format!("{file}.crt"));
        let run = import(
            &tool,
            file,
            &["--key-out", &key, "--certificate-out", &certificate],
        );
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.err.contains("name: java\n"), "{}", run.err);
        assert_eq!(run.err.contains("triple DES"), is_old, "{}", run.err);
        for made in [&key, &certificate] {
            openssl.write(made, tool.read(made));
        }
        let public = openssl.run(&format!("pkey -in {key} -pubout"));
        assert_eq!(
            openssl.run(&format!("x509 -in {certificate} -noout -pubkey")),
            public
        );
        let exported = keytool(
            &tool,
            &format!("-exportcert -rfc -alias java -keystore {file}"),
        );
        openssl.write("java.crt", exported);
        assert_eq!(openssl.run("x509 -in java.crt"), tool.read(&certificate));
    }
    // A secret key is none of ours, and of two keys nobody knows which is meant.
    keytool(
        &tool,
        "-genseckey -keyalg AES -keysize 128 -alias secret -keystore new.p12",
    );
    let run = import(&tool, "new.p12", &[]);
    assert!(
        run.code == 0 && run.err.contains("1 entries of other kinds"),
        "{}",
        run.err
    );
    keytool(
        &tool,
        &format!("{make} -alias more -dname CN=more -keystore new.p12"),
    );
    import(&tool, "new.p12", &[]).assert_refused("several-keys", "two keys");
    // A truststore.
    keytool(
        &tool,
        "-importcert -noprompt -alias root -file root.crt -keystore trust.p12",
    );
    let run = import(&tool, "trust.p12", &["--certificate-out", "trusted.crt"]);
    assert!(
        run.code == 0 && run.err.contains("key: none"),
        "{}",
        run.err
    );
    assert_eq!(tool.read("trusted.crt"), openssl.run("x509 -in root.crt"));
}

/// Reads a file with its passphrase, signs with its key, and writes it in .NET's own way, with the passphrase and
/// without.
const PROGRAM: &str = r#"
using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

static class Pfx
{
    static void Main(string[] arguments)
    {
        var bytes = File.ReadAllBytes(arguments[0]);
        var flags = X509KeyStorageFlags.EphemeralKeySet | X509KeyStorageFlags.Exportable;
        var all = new X509Certificate2Collection();
        all.Import(bytes, arguments[1], flags);
        foreach (var one in all)
        {
            Console.WriteLine(one.Subject + " " + one.HasPrivateKey);
        }
        var own = new X509Certificate2(bytes, arguments[1], flags);
        var data = new byte[] { 1, 2, 3 };
        var signature = own.GetRSAPrivateKey().SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Console.WriteLine(own.GetRSAPublicKey().VerifyData(
            data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        try
        {
            new X509Certificate2(bytes, "wrong", flags);
        }
        catch (CryptographicException)
        {
            Console.WriteLine("refused");
        }
        File.WriteAllBytes(arguments[2], own.Export(X509ContentType.Pfx, arguments[1]));
        File.WriteAllBytes(arguments[3], own.Export(X509ContentType.Pfx));
    }
}
"#;

#[test]
fn dotnet_reads_what_is_made_and_the_other_way_round() {
    let (tool, openssl) = with_client();
    let made = export(&tool, &["--certificate", "root.crt", "--out", "client.p12"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let out = tool.path("pfx.exe");
    let mut compiler = roslyn::net8_compiler();
    let source = tool.write("Pfx.cs", PROGRAM);
    compiler.arg(format!("-out:{}", out.display())).arg(source);
    daxsign_tests::native::succeeds(&mut compiler, roslyn::PACKAGES);
    roslyn::write_config(&out);
    let at = |file: &str| tool.path(file).display().to_string();
    let arguments = [
        at("client.p12"),
        PASSPHRASE.to_owned(),
        at("net.p12"),
        at("open.p12"),
    ];
    let output = Runtime::Net8.run_with(&out, arguments, None);
    let said = text(output.stdout);
    let mut lines: Vec<&str> = said.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        ["CN=client True", "CN=root False", "True", "refused"],
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let key = openssl.run("pkey -in client.pem -pubout");
    for (file, passphrase) in [("net.p12", PASSPHRASE), ("open.p12", "")] {
        write_passphrase(&tool, passphrase);
        let back = format!("{file}.pem");
        let run = import(&tool, file, &["--key-out", &back]);
        assert_eq!(run.code, 0, "{file}: {}", run.err);
        assert!(run.err.contains("certificate: CN=client"), "{}", run.err);
        openssl.write("back.pem", tool.read(&back));
        assert_eq!(openssl.run("pkey -in back.pem -pubout"), key, "{file}");
    }
}
