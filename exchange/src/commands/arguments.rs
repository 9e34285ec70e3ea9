//! The command line: all commands.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use daxsign_exchange::Party;
use uuid::Uuid;

use crate::commands::clock_change::ClockChange;

const EXAMPLES: &str = "\
Examples:
  daxsign-exchange demo                         an exchange at work, step by step, without any file
  daxsign-exchange sandbox                      what to develop against, with commands to begin with
  daxsign-exchange init exchange --sandbox      a folder with all that an exchange needs
  daxsign-exchange serve exchange
  daxsign-exchange config print                 every setting, its default, and why
  export DAXSIGN_EXCHANGE_DIR=exchange          for all that follow
  daxsign-exchange partner add 'Alpha housing'
  daxsign-exchange would-allow SENDER RECEIVER create_card

Exit codes: 0 done; 1 refused, or something is wrong with the record; 2 wrong usage, or a file or a running
exchange that cannot be used.";

const SERVE_HELP: &str = "\
SIGTERM ends it: it is not ready any more, takes nothing in, and what is in work has its time
(exchange.drain-seconds). What was accepted is on disk whatever happens; the next start goes on with it.";

const ALLIERA_HELP: &str = "\
The folder has alliera.toml (exchange, party, partner-name, name, zone, seed, card-owners), alliera.key, alliera.crt,
authority.crt and exchange.crt. One line on standard output says that it is connected; standard error is its console.
SIGTERM ends it. Its operators' commands work while it runs, too.";

/// DAX on one machine: partners, contracts, the relay and its record
#[derive(Debug, Parser)]
#[command(name = "daxsign-exchange", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Which exchange is asked.
#[derive(Args, Debug)]
pub(crate) struct Dir {
    /// The exchange's folder
    #[arg(long, env = "DAXSIGN_EXCHANGE_DIR", default_value = ".", global = true)]
    pub(crate) dir: PathBuf,
}

const SANDBOX_HELP: &str = "\
Standard output gets one line of JSON once it is ready: ready, rest, management, dir, details (a file with all
ids, names, keys and certificates). Standard error gets commands to begin with, and what happens in the Allieras.";

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show an exchange at work, whole and refused; needs no file and no server
    Demo {
        /// Keep the evidence of the complete exchange in FILE, which must be new
        #[arg(long, value_name = "FILE")]
        evidence: Option<PathBuf>,
    },
    /// Run an exchange with two Allieras and a client's credentials, to develop against
    #[command(after_help = SANDBOX_HELP)]
    Sandbox(SandboxCommand),
    /// What a sandbox's clock shows; or move it
    Clock {
        #[command(flatten)]
        dir: Dir,
        /// +2h, -30m, +90s, +400d: from what it shows now; `real`: as the system's [default: only show it]
        #[arg(allow_hyphen_values = true)]
        change: Option<ClockChange>,
    },
    /// Make the folder of a new exchange: an authority, keys and certificates to begin with
    Init(InitCommand),
    /// Run the exchange of a folder until the process is asked to end
    #[command(after_help = SERVE_HELP)]
    Serve {
        /// Its folder
        folder: PathBuf,
    },
    /// Stand in for an Alliera until the process is asked to end; or do what its operators do
    #[command(after_help = ALLIERA_HELP)]
    Alliera {
        /// Its folder, with alliera.toml
        folder: PathBuf,
        #[command(subcommand)]
        command: Option<AllieraCommand>,
    },
    /// Write a backup, while the exchange runs or while it does not
    Backup(BackupCommand),
    /// Put a backup back into a folder that has the exchange's secrets and no record
    Restore(RestoreCommand),
    /// Hash every leaf and decrypt every message; the exchange must not run
    Fsck {
        /// Its folder
        folder: PathBuf,
    },
    /// Give up messages whose keys are lost: they count as erased; the exchange must not run
    LostKeys {
        /// Its folder
        folder: PathBuf,
    },
    /// Partners: legal entities
    Partner {
        #[command(flatten)]
        dir: Dir,
        #[command(subcommand)]
        command: PartnerCommand,
    },
    /// Instances: installations and systems of partners
    Instance {
        #[command(flatten)]
        dir: Dir,
        #[command(subcommand)]
        command: InstanceCommand,
    },
    /// Certificates of instances
    Certificate {
        #[command(flatten)]
        dir: Dir,
        #[command(subcommand)]
        command: CertificateCommand,
    },
    /// Names and passwords with which instances get tokens
    Credential {
        #[command(flatten)]
        dir: Dir,
        #[command(subcommand)]
        command: CredentialCommand,
    },
    /// Contracts; parties offer, sign and end them by messages that they sign
    Contract {
        #[command(flatten)]
        dir: Dir,
        #[command(subcommand)]
        command: ContractCommand,
    },
    /// Clauses of contracts
    Clause {
        #[command(flatten)]
        dir: Dir,
        #[command(subcommand)]
        command: ClauseCommand,
    },
    /// Whether a request would be allowed, and by which clause; nothing is sent or counted
    WouldAllow {
        #[command(flatten)]
        dir: Dir,
        #[command(flatten)]
        would: WouldAllow,
    },
    /// What became of a request
    Outcome {
        #[command(flatten)]
        dir: Dir,
        /// Its correlation id
        correlation: Uuid,
    },
    /// Erase what was said in an exchange that has ended; its leaves stay in the log
    Erase {
        #[command(flatten)]
        dir: Dir,
        /// Its correlation id
        correlation: Uuid,
    },
    /// Every exchange that names a card owner and is not erased
    CardOwner {
        #[command(flatten)]
        dir: Dir,
        /// The card owner's id
        owner: Uuid,
    },
    /// Erase what was said in every ended exchange that names a card owner
    EraseCardOwner {
        #[command(flatten)]
        dir: Dir,
        /// The card owner's id
        owner: Uuid,
    },
    /// Ask again for what ended without an answer, where that cannot do anything twice
    Requeue {
        #[command(flatten)]
        dir: Dir,
        /// Its correlation id
        correlation: Uuid,
        /// How many seconds its receiver has to answer
        #[arg(long, default_value_t = 10)]
        deadline: u32,
    },
    /// Write the evidence of an exchange, for `daxsign evidence verify`
    Evidence {
        #[command(flatten)]
        dir: Dir,
        /// Its correlation id
        correlation: Uuid,
        /// A new file; standard output without it
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// What the log is now, signed
    Checkpoint {
        #[command(flatten)]
        dir: Dir,
    },
    /// The proof that the log only grew between two sizes
    Consistency {
        #[command(flatten)]
        dir: Dir,
        /// Leaves of the earlier checkpoint
        earlier: u64,
        /// Leaves of the later one
        later: u64,
    },
    /// Faults to order, in a sandbox
    Fault {
        #[command(flatten)]
        dir: Dir,
        #[command(subcommand)]
        command: FaultCommand,
    },
    /// Which receivers are connected
    Receivers {
        #[command(flatten)]
        dir: Dir,
    },
    /// Whether it is ready, and what is not
    Ready {
        #[command(flatten)]
        dir: Dir,
    },
    /// What is set
    #[command(subcommand)]
    Config(ConfigCommand),
}

/// A sandbox.
#[derive(Args, Debug)]
pub(crate) struct SandboxCommand {
    /// Its folder, which is made where it is not there [default: one that is gone afterwards]
    pub(crate) folder: Option<PathBuf>,
    /// Forget what happened there; keys, passwords and ports stay
    #[arg(long)]
    pub(crate) reset: bool,
    /// The number of the data: the same ids, names and people each time [default: 1]
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u32>,
    /// How many card owners each Alliera has [default: 12]
    #[arg(long, value_name = "N")]
    pub(crate) card_owners: Option<u32>,
    /// Ask clients for a certificate, too; `--mtls false` does not any more
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub(crate) mtls: Option<bool>,
    /// Where the REST door listens [default: a free port of 127.0.0.1, the same at the next start]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) rest: Option<String>,
    /// Where operators ask [default: the same]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) management: Option<String>,
    /// End when standard input ends: with the program that started it
    #[arg(long)]
    pub(crate) until_input_ends: bool,
}

/// A new exchange.
#[derive(Args, Debug)]
pub(crate) struct InitCommand {
    /// The folder that is made
    pub(crate) folder: PathBuf,
    /// A name by which clients reach it, for its TLS certificate; may be repeated [default: localhost]
    #[arg(long)]
    pub(crate) host: Vec<String>,
    /// The log's name [default: HOST/record]
    #[arg(long)]
    pub(crate) log_name: Option<String>,
    /// The environment in the names of certificates
    #[arg(long, default_value = "prod")]
    pub(crate) environment: String,
    /// Tell senders which contract, clause and value refused them
    #[arg(long)]
    pub(crate) sandbox: bool,
}

/// What the operators of an Alliera do.
#[derive(Debug, Subcommand)]
pub(crate) enum AllieraCommand {
    /// From now on everything, or one thing, exists for a party; nothing does before
    Release {
        /// PARTNER/INSTANCE
        party: Party,
        /// A folder with all that lies in it, and nothing else
        #[arg(long, value_name = "ID", conflicts_with = "package_box")]
        folder_id: Option<i64>,
        /// A package box, and nothing else
        #[arg(long, value_name = "ID")]
        package_box: Option<Uuid>,
    },
    /// Nothing exists for a party any more
    Withdraw {
        /// PARTNER/INSTANCE
        party: Party,
    },
    /// What exists for whom
    Released,
    /// A partner may obtain access to all access groups; prints the body that publishes them at the exchange
    Publish {
        /// The partner's id
        partner: Uuid,
    },
    /// A parcel was picked up
    PickUp {
        /// The id of its reservation
        reservation: Uuid,
    },
    /// What the exchange was not told yet: bodies of POST /exchange/v1/events, a line each
    Happened {
        /// What it does not take instead, each with why
        #[arg(long)]
        set_aside: bool,
        /// They count as told from now on
        #[arg(long)]
        forget: bool,
    },
}

/// A backup.
#[derive(Args, Debug)]
pub(crate) struct BackupCommand {
    /// The exchange's folder
    pub(crate) folder: PathBuf,
    /// The folder that is made
    pub(crate) to: PathBuf,
    /// Where the keys of messages go, a new file: without them the messages in the backup cannot be read
    #[arg(long)]
    pub(crate) keys: Option<PathBuf>,
}

/// The way back.
#[derive(Args, Debug)]
pub(crate) struct RestoreCommand {
    /// The backup
    pub(crate) backup: PathBuf,
    /// The exchange's folder
    pub(crate) folder: PathBuf,
    /// The keys of messages, as `backup --keys` wrote them; what has none counts as erased
    #[arg(long)]
    pub(crate) keys: Option<PathBuf>,
}

/// About partners.
#[derive(Debug, Subcommand)]
pub(crate) enum PartnerCommand {
    /// A partner takes part; prints its id
    Add {
        /// What people call it
        name: String,
        /// Its id [default: a new one]
        #[arg(long)]
        id: Option<Uuid>,
    },
    /// All of them
    List,
}

/// About faults.
#[derive(Debug, Subcommand)]
pub(crate) enum FaultCommand {
    /// Every kind of fault, and what happens; asks nobody
    Kinds,
    /// Order one: for the next request, unless more is said
    Order(OrderFault),
    /// What is ordered, and the newest that requests got
    List,
    /// End an order, or all of them
    Cancel {
        /// Its number [default: all]
        order: Option<u32>,
    },
}

/// A fault.
#[derive(Args, Debug)]
pub(crate) struct OrderFault {
    /// What happens: one of `fault kinds`
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(daxsign_exchange::faults::Kind::ALL.map(daxsign_exchange::faults::Kind::name)), hide_possible_values = true)]
    pub(crate) kind: String,
    /// Requests of this instance alone
    #[arg(long)]
    pub(crate) instance: Option<Uuid>,
    /// Requests of this operation alone, as `open_card_owner_door`
    #[arg(long)]
    pub(crate) operation: Option<String>,
    /// How many requests get it; 0: until it is cancelled
    #[arg(long, default_value_t = 1)]
    pub(crate) count: u32,
    /// Of a hundred that could get it so many do
    #[arg(long, default_value_t = 100)]
    pub(crate) percent: u8,
    /// How long, where it waits
    #[arg(long, default_value_t = 2)]
    pub(crate) seconds: u16,
}

/// About instances.
#[derive(Debug, Subcommand)]
pub(crate) enum InstanceCommand {
    /// An instance takes part, or is set anew; prints it as PARTNER/INSTANCE
    Set(SetInstance),
    /// All of them
    List,
}

/// An instance.
#[derive(Args, Debug)]
pub(crate) struct SetInstance {
    /// The partner's id
    pub(crate) partner: Uuid,
    /// What people call it
    pub(crate) name: String,
    /// Its id [default: a new one]
    #[arg(long)]
    pub(crate) id: Option<Uuid>,
    /// It signs twice hashed, as the vendor's library does
    #[arg(long)]
    pub(crate) vendor_sdk: bool,
    /// Lists of it are taken that leave the body unbound
    #[arg(long)]
    pub(crate) interop: bool,
    /// It recognises by the correlation id what it got before: it may get messages twice
    #[arg(long)]
    pub(crate) deduplicates: bool,
}

/// About certificates.
#[derive(Debug, Subcommand)]
pub(crate) enum CertificateCommand {
    /// Register a certificate; an instance may have 4, so that one follows another without a gap
    Add {
        /// PARTNER/INSTANCE
        party: String,
        /// PEM
        file: PathBuf,
    },
    /// From one second after this nothing that it signs is taken
    Revoke {
        /// SHA-256 or SHA-1, in hexadecimal digits
        thumbprint: String,
    },
    /// All of them, also those that do not count any more
    List,
}

/// About credentials.
#[derive(Debug, Subcommand)]
pub(crate) enum CredentialCommand {
    /// A name gets a password; without a file one is made, and shown once
    Set {
        /// What the client sends as username
        name: String,
        /// PARTNER/INSTANCE
        party: String,
        /// A file with the password in its first line
        #[arg(long)]
        password_file: Option<PathBuf>,
    },
    /// A name is no longer known; its tokens hold no more
    Remove {
        /// Which
        name: String,
    },
    /// All names
    List,
}

/// About contracts.
#[derive(Debug, Subcommand)]
pub(crate) enum ContractCommand {
    /// All of them, or those of a partner
    List {
        /// Its id
        #[arg(long)]
        partner: Option<Uuid>,
    },
    /// One of them
    Show {
        /// Its id
        contract: Uuid,
    },
}

/// About clauses.
#[derive(Debug, Subcommand)]
pub(crate) enum ClauseCommand {
    /// Those of a contract, in the order in which they are looked at
    List {
        /// Its id
        contract: Uuid,
    },
}

/// What is asked about.
#[derive(Args, Debug)]
#[group(skip)]
pub(crate) struct WouldAllow {
    /// PARTNER/INSTANCE who would ask
    pub(crate) sender: String,
    /// PARTNER/INSTANCE who would be asked
    pub(crate) receiver: String,
    /// An operation of the API, such as `create_card`
    pub(crate) operation: String,
    /// A file with the body, where a limit looks at it
    #[arg(long)]
    pub(crate) body: Option<PathBuf>,
}

/// About settings.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print every setting with its unit, its reason, and what it is
    Print {
        /// The exchange's folder; without it all settings are the defaults
        folder: Option<PathBuf>,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn no_two_arguments_contradict_each_other() {
        Arguments::command().debug_assert();
    }
}
