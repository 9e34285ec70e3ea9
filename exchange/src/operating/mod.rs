//! What an operator sets, runs and sees.
//!
//! One folder holds everything: settings, record, registry, keys, certificates.
//!
//! `settings` is what can be set, `field` how each is read and printed, `wrong` what is said of mistakes; `folder` names
//! the files and refuses secrets that others can read, `keys` reads them; `founding` makes a new one. `serving` runs it (`not_served` is why not)
//! with the doors of `opening`,
//! `housekeeping` with `authority_list` does what is done beside requests, `known`, `metrics` and `logged` tell how it is, by
//! what was `learned` of the record.
//! `locked`, `backup` (with `unfinished`) are for an exchange that need not run; `temporary` is a folder for one that does not stay.

mod authority_list;
mod backup;
mod field;
mod folder;
mod founding;
mod housekeeping;
mod keys;
mod known;
mod learned;
mod locked;
mod logged;
mod metrics;
mod not_served;
mod opening;
mod serving;
mod settings;
mod temporary;
mod unfinished;
mod wrong;

pub use backup::{BackupProblem, Restored, back_up, restore};
pub(crate) use folder::only_the_owner_reads;
pub use folder::{Folder, Part};
pub(crate) use folder::{make_private, write_new};
pub use founding::{
    AUTHORITY_FOLDER, NewExchange, NotFounded, PASSPHRASE_FILE, found, found_with, issue_to_party,
    write_log_key,
};
pub(crate) use founding::{new_key, text_secret};
pub use keys::{log_key, token_key};
pub use locked::{Locked, NotLocked};
pub use metrics::Metrics;
pub use not_served::NotServed;
pub use serving::{Ended, Sandboxed, Serving};
pub use settings::{SETTINGS_FILE, Settings};
pub use temporary::TemporaryFolder;
pub use wrong::WrongSettings;
