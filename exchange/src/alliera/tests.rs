//! What a request costs the store, in steps of `SQLite`, does not depend on how many card owners there are.

use std::sync::Arc;

use daxsign_core::Timestamp;
use rusqlite::StatementStatus;
use serde_json::Value;
use uuid::Uuid;

use super::listing::{first_page, page_behind};
use super::owners;
use super::work::{CARD, GRANT, OWNER};
use super::{Alliera, Request, Seed, Settings, Zone};
use crate::correlation::CorrelationId;
use crate::deciding::Schemas;
use crate::party::Party;

/// How many are on a page.
const PAGE: usize = 200;

struct Office {
    alliera: Alliera,
    asked: u128,
}

fn party(number: u128) -> Party {
    Party {
        partner: Uuid::from_u128(number),
        instance: Uuid::from_u128(number + 10),
    }
}

impl Office {
    fn new(owners: u32) -> Self {
        let settings = Settings {
            party: party(2),
            partner_name: "Office B".into(),
            name: "Alliera B".into(),
            zone: Zone::named("Europe/Stockholm").unwrap(),
        };
        let schemas = Arc::new(Schemas::new().unwrap());
        let mut alliera = Alliera::in_memory(settings, schemas).unwrap();
        alliera.seed(&Seed::large(1, owners), now()).unwrap();
        alliera.release_everything(party(1)).unwrap();
        Self { alliera, asked: 0 }
    }

    /// The data of an answer.
    fn get(&mut self, rest: &str) -> Value {
        self.asked += 1;
        let id = CorrelationId::from_bytes(self.asked.to_be_bytes());
        let to = party(2);
        let target = format!(
            "/api/v2.0/partners/{}/instances/{}/{rest}",
            to.partner, to.instance
        );
        let request = Request::read(id, party(1), "GET", &target, b"{}").unwrap();
        let answer = self.alliera.answer(&request, now());
        assert_eq!(answer.status, 200, "{rest}");
        answer.body["data"].clone()
    }

    /// How many steps a statement took since this was asked before. Its plan was not made anew.
    fn steps(&self, sql: &str) -> i32 {
        let statement = self.alliera.sql.prepare_cached(sql).unwrap();
        let plans = statement.get_status(StatementStatus::RePrepare);
        assert_eq!(plans, 0, "{sql}");
        statement.reset_status(StatementStatus::VmStep)
    }
}

fn now() -> Timestamp {
    Timestamp::from_unix(1_795_950_000, 0).unwrap()
}

#[test]
fn the_last_page_takes_no_more_steps_than_the_second() {
    let mut office = Office::new(3_000);
    for (rest, conditions, list) in [
        (
            "cardowners",
            "seen_owner WHERE archived IS NULL",
            "cardOwners",
        ),
        ("cards", "seen_card WHERE archived IS NULL", "cards"),
        ("accessgrants", "seen_grant WHERE revoked IS NULL", "grants"),
    ] {
        let limit = if list == "cardOwners" { PAGE } else { 50 };
        let mut steps = Vec::new();
        for offset in (0..3_000).step_by(limit) {
            let data = office.get(&format!("{rest}?offset={offset}&limit={limit}"));
            assert_eq!(data[list].as_array().unwrap().len(), limit, "{list}");
            steps.push(office.steps(&page_behind(conditions)));
        }
        let (second, last) = (steps[1], steps[steps.len() - 1]);
        println!("{list}: {second} steps for the second page, {last} for the last");
        assert!(second > 0, "{list}: {steps:?}");
        assert!(last <= second + second / 10, "{list}: {steps:?}");
    }
}

#[test]
fn what_is_found_by_its_id_takes_as_many_steps_among_many_as_among_few() {
    let [few, many] = [20, 2_000].map(|owners| {
        let mut office = Office::new(owners);
        [
            ("cardowners", "cardOwners", "cardOwnerId", OWNER),
            ("cards", "cards", "cardId", CARD),
            ("accessgrants", "grants", "grantId", GRANT),
        ]
        .map(|(rest, list, id, thing)| {
            let sql = format!("SELECT seq FROM {} WHERE id = ?1", thing.seen);
            let each = [10, 11].map(|offset| {
                let data = office.get(&format!("{rest}?offset={offset}&limit=1"));
                let id = data[list][0][id].as_str().unwrap();
                office.get(&format!("{rest}/{id}"));
                office.steps(&sql)
            });
            assert_eq!(each[0], each[1], "{list}");
            each[0]
        })
    });
    println!("steps for a card owner, a card, a grant: {few:?} among few, {many:?} among many");
    assert!(few.iter().all(|steps| *steps > 0), "{few:?}");
    assert_eq!(few, many);
}

/// Each has an email of its own, which the filter looks for.
#[test]
fn an_attribute_that_few_have_takes_as_many_steps_among_many_as_among_few() {
    let filter = owners::FILTERS
        .iter()
        .find(|(name, _)| *name == "attributeFilter");
    let (_, conditions) = filter.unwrap();
    let sql = first_page(&format!(
        "seen_owner WHERE archived IS NULL AND {conditions}"
    ));
    let [few, many] = [20, 2_000].map(|owners| {
        let mut office = Office::new(owners);
        let once = "email=owner7@example.com";
        let over_and_over = vec![once; 300].join(",");
        let both = format!("{once},mobilePhone=null");
        [once, &over_and_over, &both].map(|pairs| {
            let data = office.get(&format!("cardowners?attributeFilter={pairs}"));
            assert_eq!(data["cardOwners"].as_array().unwrap().len(), 1, "{pairs}");
            office.steps(&sql)
        })
    });
    println!(
        "steps for one pair, the same 300 times, two of which all have one: {few:?} among few, {many:?} among many"
    );
    assert!(few[0] > 0 && few[0] == few[1], "{few:?}");
    assert_eq!(few[..2], many[..2]);
    // By the number of those who have it, not by that of all pairs and all owners.
    assert!(many[2] > few[2]);
}
