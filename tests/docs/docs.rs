//! The programs in the pages of docs/ do what the pages say, compiled as they say.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use daxsign_tests::csharp::built;
use daxsign_tests::dotnet::Runtime;
use daxsign_tests::folder::Folder;
use daxsign_tests::native::{self, install, installed, project, target_folder};
use daxsign_tests::openssl::OpenSsl;
use daxsign_tests::pages::{commands, cpp, parameter, program, signed_by};

mod party;

#[test]
fn c_firmware() {
    let folder = Folder::default();
    let small = folder.path("small");
    succeeds(install().args(["--bits", "2048"]).arg(&small));
    let main = folder.write("main.c", program("c-firmware", "c"));
    let flash = in_flash(&folder, "client_key", &key("rsa2048.pkcs1.der"));
    for compiler in ["gcc", "clang"] {
        firmware(compiler, &folder, &[&main, &flash]);
        let sent = succeeds(&mut Command::new(folder.path("firmware")));

        let (head, body) = sent.split_once("\r\n\r\n").expect("a head and a body");
        assert_eq!(body, "{\"door\": 7}");
        assert!(head.starts_with("POST /api/v2/DaxEndPoint HTTP/1.1\r\nHost: dax.amido.se\r\n"));
        let signing_string = "(request-target): post /api/v2/DaxEndPoint\nhost: dax.amido.se\n\
            content-type: application/json\ncontent-length: 11\n\
            date: 2020-05-17T12:44:30.0000000Z\n{\"door\": 7}";
        assert_signed(
            head,
            signing_string,
            "(request-target) host content-type content-length date",
        );
    }
}

/// A key's file as a source, as the page has `xxd` write it.
fn in_flash(folder: &Folder, name: &str, file: &Path) -> PathBuf {
    let der = fs::read(file).unwrap();
    let numbers: Vec<_> = der.iter().map(u8::to_string).collect();
    let source = format!(
        "const unsigned char {name}[] = {{{}}};\nconst unsigned int {name}_len = {};\n",
        numbers.join(","),
        der.len()
    );
    folder.write(&format!("{name}.c"), source)
}

/// A program of the page for firmware, compiled as it says, for the folder's board.
fn firmware(compiler: &str, folder: &Folder, sources: &[&Path]) {
    let small = folder.path("small");
    let mut cc = Command::new(compiler);
    cc.args([
        "-std=c99",
        "-Wall",
        "-Wextra",
        "-Wpedantic",
        "-Werror",
        "-Wl,--gc-sections",
    ])
    .args(["-DDAXSIGN_MAX_MODULUS_BITS=2048", "-I"])
    .arg(small.join("include"))
    .args(sources)
    .arg(project().join("tests/docs/board.c"))
    .arg(small.join("lib/libdaxsign.a"))
    .arg("-o")
    .arg(folder.path("firmware"));
    succeeds(&mut cc);
}

/// OpenSSL takes the request, which is for the key that was stored.
#[test]
fn c_firmware_enrols() {
    let folder = Folder::default();
    succeeds(install().args(["--bits", "2048"]).arg(folder.path("small")));
    let main = folder.write("enrol.c", program("c-firmware", "C"));
    for compiler in ["gcc", "clang"] {
        firmware(compiler, &folder, &[&main]);
        let mut enrol = Command::new(folder.path("firmware"));
        let request = succeeds(enrol.current_dir(folder.path("")));
        let request = folder.write("request.pem", request);
        let openssl = |arguments: &[&str], file: &Path| {
            succeeds(Command::new("openssl").args(arguments).arg(file))
        };
        openssl(&["req", "-verify", "-noout", "-in"], &request);
        let subject = openssl(&["req", "-subject", "-noout", "-in"], &request);
        assert!(subject.contains("O = Partner Name"), "{subject}");
        assert_eq!(
            openssl(&["req", "-pubkey", "-noout", "-in"], &request),
            openssl(
                &["pkey", "-pubout", "-inform", "DER", "-in"],
                &folder.path("flash")
            )
        );
    }
}

#[test]
fn cpp_service() {
    let folder = Folder::default();
    let main = folder.write("service.cpp", program("cpp-service", "cpp"));
    for compiler in ["g++", "clang++"] {
        succeeds(&mut cpp(compiler, &main, &folder.path("service")));
        let mut service = Command::new(folder.path("service"));
        service.arg(key("rsa3072.pkcs8.pem"));
        let said = succeeds(service.arg(key("rsa3072.spki.pem")));
        let (head, verdicts) = said.split_once("accepted\n").expect("accepted once");
        assert!(
            verdicts.starts_with("replayed: ") && verdicts.lines().count() == 1,
            "{verdicts}"
        );
        let date = head
            .lines()
            .find_map(|line| line.strip_prefix("Date: "))
            .expect("a date");
        let signing_string = format!(
            "(request-target): post /api/v2/DaxEndPoint\nhost: dax.amido.se\ncontent-length: 18\n\
             date: {date}\n{{\"hello\": \"world\"}}"
        );
        let public_key = "rsa3072.spki.pem";
        assert_signed_by(
            public_key,
            head,
            &signing_string,
            "(request-target) host content-length date",
        );

        // With another sender's key.
        let mut other = Command::new(folder.path("service"));
        other
            .arg(key("rsa2048.pkcs8.pem"))
            .arg(key("rsa3072.spki.pem"));
        let said = succeeds(&mut other);
        assert!(
            !said.contains("accepted") && said.contains("\ninvalid-signature-encoding: "),
            "{said}"
        );
    }
}

#[test]
fn csharp_service() {
    let folder = Folder::default();
    folder.write("service.cs", program("csharp-service", "csharp"));
    folder.write("client.pem", fs::read(key("rsa2048.pkcs1.pem")).unwrap());
    symlink(project().join("bindings"), folder.path("bindings")).unwrap();
    symlink(installed(), folder.path("daxsign")).unwrap();
    let mut sh = Command::new("sh");
    sh.args(["-ec", &commands("csharp-service", "mcs ")])
        .env("HOME", folder.root())
        .current_dir(folder.root());
    let said = succeeds(&mut sh);
    let expected = "200 accepted, signed: (request-target) host content-type content-length date";
    assert_eq!(said.trim(), expected);
}

/// The keys of the page: from a PFX file made as it says, and from the user's store.
#[test]
fn csharp_keys() {
    let (folder, openssl) = (Folder::default(), OpenSsl::default());
    let private = key("rsa2048.pkcs8.pem");
    fs::copy(&private, openssl.path("client.pem")).unwrap();
    openssl.run("req -x509 -new -key client.pem -subj /CN=client -days 30 -out client.crt");
    let said = openssl.run("x509 -in client.crt -noout -fingerprint -sha1");
    let thumbprint = String::from_utf8(said)
        .unwrap()
        .trim()
        .split_once('=')
        .unwrap()
        .1
        .to_owned();
    let command = commands("csharp-service", "openssl pkcs12 ");
    let (first, second) = command.trim().split_once(" \\\n").expect("two lines");
    let export = |command: &str, file: &str| {
        let command = format!("{command} -passout pass:secret").replace("client.pfx", file);
        let mut sh = Command::new("sh");
        succeeds(sh.args(["-ec", &command]).current_dir(openssl.root()));
        openssl.path(file).display().to_string()
    };
    let pfx = export(&format!("{first} {}", second.trim()), "client.pfx");
    let default = export(first, "default.pfx");

    let source = folder.write(
        "Keys.cs",
        [KEYS_HEAD, &program("csharp-service", "cs"), KEYS_MAIN].concat(),
    );
    let message = folder.write("message", b"a message");
    for runtime in Runtime::HERE {
        let program = runtime.program(&[&source].map(Into::into), &built(runtime).library, "keys");
        let run = |how: &str, file: &str| {
            let message = message.display().to_string();
            let home = folder.root().display().to_string();
            runtime.run(&program, [how, file, &thumbprint, &message, &home])
        };
        // Mono's store keeps certificates without their keys.
        let ways: &[&str] = if runtime == Runtime::Core {
            &["pfx", "store"]
        } else {
            &["pfx"]
        };
        for how in ways {
            let output = run(how, &pfx);
            let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            assert!(
                output.status.success(),
                "{how}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            let signature =
                base64::Engine::decode(&base64::prelude::BASE64_STANDARD, said).unwrap();
            assert!(
                openssl.verifies(&key("rsa2048.spki.pem"), b"a message", &signature),
                "{how}"
            );
        }
        let read = run("pfx", &default).status.success();
        let version = String::from_utf8(openssl.run("version")).unwrap();
        if runtime == Runtime::Mono {
            assert_eq!(read, version.starts_with("OpenSSL 1."), "{version}");
        }
    }
}

const KEYS_HEAD: &str = "
using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Daxsign;
";

/// Signs a message's hash with a key of the page. The store is that of a folder.
const KEYS_MAIN: &str = r#"
internal static class Program
{
    private static int Main(string[] arguments)
    {
        Environment.SetEnvironmentVariable("HOME", arguments[4]);
        if (arguments[0] == "store")
        {
            using (var store = new X509Store(StoreName.My, StoreLocation.CurrentUser))
            {
                store.Open(OpenFlags.ReadWrite);
                store.Add(new X509Certificate2(arguments[1], "secret", X509KeyStorageFlags.PersistKeySet));
            }
        }
        using (RsaSigner signer = arguments[0] == "store"
            ? Keys.FromStore("\u200e" + arguments[2].ToLowerInvariant())
            : Keys.FromPfx(arguments[1], "secret"))
        using (SHA256 sha256 = SHA256.Create())
        {
            byte[] hash = sha256.ComputeHash(File.ReadAllBytes(arguments[3]));
            Console.WriteLine(Convert.ToBase64String(signer.SignHash(hash)));
            return 0;
        }
    }
}
"#;

/// The commands of the page, in a folder of their own; where they name a file of the sources it is
/// those of this project.
#[test]
fn installing() {
    let openssl = OpenSsl::default();
    let sources = project().display().to_string();
    let commands = commands("install", "ffi/install ")
        .replace("ffi/install", &format!("{sources}/ffi/install"))
        .replace("tests/install", &format!("{sources}/tests/install"));
    let mut sh = Command::new("sh");
    sh.args(["-ec", &commands])
        .env("HOME", openssl.root())
        .env("CARGO_TARGET_DIR", target_folder())
        .env_remove("PKG_CONFIG_PATH")
        .current_dir(openssl.root());
    let said = succeeds(&mut sh);
    let value = said.lines().last().expect("the field's value");
    let string = "(request-target): post /api/v2/DaxEndPoint\nhost: dax.amido.se\n\
        content-length: 18\ndate: 2020-05-17T14:44:30+02:00\n{\"hello\": \"world\"}";
    openssl.run("pkey -in client.pem -pubout -out client.pub.pem");
    let public = openssl.path("client.pub.pem");
    assert!(
        openssl.verifies(&public, string.as_bytes(), &signed_by(value)),
        "{said}"
    );
}

/// Which profile to take is the first question of all, so every page answers it, by its own names.
#[test]
fn every_page_says_which_profile() {
    for (page, names) in [
        (
            "c-firmware",
            ["DAXSIGN_PROFILE_DOCUMENTED", "DAXSIGN_PROFILE_VENDOR_SDK"],
        ),
        (
            "cpp-service",
            ["Profile::documented", "Profile::vendor_sdk"],
        ),
        (
            "csharp-service",
            ["DaxProfile.Documented", "DaxProfile.VendorSdk"],
        ),
        ("node-and-python", ["documented", "vendor-sdk"]),
    ] {
        let text = fs::read_to_string(project().join(format!("docs/{page}.md"))).unwrap();
        let section = text.split("\n## Which profile?\n").nth(1).expect(page);
        let section = section.split("\n## ").next().expect("its text");
        for name in names
            .into_iter()
            .chain(["production", "(request-target) date"])
        {
            assert!(section.contains(name), "{page}: {name}");
        }
    }
}

/// Bounds and sizes in the pages for firmware, such as `DAXSIGN_STACK_LOAD(2048)`: 6656, are the header's.
#[test]
fn macros_have_the_values_in_the_pages() {
    let mut stated = Vec::new();
    for page in ["docs/c-firmware.md", "firmware/INTEGRATION.md"] {
        let text = fs::read_to_string(project().join(page)).unwrap();
        for part in text.split("`DAXSIGN_").skip(1) {
            let Some((name, behind)) = part.split_once('`') else {
                continue;
            };
            // In a table or in a sentence.
            let number = behind.strip_prefix(": ").or_else(|| {
                let (_, number) = behind.split_once(" (")?;
                behind.starts_with(" bytes of stack (").then_some(number)
            });
            let digits: String = number
                .into_iter()
                .flat_map(str::chars)
                .take_while(char::is_ascii_digit)
                .collect();
            if !digits.is_empty() {
                stated.push((format!("DAXSIGN_{name}"), digits));
            }
        }
    }
    assert_eq!(stated.len(), 7, "{stated:?}");
    let folder = Folder::default();
    let lines: Vec<_> = stated
        .iter()
        .map(|(name, number)| {
            format!("_Static_assert(({name}) == {number}, \"{name} is not {number}\");\n")
        })
        .collect();
    let source = format!("#include <daxsign.h>\n{}", lines.concat());
    let mut cc = Command::new("clang");
    // The bounds of x86-64 have more room, for its vectors.
    cc.args([
        "-std=c11",
        "-fsyntax-only",
        "--target=thumbv7em-none-eabi",
        "-ffreestanding",
        "-DDAXSIGN_MAX_MODULUS_BITS=2048",
        "-I",
    ])
    .arg(project().join("include"))
    .arg(folder.write("stated.c", source));
    succeeds(&mut cc);
}

/// Another compiler makes somewhat other code; what is in the page must not be far from the truth.
#[test]
fn sizes_are_those_in_the_page() {
    let said = succeeds(Command::new(project().join("ffi/sizes")).arg(installed()));
    let page = fs::read_to_string(project().join("docs/c-firmware.md")).unwrap();
    let mut compared = 0;
    for line in said.lines() {
        let (what, bytes) = line.rsplit_once(' ').expect("what and how many");
        let bytes: u32 = bytes.parse().expect("a number");
        let stated = page
            .lines()
            .find_map(|line| line.strip_prefix(what.trim_end()))
            .unwrap_or_else(|| panic!("the page lacks: {line}"));
        let stated: u32 = stated.trim().parse().expect("a number");
        assert!(
            stated.abs_diff(bytes) <= bytes / 10,
            "{line}, the page says {stated}"
        );
        compared += 1;
    }
    assert_eq!(compared, 3, "{said}");
}

fn assert_signed(head: &str, signing_string: &str, list: &str) {
    assert_signed_by("rsa2048.spki.pem", head, signing_string, list);
}

/// Fails unless OpenSSL accepts the signature in the `Signature` field.
fn assert_signed_by(public_key: &str, head: &str, signing_string: &str, list: &str) {
    let value = head
        .lines()
        .find_map(|line| line.strip_prefix("Signature: "))
        .expect("a Signature field");
    assert_eq!(parameter(value, "headers"), list);
    let signature = signed_by(value);
    let openssl = OpenSsl::default();
    let public_key = project().join("tests/vectors/keys").join(public_key);
    assert!(openssl.verifies(&public_key, signing_string.as_bytes(), &signature));
}

fn key(file: &str) -> PathBuf {
    project().join(Path::new("tests/vectors/keys")).join(file)
}

/// Standard output of a program that must succeed.
fn succeeds(command: &mut Command) -> String {
    native::succeeds(command, "gcc, clang and mono-mcs")
}
