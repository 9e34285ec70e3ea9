//! The command line: all commands.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

const EXAMPLES: &str = "\
Examples:
  daxsign-exchange config print                 every setting, its default, and why

Exit codes: 0 done; 1 refused, or something is wrong with the record; 2 wrong usage, or a file or a running
exchange that cannot be used.";

/// DAX on one machine: partners, contracts, the relay and its record
#[derive(Debug, Parser)]
#[command(name = "daxsign-exchange", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// What is set
    #[command(subcommand)]
    Config(ConfigCommand),
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
