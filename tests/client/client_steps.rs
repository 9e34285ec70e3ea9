//! What the client does after each answer, as a table: what is sent, how often, and how it ends. No
//! socket and no clock.

use std::collections::BTreeSet;

use daxsign_client::{ApiRequest, CallOptions, ErrorKind, Method, Repeat};
use daxsign_tests::dax_play::{Played, Player, settings};

/// How a call ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Done,
    Failed(ErrorKind),
}
use End::{Done, Failed};

/// A call: what it is, what comes back, then which steps, how many requests, how many tokens, and
/// the end.
type Row<'a> = (
    &'a str,
    &'a str,
    &'a [&'a str],
    &'a [&'a str],
    usize,
    usize,
    End,
);

fn request(what: &str) -> ApiRequest {
    match what {
        "get" => ApiRequest::new(Method::Get, "/contracts"),
        "create" => ApiRequest::new(Method::Post, "/contracts"),
        "patch" => ApiRequest::new(Method::Patch, "/contracts"),
        "delete" => ApiRequest::new(Method::Delete, "/contracts"),
        other => panic!("{other}"),
    }
}

const LATER: &str =
    "429 | X-Rate-Limit-Limit: 7d | X-Rate-Limit-Reset: 2025-12-08T13:51:53.2437457Z";
const MUCH_LATER: &str =
    "429 | X-Rate-Limit-Limit: 7d | X-Rate-Limit-Reset: 2025-12-15T00:00:00.0000000Z";
const OK: &str = "200";
const TOKEN_GONE: &str = "401 | WWW-Authenticate: Bearer";
const WRONG: &str = "401 = {\"message\":\"Signature mismatch\"}";

const ROWS: &[Row<'_>] = &[
    ("an answer", "get", &[OK], &[], 1, 1, Done),
    ("created", "create", &["201"], &[], 1, 1, Done),
    ("nothing in it", "delete", &["204 = "], &[], 1, 1, Done),
    // Tokens: one refresh, one fresh signature, then stop.
    (
        "a token that is gone",
        "get",
        &[TOKEN_GONE, OK],
        &["refresh"],
        2,
        2,
        Done,
    ),
    (
        "gone twice",
        "get",
        &[TOKEN_GONE, TOKEN_GONE],
        &["refresh"],
        2,
        2,
        Failed(ErrorKind::Unauthorised),
    ),
    (
        "gone before a create",
        "create",
        &[TOKEN_GONE, "201"],
        &["refresh"],
        2,
        2,
        Done,
    ),
    (
        "a wrong signature",
        "get",
        &[WRONG, WRONG],
        &["refresh"],
        2,
        2,
        Failed(ErrorKind::SignatureRefused),
    ),
    (
        "gone in the envelope",
        "get",
        &["200 = {\"statusCode\":401,\"data\":null}", OK],
        &["refresh"],
        2,
        2,
        Done,
    ),
    (
        "gone in the envelope of a create",
        "create",
        &["200 = {\"statusCode\":401,\"data\":null}"],
        &[],
        1,
        1,
        Failed(ErrorKind::Unauthorised),
    ),
    (
        "gone in the envelope of a change",
        "patch",
        &["200 = {\"statusCode\":401,\"data\":null}"],
        &[],
        1,
        1,
        Failed(ErrorKind::Unauthorised),
    ),
    // Redirects.
    (
        "moved",
        "get",
        &["301 | Location: /api/v2.0/agreements", OK],
        &["redirect"],
        2,
        1,
        Done,
    ),
    (
        "elsewhere for now",
        "get",
        &[
            "302 | Location: /b",
            "307 | Location: /c",
            "308 | Location: /d",
            OK,
        ],
        &["redirect", "redirect", "redirect"],
        4,
        1,
        Done,
    ),
    (
        "a create elsewhere",
        "create",
        &["307 | Location: /b", "201"],
        &["redirect"],
        2,
        1,
        Done,
    ),
    (
        "another server",
        "get",
        &["307 | Location: https://other.test/b", OK],
        &["redirect"],
        2,
        1,
        Done,
    ),
    (
        "the root of another server, with a query",
        "get",
        &["307 | Location: https://other.test?b=1", OK],
        &["redirect"],
        2,
        1,
        Done,
    ),
    (
        "to a port that is none",
        "get",
        &["307 | Location: https://dax.test:a/b"],
        &[],
        1,
        1,
        Failed(ErrorKind::Unexpected),
    ),
    (
        "in a circle",
        "get",
        &[
            "302 | Location: /b",
            "302 | Location: /b",
            "302 | Location: /b",
            "302 | Location: /b",
            "302 | Location: /b",
            "302 | Location: /b",
        ],
        &["redirect", "redirect", "redirect", "redirect", "redirect"],
        6,
        1,
        Failed(ErrorKind::Unexpected),
    ),
    (
        "out of https",
        "get",
        &["302 | Location: http://dax.test/b"],
        &[],
        1,
        1,
        Failed(ErrorKind::Unexpected),
    ),
    (
        "nowhere",
        "get",
        &["302"],
        &[],
        1,
        1,
        Failed(ErrorKind::Unexpected),
    ),
    (
        "as another method",
        "create",
        &["303 | Location: /b"],
        &[],
        1,
        1,
        Failed(ErrorKind::Unexpected),
    ),
    (
        "with a user's name",
        "get",
        &["302 | Location: https://a:b@dax.test/b"],
        &[],
        1,
        1,
        Failed(ErrorKind::Unexpected),
    ),
    // A redirect gives nothing back of what the call has used up.
    (
        "gone, elsewhere, and gone there",
        "get",
        &[TOKEN_GONE, "307 | Location: /b", TOKEN_GONE],
        &["refresh", "redirect"],
        3,
        2,
        Failed(ErrorKind::Unauthorised),
    ),
    (
        "cut, elsewhere, and cut there",
        "get",
        &["cut", "302 | Location: /b", "cut", "cut"],
        &["retry", "redirect", "retry"],
        4,
        1,
        Failed(ErrorKind::Unreachable),
    ),
    // What failed: only what reads, or was not sent.
    (
        "cut while reading",
        "get",
        &["cut", "cut", OK],
        &["retry", "retry"],
        3,
        1,
        Done,
    ),
    (
        "cut again and again",
        "get",
        &["cut", "cut", "cut"],
        &["retry", "retry"],
        3,
        1,
        Failed(ErrorKind::Unreachable),
    ),
    (
        "cut in a create",
        "create",
        &["cut"],
        &[],
        1,
        1,
        Failed(ErrorKind::Unreachable),
    ),
    (
        "a create that was not sent",
        "create",
        &["refused"],
        &[],
        1,
        1,
        Failed(ErrorKind::Unreachable),
    ),
    (
        "a change that was not sent",
        "patch",
        &["refused", OK],
        &["retry"],
        2,
        1,
        Done,
    ),
    (
        "a change that was cut",
        "patch",
        &["cut"],
        &[],
        1,
        1,
        Failed(ErrorKind::Unreachable),
    ),
    (
        "a delete that was cut",
        "delete",
        &["cut"],
        &[],
        1,
        1,
        Failed(ErrorKind::Unreachable),
    ),
    (
        "the server fails while reading",
        "get",
        &["503", "502", OK],
        &["retry", "retry"],
        3,
        1,
        Done,
    ),
    (
        "the server fails in a create",
        "create",
        &["503"],
        &[],
        1,
        1,
        Failed(ErrorKind::ServerFailed),
    ),
    (
        "the server is broken",
        "get",
        &["500"],
        &[],
        1,
        1,
        Failed(ErrorKind::ServerFailed),
    ),
    // Limits.
    (
        "a moment",
        "get",
        &["429 | Retry-After: 2", OK],
        &["wait"],
        2,
        1,
        Done,
    ),
    ("until a time", "get", &[LATER, OK], &["wait"], 2, 1, Done),
    (
        "for days",
        "get",
        &[MUCH_LATER],
        &[],
        1,
        1,
        Failed(ErrorKind::RateLimited),
    ),
    (
        "for a week, by the other field",
        "get",
        &["429 | Retry-After: 604800"],
        &[],
        1,
        1,
        Failed(ErrorKind::RateLimited),
    ),
    (
        "for longer than there are years",
        "get",
        &["429 | Retry-After: 999999999999999"],
        &[],
        1,
        1,
        Failed(ErrorKind::RateLimited),
    ),
    (
        "a window is no time to wait",
        "get",
        &["429 | X-Rate-Limit-Limit: 7d", OK],
        &["wait"],
        2,
        1,
        Done,
    ),
    (
        "a limit on a create",
        "create",
        &["429 | Retry-After: 1"],
        &[],
        1,
        1,
        Failed(ErrorKind::RateLimited),
    ),
    (
        "overload",
        "get",
        &["503 | Retry-After: 1", OK],
        &["wait"],
        2,
        1,
        Done,
    ),
    // Refusals.
    (
        "not there",
        "get",
        &["404 = {\"title\":\"Not Found\",\"status\":404}"],
        &[],
        1,
        1,
        Failed(ErrorKind::NotFound),
    ),
    (
        "not there, in the envelope",
        "get",
        &["200 = {\"statusCode\":404,\"message\":\"gone\",\"data\":{}}"],
        &[],
        1,
        1,
        Failed(ErrorKind::NotFound),
    ),
    (
        "no contract",
        "get",
        &["403"],
        &[],
        1,
        1,
        Failed(ErrorKind::ContractRefused),
    ),
    (
        "a mismatch as 400",
        "get",
        &["400 = Signature mismatch"],
        &[],
        1,
        1,
        Failed(ErrorKind::SignatureRefused),
    ),
    (
        "not accepted",
        "create",
        &["422"],
        &[],
        1,
        1,
        Failed(ErrorKind::Rejected),
    ),
    (
        "a conflict",
        "create",
        &["409"],
        &[],
        1,
        1,
        Failed(ErrorKind::Rejected),
    ),
];

fn check((name, what, answers, steps, sent, tokens, end): Row<'_>) -> Played {
    let played = Player::new(settings()).play(&request(what), answers);
    let taken: Vec<_> = played.steps.iter().map(|(step, _)| *step).collect();
    assert_eq!(taken, steps, "{name}");
    assert_eq!(
        (played.sent.len(), played.tokens.len()),
        (sent, tokens),
        "{name}"
    );
    assert_eq!(played.left, 0, "{name}: answers that nobody asked for");
    match (&played.outcome, end) {
        (Ok(_), Done) => {}
        (Err(error), Failed(kind)) => assert_eq!(error.kind(), kind, "{name}: {error}"),
        (outcome, _) => panic!("{name}: {outcome:?}"),
    }
    played
}

#[test]
fn every_row() {
    let mut dates = 0;
    for row in ROWS {
        let played = check(*row);
        let first = &played.sent[0];
        for request in &played.sent {
            assert_eq!(request.method, first.method, "{}", row.0);
            assert_eq!(request.body, first.body, "{}", row.0);
            dates += 1;
        }
        let fresh: BTreeSet<_> = played.sent.iter().map(|request| request.date).collect();
        assert_eq!(
            fresh.len(),
            played.sent.len(),
            "{}: a date was used twice",
            row.0
        );
        let signatures: BTreeSet<_> = played
            .sent
            .iter()
            .map(|request| request.field("signature"))
            .collect();
        assert_eq!(
            signatures.len(),
            played.sent.len(),
            "{}: a signature was sent twice",
            row.0
        );
    }
    let sent: usize = ROWS.iter().map(|row| row.4).sum();
    assert_eq!((ROWS.len(), dates), (47, sent));
}

#[test]
fn what_tells_that_it_is_the_same_call_goes_with_each_request() {
    let options = CallOptions {
        idempotency_key: Some("once-1".into()),
        context: Some("Order 7".into()),
        ..CallOptions::default()
    };
    for (what, before) in [
        ("create", TOKEN_GONE),
        ("create", "307 | Location: /b"),
        ("patch", "refused"),
        ("get", "cut"),
        ("get", LATER),
    ] {
        let played = Player::new(settings()).play_with(&request(what), &options, &[before, OK]);
        let told = played.sent.iter().map(|request| {
            let key = request.field("x-dax-idempotency-key");
            (key, str::from_utf8(&request.body).unwrap())
        });
        let same = (Some("once-1"), "{\"Context\":\"Order 7\"}");
        assert_eq!(told.collect::<Vec<_>>(), [same; 2], "{what}: {before}");
    }
}

fn pauses(what: &str, answers: &[&str]) -> Vec<u128> {
    let played = Player::new(settings()).play(&request(what), answers);
    played.steps.iter().map(|(_, pause)| *pause).collect()
}

#[test]
fn it_waits_as_long_as_it_is_told_and_never_for_days() {
    assert_eq!(pauses("get", &["429 | Retry-After: 2", OK]), [2_000]);
    assert_eq!(pauses("get", &[LATER, OK]), [3_000]);
    assert_eq!(
        pauses("get", &["429 | X-Rate-Limit-Limit: 7d", OK]),
        [1_000]
    );
    let retries = pauses("get", &["cut", "cut", OK]);
    assert!(
        (200..300).contains(&retries[0]) && (800..900).contains(&retries[1]),
        "{retries:?}"
    );

    let played = Player::new(settings()).play(&request("get"), &[MUCH_LATER]);
    let error = played.outcome.unwrap_err();
    assert_eq!(
        error.retry_at().unwrap().format().unwrap().as_str(),
        "2025-12-15T00:00:00.0000000Z"
    );
}

#[test]
fn a_call_ends_in_its_time() {
    let options = CallOptions {
        timeout: Some(std::time::Duration::from_secs(3)),
        ..CallOptions::default()
    };
    let answers = ["429 | Retry-After: 2", "429 | Retry-After: 2"];
    let played = Player::new(settings()).play_with(&request("get"), &options, &answers);
    assert_eq!(played.sent.len(), 2);
    assert_eq!(played.outcome.unwrap_err().kind(), ErrorKind::RateLimited);
}

#[test]
fn the_token_is_seen_by_its_own_server_alone() {
    let away = "307 | Location: https://other.test/api";
    let back = "307 | Location: https://dax.test/api";
    let played = Player::new(settings()).play(&request("get"), &[away, back, OK]);
    let seen: Vec<_> = played
        .sent
        .iter()
        .map(|request| {
            (
                request.field("host").unwrap(),
                request.field("authorization"),
            )
        })
        .collect();
    let token = Some("Bearer token-1");
    assert_eq!(
        seen,
        [
            ("dax.test", token),
            ("other.test", None),
            ("dax.test", token)
        ]
    );
    assert!(
        played
            .sent
            .iter()
            .all(|request| request.field("signature").is_some())
    );
    // Nor does the port of another door belong to it.
    let other_port = "307 | Location: https://dax.test:8443/api";
    let played = Player::new(settings()).play(&request("get"), &[other_port, OK]);
    assert_eq!(played.sent[1].field("authorization"), None);
    assert_eq!(played.sent[1].field("host"), Some("dax.test:8443"));
}

#[test]
fn what_moved_for_good_is_gone_to_at_once() {
    let mut player = Player::new(settings());
    let page = |offset: u32| request("get").query("offset", &offset.to_string());
    let moved = "301 | Location: /api/v2.1/contracts?offset=0";
    assert_eq!(player.play(&page(0), &[moved, OK]).sent.len(), 2);
    // With another query too.
    let next = player.play(&page(50), &[OK]);
    assert_eq!(next.sent[0].address.target, "/api/v2.1/contracts?offset=50");
    // One that moves the query elsewhere holds for that call alone.
    let mut player = Player::new(settings());
    let moved = "301 | Location: /api/v2.1/contracts?page=0";
    assert_eq!(player.play(&page(0), &[moved, OK]).sent.len(), 2);
    assert_eq!(
        player.play(&page(0), &[OK]).sent[0].address.target,
        "/api/v2.0/contracts?offset=0"
    );
    // So does one that is only for now.
    let elsewhere = "307 | Location: /api/v2.1/contracts?offset=0";
    assert_eq!(player.play(&page(0), &[elsewhere, OK]).sent.len(), 2);
    assert_eq!(
        player.play(&page(0), &[OK]).sent[0].address.target,
        "/api/v2.0/contracts?offset=0"
    );
}

#[test]
fn no_more_moves_are_remembered_than_there_is_room_for() {
    let mut player = Player::new(settings());
    let place = |index: usize| ApiRequest::new(Method::Get, format!("/old/{index}"));
    for index in 0..200 {
        let moved = format!("301 | Location: /new/{index}");
        assert_eq!(player.play(&place(index), &[&moved, OK]).sent.len(), 2);
    }
    let remembered = (0..200).filter(|index| {
        let straight = player.play(&place(*index), &[OK]);
        straight.sent[0].address.target.starts_with("/new/")
    });
    assert_eq!(
        remembered.collect::<Vec<_>>(),
        (136..200).collect::<Vec<_>>()
    );
}

#[test]
fn what_opens_creates_or_grants_is_never_sent_again_by_itself() {
    use daxsign_client::api::{Danger, OPERATIONS};
    let mut counts = [0; 3];
    for info in OPERATIONS {
        let index = match info.repeat {
            Repeat::Always => 0,
            Repeat::Unsent => 1,
            Repeat::Never => 2,
        };
        counts[index] += 1;
        assert_eq!(
            info.repeat == Repeat::Always,
            info.method == Method::Get,
            "{}",
            info.id
        );
        let once = [
            "open", "create", "grant", "obtain", "register", "reserve", "publish",
        ];
        let first = info.id.split('_').next().unwrap();
        assert_eq!(
            info.repeat == Repeat::Never,
            once.contains(&first),
            "{}",
            info.id
        );
        if info.danger == Danger::OpensDoor {
            assert_eq!(info.repeat, Repeat::Never);
        }
    }
    assert_eq!(counts, [22, 15, 12]);
}
