//! Passwords, tokens and certificates, against what others make and what attackers try.

use core::time::Duration;
use std::net::{IpAddr, Ipv4Addr};

use uuid::Uuid;

use super::{
    Authority, BearerProblem, CertificateProblem, Claims, Denied, Gate, Granted, Moment, NotAForm,
    Password, PasswordHash, PasswordProblem, SignIn, TOKEN_SECONDS, Throttle, TokenKey,
    TokenProblem, TokenRequest, bearer,
};
use crate::registry::tests::made::{
    A_KEY, HASH, PASSWORD, a, agreed, at, b, certificate, change, credential, list, now, root,
};
use crate::registry::{Change, Clause, Registry};

fn key() -> TokenKey {
    TokenKey::new(&[5; 32])
}

fn password(text: &str) -> Password {
    Password::new(text.into())
}

#[test]
fn a_hash_of_another_program_is_that_of_the_password() {
    let hash = PasswordHash::parse(HASH).expect("a hash");
    assert_eq!(hash.is_of(&password(PASSWORD)), Ok(true));
    assert_eq!(hash.is_of(&password("correct horse batterz")), Ok(false));
    let made = PasswordHash::of(&password(PASSWORD), *b"0123456789abcdef");
    assert_eq!(made.expect("a hash").to_string(), HASH);
    let short = PasswordHash::of(&password("short"), [0; 16]);
    assert_eq!(short, Err(PasswordProblem::Length));
    let long = "x".repeat(1025);
    assert_eq!(hash.is_of(&password(&long)), Ok(false));
    let weaker = HASH.replace("m=19456", "m=8");
    assert_eq!(PasswordHash::parse(&weaker), Err(PasswordProblem::NotAHash));
}

#[test]
fn a_token_holds_for_its_time_and_in_its_one_form() {
    let token = key().issue(Uuid::from_u128(100), a(), now(), [7; 16]);
    let claims = Claims {
        credential: Uuid::from_u128(100),
        party: a(),
        expires: now().seconds() + TOKEN_SECONDS,
    };
    assert_eq!(key().open(&token, now()), Ok(claims));
    assert_eq!(key().open(&token, at("2026-03-01T12:14:59Z")), Ok(claims));
    let late = key().open(&token, at("2026-03-01T12:15:00Z"));
    assert_eq!(late, Err(TokenProblem::Expired));
    let other = TokenKey::new(&[6; 32]).open(&token, now());
    assert_eq!(other, Err(TokenProblem::Foreign));
    let mut tried = 0;
    for index in 0..token.len() {
        for byte in *b"AQgw_" {
            let mut changed = token.clone().into_bytes();
            if core::mem::replace(&mut changed[index], byte) == byte {
                continue;
            }
            let changed = String::from_utf8(changed).expect("text");
            assert_eq!(key().open(&changed, now()), Err(TokenProblem::Foreign));
            tried += 1;
        }
    }
    assert!(tried > 500);
    for cut in [
        &token[1..],
        &token[..token.len() - 1],
        "",
        &format!("{token}A"),
    ] {
        assert_eq!(key().open(cut, now()), Err(TokenProblem::Foreign));
    }
}

#[test]
fn a_form_has_each_field_once() {
    let client = a().instance;
    let whole = format!(
        "username=an%6Ea&password=p%26+%C3%A5&client_id={client}&grant_type=password&scope=daxapi"
    );
    let read = TokenRequest::from_form(whole.as_bytes()).expect("a form");
    assert_eq!((read.name.as_str(), read.client), ("anna", client));
    let cases = [
        (
            whole.replace("username", "user"),
            NotAForm::Missing("username"),
        ),
        (
            format!("{whole}&password=other"),
            NotAForm::Twice("password"),
        ),
        (
            whole.replace("=password", "=client_credentials"),
            NotAForm::GrantType,
        ),
        (whole.replace("%C3%A5", "%C3"), NotAForm::Encoding),
        (whole.replace("%26", "%2"), NotAForm::Encoding),
        (whole.replace(&client.to_string(), "me"), NotAForm::ClientId),
        (format!("{whole}&x={}", "x".repeat(4096)), NotAForm::Long),
    ];
    for (form, problem) in cases {
        assert_eq!(
            TokenRequest::from_form(form.as_bytes()).err(),
            Some(problem)
        );
    }
}

fn moment(seconds: u64) -> Moment {
    Moment {
        now: now(),
        elapsed: Duration::from_secs(seconds),
        from: IpAddr::V4(Ipv4Addr::LOCALHOST),
        nonce: [1; 16],
    }
}

fn sign_in(
    door: &SignIn,
    registry: &Registry,
    (name, text, client): (&str, &str, Uuid),
    seconds: u64,
) -> Result<Granted, Denied> {
    let request = TokenRequest {
        name: name.into(),
        password: password(text),
        client,
    };
    door.grant(&request, registry, &key(), &moment(seconds))
}

#[test]
fn who_is_refused_does_not_learn_why_and_has_to_wait() {
    let registry = agreed(vec![Clause::allowing("*")]);
    let door = SignIn::default();
    let right = ("anna", PASSWORD, a().instance);
    let granted = sign_in(&door, &registry, right, 0).expect("a token");
    assert_eq!(granted.expires_in, 900);
    assert!(key().open(&granted.token, now()).is_ok());
    let wrong = [
        ("nobody", PASSWORD, a().instance),
        ("anna", "something else", a().instance),
        ("anna", PASSWORD, b().instance),
    ];
    for attempt in wrong.iter().chain(&wrong) {
        assert_eq!(sign_in(&door, &registry, *attempt, 0), Err(Denied::Wrong));
    }
    let again = sign_in(&door, &registry, wrong[1], 0);
    assert_eq!(again, Err(Denied::Wrong));
    let throttled = sign_in(&door, &registry, right, 0);
    assert!(
        matches!(throttled, Err(Denied::Throttled(_))),
        "{throttled:?}"
    );
    assert!(sign_in(&door, &registry, right, 600).is_ok());
}

#[test]
fn the_third_at_a_time_is_sent_away() {
    let gate = Gate::default();
    let first = gate.enter().expect("a place");
    let _second = gate.enter().expect("a place");
    assert!(gate.enter().is_none());
    drop(first);
    assert!(gate.enter().is_some());
}

#[test]
fn failures_are_forgotten_with_time_and_never_for_others() {
    let mut throttle = Throttle::default();
    let zero = Duration::from_secs(10);
    for _ in 0..5 {
        throttle.failed(&"anna", zero);
    }
    assert!(throttle.wait(&"anna", 5, zero).is_some());
    // Whoever else fails, it is not forgotten.
    for number in 0..20_000 {
        throttle.failed(&number, zero);
    }
    assert!(throttle.wait(&"anna", 5, zero).is_some());
}

#[test]
fn a_token_ends_with_password_certificate_and_instance() {
    let registry = agreed(vec![Clause::allowing("*")]);
    let token = key().issue(Uuid::from_u128(100), a(), now(), [7; 16]);
    let value = format!("Bearer {token}");
    let of = |registry: &Registry, values: &[&str]| {
        let values = values.iter().map(|value| value.as_bytes());
        let bearer = bearer(values, &key(), registry, now());
        bearer.map(|bearer| (bearer.party, bearer.certificates.len()))
    };
    assert_eq!(of(&registry, &[&value]), Ok((a(), 1)));
    assert_eq!(
        of(&registry, &[&value.replace("Bearer", "bEARER")]),
        Ok((a(), 1))
    );
    let missing = Err(BearerProblem::Missing);
    assert_eq!(of(&registry, &[]), missing);
    assert_eq!(of(&registry, &[&value, &value]), missing);
    assert_eq!(of(&registry, &[&token]), missing);
    let mut changed = registry.clone();
    let again = credential("anna", a(), 101);
    change(&mut changed, &again);
    assert_eq!(of(&changed, &[&value]), Err(BearerProblem::Withdrawn));
    let mut changed = registry.clone();
    let thumbprint = registry
        .counting(a(), now())
        .next()
        .expect("one")
        .thumbprint;
    let revoke = Change::Revoke { thumbprint };
    change(&mut changed, &revoke);
    assert_eq!(of(&changed, &[&value]), Err(BearerProblem::NoCertificate));
}

#[test]
fn only_the_authoritys_certificates_for_this_instance_are_registered() {
    let mut authority = Authority::new(root(), Vec::new(), "prod").expect("an authority");
    let good = certificate(a(), A_KEY, 2, "2030-01-01T00:00:00Z");
    assert!(authority.check(&good, a(), now()).is_ok());
    let for_b = authority.check(&good, b(), now());
    assert!(matches!(for_b, Err(CertificateProblem::Names)), "{for_b:?}");
    let late = authority.check(&good, a(), at("2031-01-01T00:00:00Z"));
    assert!(
        matches!(late, Err(CertificateProblem::Untrusted(_))),
        "{late:?}"
    );
    let own = authority.check(&root(), a(), now());
    assert!(own.is_err());
    let stage = Authority::new(root(), Vec::new(), "stage").expect("an authority");
    assert!(stage.check(&good, a(), now()).is_err());
    let revoked = list(&[2], "2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z");
    assert!(matches!(authority.take_list(&revoked, now()), Ok(true)));
    assert!(matches!(authority.take_list(&revoked, now()), Ok(false)));
    let refused = authority.check_again(&good, now());
    assert!(
        matches!(refused, Err(CertificateProblem::Revoked)),
        "{refused:?}"
    );
    let other = certificate(a(), A_KEY, 3, "2030-01-01T00:00:00Z");
    assert!(authority.check(&other, a(), now()).is_ok());
    let overdue = authority.check_again(&other, at("2026-05-01T00:00:00Z"));
    assert!(
        matches!(overdue, Err(CertificateProblem::Overdue)),
        "{overdue:?}"
    );
}
