//! What can be said on the command line about TLS.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand, ValueEnum, value_parser};

const SERVE_EXAMPLES: &str = "\
Examples:
  daxsign tls serve --certificate server.crt --key server.pem --ca root/authority.crt --crl root/authority.crl
  daxsign tls serve --certificate server.crt --key server.pem --policy fdx.toml

Tells of each connection who it is, or why it is refused, and answers each request with what the policy
says of its path. Lists and policy are read again when their files change; whoever was revoked
is disconnected within a second. Ends with Ctrl-C.";

const CONNECT_EXAMPLES: &str = "\
Examples:
  daxsign tls connect localhost:8443 --ca root/authority.crt --crl root/authority.crl \\
    --certificate client.crt --key client.pem --path /accounts
  daxsign tls connect 192.0.2.1:443 --host gateway.example --ca ca1.crt --no-crl

Exit codes: 0 both sides accept each other; 1 one refuses the other, and why; 2 no connection, or an
unreadable file.";

/// `daxsign tls`
#[derive(Debug, Subcommand)]
pub(crate) enum TlsCommand {
    /// Let clients in by their certificates, and tell of each why or why not
    #[command(after_help = SERVE_EXAMPLES)]
    Serve(Box<ServeArguments>),
    /// Connect to a server, and tell what both sides say of each other's certificate
    #[command(after_help = CONNECT_EXAMPLES)]
    Connect(Box<ConnectArguments>),
}

/// `daxsign tls serve`
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("trust").required(true).args(["policy", "ca"])))]
pub(crate) struct ServeArguments {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8443")]
    pub(crate) listen: SocketAddr,
    /// The server's certificate, and those above it, PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) certificate: PathBuf,
    /// Its private key
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgument,
    /// Which roots each path trusts: a file in TOML (docs/mutual-tls.md)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["ca", "crl", "no_crl", "identity"])]
    pub(crate) policy: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) roots: RootsArguments,
    /// By what of its certificate a client is known
    #[arg(long, value_enum, default_value_t)]
    pub(crate) identity: Identity,
    #[command(flatten)]
    pub(crate) version: VersionArgument,
    /// End after so many connections
    #[arg(long, value_name = "COUNT", value_parser = value_parser!(u64).range(1..))]
    pub(crate) connections: Option<u64>,
}

/// `daxsign tls connect`
#[derive(Debug, Args)]
pub(crate) struct ConnectArguments {
    /// The server: host and port
    #[arg(value_name = "HOST:PORT")]
    pub(crate) server: String,
    /// The name that its certificate must have, if it is another
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Option<String>,
    #[command(flatten)]
    pub(crate) roots: RootsArguments,
    /// The certificate to show, and those above it, PEM
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) certificate: Option<PathBuf>,
    /// Its private key
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub(crate) key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgument,
    /// Also ask for this path
    #[arg(long)]
    pub(crate) path: Option<String>,
    #[command(flatten)]
    pub(crate) version: VersionArgument,
}

/// What opens a key that is encrypted.
#[derive(Debug, Args)]
pub(crate) struct PassphraseArgument {
    /// Where the key's passphrase is, if it is encrypted: the first line of FILE; without, it is asked for
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

/// Whom the other side's certificate must lead to.
#[derive(Debug, Args)]
pub(crate) struct RootsArguments {
    /// A root that is trusted, with authorities below it or without; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Vec<PathBuf>,
    /// What an authority has revoked, one list in each file; may be repeated
    #[arg(long, value_name = "FILE", conflicts_with = "no_crl")]
    pub(crate) crl: Vec<PathBuf>,
    /// Do not ask whether a certificate was revoked
    #[arg(long)]
    pub(crate) no_crl: bool,
}

/// Which version of TLS.
#[derive(Debug, Args)]
pub(crate) struct VersionArgument {
    /// This version of TLS alone; by default both
    #[arg(long = "tls", value_name = "VERSION", value_parser = ["1.2", "1.3"])]
    pub(crate) version: Option<String>,
}

/// By what a client is known.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Identity {
    /// The DNS name of the subjectAltName
    #[default]
    Dns,
    /// The UID of the subject
    Uid,
    /// The whole subject
    Subject,
}
