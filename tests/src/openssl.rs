//! OpenSSL's command line, the independent other side.

use std::ops::Deref;
use std::path::Path;
use std::process::{Command, Output};

use crate::folder::Folder;

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
}
