//! Accepts a request once, also over restarts and from several processes: what was accepted is a file
//! in a folder that they share. A database with a unique key takes its place.
//!
//! `cargo run -p daxsign-core --example replay_store -- client.pub.pem FOLDER <signed.http`
#![allow(clippy::print_stdout, reason = "what an example is for")]

use std::fs::File;
use std::io::ErrorKind;
use std::path::PathBuf;

use daxsign_core::{Error, Profile, PublicKey, ReplayStore, Timestamp, Verifier};

#[allow(dead_code, reason = "each example takes what it needs")]
mod common;

/// A file for each request that was accepted; it forgets none.
struct Accepted {
    folder: PathBuf,
}

impl ReplayStore for Accepted {
    fn accept(
        &mut self,
        id: [u8; 32],
        _date: Timestamp,
        _now: Timestamp,
        _window: u32,
    ) -> Result<(), Error> {
        let name = id.map(|byte| format!("{byte:02x}")).concat();
        // Looking up and remembering in one step: of several processes one makes the file.
        match File::create_new(self.folder.join(name)) {
            // Remembered over a crash of the machine too, before anything is acted on.
            Ok(_) => File::open(&self.folder).and_then(|folder| folder.sync_all()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(Error::Replayed),
            Err(error) => Err(error),
        }
        // Where nothing can be remembered, nothing is accepted.
        .map_err(|_| Error::ReplayGuardFull { capacity: 0 })
    }
}

fn main() -> Result<(), common::AnyError> {
    let mut arguments = std::env::args().skip(1);
    let (Some(key), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: replay_store KEY-FILE FOLDER <REQUEST".into());
    };
    let key = PublicKey::from_bytes(&std::fs::read(key)?)?;
    let folder = folder.into();

    let received = common::Received::read()?;
    let fields = received.fields();
    let request = received.request(&fields);
    Verifier::new(&key, Profile::Documented).verify_once(
        &request,
        common::now()?,
        &mut Accepted { folder },
    )?;
    println!("accepted");
    Ok(())
}
