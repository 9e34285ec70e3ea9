//! OpenSSL's command line, the independent other side.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder of its own for the files of one test, in which OpenSSL runs.
#[derive(Debug)]
pub struct OpenSsl {
    folder: TempDir,
}

impl Default for OpenSsl {
    fn default() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        Self { folder }
    }
}

impl OpenSsl {
    /// The path of a file in the folder.
    #[must_use]
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Writes a file into the folder.
    ///
    /// # Panics
    /// If that fails.
    pub fn write(&self, file: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(file);
        std::fs::write(&path, bytes).expect("a file in the temporary folder");
        path
    }

    /// Reads a file of the folder.
    ///
    /// # Panics
    /// If that fails.
    #[must_use]
    pub fn read(&self, file: &str) -> Vec<u8> {
        std::fs::read(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// Runs `openssl` with arguments separated by single spaces; gives its standard output.
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
            .current_dir(self.folder.path())
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
