//! `daxsign ca demo open-banking`: the root and the clients of the Open Banking text, in one folder.

use std::fs;
use std::path::{Path, PathBuf};

use daxsign_core::{CertificateRequest, EnrolError, KeyEncoding, PrivateKey};
use daxsign_pki::{Access, Asked, Profile, Validity};
use zeroize::Zeroizing;

use crate::arguments::KeyFormat;
use crate::authority::arguments::{DemoArguments, InitArguments, PassphraseArgument};
use crate::authority::client_conf::{self, Client};
use crate::authority::init;
use crate::authority::opened::{Opened, later};
use crate::failure::Failure;
use crate::hex::hex;
use crate::input::Input;
use crate::new_file::{self, Readers};
use crate::terminal::shown;
use crate::{clock, keygen, new_key, output};

/// The `.cnf` file of the text's clients, with a `#` for the number of the client.
const CLIENT: &str = include_str!("open_banking.cnf");
/// The text's root.
const ROOT: &str = "C=US, ST=Arizona, L=Phoenix, O=Axway, CN=Axway Root CA";
/// Days that the text gives to all of its certificates.
const DAYS: u32 = 3650;
/// Random bytes of the passphrase.
const PASSPHRASE_LEN: usize = 16;

/// Runs the command.
pub(super) fn run(arguments: &DemoArguments) -> Result<(), Failure> {
    let folder = &arguments.folder;
    new_file::check_folder(folder)?;
    let clients = clients(arguments)?;
    let failed = |error| Failure::Unusable(format!("cannot make {}: {error}", shown(folder)));
    fs::create_dir(folder).map_err(failed)?;
    let passphrase = folder.join("passphrase.txt");
    let mut random = Zeroizing::new([0; PASSPHRASE_LEN]);
    new_key::random(&mut *random)
        .map_err(|error| Failure::refused_enrolling(&error_of(error), "the passphrase"))?;
    let line = Zeroizing::new(format!("{}\n", hex(&*random)));
    new_file::write(&passphrase, line.as_bytes(), Readers::Owner)?;
    let passphrase = PassphraseArgument {
        passphrase_file: Some(passphrase),
    };
    let root = folder.join("root");
    init::make(&InitArguments::root(&root, ROOT, DAYS, &passphrase))?;
    let mut opened = Opened::new(&root, Access::Change)?;
    let signer = opened.unlock(&passphrase)?;
    let root_file = folder.join("ca1.crt");
    new_file::write(&root_file, opened.authority.certificate(), Readers::All)?;
    for client in &clients {
        make_client(folder, client, &mut opened, &signer)?;
    }
    tell(folder, &clients);
    Ok(())
}

fn error_of(_: daxsign_core::RandomnessFailed) -> EnrolError {
    EnrolError::RandomnessFailed
}

/// A client with the name of its files.
struct Named {
    name: String,
    client: Client,
}

/// Those of the files that were named, or else the two of the text.
fn clients(arguments: &DemoArguments) -> Result<Vec<Named>, Failure> {
    if arguments.config.is_empty() {
        let of_text = |number| {
            let text = CLIENT.replace('#', number);
            let client = client_conf::parse(&text)
                .map_err(|(line, problem)| Failure::Unusable(format!("line {line}: {problem}")))?;
            let name = format!("tpp{number}");
            Ok(Named { name, client })
        };
        return ["1", "2"].map(of_text).into_iter().collect();
    }
    let of_file = |path: &PathBuf| {
        let input = Input::read(path)?;
        let client = client_conf::read(&input)?;
        keygen::check_size(client.bits)?;
        if !client.ignored.is_empty() {
            let text = format!("{}: ignored: {}", input.name, client.ignored.join(", "));
            output::labelled("note", &text);
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        Ok(Named {
            name: name.into_owned(),
            client,
        })
    };
    let clients: Vec<Named> = arguments
        .config
        .iter()
        .map(of_file)
        .collect::<Result<_, Failure>>()?;
    let mut names: Vec<&str> = clients.iter().map(|named| named.name.as_str()).collect();
    names.sort_unstable();
    if names.windows(2).any(|two| two.first() == two.last()) {
        return Err(Failure::Unusable(
            "two of the files have the same name, which the clients' files are called by: rename one".to_owned(),
        ));
    }
    Ok(clients)
}

/// A key, a request and a certificate: each client's from its own.
fn make_client(
    folder: &Path,
    Named { name, client }: &Named,
    opened: &mut Opened,
    signer: &PrivateKey,
) -> Result<(), Failure> {
    let pem = new_key::make(client.bits, KeyFormat::Pkcs8)?;
    let mut key = Box::new(PrivateKey::empty());
    key.load(&pem)
        .map_err(|error| Failure::refused(&error, "the key just made"))?;
    let request =
        request(&key, client).map_err(|error| Failure::refused_enrolling(&error, name))?;
    let file = |end: &str| folder.join(format!("{name}.{end}"));
    new_file::write(&file("key"), &pem, Readers::Owner)?;
    new_file::write(&file("csr"), &request, Readers::All)?;
    let refused = |error| Failure::refused_pki(&error, name);
    let asked = Asked::from_request(&request).map_err(refused)?;
    let not_before = clock::now()?;
    // As long as the root: the text gives both the same days, and makes the root first.
    let end = opened.authority.issuer().not_after();
    let not_after = end.map_or_else(|| later(not_before, DAYS), Ok)?;
    let validity = Validity {
        not_before,
        not_after,
    };
    let granted = (Profile::OpenBanking, validity);
    let issued = opened
        .authority
        .issue(&asked, granted, &mut new_key::random, signer);
    let issued = issued.map_err(refused)?;
    new_file::write(&file("crt"), issued.pem.as_bytes(), Readers::All)
}

fn request(key: &PrivateKey, client: &Client) -> Result<Vec<u8>, EnrolError> {
    let mut request = CertificateRequest::new(key.public_key());
    for (oid, value) in &client.subject {
        request.add_name(oid, value)?;
    }
    for name in &client.dns_names {
        request.add_dns_name(name)?;
    }
    let mut pem = vec![0; request.encoded_len(KeyEncoding::Pem)];
    request.write(key, KeyEncoding::Pem, &mut pem)?;
    Ok(pem)
}

/// Where each file goes.
fn tell(folder: &Path, clients: &[Named]) {
    let folder = shown(folder);
    for (file, place) in [
        (
            "ca1.crt",
            "the gateway: Manager > Security > Certificates, and the rules FDX_MTLS (project \
                     FDX_Accounts) and FDX_Authorization_MTLS (project FDX_Authorization)",
        ),
        ("root/authority.crl", "the gateway, too: what was revoked"),
        (
            "root",
            "stays here: the authority, for `daxsign ca issue`, `revoke` and `list`",
        ),
        (
            "passphrase.txt",
            "stays here: opens the authority's key; for tests only, beside it",
        ),
    ] {
        output::labelled(&format!("{folder}/{file}"), place);
    }
    for Named { name, .. } in clients {
        let place = format!("the client {name}, which alone has {folder}/{name}.key");
        output::labelled(&format!("{folder}/{name}.crt"), &place);
    }
}
