//! The operations and types that are made from `api/dax-api.json`: that they are current, what they
//! send, what they refuse before sending, and that nothing they read is lost.

use std::collections::{BTreeMap, BTreeSet};

use daxsign_client::api::{
    ById, Callback, Card, CardNumber, CardOwner, CardOwnerPatch, CardPatch, Classification,
    CreateCard, CreateCardOwner, FolderPatch, GetFolder, GrantPatch, Instance, Json,
    ListCardOwners, ListCards, ListFolders, ListLogEntries, OPERATIONS, Operation,
    OrganizationPatch, Paged, RevokeAccessGrants, UpdateCardOwner,
};
use daxsign_client::look_up::look_ups;
use daxsign_client::paging::Pages;
use daxsign_client::{ApiRequest, Error, ErrorKind, LocalTime, Response, UtcTime, Uuid};
use daxsign_tests::dax_api::model::Model;
use daxsign_tests::dax_api::{csharp, description_path, rust};
use daxsign_tests::dax_play::{Player, settings};
use serde_json::{Value, json};

const TARGET: Instance = Instance {
    partner: Uuid::from_u128(1),
    instance: Uuid::from_u128(2),
};
const BELOW: &str =
    "/partners/00000000-0000-0000-0000-000000000001/instances/00000000-0000-0000-0000-000000000002";

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn body(request: &ApiRequest) -> Value {
    let sent = Player::new(settings()).play(request, &["200"]).sent;
    serde_json::from_slice(&sent[0].body).unwrap()
}

#[test]
fn what_is_made_from_the_description_is_current() {
    let model = Model::load();
    for (path, made) in rust::files(&model).into_iter().chain(csharp::files(&model)) {
        let stands = std::fs::read_to_string(&path).unwrap();
        assert!(
            stands == made,
            "{}: run `cargo run -p daxsign-tests --bin dax_api`",
            path.display()
        );
    }
}

#[test]
fn every_operation_of_the_description_is_there() {
    let description: Value =
        serde_json::from_slice(&std::fs::read(description_path()).unwrap()).unwrap();
    let mut stated = BTreeMap::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if let Some(id) = operation["operationId"].as_str() {
                let path = path.replacen("/api/v{version}", "", 1);
                stated.insert(id.to_owned(), (method.to_uppercase(), path));
            }
        }
    }
    let made: BTreeMap<_, _> = OPERATIONS
        .iter()
        .map(|info| {
            (
                info.id.to_owned(),
                (info.method.as_str().to_owned(), info.path.to_owned()),
            )
        })
        .collect();
    assert_eq!(made, stated);
    assert_eq!(made.len(), 49);
}

#[test]
fn paths_and_queries() {
    let rows = [
        (
            ListCardOwners::new(TARGET).request(),
            format!("{BELOW}/cardowners"),
        ),
        (
            ListCardOwners::new(TARGET)
                .expand(["cards", "postbox"])
                .id_filter([id(7), id(8)])
                .name_filter(["Åsa B"])
                .offset(200_u64)
                .limit(200_u32)
                .request(),
            format!(
                "{BELOW}/cardowners?expand=cards,postbox&idfilter={},{}&nameFilter=%C3%85sa%20B&offset=200&limit=200",
                id(7),
                id(8)
            ),
        ),
        (
            GetFolder::new(TARGET, 12)
                .include_child_folders(true)
                .request(),
            format!("{BELOW}/folders/12?includeChildFolders=true"),
        ),
        (
            ListLogEntries::new(
                TARGET,
                LocalTime::parse("2025-01-01T00:00:00").unwrap(),
                LocalTime::parse("2025-01-02 00:00:00").unwrap(),
            )
            .request(),
            format!("{BELOW}/logs/2025-01-01T00%3A00%3A00/2025-01-02%2000%3A00%3A00"),
        ),
    ];
    let count = rows.len();
    for (request, target) in rows {
        assert_eq!(request.unwrap().target(), target);
    }
    assert_eq!(count, 4);
}

#[test]
fn what_is_not_said_is_not_sent() {
    let code = CardNumber {
        format: Some("MifareUID[XR]".into()),
        number: Some("01".into()),
        ..CardNumber::default()
    };
    let create = CreateCard::new(TARGET, vec![code], "name", id(9));
    let wanted = json!({
        "codes": [{"format": "MifareUID[XR]", "number": "01"}],
        "name": "name",
        "ownerId": id(9).to_string(),
    });
    assert_eq!(body(&create.request().unwrap()), wanted);
    let more = create
        .pin_code("1234")
        .disabled(false)
        .classification("regular");
    assert!(!format!("{more:?}").contains("1234"));
    let sent = body(&more.request().unwrap());
    assert_eq!(
        (&sent["pinCode"], &sent["disabled"]),
        (&json!("1234"), &json!(false))
    );
    assert_eq!(sent["classification"], "regular");
}

fn refused(request: Result<ApiRequest, Error>) -> String {
    let error = request.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    error.to_string()
}

#[test]
fn limits_are_checked_before_anything_is_sent() {
    let owners = || ListCardOwners::new(TARGET);
    assert!(owners().limit(200_u32).request().is_ok());
    assert!(refused(owners().limit(201_u32).request()).contains("1 to 200"));
    assert!(refused(owners().limit(0_u32).request()).contains("1 to 200"));
    assert!(refused(ListCards::new(TARGET).limit(51_u32).request()).contains("1 to 50"));
    assert!(refused(owners().name_filter(["a,b"]).request()).contains("holds a comma"));

    let owner = |family: &str| CreateCardOwner::new(TARGET, BTreeMap::new(), family, 1, "s");
    assert!(owner("f").request().is_ok());
    assert!(refused(owner("").request()).contains("familyName must not be empty"));
    let cards =
        |count| owner("f").cards(vec![daxsign_client::api::CreateCardItem::default(); count]);
    assert!(cards(50).request().is_ok());
    assert!(refused(cards(51).request()).contains("cards holds 51: at most 50"));
}

#[test]
fn a_patch_takes_the_paths_of_its_entity_and_no_other() {
    let patch = CardOwnerPatch::new()
        .family_name("New")
        .pin_code("1234")
        .stop_time(LocalTime::parse("2026-01-01T00:00:00").unwrap())
        .folder_id(3)
        .disabled(false)
        .archived(true)
        .replace("/comment", json!(null))
        .unwrap();
    assert!(!format!("{patch:?}").contains("1234"));
    let request = UpdateCardOwner::new(TARGET, id(5), patch)
        .request()
        .unwrap();
    let item = |path: &str, value: Value| json!({"op": "replace", "path": path, "value": value});
    assert_eq!(
        body(&request),
        json!({"patchItems": [
            item("/FAMILYNAME", json!("New")),
            item("/PINCODE", json!("1234")),
            item("/STOPTIME", json!("2026-01-01T00:00:00")),
            item("/FOLDERID", json!(3)),
            item("/DISABLED", json!(false)),
            item("/ARCHIVED", json!(true)),
            item("/COMMENT", json!(null)),
        ]})
    );
    // As the documentation lists them.
    let owner = "/FAMILYNAME /SPECIFICNAME /PINCODE /ORGANIZATIONID /FOLDERID /COMMENT /STARTTIME /STOPTIME /DISABLED /ARCHIVED";
    let card = "/NAME /CLASSIFICATION /PINCODE /STARTTIME /STOPTIME /DISABLED /ARCHIVED";
    for (paths, stated) in [
        (CardOwnerPatch::PATHS, owner),
        (CardPatch::PATHS, card),
        (GrantPatch::PATHS, "/DISABLED /STARTTIME /STOPTIME"),
        (FolderPatch::PATHS, "/NAME /PARENTFOLDERID /DESCRIPTION"),
        (OrganizationPatch::PATHS, "/NAME /FOLDERID /COMMENT"),
    ] {
        assert_eq!(paths.join(" "), stated);
    }
    for other in [
        CardPatch::new()
            .replace("/FAMILYNAME", json!("x"))
            .map(drop),
        CardPatch::new().replace("NAME", json!("x")).map(drop),
        GrantPatch::new()
            .replace("/ARCHIVED", json!(true))
            .map(drop),
    ] {
        assert_eq!(other.unwrap_err().kind(), ErrorKind::Invalid);
    }
    let empty = UpdateCardOwner::new(TARGET, id(5), CardOwnerPatch::new()).request();
    assert!(refused(empty).contains("patchItems must not be empty"));
}

#[test]
fn a_body_where_others_have_none() {
    let request = RevokeAccessGrants::new(TARGET)
        .grant_ids([id(1), id(2)])
        .request()
        .unwrap();
    assert_eq!(
        body(&request),
        json!({"grantIds": [id(1).to_string(), id(2).to_string()]})
    );
    assert_eq!(
        body(&ListCardOwners::new(TARGET).request().unwrap()),
        json!({})
    );
}

#[test]
fn nothing_that_is_read_is_lost() {
    let card = json!({
        "cardId": id(3).to_string(),
        "classification": "golden",
        "state": "Active",
        "createTime": "2020-01-01 01:02:03",
        "startTime": "2020-01-01T01:02:03Z",
        "stopTime": "soon",
        "pinCode": "4711",
        "codes": [{"format": "new", "number": "1", "colour": "red"}],
        "owner": {"cardOwnerId": id(4).to_string(), "attributes": {"a": null, "b": "c"}},
        "weight": {"g": 5},
    });
    let read = Card::read(card.clone()).unwrap();
    assert_eq!(read.write(), card);
    assert_eq!(
        read.classification,
        Some(Classification::Other("golden".into()))
    );
    assert_eq!(read.unknown.0["weight"], json!({"g": 5}));
    assert_eq!(
        read.create_time.as_ref().unwrap().fields(),
        Some([2020, 1, 1, 1, 2, 3])
    );
    assert_eq!(
        read.start_time.as_ref().unwrap().fields(),
        Some([2020, 1, 1, 1, 2, 3])
    );
    assert_eq!(read.stop_time.as_ref().unwrap().fields(), None);
    let shown = format!("{read:?}");
    assert!(
        !shown.contains("4711") && shown.contains("weight") && !shown.contains("\"g\""),
        "{shown}"
    );

    let callback = json!({"callbackId": id(1).to_string(), "bearerToken": "t0ken", "headers": {"X-Key": "s3cret"}});
    let read = Callback::read(callback.clone()).unwrap();
    assert_eq!(read.write(), callback);
    let shown = format!("{read:?}");
    assert!(
        !shown.contains("t0ken") && !shown.contains("s3cret"),
        "{shown}"
    );

    // An id is always there; all else may be missing.
    assert!(Card::read(json!({})).unwrap_err().contains("cardId"));
    assert!(CardOwner::read(json!({"cardOwnerId": id(4).to_string()})).is_ok());
}

#[test]
fn the_two_kinds_of_time() {
    for text in [
        "2020-01-01T01:02:03",
        "2020-01-01 01:02:03.5",
        "2024-02-29T23:59:59.1234567",
    ] {
        assert_eq!(LocalTime::parse(text).unwrap().as_str(), text);
        assert!(UtcTime::parse(text).is_ok());
    }
    for text in [
        "2020-01-01T01:02:03Z",
        "2020-01-01T01:02:03+01:00",
        "2023-02-29T00:00:00",
        "2020-01-01",
        "",
        "x",
    ] {
        assert_eq!(
            LocalTime::parse(text).unwrap_err().kind(),
            ErrorKind::Invalid,
            "{text}"
        );
    }
    let same = |text: &str| UtcTime::parse(text).unwrap().timestamp().unwrap().seconds();
    assert_eq!(same("2020-05-17T14:44:30+02:00"), 1_589_719_470);
    assert_eq!(same("2020-05-17 12:44:30"), 1_589_719_470);
    assert_eq!(same("2020-05-17T12:44:30.0000000Z"), 1_589_719_470);
}

/// A page of card owners with these ids, as a server sends it.
fn page(operation: &ListCardOwners, ids: &[u128], paging: &str) -> Response<Vec<CardOwner>> {
    let owners: Vec<_> = ids
        .iter()
        .map(|number| json!({"cardOwnerId": id(*number).to_string()}))
        .collect();
    let owners = Value::from(owners);
    let line = format!("200 = {{\"paging\":{paging},\"data\":{{\"cardOwners\":{owners}}}}}");
    let outcome = Player::new(settings())
        .play(&operation.request().unwrap(), &[&line])
        .outcome;
    outcome.unwrap().into_response::<ListCardOwners>().unwrap()
}

/// The offsets that are asked for, and the ids that come, when pages are answered with these ids.
fn walk(limit: u32, answers: &[(&[u128], &str)]) -> (Vec<u64>, Vec<u128>, Option<Error>) {
    let mut pages = Pages::new(ListCardOwners::new(TARGET).limit(limit));
    let (mut offsets, mut ids) = (Vec::new(), Vec::new());
    let mut answers = answers.iter();
    while let Some(operation) = pages.next() {
        offsets.push(operation.offset.unwrap());
        let (given, paging) = answers.next().expect("a page more than expected");
        match pages.take(page(&operation, given, paging)) {
            Ok(page) => ids.extend(page.data.iter().map(|owner| owner.card_owner_id.as_u128())),
            Err(error) => return (offsets, ids, Some(error)),
        }
    }
    assert_eq!(answers.len(), 0, "fewer pages than expected");
    (offsets, ids, None)
}

#[test]
fn a_page_that_did_not_come_is_the_next_one_still() {
    let unknown = "{\"totalCount\":-1}";
    let mut pages = Pages::new(ListCardOwners::new(TARGET).limit(3_u32));
    for (given, offset) in [(&[1, 2, 3][..], 0), (&[4, 5, 6], 3), (&[7], 6)] {
        let lost = pages.next().unwrap();
        let again = pages.next().unwrap();
        assert_eq!((lost.offset, again.offset), (Some(offset), Some(offset)));
        let page = pages.take(page(&again, given, unknown)).unwrap();
        assert_eq!(page.data.len(), given.len());
    }
    assert!(pages.next().is_none());
}

#[test]
fn pages_until_a_short_one() {
    /// The limit; each page's owners and paging; the offsets asked for; how many owners come.
    type Row<'r> = (u32, &'r [(&'r [u128], &'r str)], &'r [u64], usize);
    let unknown = "{\"totalCount\":-1}";
    let rows: &[Row<'_>] = &[
        (3, &[(&[1, 2, 3], unknown), (&[4], unknown)], &[0, 3], 4),
        (3, &[(&[1, 2, 3], unknown), (&[], unknown)], &[0, 3], 3),
        (3, &[(&[], unknown)], &[0], 0),
        (3, &[(&[1], "null")], &[0], 1),
        // The server knows how many there are: no page too many, none too few.
        (3, &[(&[1, 2, 3], "{\"totalCount\":3}")], &[0], 3),
        (
            3,
            &[
                (&[1, 2], "{\"totalCount\":3}"),
                (&[3], "{\"totalCount\":3}"),
            ],
            &[0, 2],
            3,
        ),
        // It sends fewer than asked, and says so.
        (
            200,
            &[(&[1, 2], "{\"limit\":2}"), (&[3], "{\"limit\":2}")],
            &[0, 2],
            3,
        ),
        // The list moved by one in between.
        (
            3,
            &[
                (&[1, 2, 3], unknown),
                (&[3, 4, 5], unknown),
                (&[6], unknown),
            ],
            &[0, 3, 6],
            6,
        ),
    ];
    for (limit, answers, offsets, count) in rows {
        let (asked, ids, error) = walk(*limit, answers);
        assert!(error.is_none(), "{error:?}");
        assert_eq!(asked, *offsets);
        assert_eq!(
            (ids.len(), ids.iter().collect::<BTreeSet<_>>().len()),
            (*count, *count)
        );
    }
    assert_eq!(rows.len(), 8);
    // A limit of the server's own that it does not tell: 50 of 200 asked is a full page.
    let first: Vec<u128> = (1..=50).collect();
    let (asked, ids, _) = walk(200, &[(&first, "null"), (&[51], "null")]);
    assert_eq!((asked, ids.len()), (vec![0, 50], 51));
}

#[test]
fn a_server_that_does_not_page_is_told_of() {
    let same: (&[u128], &str) = (&[1, 2, 3], "{\"totalCount\":-1}");
    let (asked, ids, error) = walk(3, &[same, same]);
    assert_eq!((asked.len(), ids.len()), (2, 3));
    let error = error.unwrap();
    assert_eq!(error.kind(), ErrorKind::Unexpected);
    assert!(
        error.to_string().contains("does not heed the offset"),
        "{error}"
    );
}

#[test]
fn many_ids_in_few_calls() {
    let ids: Vec<Uuid> = (0..450).map(id).chain((0..450).map(id)).collect();
    let owners = look_ups(&ListCardOwners::new(TARGET), &ids);
    let sizes: Vec<_> = owners
        .iter()
        .map(|operation| operation.id_filter.len())
        .collect();
    assert_eq!(sizes, [200, 200, 50]);
    assert!(
        owners
            .iter()
            .all(|operation| operation.request().unwrap().target().len() < 8_000)
    );
    let cards = look_ups(&ListCards::new(TARGET), &ids);
    assert_eq!(cards.len(), 9);
    let all: BTreeSet<_> = cards
        .iter()
        .flat_map(|operation| operation.id_filter.clone())
        .collect();
    assert_eq!(all.len(), 450);
    assert!(look_ups(&ListFolders::new(TARGET), &[]).is_empty());
    let _ = <ListFolders as ById>::with_ids(ListFolders::new(TARGET), vec![1]);
    assert_eq!((ListCardOwners::MAX_LIMIT, ListCards::MAX_LIMIT), (200, 50));
}
