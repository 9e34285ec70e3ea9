//! Whom this side trusts, what it shows, and which versions it speaks.

use std::path::Path;

use daxsign_pki::tls::rustls::{self, SupportedProtocolVersion};
use daxsign_pki::tls::{Credentials, IdentityFrom, PolicyFiles};

use crate::failure::Failure;
use crate::input::Input;
use crate::key_file;
use crate::terminal::shown;
use crate::tls::arguments::{Identity, PassphraseArgument, RootsArguments, VersionArgument};

impl From<Identity> for IdentityFrom {
    fn from(identity: Identity) -> Self {
        match identity {
            Identity::Dns => Self::DnsName,
            Identity::Uid => Self::Uid,
            Identity::Subject => Self::Subject,
        }
    }
}

/// The roots of the command line, with their lists.
pub(super) fn roots(given: &RootsArguments, identity: Identity) -> Result<PolicyFiles, Failure> {
    if given.ca.is_empty() {
        let text = "whom to trust is not said: name a root with --ca";
        return Err(Failure::Unusable(text.to_owned()));
    }
    if given.crl.is_empty() && !given.no_crl {
        let text = "what was revoked is not said: name a list of each authority with --crl, or say --no-crl";
        return Err(Failure::Unusable(text.to_owned()));
    }
    let lists = (!given.no_crl).then_some(given.crl.as_slice());
    let place = given.ca.iter().chain(&given.crl).map(|file| shown(file));
    let place = place.collect::<Vec<_>>().join(", ");
    let read = PolicyFiles::of_roots(&given.ca, lists, identity.into());
    read.map_err(|error| Failure::refused_pki(&error, &place))
}

/// The policy in a file.
pub(super) fn policy(file: &Path) -> Result<PolicyFiles, Failure> {
    PolicyFiles::open(file).map_err(|error| Failure::refused_pki(&error, &shown(file)))
}

/// Certificate and key. One that is encrypted or in DER is read as every command does; of those in PEM, TLS takes
/// more kinds than requests are signed with.
pub(super) fn credentials(
    chain: &Input,
    key: &Path,
    passphrase: &PassphraseArgument,
) -> Result<Credentials, Failure> {
    let key = Input::read(key)?;
    let place = format!("{}, {}", chain.name, key.name);
    let both = if is_plain_pem(&key.bytes) {
        Credentials::from_pem(&chain.bytes, &key.bytes)
    } else {
        let private = key_file::private_under(&key, passphrase.passphrase_file.as_deref())?;
        Credentials::from_pem(&chain.bytes, &key_file::pkcs8(&private)?)
    };
    both.map_err(|error| Failure::refused_pki(&error, &place))
}

fn is_plain_pem(file: &[u8]) -> bool {
    const LABEL: &[u8] = b"PRIVATE KEY-----";
    file.windows(LABEL.len()).any(|place| place == LABEL) && !key_file::is_encrypted(file)
}

/// The versions that may be spoken.
pub(super) fn versions(given: &VersionArgument) -> Vec<&'static SupportedProtocolVersion> {
    match given.version.as_deref() {
        Some("1.2") => vec![&rustls::version::TLS12],
        Some("1.3") => vec![&rustls::version::TLS13],
        _ => rustls::ALL_VERSIONS.to_vec(),
    }
}
