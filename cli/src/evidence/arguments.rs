//! What can be said on the command line about evidence.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::arguments::{JsonArgument, OutArgument};

const EXPORT_EXAMPLES: &str = "\
Examples:
  daxsign evidence export 0192f5c0-7a3e-4c11-9d52-6f0e1b2a3c4d --token-file management.token \\
    --out evidence.json

Asks the exchange on this machine, at its management port. The file holds whole messages, which may
hold PINs: it gets mode 0600. It gets its name once it is whole.";

const VERIFY_EXAMPLES: &str = "\
Examples:
  daxsign evidence verify evidence.json
  daxsign evidence verify evidence.json --pin exchange=SHA256 --pin PARTNER/INSTANCE=SHA256
  daxsign evidence verify evidence.json --json

Asks nobody: no exchange, no network, no clock. A pin says whose certificate is whose; it has to come
from elsewhere than from who gave you the file. `daxsign cert CERTIFICATE` shows a certificate's SHA-256.

Exit codes: 0 all that the file says holds; 1 something does not, and then nothing of it is to be
believed; 2 wrong usage or an unreadable file.";

const COMPARE_EXAMPLES: &str = "\
Examples:
  daxsign evidence compare may.json june.json --proof proof.txt
  daxsign evidence compare may.json --token-file management.token
  daxsign evidence compare may.checkpoint june.checkpoint --key LOGKEY --proof proof.txt

The first is what you were shown earlier, the second what is shown now: evidence files, or signed
checkpoints (C2SP signed notes). Whoever was shown a longer log that begins otherwise has two checkpoints
that convict the exchange. The proof (RFC 6962, 2.1.2) is a hash a line, in base64.

Exit codes: 0 the second continues the first; 1 it does not, or that is not proved; 2 wrong usage or an
unreadable file.";

/// Where the exchange's management port is by default.
const EXCHANGE: &str = "127.0.0.1:8444";

/// `daxsign evidence`
#[derive(Debug, Subcommand)]
pub(crate) enum EvidenceCommand {
    /// Get the evidence of one exchange from the exchange on this machine
    #[command(after_help = EXPORT_EXAMPLES)]
    Export(ExportArguments),
    /// Check evidence, and say what it proves, what it only states, and what nothing covers
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify(VerifyArguments),
    /// Check that a log that was shown at two times only grew
    #[command(after_help = COMPARE_EXAMPLES)]
    Compare(CompareArguments),
}

/// `daxsign evidence export`
#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// Which exchange: the X-Correlation-Id of its answer
    #[arg(value_name = "CORRELATION-ID")]
    pub(crate) correlation: String,
    #[command(flatten)]
    pub(crate) exchange: ExchangeArguments,
    #[command(flatten)]
    pub(crate) out: OutArgument,
}

/// `daxsign evidence verify`
#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    /// The evidence; - for standard input
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) pins: PinArguments,
    #[command(flatten)]
    pub(crate) json: JsonArgument,
}

/// `daxsign evidence compare`
#[derive(Debug, Args)]
pub(crate) struct CompareArguments {
    /// What was shown earlier: an evidence file or a signed checkpoint
    pub(crate) earlier: PathBuf,
    /// What is shown now, likewise; by default the exchange on this machine is asked
    pub(crate) later: Option<PathBuf>,
    /// The log's key, NAME+ID+KEY, for checkpoints alone: evidence names it
    #[arg(long, value_name = "LOGKEY")]
    pub(crate) key: Option<String>,
    /// The proof of consistency; by default the exchange on this machine is asked
    #[arg(long, value_name = "FILE")]
    pub(crate) proof: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) pins: PinArguments,
    #[command(flatten)]
    pub(crate) exchange: ExchangeArguments,
    #[command(flatten)]
    pub(crate) json: JsonArgument,
}

/// Whose certificates are whose.
#[derive(Debug, Args)]
pub(crate) struct PinArguments {
    /// PARTNER/INSTANCE=SHA256 or exchange=SHA256: the certificate of a party or of the exchange; once for
    /// each, and again for one that was renewed
    #[arg(long = "pin", value_name = "PARTY=SHA256")]
    pub(crate) pins: Vec<String>,
    /// A witness of the log, NAME+ID+KEY, who signs the checkpoints that it saw
    #[arg(long = "witness", value_name = "KEY")]
    pub(crate) witnesses: Vec<String>,
}

/// The exchange that is asked.
#[derive(Debug, Args)]
pub(crate) struct ExchangeArguments {
    /// The management port of the exchange on this machine
    #[arg(
        long,
        value_name = "ADDRESS:PORT",
        env = "DAXSIGN_EXCHANGE",
        default_value = EXCHANGE,
        value_parser = parse_loopback
    )]
    pub(crate) exchange: SocketAddr,
    /// The file with the token for that port
    #[arg(long, value_name = "FILE", env = "DAXSIGN_EXCHANGE_TOKEN_FILE")]
    pub(crate) token_file: Option<PathBuf>,
}

/// The value of `--exchange`. The token goes there unencrypted.
fn parse_loopback(text: &str) -> Result<SocketAddr, &'static str> {
    let address: SocketAddr = text
        .parse()
        .map_err(|_| "expected an address and a port, such as 127.0.0.1:8444")?;
    if !address.ip().is_loopback() {
        return Err(
            "the management port is asked on this machine alone (127.0.0.1 or [::1]): run this there, and take the file",
        );
    }
    Ok(address)
}
