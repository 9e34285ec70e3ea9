//! `/oauth/token`.

use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::made::*;

fn ask(place: &Place, name: &str, password: &str, client: Uuid) -> Answer {
    place.send(&token_request(&form(name, password, client)))
}

#[test]
fn a_token_is_given_for_a_form_in_the_body_or_in_the_query() {
    let place = Place::plain(settings());
    let answer = ask(&place, "anna", PASSWORD, a().instance);
    let told = answer.json();
    assert_eq!(answer.status, 200);
    assert_eq!(
        (&told["token_type"], &told["expires_in"]),
        (&"bearer".into(), &900.into())
    );
    assert_eq!(answer.field("cache-control"), Some("no-store"));
    assert!(answer.field("x-correlation-id").is_some());
    let form = form("anna", PASSWORD, a().instance);
    let query = format!(
        "POST /oauth/token?{form} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    let answer = place.send(query.as_bytes());
    assert_eq!(answer.status, 200, "{answer:?}");
    let other_type = String::from_utf8(token_request(&form)).unwrap();
    let other_type = other_type.replace("application/x-www-form-urlencoded", "application/json");
    assert_eq!(place.send(other_type.as_bytes()).status, 400);
    let get = query.replacen("POST", "GET", 1);
    assert_eq!(place.send(get.as_bytes()).status, 404);
    let long = "a".repeat(5_000);
    assert_eq!(place.send(&token_request(&long)).status, 413);
}

#[test]
fn nobody_learns_which_names_there_are_and_guessing_is_slowed_down() {
    let place = Place::plain(settings());
    let told = |answer: &Answer| {
        let mut told = answer.json();
        told["correlationId"] = "".into();
        told
    };
    let unknown = ask(&place, "nobody", PASSWORD, a().instance);
    let wrong = ask(&place, "anna", "something else", a().instance);
    let other = ask(&place, "anna", PASSWORD, b().instance);
    for answer in [&unknown, &wrong, &other] {
        assert_eq!(answer.status, 401);
        assert_eq!(told(answer), told(&unknown));
        assert_eq!(told(answer)["error"], "invalid_grant");
    }
    for _ in 0..5 {
        ask(&place, "anna", "something else", a().instance);
    }
    let slowed = ask(&place, "anna", PASSWORD, a().instance);
    assert_eq!(slowed.status, 429, "{slowed:?}");
    let wait: u64 = slowed.field("retry-after").unwrap().parse().unwrap();
    // Not the second that all who may come later are told.
    assert!((2..=60).contains(&wait), "{wait}");
}

#[test]
fn two_hash_at_a_time_and_others_are_told_at_once_while_requests_go_on() {
    let place = Place::plain(settings());
    let token = place.token();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..16)
            .map(|_| scope.spawn(|| ask(&place, "anna", PASSWORD, a().instance)))
            .collect();
        let since = Instant::now();
        let request = signed_request(&token, "POST", &cards(), CARD, "Connection: close\r\n");
        assert_eq!(place.send(&request).status, 201);
        assert!(since.elapsed() < Duration::from_secs(5));
        let answers = asking.into_iter().map(|one| one.join().unwrap());
        let answers = answers.inspect(|answer| {
            let later = answer.field("retry-after").is_some();
            assert_eq!(later, answer.status == 503, "{answer:?}");
        });
        answers.map(|answer| answer.status).collect()
    });
    assert_eq!(statuses.len(), 16);
    assert!(statuses.contains(&200), "{statuses:?}");
    assert!(
        statuses.iter().all(|status| [200, 503].contains(status)),
        "{statuses:?}"
    );
}

#[test]
fn a_token_of_another_instance_does_not_help_ones_own_signature() {
    let place = Place::plain(settings());
    let form = form("bo", PASSWORD, b().instance);
    let token = place.send(&token_request(&form)).json()["access_token"].clone();
    let token = token.as_str().unwrap();
    // A's signature with B's token: the certificates of the token's instance are looked at, and no other.
    let request = signed_request(token, "POST", &cards(), CARD, "Connection: close\r\n");
    let answer = place.send(&request);
    assert_eq!(answer.status, 401, "{answer:?}");
    assert_eq!(answer.field("signature"), None);
    assert_eq!(place.received(), 0);
}
