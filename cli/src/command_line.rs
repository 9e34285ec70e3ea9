//! The command line: all commands, and what is said where it cannot be understood.

use std::env;

use clap::{CommandFactory, Parser, Subcommand};

use crate::arguments::{
    ExplainArguments, KeyArguments, KeygenArguments, SignArguments, StringArguments,
    VerifyArguments,
};
use crate::authority::arguments::CaCommand;
use crate::enrolling::arguments::{CertArguments, CsrArguments};
#[cfg(feature = "evidence")]
use crate::evidence::arguments::EvidenceCommand;
use crate::keystore::arguments::P12Command;
#[cfg(feature = "proxy")]
use crate::proxy::arguments::ProxyCommand;
#[cfg(feature = "client")]
use crate::rest::arguments::{CallCommand, ProbeCommand, SetupCommand};
#[cfg(feature = "client")]
use crate::rest::commands;
use crate::terminal::visible;
#[cfg(feature = "tls")]
use crate::tls::arguments::TlsCommand;

const EXAMPLES: &str = "\
Examples:
  daxsign demo                                          see everything at work, without any file
  daxsign keygen --bits 2048 --out client.pem           make a key pair
  daxsign csr --key client.pem --out request.csr        ask DAX for a certificate
  daxsign key client.pem --public --out client.pub.pem  the public key
  daxsign sign --key client.pem --profile vendor-sdk --complete --out signed.http request.http
  daxsign verify --key client.pub.pem --profile vendor-sdk signed.http
  daxsign explain --key client.pub.pem signed.http      why does it not verify?

REQUEST is a file, or - for standard input, with a raw HTTP/1.1 request: the request line, header
fields, a blank line, and the body, which is every byte after the blank line.

Exit codes: 0 done or verified; 1 refused, with error[name] on standard error; 2 wrong usage, an
unreadable file, or not an HTTP request; 3 what --warn asks about ends within so many days.";

const STRING_EXAMPLES: &str = "\
Examples:
  daxsign string request.http | sha256sum
  daxsign string --headers '(request-target) host date' request.http";

const SIGN_EXAMPLES: &str = "\
Examples:
  daxsign sign --key client.pem --profile vendor-sdk --complete --out signed.http request.http
  daxsign sign --key client.pem --profile documented --print header request.http
  export DAXSIGN_PROFILE=vendor-sdk                     for all that follow
  daxsign sign --key client.pem --headers '(request-target) content-length date' - < request.http

Production was only ever seen to accept the profile vendor-sdk. A Signature field already in the request is replaced. Nothing is printed if signing is refused.
--out never overwrites a file, and writes byte for byte, which a shell's > may not (PowerShell).";

const VERIFY_EXAMPLES: &str = "\
Examples:
  daxsign verify --key client.pub.pem --profile documented signed.http
  daxsign verify --key client.crt --profile vendor-sdk --policy interop signed.http
  daxsign verify --key client.pub.pem --profile documented \\
    --now 2020-05-17T12:45:00Z signed.http   as of that time";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  daxsign explain --key client.pub.pem signed.http
  daxsign explain --key client.pub.pem --json signed.http
  daxsign explain --key client.pub.pem --signed sender.log signed.http

Exit codes: 0 if the signature verifies under either profile (the date is not judged), else 1.";

const KEYGEN_EXAMPLES: &str = "\
Examples:
  daxsign keygen --bits 2048 --out client.pem
  daxsign keygen --bits 3072 --out client.pem --format pkcs8

The file gets mode 0600. An existing file is never overwritten.";

const CSR_EXAMPLES: &str = "\
Examples:
  daxsign csr --key client.pem --config request.conf --out request.csr
  daxsign csr --key client.pem --out request.csr        asks for the names, on a terminal
  daxsign csr --key client.pem --instance GUID --partner GUID --country SE --locality Gothenburg \\
    --organization 'Partner Name' --unit IS/IT --out request.csr
  daxsign csr --key server.pem --name CN=gateway.example --dns gateway.example --out server.csr

Makes a PKCS#10 request with the names that DAX wants, signed with SHA-256 and RSA. The file goes to
Amido Customer Success; the private key stays where it is. With --name or --dns it is for any other
authority, such as one's own (daxsign ca).";

const CERT_EXAMPLES: &str = "\
Examples:
  daxsign cert client.crt --key client.pem              does it belong to the key?
  daxsign cert client.crt --ca exchange.pem             did this authority issue it?
  daxsign cert client.crt --ca ca.crt --crl ca.crl      was it revoked?
  daxsign cert chain.crt --ca root.crt --crl below.crl --crl root.crl
  daxsign cert client.crt --warn 30 > /dev/null         for a daily check: code 3 when it is time
  daxsign cert request.csr                              what was asked for, and is it signed?

Exit codes: 0 it is as asked; 1 it is not (key, authority, thumbprint, revoked, a request's
signature), or no certificate; 2 wrong usage or an unreadable file; 3 it expires within the days of
--warn, or has expired.";

const KEY_EXAMPLES: &str = "\
Examples:
  daxsign key client.pem
  daxsign key client.pem --public --out client.pub.pem
  daxsign key client.crt --json";

#[cfg(feature = "client")]
const SETUP_EXAMPLES: &str = "\
Examples:
  daxsign setup                                         asks for everything
  daxsign setup --as test --base https://dax.example --client-id ID --partner ID --instance ID \\
    --user robot --password-env DAX_PASSWORD --key client.pem --signing observed

The file is NAME.toml in the folder daxsign where the operating system keeps settings (Linux:
~/.config/daxsign), or in DAXSIGN_SETTINGS. It gets mode 0600 and never holds a password.";

#[cfg(feature = "client")]
const PROBE_EXAMPLES: &str = "\
Examples:
  daxsign probe
  daxsign probe --as test --write

Sends one request for a token, then GET /contracts once for each profile and list until one is
accepted: nothing is changed. Exit codes: 0 one is accepted, 1 none, or the token is refused.";

#[cfg(feature = "client")]
const CALL_EXAMPLES: &str = "\
Examples:
  daxsign call GET /contracts
  daxsign call GET '/partners/{partner}/instances/{instance}/cardowners?limit=5' --json
  daxsign call POST /accessgroups/ObtainAccess --body @order.json --context 'Order 7' --dry-run

What deletes, revokes, opens a door or is not known asks first; scripts say --yes.";

#[cfg(feature = "proxy")]
const PROXY_EXAMPLES: &str = "\
Examples:
  daxsign proxy --check                                 what it would do, and does it work?
  daxsign proxy
  curl http://127.0.0.1:8480/api/v2.0/contracts         without a token, a key, or a signature
  daxsign proxy --as test --listen unix:/run/daxsign/proxy.sock --socket-mode 0660
  curl --unix-socket /run/daxsign/proxy.sock http://localhost/api/v2.0/contracts

Where requests go, who calls and how they are signed is what the settings say (`daxsign setup`).
Path, query and body go on as they came, fields too but for Authorization, Signature, Date, X-Forwarded-*
and those of the connection; answers come back as they are. What the proxy answers itself has the field
X-Dax-Proxy-Error. SIGTERM answers what is in work, then ends with code 0.";

/// Sign, verify and explain DAX HTTP requests
#[derive(Debug, Parser)]
#[command(name = "daxsign", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show signing and verifying on an example; needs no file
    Demo,
    /// Print exactly the bytes of the signing string
    #[command(after_help = STRING_EXAMPLES)]
    String(StringArguments),
    /// Sign a request
    #[command(after_help = SIGN_EXAMPLES)]
    Sign(SignArguments),
    /// Verify a signed request
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify(VerifyArguments),
    /// Find out why a signed request does not verify
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(ExplainArguments),
    /// Make an RSA key
    #[command(after_help = KEYGEN_EXAMPLES)]
    Keygen(KeygenArguments),
    /// Make a request for a certificate, as DAX wants it
    #[command(after_help = CSR_EXAMPLES)]
    Csr(Box<CsrArguments>),
    /// Show what a certificate or a request says, and whether it fits
    #[command(after_help = CERT_EXAMPLES)]
    Cert(Box<CertArguments>),
    /// Show what a key file holds, or its public key
    #[command(after_help = KEY_EXAMPLES)]
    Key(KeyArguments),
    /// Issue and revoke certificates: an authority of one's own
    #[command(subcommand)]
    Ca(CaCommand),
    /// Put a key and its certificates into one file for Windows or Java, or take them out of one
    #[command(subcommand, name = "p12")]
    P12(P12Command),
    /// Prove to others what went through an exchange, without the exchange
    #[cfg(feature = "evidence")]
    #[command(subcommand)]
    Evidence(EvidenceCommand),
    /// Shake hands with certificates on both sides, and see why one is refused
    #[cfg(feature = "tls")]
    #[command(subcommand)]
    Tls(TlsCommand),
    /// Make settings for the REST API: where it is, who calls, and how
    #[cfg(feature = "client")]
    #[command(after_help = SETUP_EXAMPLES)]
    Setup(Box<SetupCommand>),
    /// Find out which profile and list a service accepts
    #[cfg(feature = "client")]
    #[command(after_help = PROBE_EXAMPLES)]
    Probe(ProbeCommand),
    /// Send any request to the REST API, signed
    #[cfg(feature = "client")]
    #[command(after_help = CALL_EXAMPLES)]
    Call(Box<CallCommand>),
    /// Run the sidecar: services that cannot sign send plain HTTP to it, and it signs and sends on
    #[cfg(feature = "proxy")]
    #[command(after_help = PROXY_EXAMPLES)]
    Proxy(Box<ProxyCommand>),
}

/// The whole command line.
pub(crate) fn command() -> clap::Command {
    let command = Arguments::command();
    #[cfg(feature = "client")]
    let command = commands::add_to(command);
    command
}

/// Help or version, or what is wrong on the command line, with the exit code.
pub(crate) fn usage(error: clap::Error) -> u8 {
    let code = u8::try_from(error.exit_code()).unwrap_or(u8::MAX);
    // Clap repeats arguments as they are: what it says of them made visible is the same.
    let arguments = env::args_os().map(|argument| visible(argument.as_encoded_bytes()));
    let error = command()
        .try_get_matches_from(arguments)
        .err()
        .unwrap_or(error);
    // Where the reader is gone there is nobody left to tell.
    let _ = error.print();
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        command().debug_assert();
    }
}
