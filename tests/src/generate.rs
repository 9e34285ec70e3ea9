//! Requests for property tests, biased to what is easy to get wrong.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::request::OwnedRequest;

/// A request and a component list, each of which may break any number of rules.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The request.
    pub request: OwnedRequest,
    /// The list.
    pub list: Vec<String>,
}

/// Fields that the requests have and the lists name.
const NAMES: &[&str] = &[
    "host",
    "Host",
    "X-A",
    "x-a",
    "X-a",
    "x-b",
    "accept-charset",
    "Content-Type",
    "Signature",
    "x_!#$%&'*+.^`|~9",
];

/// What values are made of: plain text, and everything that a rule speaks of.
const PLAIN: &[&str] = &[
    "a", "Bc", "d e", ",", ":", "\"", "=", "é", "漢", "0", "a\u{a0}b", "x\ty", "(", "\u{200b}",
];
const SPACING: &[&str] = &[" ", "\t", "  \t", "\r\n ", "\n\t", " \r\n  \t", "\t\n "];
const ODD: &[&[u8]] = &[
    b"\r",
    b"\n",
    b"\r\n",
    b"\r\r\n ",
    b"\0",
    b"\x01",
    b"\x0b",
    b"\x1f",
    b"\x7f",
    b"\xff",
    b"\xc2",
    b"\xe2\x80",
    b"\xed\xa0\x80",
    "\u{85}".as_bytes(),
    "\u{9f}".as_bytes(),
    "\u{80}".as_bytes(),
    "\u{a0}".as_bytes(),
    "\u{1680}".as_bytes(),
    "\u{2000}".as_bytes(),
    "\u{200a}".as_bytes(),
    "\u{200b}".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{2029}".as_bytes(),
    "\u{202f}".as_bytes(),
    "\u{205f}".as_bytes(),
    "\u{3000}".as_bytes(),
    "\u{feff}".as_bytes(),
    "\u{180e}".as_bytes(),
];

/// Requests that keep every rule, most of the time in an unusual way.
pub fn good_trial() -> BoxedStrategy<Trial> {
    trial(Share::NONE)
}

/// Requests of which about half break a rule and a good part breaks several at once.
pub fn any_trial() -> BoxedStrategy<Trial> {
    prop_oneof![
        1 => trial(Share(3)),
        2 => trial(Share(8)),
        1 => trial(Share(30)),
    ]
    .boxed()
}

/// How many of a hundred parts are bad.
#[derive(Clone, Copy)]
struct Share(u32);

impl Share {
    const NONE: Self = Self(0);

    /// `good`, or `bad` in this share.
    fn mix<T: std::fmt::Debug + 'static>(
        self,
        good: impl Strategy<Value = T> + 'static,
        bad: impl Strategy<Value = T> + 'static,
    ) -> BoxedStrategy<T> {
        match self.0 {
            0 => good.boxed(),
            share => prop_oneof![100 - share => good, share => bad].boxed(),
        }
    }
}

fn trial(share: Share) -> BoxedStrategy<Trial> {
    let fields = vec((select(NAMES), value(share)), 0..6);
    let parts = (
        method(share),
        target(share),
        fields,
        share.mix(vec(date_value(), 1), vec(bad_date_value(), 0..3)),
        length_form(share),
        share.mix(charset_fields(), bad_charset_fields()),
        share.mix(body(), bad_body()),
    );
    (parts, share.mix(picks(), bad_picks()), any::<u64>())
        .prop_map(
            |((method, target, fields, dates, length, charsets, body), picks, order)| {
                let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
                let charset_fields = ["content-type", "accept-charset", "signature"];
                let plain = |(name, _): &(&str, Vec<u8>)| {
                    !charset_fields
                        .iter()
                        .any(|field| field.eq_ignore_ascii_case(name))
                };
                headers.extend(fields.into_iter().filter(plain).map(own));
                headers.extend(dates.into_iter().map(|value| ("Date".into(), value)));
                headers.extend(length.fields(body.len()));
                headers.extend(
                    charsets
                        .into_iter()
                        .map(|(name, value)| own((name, value.into()))),
                );
                shuffle(&mut headers, order);
                let list = list(&headers, &picks);
                Trial {
                    request: OwnedRequest {
                        method,
                        target,
                        headers,
                        body,
                    },
                    list,
                }
            },
        )
        .boxed()
}

fn own((name, value): (&str, Vec<u8>)) -> (String, Vec<u8>) {
    (name.into(), value)
}

/// Puts the fields in another order, which is the same for the same `seed`.
fn shuffle<T>(items: &mut [T], mut seed: u64) {
    for index in (1..items.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let bound = u64::try_from(index).unwrap() + 1;
        items.swap(index, usize::try_from((seed >> 33) % bound).unwrap());
    }
}

fn strings(choices: &'static [&'static str]) -> impl Strategy<Value = String> + Clone {
    select(choices).prop_map(str::to_string)
}

fn method(share: Share) -> BoxedStrategy<String> {
    share.mix(
        strings(&[
            "GET",
            "POST",
            "put",
            "PaTcH",
            "M-SEARCH",
            "x!#$%&'*+.^_`|~9",
        ]),
        strings(&["", "GE T", " GET", "GET\n", "GÉT", "G(", "G/T", "\0"]),
    )
}

fn target(share: Share) -> BoxedStrategy<String> {
    share.mix(
        prop_oneof![
            strings(&[
                "/",
                "/api/v2/DaxEndPoint",
                "/a?b=c?d",
                "/A?",
                "//a//b/../c;d",
                "/%20%C3#f",
                "/?"
            ]),
            "/[!-~]{0,12}",
        ],
        strings(&[
            "",
            "a",
            "*",
            "?",
            "/a b",
            "/a\n",
            "/\u{7f}",
            "/dörr",
            "/a?b c",
            "http://h/",
            " /",
            "/\0",
        ]),
    )
}

fn value(share: Share) -> BoxedStrategy<Vec<u8>> {
    let bytes = |text: &str| text.as_bytes().to_vec();
    let piece = prop_oneof![
        3 => select(PLAIN).prop_map(bytes),
        2 => select(SPACING).prop_map(bytes),
    ];
    // Starts with a letter, so that it is not empty beside others of its name.
    let edge = select(SPACING).prop_map(str::to_string);
    let good = (
        prop::option::of(edge.clone()),
        vec(piece.clone(), 0..5),
        prop::option::of(edge),
    )
        .prop_map(|(before, pieces, after)| {
            let text = [
                before.unwrap_or_default().into_bytes(),
                b"v".to_vec(),
                pieces.concat(),
            ];
            [text.concat(), after.unwrap_or_default().into_bytes()].concat()
        });
    let odd = prop_oneof![3 => piece, 2 => select(ODD).prop_map(<[u8]>::to_vec)];
    let bad = vec(odd, 0..5).prop_map(|pieces| pieces.concat());
    share.mix(good, bad)
}

/// A valid date in all its forms, with white space and folds around it.
fn date_value() -> impl Strategy<Value = Vec<u8>> {
    let text = strings(&[
        "2020-05-17T14:44:30+02:00",
        "2024-02-29T23:59:59.9999999Z",
        "2000-02-29T00:00:00.1-23:59",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.123456789+00:00",
        "2023-11-30T09:08:07.000000001-00:00",
    ]);
    let around = strings(&["", " ", "\t", "\r\n ", " \n\t"]);
    (around.clone(), text, around)
        .prop_map(|(before, text, after)| (before + &text + &after).into())
}

/// A date with one character exchanged, removed or put in, or another format.
fn bad_date_value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        2 => near_date().prop_map(String::into_bytes),
        1 => strings(&[
            "Sun, 17 May 2020 12:44:30 GMT",
            "2020-05-17 14:44:30Z",
            "2020-05-17T14:44:30",
            "2020-05-17",
            "1589719470",
            "",
            "2020-05-17T14:44:30Z\u{a0}",
            "2020-05-17T14:44:30\r\n Z",
            "2020-05-17T14:44:60Z",
            "1900-02-29T00:00:00Z",
        ]).prop_map(String::into_bytes),
    ]
}

/// Text that is nearly or just about a date, from all over the range.
pub fn near_date() -> impl Strategy<Value = String> {
    let number = |low: u32, high: u32| low..=high;
    let fields = (
        number(0, 10_000),
        number(0, 13),
        number(0, 32),
        number(0, 24),
        number(0, 61),
    );
    let tail = (
        number(0, 61),
        "(|\\.[0-9]{0,10})",
        "(Z|z||[+-][0-2][0-9]:[0-6][0-9]|[+-][0-9]{4})",
    );
    let edit = (0_usize..40, "[0-9TZ:.+ -]{0,2}", 0_usize..3, 0_u8..4);
    (fields, tail, edit).prop_map(|((y, m, d, h, min), (s, fraction, zone), edit)| {
        let text = format!("{y:04}-{m:02}-{d:02}T{h:02}:{min:02}:{s:02}{fraction}{zone}");
        let (place, insert, remove, chance) = edit;
        if chance > 0 {
            return text;
        }
        let place = place.min(text.len());
        let rest = (place + remove).min(text.len());
        format!("{}{insert}{}", &text[..place], &text[rest..])
    })
}

/// How the length is declared, if at all.
#[derive(Clone, Debug)]
enum Length {
    Absent,
    Exact(&'static str, &'static str),
    Wrong(i64),
    Text(&'static str),
    Twice,
}

impl Length {
    fn fields(&self, body_len: usize) -> Vec<(String, Vec<u8>)> {
        let field = |value: String| ("Content-Length".to_string(), value.into_bytes());
        match *self {
            Self::Absent => vec![],
            Self::Exact(before, after) => vec![field(format!("{before}{body_len}{after}"))],
            Self::Wrong(by) => vec![field((i64::try_from(body_len).unwrap() + by).to_string())],
            Self::Text(text) => vec![field(text.into())],
            Self::Twice => vec![field(body_len.to_string()), field(body_len.to_string())],
        }
    }
}

fn length_form(share: Share) -> BoxedStrategy<Length> {
    share.mix(
        prop_oneof![
            Just(Length::Absent),
            (
                select(&["", " ", "\t", "000", "00000000000000000000000000", "\r\n "][..]),
                select(&["", "  ", "\r\n\t"][..]),
            )
                .prop_map(|(before, after)| Length::Exact(before, after)),
        ],
        prop_oneof![
            Just(Length::Twice),
            select(&[-1, 1, 10, 1 << 32][..]).prop_map(Length::Wrong),
            select(
                &[
                    "",
                    "x",
                    "+1",
                    "-0",
                    "1,1",
                    "0x1",
                    "1 1",
                    "18446744073709551616",
                    "1.",
                    "٣",
                    "\u{a0}0"
                ][..]
            )
            .prop_map(Length::Text),
            (
                select(&["+", "-", "\u{a0}", "\n"][..]),
                select(&["", ".0", "\0"][..])
            )
                .prop_map(|(before, after)| Length::Exact(before, after)),
        ],
    )
}

type Fields = Vec<(&'static str, &'static str)>;

fn charset_fields() -> impl Strategy<Value = Fields> {
    let field = select(
        &[
            ("Content-Type", "application/json"),
            ("Content-Type", "Application/JSON; charset=utf-8"),
            ("content-type", "text/plain;charset=\"UTF-8\""),
            (
                "Content-Type",
                "application/json ;a=\";charset=x\"; CHARSET = Utf-8",
            ),
            ("Content-Type", "application/json;\r\n charset=utf-8;"),
            ("Content-Type", "text/xml; xcharset=latin1; charset"),
            ("Content-Type", "a/b; c=\"\\\";charset=x\""),
            ("Accept-Charset", "utf-8"),
            ("Accept-Charset", "UTF-8;q=0.5, , utf-8"),
            ("accept-charset", "utf-8;x=\",latin1\""),
        ][..],
    );
    vec(field, 0..3)
}

fn bad_charset_fields() -> impl Strategy<Value = Fields> {
    let field = select(
        &[
            ("Content-Type", "text/plain; charset=iso-8859-1"),
            ("Content-Type", "text/plain; charset="),
            ("Content-Type", "text/plain; charset=\"\""),
            ("Content-Type", "text/plain; charset=\""),
            ("Content-Type", "text/plain; charset=utf8"),
            ("Content-Type", "text/plain; charset=utf-8; charset=utf-16"),
            ("Content-Type", "text/plain; charset='utf-8'"),
            ("Content-Type", "text/plain; charset=\"utf\\-8\""),
            ("content-type", "application/jsonx"),
            ("Content-Type", ""),
            ("Accept-Charset", "iso-8859-1, utf-8"),
            ("Accept-Charset", "utf-8, *"),
            ("Accept-Charset", "utf-8\n"),
            ("Accept-Charset", "\"utf-8"),
        ][..],
    );
    vec(field, 1..3)
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        1 => Just(vec![]),
        2 => strings(&["{}", "{\"hello\": \"world\"}", "x-a: b\n", "\n", "a\r\nb\r\n", "åäö\u{feff}", " \0"])
            .prop_map(String::into_bytes),
        1 => ".{0,90}".prop_map(String::into_bytes),
    ]
}

/// A byte order mark, whole and in part, and what is not UTF-8.
const BAD_BODIES: &[&[u8]] = &[
    b"\xef\xbb\xbf",
    b"\xef\xbb\xbf{}",
    b"\xef\xbb",
    b"\xef\xbb\xbe",
    b"\xff",
    b"{}\xc3",
];

fn bad_body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        select(BAD_BODIES).prop_map(<[u8]>::to_vec),
        vec(any::<u8>(), 0..40),
    ]
}

/// An entry of the list: one of the request's fields, in some case, or a name of its own.
#[derive(Clone, Debug)]
enum Pick {
    RequestTarget(bool),
    Date(bool),
    Field(prop::sample::Index, bool),
    Other(&'static str),
}

fn good_pick() -> impl Strategy<Value = Pick> {
    prop_oneof![
        any::<bool>().prop_map(Pick::RequestTarget),
        any::<bool>().prop_map(Pick::Date),
        (any::<prop::sample::Index>(), any::<bool>()).prop_map(|(i, upper)| Pick::Field(i, upper)),
    ]
}

fn picks() -> impl Strategy<Value = Vec<Pick>> {
    let required = vec![Pick::RequestTarget(false), Pick::Date(true)];
    vec(good_pick(), 0..6)
        .prop_flat_map(move |more| Just([required.clone(), more].concat()).prop_shuffle())
}

fn bad_picks() -> impl Strategy<Value = Vec<Pick>> {
    let other = select(
        &[
            "x-absent",
            "host",
            "content-length",
            "content-type",
            "(created)",
            "(Expires)",
            "()",
            "(",
            "(request-target",
            "(request-target) ",
            "",
            "x y",
            "x:y",
            "é",
            "x\n",
            "((a))",
            "\u{212a}ey",
        ][..],
    );
    let required = vec![Pick::RequestTarget(true), Pick::Date(false)];
    let mixed = vec(
        prop_oneof![2 => good_pick(), 1 => other.prop_map(Pick::Other)],
        0..6,
    );
    (mixed, any::<bool>()).prop_flat_map(move |(mixed, complete)| {
        let required = if complete { required.clone() } else { vec![] };
        Just([required, mixed].concat()).prop_shuffle()
    })
}

fn list(headers: &[(String, Vec<u8>)], picks: &[Pick]) -> Vec<String> {
    let cased = |name: &str, upper: bool| {
        if upper {
            name.to_ascii_uppercase()
        } else {
            name.into()
        }
    };
    picks
        .iter()
        .map(|pick| match pick {
            Pick::RequestTarget(upper) => cased("(request-target)", *upper),
            Pick::Field(index, upper) if !headers.is_empty() => {
                cased(&index.get(headers).0, *upper)
            }
            Pick::Date(upper) | Pick::Field(_, upper) => cased("date", *upper),
            Pick::Other(name) => (*name).into(),
        })
        .collect()
}
