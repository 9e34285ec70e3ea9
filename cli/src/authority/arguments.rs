//! What can be said on the command line to an authority.

use std::env;
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use daxsign_pki::{Profile, Reason};

use crate::arguments::{JsonArgument, OutArgument};
use crate::failure::Failure;

const INIT_EXAMPLES: &str = "\
Examples:
  daxsign ca init root --name 'C=SE, O=Example, CN=Example Root'
  daxsign ca init clients --name 'C=SE, O=Example, CN=Example Clients' --above root
  daxsign ca init root --key ca1.key --certificate ca1.crt --list ca1.crl
                                                        one that is there already

The folder holds all of the authority: back it up as it is. Its key is encrypted with the passphrase.";

const ISSUE_EXAMPLES: &str = "\
Examples:
  daxsign ca issue client.csr --ca root --profile dax --out client.crt
  daxsign ca issue server.csr --ca root --profile server --days 90 --out server.crt
  daxsign ca issue client.csr --profile dax --out client.crt --yes --passphrase-file pass
                                                        in a script, the folder in DAXSIGN_CA

Subject, key and alternative names come from the request, everything else from the profile: what the
request asks for beside that is told. The certificate also stays in the authority's folder.";

const REVOKE_EXAMPLES: &str = "\
Examples:
  daxsign ca revoke client.crt --ca root --reason keyCompromise
  daxsign ca revoke 8F0102030405060708090A0B0C0D0E0F --ca root --reason superseded --yes

The list of revoked certificates is renewed with it: publish authority.crl of the folder.";

const DEMO_EXAMPLES: &str = "\
Examples:
  daxsign ca demo open-banking demo
  daxsign ca demo open-banking demo --config tpp1.cnf --config tpp2.cnf

Makes the root and the clients of the Open Banking text, each client from its own request, and says
where each file goes.";

/// `daxsign ca`
#[derive(Debug, Subcommand)]
pub(crate) enum CaCommand {
    /// Make a new authority in a folder of its own
    #[command(after_help = INIT_EXAMPLES)]
    Init(Box<InitArguments>),
    /// Issue a certificate for a request
    #[command(after_help = ISSUE_EXAMPLES)]
    Issue(Box<IssueArguments>),
    /// Issue a certificate anew, for the same key and with every name
    Renew(Box<RenewArguments>),
    /// Revoke a certificate, and renew the list
    #[command(after_help = REVOKE_EXAMPLES)]
    Revoke(Box<RevokeArguments>),
    /// Renew the list of revoked certificates alone
    Crl(CrlArguments),
    /// Show what was issued, until when it is valid, and what was revoked
    List(ListArguments),
    /// Make all that a text sets up, for trying it out
    #[command(after_help = DEMO_EXAMPLES)]
    Demo(DemoArguments),
}

/// `daxsign ca demo`
#[derive(Debug, Args)]
pub(crate) struct DemoArguments {
    /// Which text
    #[arg(value_parser = ["open-banking"])]
    pub(crate) text: String,
    /// The folder to make
    pub(crate) folder: PathBuf,
    /// A client's `.cnf` file, once for each client; by default the text's tpp1.cnf and tpp2.cnf
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Vec<PathBuf>,
}

/// `daxsign ca init`
#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// The folder to make
    pub(crate) folder: PathBuf,
    /// Its name, such as 'C=SE, O=Example, CN=Example Root'
    #[arg(long, value_name = "NAME", required_unless_present = "certificate")]
    pub(crate) name: Option<String>,
    /// The folder of the authority above it, which issues its certificate; without, it is a root
    #[arg(long, value_name = "FOLDER")]
    pub(crate) above: Option<PathBuf>,
    /// For how many days its certificate is valid: 3650 for a root, else 1825
    #[arg(long, value_parser = parse_days)]
    pub(crate) days: Option<u32>,
    /// Size of its new key: 2048, 3072 or 4096
    #[arg(long, default_value_t = 3072, conflicts_with = "key")]
    pub(crate) bits: usize,
    /// Its private key, instead of a new one
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Its certificate, where it has one already, with those of the authorities above it behind it
    #[arg(long, value_name = "FILE", requires = "key", conflicts_with_all = ["name", "above", "days"])]
    pub(crate) certificate: Option<PathBuf>,
    /// The newest list of revoked certificates that it made: what stands in it stays revoked
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub(crate) list: Option<PathBuf>,
    /// With --certificate and without --list: it has revoked nothing yet, do not ask
    #[arg(long, requires = "certificate", conflicts_with = "list")]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgument,
    /// Where the passphrase of the authority above it is: its first line
    #[arg(long, value_name = "FILE", requires = "above")]
    pub(crate) above_passphrase_file: Option<PathBuf>,
}

impl InitArguments {
    /// A root with this name, whose key is new.
    pub(crate) fn root(
        folder: &Path,
        name: &str,
        days: u32,
        passphrase: &PassphraseArgument,
    ) -> Self {
        Self {
            folder: folder.to_owned(),
            name: Some(name.to_owned()),
            above: None,
            days: Some(days),
            bits: 2048,
            key: None,
            certificate: None,
            list: None,
            yes: false,
            passphrase: passphrase.clone(),
            above_passphrase_file: None,
        }
    }
}

/// Which authority.
#[derive(Debug, Args)]
pub(crate) struct FolderArgument {
    /// The authority's folder; by default that in DAXSIGN_CA, or the one in which this runs
    #[arg(long = "ca", value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

impl FolderArgument {
    /// That of the option, of the environment's variable, or else the one in which this runs.
    pub(crate) fn path(&self) -> Result<PathBuf, Failure> {
        if let Some(folder) = &self.folder {
            return Ok(folder.clone());
        }
        match env::var_os("DAXSIGN_CA") {
            // Of a variable that is not set, most likely: that does not mean this folder.
            Some(folder) if folder.is_empty() => Err(Failure::Unusable(
                "DAXSIGN_CA is empty: name a folder in it, or unset it".to_owned(),
            )),
            folder => Ok(folder.map_or_else(|| PathBuf::from("."), PathBuf::from)),
        }
    }
}

/// Where its passphrase is.
#[derive(Clone, Debug, Args)]
pub(crate) struct PassphraseArgument {
    /// Where the passphrase is: the first line of FILE; without, it is asked for
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

/// What is asked before something is done.
#[derive(Debug, Args)]
pub(crate) struct YesArgument {
    /// Do it without asking, for scripts
    #[arg(long)]
    pub(crate) yes: bool,
}

/// `daxsign ca issue`
#[derive(Debug, Args)]
pub(crate) struct IssueArguments {
    /// The request, PEM or DER; - for standard input
    pub(crate) request: PathBuf,
    /// What the certificate is to be good for
    #[arg(long, value_parser = profiles())]
    pub(crate) profile: String,
    #[command(flatten)]
    pub(crate) terms: TermsArguments,
}

/// `daxsign ca renew`
#[derive(Debug, Args)]
pub(crate) struct RenewArguments {
    /// The certificate: its file, its serial number, or its thumbprint
    pub(crate) certificate: String,
    /// What it is to be good for; by default the same as before
    #[arg(long, value_parser = profiles())]
    pub(crate) profile: Option<String>,
    #[command(flatten)]
    pub(crate) terms: TermsArguments,
}

/// What both of them have.
#[derive(Debug, Args)]
pub(crate) struct TermsArguments {
    #[command(flatten)]
    pub(crate) folder: FolderArgument,
    /// For how many days it is valid: 1825 for an authority, else 365
    #[arg(long, value_parser = parse_days)]
    pub(crate) days: Option<u32>,
    #[command(flatten)]
    pub(crate) out: OutArgument,
    #[command(flatten)]
    pub(crate) yes: YesArgument,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgument,
}

/// `daxsign ca revoke`
#[derive(Debug, Args)]
pub(crate) struct RevokeArguments {
    /// The certificate: its file, its serial number, or its thumbprint
    pub(crate) certificate: String,
    /// Why: what is told to everybody who reads the list
    #[arg(long, value_parser = reasons(), ignore_case = true)]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) folder: FolderArgument,
    #[command(flatten)]
    pub(crate) next: NextArgument,
    #[command(flatten)]
    pub(crate) yes: YesArgument,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgument,
}

/// For how long a list holds.
#[derive(Debug, Args)]
pub(crate) struct NextArgument {
    /// For how many days the list holds: it must be renewed before
    #[arg(long = "list-days", value_name = "DAYS", default_value_t = 30, value_parser = parse_days)]
    pub(crate) days: u32,
}

/// `daxsign ca crl`
#[derive(Debug, Args)]
pub(crate) struct CrlArguments {
    #[command(flatten)]
    pub(crate) folder: FolderArgument,
    #[command(flatten)]
    pub(crate) next: NextArgument,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgument,
}

/// `daxsign ca list`
#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    #[command(flatten)]
    pub(crate) folder: FolderArgument,
    /// End with code 3 if a certificate, the authority or its list ends within so many days
    #[arg(long, value_name = "DAYS", value_parser = parse_days)]
    pub(crate) warn: Option<u32>,
    #[command(flatten)]
    pub(crate) json: JsonArgument,
}

fn profiles() -> PossibleValuesParser {
    PossibleValuesParser::new(Profile::ALL.map(Profile::name))
}

fn reasons() -> PossibleValuesParser {
    PossibleValuesParser::new(Reason::ALL.map(Reason::name))
}

/// At least one day, at most what a certificate's four digits of a year hold from now on.
fn parse_days(text: &str) -> Result<u32, &'static str> {
    let error = "expected days as a whole number from 1 to 36500, such as 365";
    let days = text.parse().map_err(|_| error)?;
    if (1..=36_500).contains(&days) {
        Ok(days)
    } else {
        Err(error)
    }
}
