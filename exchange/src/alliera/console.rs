//! What the operators of an Alliera do: they release, publish, hand over parcels.

use rusqlite::params;
use serde_json::json;
use uuid::Uuid;

use super::callbacks::deliveries;
use super::event::Event;
use super::stand_in::{Alliera, StoreProblem};
use super::work::new_id;
use crate::party::Party;

impl Alliera {
    /// A folder and all that lies in it exists for a party from now on (X-RESOURCE).
    ///
    /// # Errors
    /// [`StoreProblem`]: also where there is no such folder.
    pub fn release_folder(&mut self, to: Party, folder: i64) -> Result<(), StoreProblem> {
        let release = "INSERT OR IGNORE INTO released_folder VALUES(?1, ?2, ?3)";
        let row = params![to.partner.to_string(), to.instance.to_string(), folder];
        self.sql.execute(release, row)?;
        Ok(())
    }

    /// A package box exists for a party from now on.
    ///
    /// # Errors
    /// [`StoreProblem`].
    pub fn release_box(&mut self, to: Party, package_box: Uuid) -> Result<(), StoreProblem> {
        let release =
            "INSERT OR IGNORE INTO released_box SELECT ?1, ?2, seq FROM package_box WHERE id = ?3";
        let id = package_box.to_string();
        let row = params![to.partner.to_string(), to.instance.to_string(), id];
        self.sql.execute(release, row)?;
        Ok(())
    }

    /// All folders that lie in none, and all package boxes: everything that there is.
    ///
    /// # Errors
    /// [`StoreProblem`].
    pub fn release_everything(&mut self, to: Party) -> Result<(), StoreProblem> {
        let row = [to.partner.to_string(), to.instance.to_string()];
        for release in [
            "INSERT OR IGNORE INTO released_folder SELECT ?1, ?2, seq FROM folder WHERE parent IS NULL",
            "INSERT OR IGNORE INTO released_box SELECT ?1, ?2, seq FROM package_box",
        ] {
            self.sql.execute(release, row.clone())?;
        }
        Ok(())
    }

    /// Nothing exists for a party any more.
    ///
    /// # Errors
    /// [`StoreProblem`].
    pub fn withdraw(&mut self, from: Party) -> Result<(), StoreProblem> {
        let row = [from.partner.to_string(), from.instance.to_string()];
        for table in ["released_folder", "released_box"] {
            let withdraw = format!("DELETE FROM {table} WHERE partner = ?1 AND instance = ?2");
            self.sql.execute(&withdraw, row.clone())?;
        }
        Ok(())
    }

    /// Publishes all access groups of this Alliera to a partner: it may obtain access to them.
    ///
    /// # Errors
    /// [`StoreProblem`].
    pub fn publish(&mut self, to: Uuid) -> Result<(), StoreProblem> {
        let me = &self.settings;
        let mut groups = self
            .sql
            .prepare("SELECT id, name FROM access_group ORDER BY seq")?;
        let groups = groups.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for group in groups {
            let (id, name): (String, String) = group?;
            let row = params![
                new_id(&self.sql)?,
                me.party.partner.to_string(),
                me.partner_name,
                me.party.instance.to_string(),
                me.name,
                to.to_string(),
                id,
                name,
            ];
            self.sql.execute(
                "INSERT OR IGNORE INTO published(id, partner, partner_name, instance, instance_name, destination, remote,
                    name) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                row,
            )?;
        }
        Ok(())
    }

    /// A parcel was picked up: its compartment is free, and who reserved it is told.
    ///
    /// # Errors
    /// [`StoreProblem`].
    pub fn pick_up(&mut self, reservation: Uuid) -> Result<Vec<Event>, StoreProblem> {
        let id = reservation.to_string();
        let pick_up = "UPDATE reservation SET picked_up = 1 WHERE id = ?1 AND NOT picked_up
            RETURNING partner, instance, parcel";
        let mut statement = self.sql.prepare_cached(pick_up)?;
        let mut events = Vec::new();
        let rows = statement.query_map([&id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        for row in rows {
            let (partner, instance, parcel): (String, String, Option<String>) = row?;
            let payload = json!({"domain": "Delivery", "eventType": "Pickup", "reservationId": id, "parcelId": parcel});
            events.extend(deliveries(
                &self.sql,
                [&partner, &instance],
                "Pickup",
                &payload,
            )?);
        }
        Ok(events)
    }
}
