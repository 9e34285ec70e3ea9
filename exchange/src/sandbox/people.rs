//! Who takes part: two Allieras and a program of somebody else, with ids by the number of the data.

use std::path::{Path, PathBuf};

use daxsign_core::{CertificateFile, PrivateKey, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::failed::Failed;
use crate::party::Party;

/// The folder of all parties in the sandbox's.
pub(super) const PARTIES: &str = "parties";

/// What is the same in each sandbox.
#[derive(Clone, Copy, Debug)]
pub(super) struct Role {
    /// The name of its folder, and the user's.
    pub(super) user: &'static str,
    /// What people call the partner.
    pub(super) name: &'static str,
    /// What people call the instance.
    pub(super) instance: &'static str,
    /// Where the clocks of an Alliera stand; `None` for whoever is none.
    pub(super) zone: Option<&'static str>,
}

/// The Alliera that is asked for doors.
pub(super) const OFFICE: usize = 1;

/// All of them.
pub(super) const ROLES: [Role; 3] = [
    Role {
        user: "northern-estates",
        name: "Northern Estates",
        instance: "Northern Estates, the Alliera",
        zone: Some("Europe/Helsinki"),
    },
    Role {
        user: "small-office",
        name: "the Small Office",
        instance: "the Small Office, the Alliera",
        zone: Some("Europe/Stockholm"),
    },
    Role {
        user: "courier-app",
        name: "the Courier App",
        instance: "the Courier App",
        zone: None,
    },
];

/// A party of the sandbox, with its files.
#[derive(Clone, Debug)]
pub struct Member {
    pub(super) role: Role,
    pub(super) party: Party,
    pub(super) folder: PathBuf,
}

impl Member {
    /// All of them, in the folder of a sandbox.
    pub(super) fn all(folder: &Path, seed: u32) -> [Self; 3] {
        ROLES.map(|role| Self {
            role,
            party: Party {
                partner: id(seed, &format!("partner {}", role.user)),
                instance: id(seed, &format!("instance {}", role.user)),
            },
            folder: folder.join(PARTIES).join(role.user),
        })
    }

    /// What the partner is called.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.role.name
    }

    /// Partner and instance.
    #[must_use]
    pub const fn party(&self) -> Party {
        self.party
    }

    /// The name with which it asks for tokens.
    #[must_use]
    pub const fn user(&self) -> &'static str {
        self.role.user
    }

    /// The file with the password, in its only line.
    #[must_use]
    pub fn password_file(&self) -> PathBuf {
        self.folder.join("password")
    }

    /// The file with the private key, PKCS#8 PEM.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.folder.join("key.pem")
    }

    /// The file with the certificate, PEM.
    #[must_use]
    pub fn certificate_file(&self) -> PathBuf {
        self.folder.join("certificate.pem")
    }

    /// The password.
    ///
    /// # Errors
    /// [`Failed`] where its file cannot be read.
    pub fn password(&self) -> Result<Zeroizing<String>, Failed> {
        let text = read(&self.password_file())?;
        let text = str::from_utf8(&text).map_err(Failed::of)?;
        Ok(Zeroizing::new(text.trim().to_owned()))
    }

    /// The store of an Alliera.
    pub(super) fn store_file(&self) -> PathBuf {
        self.folder.join("alliera.db")
    }

    pub(super) fn key(&self) -> Result<Box<PrivateKey>, Failed> {
        let mut key = Box::new(PrivateKey::empty());
        let file = self.key_file();
        let loaded = key.load(&read(&file)?);
        loaded.map_err(|error| Failed::of(format_args!("{}: {error}", file.display())))?;
        Ok(key)
    }

    /// The certificate, DER.
    pub(super) fn certificate(&self) -> Result<Vec<u8>, Failed> {
        let file = self.certificate_file();
        let bytes = read(&file)?;
        let named = |error: &dyn core::fmt::Display| {
            Failed::of(format_args!("{}: {error}", file.display()))
        };
        let read = CertificateFile::from_bytes(&bytes).map_err(|error| named(&error))?;
        let mut der = Vec::new();
        read.write_der(&mut |bytes: &[u8]| der.extend_from_slice(bytes));
        Ok(der)
    }
}

/// What a file holds; it may be a secret.
pub(super) fn read(file: &Path) -> Result<Zeroizing<Vec<u8>>, Failed> {
    let bytes = std::fs::read(file).map(Zeroizing::new);
    bytes.map_err(|error| Failed::of(format_args!("{}: {error}", file.display())))
}

/// The id of something: the same for the same number.
pub(super) fn id(seed: u32, what: &str) -> Uuid {
    let hash = Sha256::digest(format!("daxsign sandbox {seed} {what}").as_bytes());
    let bytes: [u8; 16] = hash.first_chunk().copied().unwrap_or_default();
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
