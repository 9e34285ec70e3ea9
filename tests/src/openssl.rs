//! OpenSSL's command line, the independent other side.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::path::Path;
use std::process::{Command, Output};

use crate::folder::Folder;

/// The common name of the requests that the programs in other languages make.
pub const HOST: &str = "01234567-89ab-cdef-0123-456789abcdef.instance.prod.dax.amido.io";
/// And their subject, as OpenSSL shows it.
pub const SUBJECT: &str = "subject=C = SE, L = Göteborg, O = Partner Name, OU = IS/IT, \
                           CN = 01234567-89ab-cdef-0123-456789abcdef.instance.prod.dax.amido.io";

/// OpenSSL in a folder of its own.
#[derive(Debug, Default)]
pub struct OpenSsl {
    folder: Folder,
}

impl Deref for OpenSsl {
    type Target = Folder;

    fn deref(&self) -> &Folder {
        &self.folder
    }
}

impl OpenSsl {
    /// Runs `openssl` with arguments separated by single spaces; returns its standard output.
    ///
    /// # Panics
    /// If OpenSSL is not there or does not succeed.
    pub fn run(&self, arguments: &str) -> Vec<u8> {
        let output = self.try_run(arguments);
        assert!(
            output.status.success(),
            "openssl {arguments}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }

    /// Runs `openssl`, which may fail.
    ///
    /// # Panics
    /// If OpenSSL is not there.
    #[must_use]
    pub fn try_run(&self, arguments: &str) -> Output {
        Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(self.root())
            .output()
            .unwrap_or_else(|error| {
                panic!("cannot run `openssl` ({error}): install the package `openssl`")
            })
    }

    /// An RSASSA-PKCS1-v1_5 signature with SHA-256 over `message`.
    ///
    /// # Panics
    /// If OpenSSL fails.
    #[must_use]
    pub fn sign(&self, key: &Path, message: &[u8]) -> Vec<u8> {
        self.write("message", message);
        self.run(&format!("dgst -sha256 -sign {} message", key.display()))
    }

    /// Whether OpenSSL accepts `signature` over `message`.
    ///
    /// # Panics
    /// If OpenSSL says neither yes nor no.
    #[must_use]
    pub fn verifies(&self, public_key: &Path, message: &[u8], signature: &[u8]) -> bool {
        self.write("message", message);
        self.write("signature", signature);
        let key = public_key.display();
        let output = self.try_run(&format!(
            "dgst -sha256 -verify {key} -signature signature message"
        ));
        match String::from_utf8_lossy(&output.stdout).trim() {
            "Verified OK" => true,
            "Verification failure" | "Verification Failure" => false,
            other => panic!("openssl dgst -verify said: {other}"),
        }
    }

    /// The public key of `STEM.pkcs1.pem`, `.pkcs1.der`, `.pkcs8.pem` and `.pkcs8.der`, which are files of one
    /// private key that OpenSSL finds whole.
    ///
    /// # Panics
    /// If it does not.
    #[must_use]
    pub fn public_key_of_files(&self, stem: &str) -> Vec<u8> {
        let mut keys = BTreeSet::new();
        for format in ["pkcs1", "pkcs8"] {
            for (form, suffix) in [("PEM", "pem"), ("DER", "der")] {
                let file = format!("{stem}.{format}.{suffix}");
                let said = self.run(&format!("rsa -check -noout -in {file} -inform {form}"));
                assert!(said.starts_with(b"RSA key ok"), "{file}");
                keys.insert(self.run(&format!("pkey -in {file} -inform {form} -pubout")));
            }
        }
        assert_eq!(keys.len(), 1, "files of one key");
        keys.into_iter().next().expect("a key")
    }

    /// The subject of a request that OpenSSL finds signed by the key in it, which is this one.
    ///
    /// # Panics
    /// If it is not.
    #[must_use]
    pub fn subject_of_request(&self, file: &str, form: &str, key: &[u8]) -> String {
        let output = self.try_run(&format!("req -verify -noout -in {file} -inform {form}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && said.contains("verify OK"),
            "{file}: {said}"
        );
        let found = self.run(&format!("req -in {file} -inform {form} -noout -pubkey"));
        assert!(found == key, "{file}: another key");
        let said = self.run(&format!(
            "req -in {file} -inform {form} -noout -subject -nameopt utf8,sep_comma_plus_space,space_eq"
        ));
        String::from_utf8(said).expect("UTF-8").trim().to_owned()
    }
}
