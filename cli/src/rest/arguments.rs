//! What can be said on the command line to the commands that call the REST API.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use daxsign_client::{Method, Uuid};

use crate::arguments::{JsonArgument, Profile};
use crate::rest::id::id;

/// Which settings.
#[derive(Debug, Args)]
pub(crate) struct NameArgument {
    /// The settings to use; by default those named in DAXSIGN_AS, or else `default`
    #[arg(long = "as", value_name = "NAME")]
    pub(crate) name: Option<String>,
}

/// What is said of a call beside what it does.
#[derive(Debug, Args)]
pub(crate) struct CallArguments {
    #[command(flatten)]
    pub(crate) name: NameArgument,
    /// The target's partner, if not that of the settings
    #[arg(long, value_name = "ID", value_parser = id, help_heading = "Call")]
    pub(crate) partner: Option<Uuid>,
    /// The target's instance, if not that of the settings
    #[arg(long, value_name = "ID", value_parser = id, help_heading = "Call")]
    pub(crate) instance: Option<Uuid>,
    /// What the RSA signature is made over, if not what the settings say
    #[arg(long, value_enum, help_heading = "Call")]
    pub(crate) profile: Option<Profile>,
    /// The list of signed parts, if not that of the settings
    #[arg(long, value_name = "LIST", help_heading = "Call")]
    pub(crate) headers: Option<String>,
    /// A text that comes back with the answer, at most 255 characters
    #[arg(long, value_name = "TEXT", help_heading = "Call")]
    pub(crate) context: Option<String>,
    /// How long the call may take as a whole
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help_heading = "Call")]
    pub(crate) max_time: Option<Duration>,
    /// Print the request as it would go out, signed, and send nothing
    #[arg(long, help_heading = "Call")]
    pub(crate) dry_run: bool,
    /// Do not ask before a door is opened, or something is deleted or revoked
    #[arg(long, help_heading = "Call")]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) shown: ShownArguments,
}

/// What is shown of a call.
#[derive(Debug, Args)]
pub(crate) struct ShownArguments {
    /// Show on standard error what is signed
    #[arg(long, help_heading = "Call")]
    pub(crate) explain: bool,
    /// Print PINs and tokens that an answer holds
    #[arg(long, help_heading = "Call")]
    pub(crate) show_secrets: bool,
    /// Print JSON on a terminal too
    #[arg(long, help_heading = "Call")]
    pub(crate) json: bool,
}

/// `daxsign call`
#[derive(Debug, Args)]
pub(crate) struct CallCommand {
    /// GET, POST, PUT, PATCH or DELETE
    #[arg(value_parser = method)]
    pub(crate) method: Method,
    /// Path below the API's, such as /contracts, percent-encoded; {partner} and {instance} stand for
    /// the target's ids
    pub(crate) path: String,
    /// The body: a JSON object, or @FILE, or @- for standard input; {} without it
    #[arg(long, value_name = "JSON|@FILE")]
    pub(crate) body: Option<String>,
    #[command(flatten)]
    pub(crate) call: CallArguments,
}

/// `daxsign setup`
#[derive(Debug, Args)]
pub(crate) struct SetupCommand {
    #[command(flatten)]
    pub(crate) name: NameArgument,
    /// Scheme and host of the service
    #[arg(long, value_name = "URL")]
    pub(crate) base: Option<String>,
    /// Your own instance's id, whose key signs
    #[arg(long, value_name = "ID", value_parser = id)]
    pub(crate) client_id: Option<Uuid>,
    /// The target's partner id
    #[arg(long, value_name = "ID", value_parser = id, requires = "instance")]
    pub(crate) partner: Option<Uuid>,
    /// The target's instance id
    #[arg(long, value_name = "ID", value_parser = id, requires = "partner")]
    pub(crate) instance: Option<Uuid>,
    /// The user's name
    #[arg(long, value_name = "NAME", value_parser = not_empty)]
    pub(crate) user: Option<String>,
    /// The private key: PKCS#1 or PKCS#8, PEM or DER
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) password: PasswordArguments,
    /// How requests are signed
    #[arg(long, value_enum)]
    pub(crate) signing: Option<SigningChoice>,
    /// Scope to ask tokens for [default: daxapi]
    #[arg(long, value_name = "SCOPE", value_parser = not_empty)]
    pub(crate) scope: Option<String>,
    /// Certificates (PEM) that the server's may lead to, beside those that the system trusts
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// The certificate (PEM) that this side shows to the server
    #[arg(long, value_name = "FILE", requires = "client_key")]
    pub(crate) client_certificate: Option<PathBuf>,
    /// The private key of that certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "client_certificate")]
    pub(crate) client_key: Option<PathBuf>,
    /// The exchange's certificate (or its public key): answers must be signed with its key
    #[arg(long, value_name = "FILE")]
    pub(crate) exchange_certificate: Option<PathBuf>,
    /// Whether an answer that is not signed is refused; with `false` only a signature that is there must
    /// hold [default: true]
    #[arg(long, value_name = "BOOL", requires = "exchange_certificate")]
    pub(crate) require_signed_answers: Option<bool>,
}

/// Where the password is.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct PasswordArguments {
    /// The password is in this environment variable
    #[arg(long = "password-env", value_name = "NAME", value_parser = not_empty)]
    pub(crate) env: Option<String>,
    /// The password is the first line of this file
    #[arg(long = "password-file", value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// The password is in the operating system's keyring; it is asked for, or read from standard
    /// input, and filed there
    #[arg(long = "password-keyring")]
    pub(crate) keyring: bool,
}

/// How requests are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SigningChoice {
    /// As production was seen to accept it: `vendor-sdk`, `(request-target) date`
    Observed,
    /// As the DAX text says, with all that can be bound: `documented`, `(request-target) host
    /// content-type content-length date`
    Documented,
    /// Not known: `daxsign probe` finds out
    Probe,
}

/// `daxsign probe`
#[derive(Debug, Args)]
pub(crate) struct ProbeCommand {
    #[command(flatten)]
    pub(crate) name: NameArgument,
    /// Write what is accepted into the settings without asking
    #[arg(long)]
    pub(crate) write: bool,
    #[command(flatten)]
    pub(crate) json: JsonArgument,
}

fn method(text: &str) -> Result<Method, String> {
    text.parse()
        .map_err(|_| "expected GET, POST, PUT, PATCH or DELETE".to_owned())
}

/// A variable that is not set gives an option nothing: that is not what was meant.
fn not_empty(text: &str) -> Result<String, &'static str> {
    match text {
        "" => Err("expected a value: leave the option out to have none"),
        text => Ok(text.to_owned()),
    }
}

/// The value of `--max-time`.
fn seconds(text: &str) -> Result<Duration, &'static str> {
    match text.parse() {
        Ok(seconds @ 1..=3_600) => Ok(Duration::from_secs(seconds)),
        _ => Err("expected seconds as a whole number from 1 to 3600"),
    }
}
