//! Pages: each item once, in one order, whatever comes in between.

use std::collections::BTreeSet;

use daxsign_exchange::alliera::Seed;
use serde_json::json;

use crate::made::{INVALID, Office, party};

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

/// The ids of a page of a hundred.
fn page(office: &mut Office, offset: usize) -> Vec<String> {
    let target = format!("@/cardowners?limit=100&offset={offset}");
    let answer = office.ask_unchecked("GET", &target, &json!({}));
    let owners = answer["data"]["cardOwners"].as_array().unwrap().iter();
    owners
        .map(|owner| owner["cardOwnerId"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn an_offset_counts_what_is_there_when_it_is_asked_for() {
    let mut office = Office::seeded(&Seed::large(1, 500));
    let all: Vec<String> = (0..500)
        .step_by(100)
        .flat_map(|offset| page(&mut office, offset))
        .collect();
    assert_eq!(all.len(), 500);
    // Asked for again, from the end, and from the middle of a page.
    for offset in [400, 300, 200, 100, 0, 150, 250] {
        assert_eq!(page(&mut office, offset), all[offset..offset + 100]);
    }
    // One of those before it is archived: all behind it move.
    let first = format!("@/cardowners/{}", all[0]);
    office.data("DELETE", &first, &json!({}));
    for offset in [100, 200] {
        assert_eq!(page(&mut office, offset), all[offset + 1..offset + 101]);
    }
    // Another party pages in between, and sees one floor.
    let (one, other) = (office.remote, party(3));
    office.alliera.release_folder(other, 2).unwrap();
    let floor: Vec<String> = all[1..].iter().skip(1).step_by(2).cloned().collect();
    for offset in [0, 100] {
        office.remote = other;
        assert_eq!(page(&mut office, offset), floor[offset..offset + 100]);
        office.remote = one;
        assert_eq!(page(&mut office, offset), all[offset + 1..offset + 101]);
    }
    // What it sees changes between two pages.
    office.alliera.withdraw(one).unwrap();
    office.alliera.release_folder(one, 2).unwrap();
    assert_eq!(page(&mut office, 100), floor[100..200]);
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
