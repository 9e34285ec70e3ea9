//! Does every public operation of the core on hostile inputs of a size and of four times that size,
//! and has callgrind write what each took: for `tests/limits/growth.rs`. Prints the names in the
//! order of the counts.

use std::hint::black_box;

use daxsign_core::{
    Certificate, Components, Explainer, Options, PrivateKey, Profile, PublicKey, ReplayEntry,
    ReplaySlice, ReplayState, ReplayStore, RequestSigner, Sha256, SignatureHeader, SigningStream,
    Timestamp, Verifier, decode_signature, identify_key, signing_digest, signing_string,
    signing_string_len, write_signature_header,
};
use daxsign_tests::cases::key_file;
use daxsign_tests::request::OwnedRequest;

#[path = "growth/certificates.rs"]
mod certificates;

/// How many parts the smaller input has.
const SIZE: usize = 1000;
const DATE: &str = "2020-05-17T14:44:30Z";
const LIST: &str = "(request-target) date";

/// An operation on an input of `n` parts, made beforehand.
type Work = Box<dyn FnMut()>;

/// An operation with a hostile form of its input.
type Operation = (&'static str, fn(usize) -> Work);

const OPERATIONS: &[Operation] = &[
    ("quadratic, to see that it is seen", quadratic),
    ("list: many names", |n| list(&"x ".repeat(n))),
    ("list: many spaces", |n| list(&" ".repeat(n))),
    ("list: long names, alike", |n| list(&long_names(n))),
    ("list: a long name many times", |n| {
        list(&format!("{LIST} {}", vec!["x".repeat(n); 60].join(" ")))
    }),
    ("list: an array of names", name_array),
    ("field: many parameters", |n| field(&"a=\"b\" ".repeat(n))),
    ("field: many spaces", |n| {
        field(&format!("a=\"b\"{}", " ".repeat(n)))
    }),
    ("field: long values", |n| {
        field(&format!("realm=\"{0}\" headers=\"{0}\"", "x ".repeat(n)))
    }),
    ("field: a long signature", |n| {
        let text = "A".repeat(n);
        let mut out = [0; 256];
        work(move || decode_signature(text.as_bytes(), &mut out))
    }),
    ("field: written with long names", written),
    ("request: many fields, 64 listed", |n| {
        request(many_fields(n), &many_listed())
    }),
    ("request: one field many times", |n| {
        request(one_field(n, "v"), &format!("{LIST} x"))
    }),
    ("request: many folds", |n| value(&" \r\n".repeat(n))),
    ("request: many folds around text", |n| {
        value(&"a \n\t".repeat(n))
    }),
    ("request: many spaces", |n| {
        value(&format!("\u{e5}{0}\u{e5}{0}", " ".repeat(n)))
    }),
    ("request: many controls of two bytes", |n| {
        value(&"\u{a0}a\u{c2}".repeat(n))
    }),
    ("request: many Content-Types", |n| {
        request(named(n, "Content-Type", "a/b; charset=utf-8"), LIST)
    }),
    ("request: many parameters", |n| {
        charset("Content-Type", &"a/b; a=\"\\\";\" ".repeat(n))
    }),
    ("request: many quotes", |n| {
        charset("Content-Type", &"a/b; a=\"\\\\".repeat(n))
    }),
    ("request: many charsets", |n| {
        charset("Accept-Charset", &"utf-8;q=1,*;q=0,,".repeat(n))
    }),
    ("request: many Accept-Charsets", |n| {
        request(named(n, "Accept-Charset", "utf-8, *"), LIST)
    }),
    ("request: a long length", |n| {
        charset("Content-Length", &"0".repeat(n))
    }),
    ("request: a long date", |n| date(&DATE.repeat(n))),
    ("request: a long fraction", |n| {
        date(&format!("2020-05-17T14:44:30.{}Z", "1".repeat(n)))
    }),
    ("request: a long method and target", line),
    ("request: a long body", |n| {
        body("\u{e5}{}\n\u{feff}".repeat(n).into_bytes())
    }),
    ("request: a body that is no text", |n| {
        body([b"\xe2\x82".repeat(n), vec![0xFF]].concat())
    }),
    ("signing: a long body", signed),
    ("signing: a stream of many pieces", |n| pieces(n, b"{")),
    ("signing: a stream that refused", |n| {
        pieces(n, b"\xEF\xBB\xBF")
    }),
    ("verifying: many fields", |n| verified(many_fields(n))),
    ("verifying: many Signatures", |n| {
        verified(named(n, "Signature", "x"))
    }),
    ("verifying: a stream of many pieces", verified_pieces),
    ("verifying: a guard of many", guard),
    ("explaining: many fields", |n| {
        explained(n, many_fields(n), &many_listed())
    }),
    ("explaining: many fields, listed ones missing", |n| {
        let names: Vec<String> = (0..62).map(|number| format!("y-{number}")).collect();
        explained(n, many_fields(n), &format!("{LIST} {}", names.join(" ")))
    }),
    ("explaining: a long blank value", |n| {
        explained(n, one_field(1, &" ".repeat(n * 60)), &format!("{LIST} x"))
    }),
    ("key: text", |n| key(b"a".repeat(n))),
    ("key: dashes", |n| key(b"-".repeat(n))),
    ("key: blank lines", |n| key(around(&"\r\n \t".repeat(n)))),
    ("key: BEGIN lines", |n| {
        key(b"-----BEGIN CERTIFICATE-----\n".repeat(n))
    }),
    ("key: BEGIN without end", |n| key(b"-----BEGIN ".repeat(n))),
    ("key: END lines", |n| {
        key(b"-----END CERTIFICATE-----\n".repeat(n))
    }),
    ("key: empty blocks", |n| {
        key(b"-----BEGIN X-----\n-----END X-----\n".repeat(n))
    }),
    ("key: header lines", |n| key(around(&"a: b\n".repeat(n)))),
    ("key: base64", |n| key(around(&"MIIE".repeat(n)))),
    ("key: escaped line ends", |n| key(around(&"\\n".repeat(n)))),
    ("key: many keys", |n| {
        key(key_file("rsa2048.spki.pem").repeat(n.div_ceil(20)))
    }),
    ("key: nested sequences", |n| key([0x30, 0x80].repeat(n))),
    ("key: a long sequence", |n| {
        let len = u32::try_from(n).expect("a length").to_be_bytes();
        key([&[0x30, 0x84][..], &len, &[2, 1, 0].repeat(n / 3 + 1)].concat())
    }),
    ("key: zeros", |n| key(vec![0; n])),
    ("key: UTF-16", |n| {
        key("-----BEGIN X"
            .repeat(n)
            .bytes()
            .flat_map(|b| [b, 0])
            .collect())
    }),
];

fn main() {
    for (name, make) in OPERATIONS.iter().chain(certificates::OPERATIONS) {
        for size in [SIZE, 4 * SIZE] {
            let mut work = make(size);
            tell_callgrind(ZERO_STATS);
            work();
            tell_callgrind(DUMP_STATS);
        }
        println!("{name}");
    }
}

/// Callgrind's requests (valgrind's `callgrind.h`, whose requests are numbered from `CT`): forget
/// what was counted, and write it into a file of its own.
const ZERO_STATS: u64 = 0x4354_0001;
const DUMP_STATS: u64 = 0x4354_0000;

/// Makes a request to callgrind; nothing happens without it.
fn tell_callgrind(request: u64) {
    let arguments = [request, 0, 0, 0, 0, 0];
    // SAFETY: the instructions that valgrind.h marks a request with: they turn rdi by 128 bits and
    // exchange rbx with itself. Under valgrind the six numbers at rax are read.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            in("rax") arguments.as_ptr(),
            inout("rdx") 0_u64 => _,
            inout("rdi") 0_u64 => _,
            options(nostack),
        );
    }
    #[cfg(not(target_arch = "x86_64"))]
    panic!("only x86-64 is counted: {arguments:?}");
}

fn work<T>(mut operation: impl FnMut() -> T + 'static) -> Work {
    Box::new(move || {
        black_box(operation());
    })
}

fn quadratic(n: usize) -> Work {
    work(move || {
        (0..n)
            .filter(|&a| (0..n).all(|b| black_box(b) != a + n))
            .count()
    })
}

fn list(text: &str) -> Work {
    let text = text.to_owned();
    work(move || {
        let list = Components::parse(&text).ok()?;
        let mut bytes = 0;
        list.write_to(&mut |piece: &[u8]| bytes += piece.len());
        Some((
            bytes,
            list.encoded_len(),
            list.contains("y"),
            list.ends_with("y"),
        ))
    })
}

/// 64 names of one length and with one first letter, which must be compared with each other.
fn long_names(n: usize) -> String {
    let names = (0..62).map(|number| format!("x{}-{number:02}", "y".repeat(n)));
    format!("{LIST} {}", names.collect::<Vec<_>>().join(" "))
}

fn name_array(n: usize) -> Work {
    work(move || Components::from_names(&vec!["x"; n]).is_ok())
}

fn field(text: &str) -> Work {
    let text = text.to_owned();
    work(move || SignatureHeader::parse(&text).and_then(|field| field.components().map(drop)))
}

fn written(n: usize) -> Work {
    let names = long_names(n);
    let mut out = vec![0; names.len() + 1000];
    work(move || {
        let list = Components::parse(&names).expect("a list");
        write_signature_header(&list, &[1; 256], &mut out).map(str::len)
    })
}

fn post() -> OwnedRequest {
    OwnedRequest {
        method: "POST".into(),
        target: "/doors".into(),
        headers: Vec::new(),
        body: Vec::new(),
    }
    .with_header("Date", DATE)
}

/// A request with `n` fields of this name.
fn named(n: usize, name: &str, value: &str) -> OwnedRequest {
    let mut request = post();
    request
        .headers
        .extend((0..n).map(|_| (name.to_owned(), value.into())));
    request
}

fn one_field(n: usize, value: &str) -> OwnedRequest {
    named(n, "X", value)
}

/// A request with `n` fields before those that are listed.
fn many_fields(n: usize) -> OwnedRequest {
    let mut request = post();
    let fields = (0..n + 62)
        .rev()
        .map(|number| (format!("X-{number}"), b"v".into()));
    request.headers = fields.chain(request.headers).collect();
    request
}

fn many_listed() -> String {
    let names: Vec<String> = (0..62).map(|number| format!("x-{number}")).collect();
    format!("{LIST} {}", names.join(" "))
}

/// Everything that makes a signing string of a request.
fn request(request: OwnedRequest, list: &str) -> Work {
    let list = list.to_owned();
    let mut out = vec![0; 100 + request.headers.len() * 60 + request.target.len()];
    work(move || {
        let fields = request.fields();
        let request = request.borrow(&fields);
        let own = Components::parse(&list).expect("a list");
        for list in [own, Components::default_for(&request)] {
            let options = Options::default();
            let _ = black_box(signing_string_len(&request, &list, options));
            let _ = black_box(signing_string(&request, &list, options, &mut out));
            let _ = black_box(signing_digest(&request, &list, Profile::VendorSdk, options));
            let _ = black_box(SigningStream::new(&request, &list, options, None));
        }
    })
}

fn value(value: &str) -> Work {
    request(post().with_header("X", value), &format!("{LIST} x"))
}

fn charset(name: &str, value: &str) -> Work {
    request(post().with_header(name, value), LIST)
}

fn date(text: &str) -> Work {
    let mut with_date = post();
    with_date.headers = vec![("Date".into(), text.into())];
    let (mut signing, text) = (request(with_date, LIST), text.to_owned());
    work(move || {
        signing();
        Timestamp::parse(&text)
    })
}

fn line(n: usize) -> Work {
    let mut long = post();
    long.method = "A".repeat(n);
    long.target = format!("/{}", "/?".repeat(n));
    request(long, LIST)
}

fn body(bytes: Vec<u8>) -> Work {
    let mut with_body = post();
    with_body.body = bytes;
    request(with_body, LIST)
}

fn private_key() -> PrivateKey {
    PrivateKey::from_bytes(&key_file("rsa2048.pkcs8.der")).expect("a key")
}

/// Many times the work of the signature itself, so that it does not hide how the rest grows.
fn signed(n: usize) -> Work {
    let (key, mut request) = (private_key(), post());
    request.body = vec![b'a'; n * 300];
    let mut out = vec![0; 1000];
    work(move || {
        let fields = request.fields();
        let list = Components::parse(LIST).expect("a list");
        let (profile, options) = (Profile::Documented, Options::default());
        RequestSigner::new(&key, profile)
            .components(list)
            .options(options)
            .sign(&request.borrow(&fields), &mut out)
            .map(str::len)
    })
}

fn pieces(n: usize, piece: &'static [u8]) -> Work {
    work(move || {
        let request = post();
        let fields = request.fields();
        let list = Components::parse(LIST).expect("a list");
        let head = request.borrow(&fields);
        let mut stream =
            SigningStream::new(&head, &list, Options::default(), None).expect("a stream");
        for _ in 0..n {
            let _ = black_box(stream.update(piece));
        }
        stream.finish(Profile::Documented)
    })
}

/// The request with a Signature field of the right form, verified.
fn verified(request: OwnedRequest) -> Work {
    let value = signature_of(&request);
    let request = request.with_header("Signature", value);
    let key = private_key();
    work(move || {
        let fields = request.fields();
        let now = Timestamp::parse(DATE).expect("a date");
        let verifier = Verifier::new(key.public_key(), Profile::Documented);
        verifier.verify(&request.borrow(&fields), now).map(drop)
    })
}

fn signature_of(request: &OwnedRequest) -> String {
    let fields = request.fields();
    let list = Components::parse(LIST).expect("a list");
    let (profile, options) = (Profile::Documented, Options::default());
    let mut out = vec![0; 1000];
    RequestSigner::new(&private_key(), profile)
        .components(list)
        .options(options)
        .sign(&request.borrow(&fields), &mut out)
        .expect("a signature")
        .to_owned()
}

fn verified_pieces(n: usize) -> Work {
    let key = private_key();
    let request = post().with_header("Content-Length", (n * 10).to_string());
    let value = signature_of(&post()).replace(LIST, "(request-target) content-length date");
    let request = request.with_header("Signature", value);
    work(move || {
        let fields = request.fields();
        let now = Timestamp::parse(DATE).expect("a date");
        let verifier = Verifier::new(key.public_key(), Profile::Documented);
        let mut stream = verifier
            .stream(&request.borrow(&fields), now, None)
            .expect("a stream");
        for _ in 0..n {
            let _ = black_box(stream.update(b"0123456789"));
        }
        stream.finish().map(drop)
    })
}

/// Explained with a budget that grows as the request does: what is looked up counts as what is
/// hashed, so that a string takes no more than its share.
fn explained(n: usize, request: OwnedRequest, list: &str) -> Work {
    let another = OwnedRequest {
        target: "/another".into(),
        ..post()
    };
    let request = request.with_header("Signature", signature_of(&another).replace(LIST, list));
    let key = private_key();
    let budget = u64::try_from(n * 2000).expect("a budget");
    work(move || {
        let fields = request.fields();
        let explainer = Explainer::new(key.public_key()).budget(budget);
        let told = explainer.explain(&request.borrow(&fields)).searched;
        assert!(told.strings > 0 && !told.complete, "{told:?}");
    })
}

/// One request more for a guard that holds `n`: it looks at each.
fn guard(n: usize) -> Work {
    let mut entries = vec![ReplayEntry::EMPTY; n + 1];
    let mut state = ReplayState::new();
    let now = Timestamp::parse(DATE).expect("a date");
    for number in 0..n {
        let id = Sha256::digest(&number.to_be_bytes());
        let mut guard = ReplaySlice::new(&mut entries, &mut state);
        // Nothing is stale in a window of no time at its own moment.
        guard.accept(id, now, now, 0).expect("room");
    }
    work(move || ReplaySlice::new(&mut entries, &mut state).accept([0; 32], now, now, 0))
}

/// Every reader of key files.
fn key(file: Vec<u8>) -> Work {
    work(move || {
        let _ = black_box(identify_key(&file));
        let _ = black_box(PublicKey::from_bytes(&file));
        let _ = black_box(PrivateKey::from_bytes(&file));
        let _ = black_box(PublicKey::from_pem(&file));
        let _ = black_box(PrivateKey::from_pem(&file));
        let _ = black_box(PublicKey::from_der(&file));
        let _ = black_box(PrivateKey::from_der(&file));
        Certificate::from_bytes(&file).is_ok()
    })
}

/// A block with this text in it, and around it.
fn around(text: &str) -> Vec<u8> {
    let block =
        |label| format!("{text}-----BEGIN {label}-----\n{text}-----END {label}-----\n{text}");
    [block("PRIVATE KEY"), block("PUBLIC KEY")]
        .concat()
        .into_bytes()
}
