//! What comes before the signature: a typical request, and a large body.

use std::hint::black_box;

use daxsign_benches::inputs::{self, BODY, KEYS, METHOD, SIGNING_STRING, TARGET, headers};
use daxsign_benches::run::Row;
use daxsign_benches::turns::{Contestant, take_turns};
use daxsign_core::{
    Components, Digest, HeaderField, Options, Profile, Request, Signer, SigningStream,
    signing_digest,
};

use crate::contest::{GROUP_TIME, row};
use crate::peers::PEERS;

/// The large body's length in bytes, also as its `Content-Length`.
const LARGE: (usize, &str) = (16 << 20, "16777216");
/// A large body comes in pieces as a program reads them from a file or a connection.
const PIECE: usize = 64 << 10;

/// `canonicalise-hash-300`: from a request to the digest that is signed, beside our own signature.
pub(crate) fn typical() -> Vec<Row> {
    let headers = headers();
    let request = Request::new(METHOD, TARGET, &headers, BODY);
    let digest = || {
        let list = Components::default_for(black_box(&request));
        signing_digest(
            black_box(&request),
            &list,
            Profile::Documented,
            Options::default(),
        )
        .expect("the request keeps the rules")
    };
    for peer in PEERS {
        let expected = (peer.sha256)(SIGNING_STRING.as_bytes());
        assert_eq!(digest(), Digest(expected), "we and {}", peer.name);
    }
    let key = inputs::key(&KEYS[0]);
    let mut signature = vec![0; KEYS[0].bits / 8];
    let mut contestants = [
        Contestant::new("daxsign", || {
            black_box(digest());
        }),
        Contestant::new("own-sign", || {
            key.sign_digest(black_box(&Digest([0xA5; 32])), &mut signature)
                .expect("our key signs");
        }),
    ];
    take_turns(&mut contestants, GROUP_TIME);
    let [ours, sign] = &contestants;
    vec![row("canonicalise-hash-300", sign.name(), ours, sign)]
}

/// `stream-16mb`: a request with a large body in pieces, beside the SHA-256 of the body alone in one
/// call: the fastest there is, as `sha256`, and each library's.
pub(crate) fn large() -> Vec<Row> {
    let (len, content_length) = LARGE;
    let body = vec![b'a'; len];
    let headers = [
        HeaderField::new("Date", "2025-12-08T13:51:50.2437457Z"),
        HeaderField::new("Content-Length", content_length),
    ];
    let head = Request::new("POST", TARGET, &headers, "");
    let digest = || {
        let list = Components::parse("(request-target) content-length date").expect("a list");
        let length = Some(len as u64);
        SigningStream::new(&head, &list, Options::default(), length)
            .and_then(|mut stream| {
                for piece in black_box(&body).chunks(PIECE) {
                    stream.update(piece)?;
                }
                stream.finish(Profile::Documented)
            })
            .expect("the request keeps the rules")
    };
    let mut string = format!(
        "(request-target): post {TARGET}\ncontent-length: {content_length}\n\
         date: 2025-12-08T13:51:50.2437457Z\n"
    )
    .into_bytes();
    string.extend(&body);
    for peer in PEERS {
        assert_eq!(
            digest(),
            Digest((peer.sha256)(&string)),
            "we and {}",
            peer.name
        );
    }

    let mut contestants = vec![Contestant::new("daxsign", || {
        black_box(digest());
    })];
    contestants.extend(PEERS.map(|peer| {
        let body = &body;
        Contestant::new(peer.name, move || {
            black_box((peer.sha256)(black_box(body)));
        })
    }));
    take_turns(&mut contestants, GROUP_TIME);
    let (ours, peers) = contestants.split_first().expect("we take part");
    let fastest = peers
        .iter()
        .min_by(|one, other| one.microseconds().total_cmp(&other.microseconds()))
        .expect("there are peers");
    let all = peers
        .iter()
        .map(|peer| row("stream-16mb", peer.name(), ours, peer));
    std::iter::once(row("stream-16mb", "sha256", ours, fastest))
        .chain(all)
        .collect()
}
