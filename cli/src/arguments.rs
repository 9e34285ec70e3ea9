//! What can be said on the command line to the commands that need no network.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use daxsign_core::{ContentPolicy, DEFAULT_WINDOW, Options, TargetForm, Timestamp};

/// `daxsign string`
#[derive(Debug, Args)]
pub(crate) struct StringArguments {
    #[command(flatten)]
    pub(crate) list: ListArguments,
    #[command(flatten)]
    pub(crate) target: TargetArguments,
    #[command(flatten)]
    pub(crate) content: ContentArguments,
    #[command(flatten)]
    pub(crate) out: OutArgument,
    #[command(flatten)]
    pub(crate) request: RequestArgument,
}

/// Where a command's product goes.
#[derive(Debug, Args)]
pub(crate) struct OutArgument {
    /// Write to FILE, which must be new, byte for byte; by default to standard output
    #[arg(long = "out", value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

/// `daxsign sign`
#[derive(Debug, Args)]
pub(crate) struct SignArguments {
    /// Private key: PKCS#1 or PKCS#8, PEM or DER
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    #[command(flatten)]
    pub(crate) list: ListArguments,
    /// What the RSA signature is made over; the peer must use the same. By default what the variable
    /// DAXSIGN_PROFILE or the settings of `daxsign setup` say; without any of them it is not guessed
    #[arg(long, value_enum)]
    pub(crate) profile: Option<Profile>,
    /// What to print: the signed request, the value of its Signature field, or only the base64
    #[arg(long, value_enum, default_value_t)]
    pub(crate) print: Print,
    /// Add a missing Date (now), and a missing Content-Length if there is a body or the method is
    /// POST, PUT or PATCH
    #[arg(long)]
    pub(crate) complete: bool,
    /// Which lists the verifier accepts: under `interop` the default list signs a body without
    /// Content-Length too
    #[arg(long, value_enum, default_value_t)]
    pub(crate) policy: Policy,
    #[command(flatten)]
    pub(crate) target: TargetArguments,
    #[command(flatten)]
    pub(crate) content: ContentArguments,
    #[command(flatten)]
    pub(crate) out: OutArgument,
    #[command(flatten)]
    pub(crate) request: RequestArgument,
}

/// `daxsign verify`
#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    /// Public key, certificate or private key; PEM or DER
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// What the RSA signature is made over; the peer must use the same. By default what the variable
    /// DAXSIGN_PROFILE or the settings of `daxsign setup` say; without any of them it is not guessed
    #[arg(long, value_enum)]
    pub(crate) profile: Option<Profile>,
    /// Which lists are accepted for a request with a body
    #[arg(long, value_enum, default_value_t)]
    pub(crate) policy: Policy,
    /// Judge the date as of TIME, such as 2020-05-17T12:44:30Z, instead of the present
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub(crate) now: Option<Timestamp>,
    /// How far the date may lie from now, before or after
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = DEFAULT_WINDOW,
        value_parser = parse_seconds
    )]
    pub(crate) max_skew: u32,
    #[command(flatten)]
    pub(crate) target: TargetArguments,
    #[command(flatten)]
    pub(crate) content: ContentArguments,
    #[command(flatten)]
    pub(crate) json: JsonArgument,
    #[command(flatten)]
    pub(crate) request: RequestArgument,
}

/// `daxsign explain`
#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// Public key, certificate or private key; PEM or DER
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// The bytes that the sender logged as what it signed: whether they are, and where they differ
    /// from the rules' string; - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) signed: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) target: TargetArguments,
    #[command(flatten)]
    pub(crate) json: JsonArgument,
    #[command(flatten)]
    pub(crate) request: RequestArgument,
}

/// `daxsign keygen`
#[derive(Debug, Args)]
pub(crate) struct KeygenArguments {
    /// Size of the modulus: 2048, 3072 or 4096
    #[arg(long, default_value_t = 2048, value_parser = parse_bits)]
    pub(crate) bits: usize,
    /// The file to make
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// How the file is written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: KeyFormat,
}

/// `daxsign key`
#[derive(Debug, Args)]
pub(crate) struct KeyArguments {
    /// Key file or certificate, PEM or DER; - for standard input
    pub(crate) file: PathBuf,
    /// Print the public key as PEM ("BEGIN PUBLIC KEY") and nothing else
    #[arg(long, conflicts_with = "json")]
    pub(crate) public: bool,
    /// With --public: write to FILE, which must be new, byte for byte
    #[arg(long, value_name = "FILE", requires = "public")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) json: JsonArgument,
}

/// The request, everywhere.
#[derive(Debug, Args)]
pub(crate) struct RequestArgument {
    /// Raw HTTP/1.1 request; - for standard input
    #[arg(value_name = "REQUEST")]
    pub(crate) path: PathBuf,
}

/// The component list to sign.
#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// Component list, names separated by single spaces; by default (request-target), then host,
    /// content-type and content-length as far as the request has them, then date
    #[arg(long, value_name = "LIST")]
    pub(crate) headers: Option<String>,
}

/// How much of the target is signed.
#[derive(Debug, Args)]
pub(crate) struct TargetArguments {
    /// The signature covers the target with its query; DAX itself expects the path only
    #[arg(long)]
    pub(crate) full_target: bool,
}

/// Which content type is asked for.
#[derive(Debug, Args)]
pub(crate) struct ContentArguments {
    /// Ask for Content-Type: application/json, as the DAX REST API does
    #[arg(long)]
    pub(crate) rest: bool,
}

/// Text for people or JSON for scripts.
#[derive(Debug, Args)]
pub(crate) struct JsonArgument {
    /// Print one JSON object, also when refused
    #[arg(long)]
    pub(crate) json: bool,
}

/// The profiles.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Profile {
    /// SHA-256 of the signing string: what the DAX text says
    Documented,
    /// SHA-256 of the SHA-256 of the signing string: what the vendor's SDK does
    VendorSdk,
}

/// The policies.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Policy {
    /// A body needs content-length in the signed list, and date last
    #[default]
    Strict,
    /// Any list that has (request-target) and date
    Interop,
}

/// What `sign` prints.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Print {
    /// The request with its Signature field added
    #[default]
    Request,
    /// The value of the Signature field
    Header,
    /// The base64 of the signature
    Signature,
}

/// The formats of a private key file.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum KeyFormat {
    /// "BEGIN RSA PRIVATE KEY", what the DAX text uses
    #[default]
    Pkcs1,
    /// "BEGIN PRIVATE KEY"
    Pkcs8,
}

impl From<Profile> for daxsign_core::Profile {
    fn from(profile: Profile) -> Self {
        match profile {
            Profile::Documented => Self::Documented,
            Profile::VendorSdk => Self::VendorSdk,
        }
    }
}

impl From<Policy> for daxsign_core::Policy {
    fn from(policy: Policy) -> Self {
        match policy {
            Policy::Strict => Self::Strict,
            Policy::Interop => Self::Interop,
        }
    }
}

impl Policy {
    /// The name as it is written on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Interop => "interop",
        }
    }
}

impl TargetArguments {
    /// The core's options without a demand on the content type.
    pub(crate) const fn options(&self) -> Options {
        Options {
            target: if self.full_target {
                TargetForm::Full
            } else {
                TargetForm::Path
            },
            content: ContentPolicy::Any,
        }
    }

    /// The core's options.
    pub(crate) const fn options_with(&self, content: &ContentArguments) -> Options {
        Options {
            target: self.options().target,
            content: if content.rest {
                ContentPolicy::Rest
            } else {
                ContentPolicy::Any
            },
        }
    }
}

/// The value of `--max-skew`.
fn parse_seconds(text: &str) -> Result<u32, &'static str> {
    let error = "expected seconds as a whole number, such as 300";
    text.parse().map_err(|_| error)
}

/// The value of `--bits`; which numbers there are keys for is not judged here.
fn parse_bits(text: &str) -> Result<usize, &'static str> {
    let error = "expected bits as a whole number, such as 2048";
    text.parse().map_err(|_| error)
}

/// The value of `--now`.
pub(crate) fn parse_time(text: &str) -> Result<Timestamp, daxsign_core::Error> {
    Timestamp::parse(text)
}
