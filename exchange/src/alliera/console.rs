//! What the operators of an Alliera do: they release, publish, hand over parcels.

use core::fmt;

use rusqlite::{OptionalExtension, params};
use serde_json::{Value, json};
use uuid::Uuid;

use super::happening::happened;
use super::stand_in::{Alliera, StoreProblem};
use crate::party::Party;

/// Something that is released to a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// To whom.
    pub to: Party,
    /// What: `folder 1 Office`.
    pub what: String,
}

impl Alliera {
    /// A folder and all that lies in it exists for a party from now on (X-RESOURCE). Whether there is such a folder.
    ///
    /// # Errors
    /// [`StoreProblem`].
    pub fn release_folder(&mut self, to: Party, folder: i64) -> Result<bool, StoreProblem> {
        let mut found = self.sql.prepare("SELECT 1 FROM folder WHERE seq = ?1")?;
        if !found.exists([folder])? {
            return Ok(false);
        }
        let release = "INSERT OR IGNORE INTO released_folder VALUES(?1, ?2, ?3)";
        let row = params![to.partner.to_string(), to.instance.to_string(), folder];
        self.sql.execute(release, row)?;
        Ok(true)
    }

    /// A package box exists for a party from now on. Whether there is such a box.
    ///
    /// # Errors
    /// [`StoreProblem`].
    pub fn release_box(&mut self, to: Party, package_box: Uuid) -> Result<bool, StoreProblem> {
        let id = package_box.to_string();
        let mut found = self
            .sql
            .prepare("SELECT 1 FROM package_box WHERE id = ?1")?;
        if !found.exists([&id])? {
            return Ok(false);
        }
        let release =
            "INSERT OR IGNORE INTO released_box SELECT ?1, ?2, seq FROM package_box WHERE id = ?3";
        let row = params![to.partner.to_string(), to.instance.to_string(), id];
        self.sql.execute(release, row)?;
        Ok(true)
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

    /// What is released, and to whom.
    ///
    /// # Errors
    /// [`StoreProblem`].
    pub fn released(&self) -> Result<Vec<Released>, StoreProblem> {
        let mut all = self.sql.prepare(
            "SELECT partner, instance, 'folder ' || seq || ' ' || name FROM released_folder JOIN folder ON seq = folder
            UNION ALL SELECT partner, instance, 'package box ' || id FROM released_box JOIN package_box ON seq = box
            ORDER BY 1, 2, 3",
        )?;
        let all = all.query_map([], |row| {
            let id = |text: String| Uuid::try_parse(&text).unwrap_or_default();
            Ok(Released {
                to: Party {
                    partner: id(row.get(0)?),
                    instance: id(row.get(1)?),
                },
                what: row.get(2)?,
            })
        })?;
        Ok(all.collect::<Result<_, _>>()?)
    }

    /// Publishes all access groups of this Alliera to a partner: it may obtain access to them. Gives the body of
    /// `publish_access_groups`, by which this Alliera has the exchange show them to that partner.
    ///
    /// # Errors
    /// [`StoreProblem`].
    pub fn publish(&mut self, to: Uuid) -> Result<Value, StoreProblem> {
        let destination = to.hyphenated().to_string();
        let publish = "INSERT OR IGNORE INTO published SELECT ?1, seq FROM access_group";
        self.sql.execute(publish, [&destination])?;
        let groups: String = self.sql.query_row(
            "SELECT json_group_array(json_object('accessGroupId', id, 'accessGroupName', name)) FROM access_group",
            [],
            |row| row.get(0),
        )?;
        let groups: Value = serde_json::from_str(&groups).unwrap_or_default();
        Ok(json!({"destinationPartnerId": destination, "accessGroups": groups}))
    }

    /// A parcel was picked up: its compartment is free, and the exchange is to be told. Whether there was one.
    ///
    /// # Errors
    /// [`StoreProblem`].
    pub fn pick_up(&mut self, reservation: Uuid) -> Result<bool, StoreProblem> {
        let id = reservation.hyphenated().to_string();
        let transaction = self.sql.transaction()?;
        let pick_up = "UPDATE reservation SET picked_up = 1 WHERE id = ?1 AND NOT picked_up
            RETURNING partner, instance, parcel";
        let found = transaction.query_row(pick_up, [&id], |row| {
            let parcel: Option<String> = row.get(2)?;
            Ok((row.get(0)?, row.get(1)?, parcel))
        });
        let found: Option<(String, String, Option<String>)> = found.optional()?;
        if let Some((partner, instance, parcel)) = &found {
            let data = json!({"reservationId": id, "parcelId": parcel});
            happened(&transaction, "Pickup", [partner, instance], &data)?;
        }
        transaction.commit()?;
        Ok(found.is_some())
    }
}

impl fmt::Display for Released {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.to, self.what)
    }
}
