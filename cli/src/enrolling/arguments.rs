//! What can be said on the command line to the commands around certificates.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use daxsign_core::{Purpose, Timestamp};

use crate::arguments::{JsonArgument, OutArgument, parse_time};

/// `daxsign csr`
#[derive(Debug, Args)]
pub(crate) struct CsrArguments {
    /// Private key: PKCS#1 or PKCS#8, PEM or DER
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// The `request.conf` of DAX's text: what the options below do not say is taken from there
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The instance id, as Amido gave it
    #[arg(long, value_name = "GUID")]
    pub(crate) instance: Option<String>,
    /// The partner id, as Amido gave it
    #[arg(long, value_name = "GUID")]
    pub(crate) partner: Option<String>,
    /// The country, two letters such as SE (C)
    #[arg(long, value_name = "CODE")]
    pub(crate) country: Option<String>,
    /// The city or place (L)
    #[arg(long, value_name = "NAME")]
    pub(crate) locality: Option<String>,
    /// The partner's name, as Amido has it (O)
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: Option<String>,
    /// The part of the organization that owns the certificate (OU)
    #[arg(long, value_name = "NAME")]
    pub(crate) unit: Option<String>,
    /// The environment, unless it is `prod`
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Option<String>,
    /// For somebody else than DAX: the subject, such as 'C=SE, O=Example, CN=gateway.example'
    #[arg(long, value_name = "NAME", conflicts_with_all = DAX_OPTIONS)]
    pub(crate) name: Option<String>,
    /// With --name or alone: a DNS name, as a server needs one; may be repeated
    #[arg(long, value_name = "HOST", conflicts_with_all = DAX_OPTIONS, value_parser = parse_host)]
    pub(crate) dns: Vec<String>,
    #[command(flatten)]
    pub(crate) out: OutArgument,
}

/// What only a request to DAX has.
const DAX_OPTIONS: [&str; 8] = [
    "config",
    "instance",
    "partner",
    "country",
    "locality",
    "organization",
    "unit",
    "environment",
];

/// `daxsign cert`
#[derive(Debug, Args)]
pub(crate) struct CertArguments {
    /// Certificate, chain of certificates, or request; PEM or DER; - for standard input
    pub(crate) file: PathBuf,
    /// Whether this key belongs to it: private or public
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Whether this authority issued it, itself or through the file's other certificates: a
    /// certificate or a public key
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// With --ca: whether it was revoked, or an authority between: the list of revoked certificates of the one
    /// that issued it; repeated for that of each authority above, up to --ca
    #[arg(long, value_name = "FILE", requires = "ca")]
    pub(crate) crl: Vec<PathBuf>,
    /// With --ca: whether it, and each authority on the way that names purposes, serves as this one's
    #[arg(long, value_name = "WHOSE", requires = "ca")]
    pub(crate) purpose: Option<PurposeChoice>,
    /// End with code 3 if one of the file's certificates expires within so many days
    #[arg(long, value_name = "DAYS", value_parser = parse_days)]
    pub(crate) warn: Option<u32>,
    /// Whether this is its thumbprint, SHA-1 or SHA-256, however it was copied
    #[arg(long, value_name = "HEX")]
    pub(crate) thumbprint: Option<String>,
    /// Judge its validity as of TIME, such as 2020-05-17T12:44:30Z, instead of the present
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub(crate) now: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) json: JsonArgument,
}

/// Whose certificate it is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PurposeChoice {
    Client,
    Server,
}

impl From<PurposeChoice> for Purpose {
    fn from(choice: PurposeChoice) -> Self {
        match choice {
            PurposeChoice::Client => Self::ClientAuth,
            PurposeChoice::Server => Self::ServerAuth,
        }
    }
}

/// The value of `--dns`.
fn parse_host(text: &str) -> Result<String, &'static str> {
    match text.trim().parse::<IpAddr>() {
        Ok(_) => Err(
            "this is an address and no DNS name: `openssl req -addext subjectAltName=IP:ADDRESS` asks for one",
        ),
        Err(_) => Ok(text.to_owned()),
    }
}

/// The value of `--warn`.
fn parse_days(text: &str) -> Result<u32, &'static str> {
    let error = "expected days as a whole number, such as 30";
    text.parse().map_err(|_| error)
}
