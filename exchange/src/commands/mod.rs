//! The commands of the program: thin, over what the library does.
//!
//! [`arguments`] has all of them; [`manage`] those that ask a running exchange, by [`caller`]; [`backing_up`] is for one that runs or
//! does not, [`offline`] has those for one that does not.

mod alliera;
pub(crate) mod arguments;
mod backing_up;
mod caller;
mod clock;
pub(crate) mod clock_change;
mod config;
mod demo;
pub(crate) mod failure;
mod fault;
mod init;
mod manage;
mod moving;
mod offline;
pub(crate) mod output;
mod sandbox;
mod serve;

use self::arguments::{Arguments, Command};
use self::failure::Failure;

/// Runs the command that was asked for.
pub(crate) fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.command {
        Command::Demo { evidence } => demo::run(evidence.as_deref()),
        Command::Sandbox(command) => sandbox::run(&command),
        Command::Clock { dir, change } => moving::run(&dir, change),
        Command::Init(command) => init::run(&command),
        Command::Serve { folder } => serve::run(&folder),
        Command::Alliera { folder, command } => alliera::run(&folder, command.as_ref()),
        Command::Backup(command) => backing_up::run(&command),
        Command::Restore(command) => offline::run_restore(&command),
        Command::Fsck { folder } => offline::fsck(&folder),
        Command::LostKeys { folder } => offline::lost_keys(&folder),
        Command::Partner { dir, command } => manage::partner(&dir.dir, &command),
        Command::Instance { dir, command } => manage::instance(&dir.dir, &command),
        Command::Certificate { dir, command } => manage::certificate(&dir.dir, &command),
        Command::Credential { dir, command } => manage::credential(&dir.dir, &command),
        Command::Contract { dir, command } => manage::contract(&dir.dir, &command),
        Command::Clause { dir, command } => manage::clause(&dir.dir, &command),
        Command::WouldAllow { dir, would } => manage::would_allow(&dir.dir, &would),
        Command::Outcome { dir, correlation } => {
            manage::show(&dir.dir, &format!("/v1/exchanges/{correlation}"))
        }
        Command::Erase { dir, correlation } => {
            manage::delete(&dir.dir, &format!("/v1/exchanges/{correlation}"))
        }
        Command::CardOwner { dir, owner } => manage::card_owner(&dir.dir, owner),
        Command::EraseCardOwner { dir, owner } => manage::erase_card_owner(&dir.dir, owner),
        Command::Requeue {
            dir,
            correlation,
            deadline,
        } => {
            let path = format!("/v1/exchanges/{correlation}/requeue");
            let body = serde_json::json!({ "deadlineSeconds": deadline });
            manage::post(&dir.dir, &path, &body)
        }
        Command::Evidence {
            dir,
            correlation,
            out,
        } => {
            let path = format!("/v1/evidence/{correlation}");
            manage::fetch(&dir.dir, &path, out.as_deref())
        }
        Command::Checkpoint { dir } => manage::fetch(&dir.dir, "/v1/log/checkpoint", None),
        Command::Consistency {
            dir,
            earlier,
            later,
        } => {
            let path = format!("/v1/log/consistency?earlier={earlier}&later={later}");
            manage::fetch(&dir.dir, &path, None)
        }
        Command::Fault { dir, command } => fault::run(&dir.dir, &command),
        Command::Receivers { dir } => manage::show(&dir.dir, "/v1/receivers"),
        Command::Ready { dir } => manage::ready(&dir.dir),
        Command::Config(command) => config::run(&command),
    }
}
