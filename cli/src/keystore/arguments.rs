//! What can be said on the command line to `daxsign p12`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

const EXPORT_EXAMPLES: &str = "\
Examples:
  daxsign p12 export --key client.pem --certificate client.crt --out client.p12
  daxsign p12 export --key client.pem --certificate client.crt --certificate root/authority.crt \\
    --name client --passphrase-file pass --out client.p12

The file is encrypted with AES-256 under the passphrase. Windows (from 10 1709 and Server 2019 on), Java
(from 8u301 and 11.0.12 on, passphrases of ASCII alone), .NET, OpenSSL and browsers read it.";

const IMPORT_EXAMPLES: &str = "\
Examples:
  daxsign p12 import client.p12                         what does it hold?
  daxsign p12 import client.p12 --key-out client.pem --certificate-out client.crt

The key is written as PKCS#8 PEM, for its owner alone (mode 0600) and without a passphrase, as all
commands take it; the certificates as PEM, the key's own first.";

/// `daxsign p12`
#[derive(Debug, Subcommand)]
pub(crate) enum P12Command {
    /// Put a key and its certificates into a new PKCS#12 file
    #[command(after_help = EXPORT_EXAMPLES)]
    Export(ExportArguments),
    /// Show what a PKCS#12 file holds, or take it out
    #[command(after_help = IMPORT_EXAMPLES)]
    Import(ImportArguments),
}

/// `daxsign p12 export`
#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// The private key: PKCS#1 or PKCS#8, PEM or DER
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// Its certificate, or one above it, once for each file; a file may hold several
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) certificate: Vec<PathBuf>,
    /// What the key is called in Windows and in Java's keystores (alias)
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The file to make
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Where the file's new passphrase is: the first line of FILE; without, it is asked for
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

/// `daxsign p12 import`
#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// The PKCS#12 file; - for standard input
    pub(crate) file: PathBuf,
    /// Write the private key to FILE, which must be new
    #[arg(long, value_name = "FILE")]
    pub(crate) key_out: Option<PathBuf>,
    /// Write the certificates to FILE, which must be new
    #[arg(long, value_name = "FILE")]
    pub(crate) certificate_out: Option<PathBuf>,
    /// Where the file's passphrase is: the first line of FILE; without, it is asked for
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}
