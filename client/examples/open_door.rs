//! Lists the card owners of a target, and opens a door for one of them. A sandbox has all variables in a file:
//!
//! ```sh
//! . DIR/env.sh
//! cargo run -p daxsign-client --example open_door
//! ```

use std::{env, fs};

use daxsign_client::api::{ListCardOwners, OpenCardOwnerDoor};
use daxsign_client::blocking::Client;
use daxsign_client::{Instance, Key, Roots, Secret, Settings};

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("set {name}"))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut settings = Settings::observed(
        &variable("DAX_BASE")?,
        variable("DAX_CLIENT_ID")?.parse()?,
        variable("DAX_USER")?,
        Secret::new(variable("DAX_PASSWORD")?),
    )?;
    settings.roots = Roots::Only(fs::read(variable("DAX_CA")?)?);
    let client = Client::new(settings, Key::read(variable("DAX_KEY")?)?)?;
    let target = Instance {
        partner: variable("DAX_PARTNER")?.parse()?,
        instance: variable("DAX_INSTANCE")?.parse()?,
    };
    for owner in client.items(ListCardOwners::new(target)) {
        println!("{}", owner?.card_owner_id);
    }
    let owner = variable("DAX_CARD_OWNER")?.parse()?;
    let door = variable("DAX_DOOR")?.parse()?;
    let opened = client.call(&OpenCardOwnerDoor::new(target, owner, door))?;
    println!("opened: {}", opened.correlation_id.unwrap_or_default());
    Ok(())
}
