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

/// What the root's certificate is called, beside those of clients.
const ROOT_NAME: &str = "ca1";

/// Runs the command.
pub(super) fn run(arguments: &DemoArguments) -> Result<(), Failure> {
    let folder = &arguments.folder;
    new_file::check_folder(folder)?;
    // What cannot be asked for is told before there is a folder.
    let clients = clients(arguments)?.into_iter().map(Prepared::of);
    let clients = clients.collect::<Result<Vec<Prepared>, Failure>>()?;
    let unfinished = Unfinished::beside(folder)?;
    fill(&unfinished.0, &clients)?;
    let failed = |error| Failure::Unusable(format!("cannot make {}: {error}", shown(folder)));
    fs::rename(&unfinished.0, folder).map_err(failed)?;
    tell(folder, &clients);
    Ok(())
}

/// A folder that gets its name once it is whole, and is gone if that does not happen.
struct Unfinished(PathBuf);

impl Unfinished {
    fn beside(folder: &Path) -> Result<Self, Failure> {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let process = std::process::id();
        let unfinished = folder.with_file_name(format!(".unfinished-{name}-{process}"));
        fs::create_dir(&unfinished).map_err(|error| {
            Failure::Unusable(format!("cannot make {}: {error}", shown(&unfinished)))
        })?;
        Ok(Self(unfinished))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // It is not there any more where all went well.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn fill(folder: &Path, clients: &[Prepared]) -> Result<(), Failure> {
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
    let root_file = folder.join(format!("{ROOT_NAME}.crt"));
    new_file::write(&root_file, opened.authority.certificate(), Readers::All)?;
    for client in clients {
        make_client(folder, client, &mut opened, &signer)?;
    }
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
        keygen::check_size(client.bits, &format!("{}: default_bits", input.name))?;
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
    check_file_names(&clients)?;
    Ok(clients)
}

/// Each has files of its own, whatever case their names have: some file systems know none.
fn check_file_names(clients: &[Named]) -> Result<(), Failure> {
    let mut names: Vec<String> = clients
        .iter()
        .map(|named| named.name.to_lowercase())
        .chain([ROOT_NAME.to_owned()])
        .collect();
    names.sort_unstable();
    let twice = names.windows(2).find(|two| two.first() == two.last());
    match twice.and_then(<[String]>::first) {
        Some(name) => Err(Failure::Unusable(format!(
            "two of the files would be called {name}, as the clients' are after their .cnf files, and the root's \
             ca1: rename one"
        ))),
        None => Ok(()),
    }
}

/// A client with its own key and request.
struct Prepared {
    name: String,
    key: Zeroizing<Vec<u8>>,
    request: Vec<u8>,
    asked: Asked,
}

impl Prepared {
    fn of(Named { name, client }: Named) -> Result<Self, Failure> {
        let pem = new_key::make(client.bits, KeyFormat::Pkcs8)?;
        let mut key = Box::new(PrivateKey::empty());
        key.load(&pem)
            .map_err(|error| Failure::refused(&error, "the key just made"))?;
        let request =
            request(&key, &client).map_err(|error| Failure::refused_enrolling(&error, &name))?;
        let asked = Asked::from_request(&request);
        let asked = asked.map_err(|error| Failure::refused_pki(&error, &name))?;
        Ok(Self {
            name,
            key: pem,
            request,
            asked,
        })
    }
}

/// A key, a request and a certificate: each client's from its own.
fn make_client(
    folder: &Path,
    client: &Prepared,
    opened: &mut Opened,
    signer: &PrivateKey,
) -> Result<(), Failure> {
    let name = &client.name;
    let file = |end: &str| folder.join(format!("{name}.{end}"));
    new_file::write(&file("key"), &client.key, Readers::Owner)?;
    new_file::write(&file("csr"), &client.request, Readers::All)?;
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
        .issue(&client.asked, granted, &mut new_key::random, signer);
    let issued = issued.map_err(|error| Failure::refused_pki(&error, name))?;
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
fn tell(folder: &Path, clients: &[Prepared]) {
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
    for Prepared { name, .. } in clients {
        let place = format!("the client {name}, which alone has {folder}/{name}.key");
        output::labelled(&format!("{folder}/{name}.crt"), &place);
    }
}
