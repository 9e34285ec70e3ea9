//! Data to begin with: the same for the same number.

use daxsign_core::Timestamp;
use rusqlite::{Connection, params};

use super::stand_in::{Alliera, StoreProblem};
use super::work::{new_id, random};

const FAMILIES: [&str; 12] = [
    "Andersson",
    "Berg",
    "Chen",
    "Dahl",
    "Ek",
    "Forsberg",
    "Garcia",
    "Holm",
    "Ivarsson",
    "Jansson",
    "Kaya",
    "Lund",
];
const GIVEN: [&str; 12] = [
    "Alva", "Bo", "Cleo", "David", "Elsa", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Karin",
    "Leo",
];
/// Doors, each with the group that opens it.
const DOORS: [(&str, &str); 4] = [
    ("Main entrance", "Entrance"),
    ("Garage", "Entrance"),
    ("First floor", "First floor"),
    ("Second floor", "Second floor"),
];
/// Groups, each with its folder.
const GROUPS: [(&str, i64); 3] = [("Entrance", 1), ("First floor", 2), ("Second floor", 3)];
/// Folders, each with the one in which it lies.
const FOLDERS: [(&str, Option<i64>); 3] = [
    ("Office", None),
    ("First floor", Some(1)),
    ("Second floor", Some(1)),
];
/// Height, width and depth in millimetres, load in grams, by size.
const SIZES: [[i32; 4]; 4] = [
    [80, 300, 400, 5_000],
    [160, 300, 400, 10_000],
    [320, 300, 400, 20_000],
    [640, 300, 400, 30_000],
];
/// Ids come by chance: indexes that do not fit in the cache are written again and again.
const CACHE_KIB: i64 = 65_536;
/// As SQLite has it.
const USUAL_CACHE_KIB: i64 = 2_000;
/// The PIN of the first owner.
const PIN: &str = "4711";

/// What to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed {
    number: i64,
    owners: u32,
}

impl Seed {
    /// An office with two storeys: three folders, three access groups, four doors, two organizations, twelve card
    /// owners (the last two are apartments) with a card each, a package box. The first owner's PIN is 4711.
    #[must_use]
    pub fn small(number: u32) -> Self {
        Self::large(number, 12)
    }

    /// The same with so many card owners.
    #[must_use]
    pub fn large(number: u32, owners: u32) -> Self {
        Self {
            number: number.into(),
            owners,
        }
    }
}

impl Alliera {
    /// Fills an empty store.
    ///
    /// # Errors
    /// [`StoreProblem`]: also where it is not empty.
    pub fn seed(&mut self, seed: &Seed, now: Timestamp) -> Result<(), StoreProblem> {
        let created = self.settings.zone.local(now.seconds());
        self.sql.pragma_update(None, "cache_size", -CACHE_KIB)?;
        let sql = self.sql.transaction()?;
        sql.execute("UPDATE counter SET seed = ?1, next = 0", [seed.number])?;
        tree(&sql)?;
        doors(&sql)?;
        for number in 0..seed.owners {
            owner(&sql, number, seed.owners, &created)?;
        }
        package_box(&sql)?;
        sql.commit()?;
        self.sql
            .pragma_update(None, "cache_size", -USUAL_CACHE_KIB)?;
        self.sql.execute_batch("PRAGMA shrink_memory")?;
        Ok(())
    }
}

fn tree(sql: &Connection) -> rusqlite::Result<()> {
    for (seq, (name, parent)) in (1_i64..).zip(FOLDERS) {
        let row = params![seq, name, parent];
        sql.execute(
            "INSERT INTO folder(seq, name, parent) VALUES(?1, ?2, ?3)",
            row,
        )?;
    }
    for (seq, name) in (1_i64..).zip(["Nordic Tools", "Green Lease"]) {
        let row = params![seq, new_id(sql)?, name];
        sql.execute("INSERT INTO organization VALUES(?1, ?2, ?3, NULL, 1)", row)?;
    }
    for (seq, (name, folder)) in (1_i64..).zip(GROUPS) {
        let row = params![seq, new_id(sql)?, name, folder];
        let insert = r#"INSERT INTO access_group VALUES(?1, ?2, ?3, ?4, '{"building": "1"}')"#;
        sql.execute(insert, row)?;
    }
    Ok(())
}

fn doors(sql: &Connection) -> rusqlite::Result<()> {
    for (seq, (name, group)) in (1_i64..).zip(DOORS) {
        let row = params![seq, new_id(sql)?, name];
        sql.execute(
            "INSERT INTO door VALUES(?1, ?2, ?3, ?3, 18.0686, 59.3293)",
            row,
        )?;
        sql.execute(
            "INSERT INTO group_door SELECT seq, ?1 FROM access_group WHERE name = ?2",
            params![seq, group],
        )?;
    }
    Ok(())
}

fn owner(sql: &Connection, number: u32, all: u32, created: &str) -> rusqlite::Result<()> {
    let apartment = number.saturating_add(2) >= all;
    let drawn = random(sql)?;
    let pick = |place: usize, names: [&'static str; 12]| {
        let drawn = drawn.get(place).copied().unwrap_or_default();
        let place = usize::from(drawn).checked_rem(names.len());
        names
            .get(place.unwrap_or_default())
            .copied()
            .unwrap_or_default()
    };
    let seq = i64::from(number).saturating_add(1);
    let floor = i64::from(number % 2).saturating_add(2);
    let (kind, family, given) = if apartment {
        (
            "Apartment",
            "Office".to_owned(),
            format!("{}", 1000_u32.saturating_add(number)),
        )
    } else {
        (
            "Person",
            pick(0, FAMILIES).to_owned(),
            pick(1, GIVEN).to_owned(),
        )
    };
    let pin = (number == 0).then_some(PIN);
    let row = params![
        seq,
        new_id(sql)?,
        kind,
        family,
        given,
        floor,
        floor.saturating_sub(1),
        pin,
        created
    ];
    sql.prepare_cached(
        "INSERT INTO owner(seq, id, kind, family, specific, folder, organization, pin, disabled, created)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9)",
    )?
    .execute(row)?;
    let email = format!("owner{seq}@example.com");
    let mobile = format!("+4670{number:07}");
    for (key, value) in [("email", &email), ("mobilePhone", &mobile)] {
        let mut insert = sql.prepare_cached("INSERT INTO attribute VALUES(?1, ?2, ?3)")?;
        insert.execute(params![seq, key, value])?;
    }
    if apartment {
        sql.execute(
            "INSERT INTO post_box VALUES(?1, ?2, 1)",
            params![seq, family],
        )?;
        let renz = "INSERT INTO renz(owner, name, mobile, system) VALUES(?1, ?2, ?3, 1)";
        sql.execute(renz, params![seq, family, mobile])?;
    }
    card_and_grants(sql, seq, floor, created)
}

/// A card, the entrance, and the floor.
fn card_and_grants(
    sql: &Connection,
    owner: i64,
    floor: i64,
    created: &str,
) -> rusqlite::Result<()> {
    let card = params![owner, new_id(sql)?, owner, created];
    sql.prepare_cached(
        "INSERT INTO card(seq, id, owner, name, classification, disabled, created)
            VALUES(?1, ?2, ?3, 'Card', 'regular', 0, ?4)",
    )?
    .execute(card)?;
    let mut code = sql
        .prepare_cached("INSERT INTO code(card, format, number) VALUES(?1, 'MifareUID[XR]', ?2)")?;
    code.execute(params![
        owner,
        format!("{:08X}", owner.saturating_add(0x04A0_0000))
    ])?;
    for group in [1, floor] {
        let mut grant = sql.prepare_cached(
            "INSERT INTO access_grant(id, owner, access_group, disabled) VALUES(?1, ?2, ?3, 0)",
        )?;
        grant.execute(params![new_id(sql)?, owner, group])?;
    }
    Ok(())
}

fn package_box(sql: &Connection) -> rusqlite::Result<()> {
    let insert = "INSERT INTO package_box VALUES(1, ?1, 'RENZ', 'Inside', 'Storgatan 1', '111 22', 'Stockholm', 'SE',
        18.0686, 59.3293)";
    sql.execute(insert, [new_id(sql)?])?;
    for (size, [height, width, depth, load]) in (0..).zip(SIZES) {
        let row = params![new_id(sql)?, size, height, width, depth, load];
        let insert = "INSERT INTO compartment(id, box, kind, size, height, width, depth, load)
            VALUES(?1, 1, 0, ?2, ?3, ?4, ?5, ?6)";
        sql.execute(insert, row)?;
    }
    Ok(())
}
