//! Lists the card owners of a target:
//!
//! ```sh
//! DAX_BASE=https://api-prod.dax.amido.io DAX_CLIENT_ID=… DAX_USER=… DAX_PASSWORD=… DAX_KEY=private.pem \
//!     cargo run -p daxsign-client --example list_cardowners -- PARTNER-ID INSTANCE-ID
//! ```

use std::env;

use daxsign_client::api::ListCardOwners;
use daxsign_client::blocking::Client;
use daxsign_client::{Instance, Key, Secret, Settings};

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("set {name}"))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = env::args().skip(1);
    let mut id = |name: &str| {
        arguments
            .next()
            .ok_or(format!("say the target's {name} id"))
    };
    let target = Instance {
        partner: id("partner")?.parse()?,
        instance: id("instance")?.parse()?,
    };
    let settings = Settings::observed(
        &variable("DAX_BASE")?,
        variable("DAX_CLIENT_ID")?.parse()?,
        variable("DAX_USER")?,
        Secret::new(variable("DAX_PASSWORD")?),
    )?;
    let client = Client::new(settings, Key::read(variable("DAX_KEY")?)?)?;
    for owner in client.items(ListCardOwners::new(target)) {
        let owner = owner?;
        let name = |part: &Option<String>| part.clone().unwrap_or_default();
        println!(
            "{}  {} {}",
            owner.card_owner_id,
            name(&owner.specific_name),
            name(&owner.family_name)
        );
    }
    Ok(())
}
