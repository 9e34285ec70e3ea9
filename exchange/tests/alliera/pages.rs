//! Pages: each item once, in one order, whatever comes in between.

use std::collections::BTreeSet;

use daxsign_exchange::alliera::Seed;
use serde_json::json;

use crate::made::{INVALID, Office};

#[test]
fn many_owners_are_paged_through_and_each_comes_once() {
    let mut office = Office::seeded(&Seed::large(1, 1_100));
    let (mut seen, mut cards, mut offset) = (BTreeSet::new(), 0, 0);
    loop {
        let target = format!("@/cardowners?limit=200&offset={offset}&expand=cards");
        // All pages look alike: comparing one of them with the schema is enough.
        let answer = if offset == 0 {
            office.ask("GET", &target, &json!({})).1
        } else {
            office.ask_unchecked("GET", &target, &json!({}))
        };
        assert_eq!(
            answer["paging"],
            json!({"totalCount": -1, "offset": offset, "limit": 200})
        );
        let page = answer["data"]["cardOwners"].as_array().unwrap();
        for owner in page {
            cards += owner["cards"].as_array().unwrap().len();
            assert!(seen.insert(owner["cardOwnerId"].to_string()));
        }
        offset += page.len();
        if page.len() < 200 {
            break;
        }
        // What is added comes at the end.
        if offset == 600 {
            office.owner();
        }
    }

    // The one that was added has none.
    assert_eq!((seen.len(), cards), (1_101, 1_100));
}

#[test]
fn a_total_is_told_while_it_is_small() {
    let mut office = Office::new();
    for (query, total, items) in [
        ("", 12, 12),
        ("?offset=10", 12, 2),
        ("?offset=12&limit=1", 12, 0),
    ] {
        let (_, answer) = office.ask("GET", &format!("@/cardowners{query}"), &json!({}));
        assert_eq!(answer["paging"]["totalCount"], total);
        assert_eq!(
            answer["data"]["cardOwners"].as_array().unwrap().len(),
            items
        );
    }
    office.refuses(INVALID, "GET", "@/cardowners?limit=0", &json!({}));
}

#[test]
fn the_same_number_gives_the_same_office() {
    let everything = |number: u32| {
        let mut office = Office::seeded(&Seed::small(number));
        let lists = [
            "@/cardowners?expand=cards",
            "@/accessgrants",
            "@/accessgroups",
            "/deliveries/packageboxes",
        ];
        lists.map(|list| office.get(list))
    };
    assert_eq!(everything(7), everything(7));
    assert_ne!(everything(7), everything(8));
}
