//! Times are local: the clocks of Stockholm are put back on 25 October 2026 and forward on 28 March 2027.

use serde_json::{Value, json};

use crate::made::{INVALID, NOON, Office, replace};

/// 2026-10-25T00:30:00Z, half past two in summer time; an hour later it is half past two again.
const BACK: i64 = 1_792_888_200;
const HOUR: i64 = 3600;

fn owner(office: &mut Office) -> Value {
    let id = office.owner();
    office.get(&format!("@/cardowners/{id}"))["cardOwner"].clone()
}

#[test]
fn the_same_moment_is_another_hour_in_summer() {
    let mut office = Office::new();
    assert_eq!(owner(&mut office)["createTime"], "2026-11-29T12:00:00");
    office.now = NOON - 120 * 24 * HOUR;
    assert_eq!(owner(&mut office)["createTime"], "2026-08-01T13:00:00");
}

#[test]
fn an_hour_that_comes_twice_is_in_the_log_twice() {
    let mut office = Office::new();
    office.now = BACK;
    assert_eq!(owner(&mut office)["createTime"], "2026-10-25T02:30:00");
    office.now = BACK + HOUR;
    assert_eq!(owner(&mut office)["createTime"], "2026-10-25T02:30:00");
    office.now = BACK + 2 * HOUR;
    owner(&mut office);
    let logs = office.get("@/logs/2026-10-25T02:00:00/2026-10-25T02:59:59")["logs"].clone();
    let times: Vec<_> = logs
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["timestamp"])
        .collect();
    assert_eq!(times, ["2026-10-25T02:30:00", "2026-10-25T02:30:00"]);
    // A colon in a path may be percent-encoded.
    let logs = office.get("@/logs/2026-10-25T03%3A00%3A00/2026-10-25T04%3A00%3A00")["logs"].clone();
    assert_eq!(logs[0]["timestamp"], "2026-10-25T03:30:00");
}

#[test]
fn a_grant_until_an_hour_that_comes_twice_holds_the_second_time_too() {
    let mut office = Office::new();
    let (owner, group) = (office.owner(), office.groups().remove(0));
    let body = json!({"cardOwnerId": owner, "accessGroupId": group, "startTime": "2026-10-25T02:30:00",
        "stopTime": "2026-10-25T02:45:00"});
    office.data("POST", "@/accessgrants", &body);
    let doors = format!("@/cardowners/{owner}/doors");
    for (seconds, open) in [
        (-1, false),
        (0, true),
        (HOUR, true),
        (HOUR + 899, true),
        (HOUR + 900, false),
    ] {
        office.now = BACK + seconds;
        let doors = office.get(&doors)["doors"].clone();
        assert_eq!(!doors.as_array().unwrap().is_empty(), open, "{seconds}");
    }
}

#[test]
fn an_hour_that_never_comes_is_refused() {
    let mut office = Office::new();
    let owner = format!("@/cardowners/{}", office.owner());
    office.refuses(
        INVALID,
        "PATCH",
        &owner,
        &replace("/STOPTIME", json!("2027-03-28T02:30:00")),
    );
    office.data(
        "PATCH",
        &owner,
        &replace("/STOPTIME", json!("2027-03-28T03:00:00")),
    );
    office.refuses(
        INVALID,
        "PATCH",
        &owner,
        &replace("/STOPTIME", json!("2027-03-29T02:30:00Z")),
    );
    office.refuses(
        INVALID,
        "GET",
        "@/logs/2027-03-28T02:30:00/2027-03-29T00:00:00",
        &json!({}),
    );
}
