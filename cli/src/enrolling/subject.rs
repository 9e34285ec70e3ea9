//! How a subject is written: `C=SE, O=Example, CN=Example Root`, or as OpenSSL has it, `/C=SE/O=Example`.

use daxsign_core::ObjectIdentifier;

/// The types of its parts, by the names that they have for OpenSSL.
const TYPES: [(&[&str], &str); 16] = [
    (&["CN", "commonName"], "2.5.4.3"),
    (&["SN", "surname"], "2.5.4.4"),
    (&["serialNumber"], "2.5.4.5"),
    (&["C", "countryName"], "2.5.4.6"),
    (&["L", "localityName"], "2.5.4.7"),
    (&["ST", "stateOrProvinceName"], "2.5.4.8"),
    (&["street", "streetAddress"], "2.5.4.9"),
    (&["O", "organizationName"], "2.5.4.10"),
    (&["OU", "organizationalUnitName"], "2.5.4.11"),
    (&["title"], "2.5.4.12"),
    (&["businessCategory"], "2.5.4.15"),
    (&["organizationIdentifier"], "2.5.4.97"),
    (&["UID", "userId"], "0.9.2342.19200300.100.1.1"),
    (&["DC", "domainComponent"], "0.9.2342.19200300.100.1.25"),
    (
        &["jurisdictionC", "jurisdictionCountryName"],
        "1.3.6.1.4.1.311.60.2.1.3",
    ),
    (&["emailAddress"], "1.2.840.113549.1.9.1"),
];

/// A part: its type and its value.
pub(crate) type Part = (ObjectIdentifier, String);

/// The type with this name, or of these numbers.
pub(crate) fn part_type(name: &str) -> Option<ObjectIdentifier> {
    let mut types = TYPES.iter();
    let known = types.find(|(names, _)| names.iter().any(|one| one.eq_ignore_ascii_case(name)));
    ObjectIdentifier::parse(known.map_or(name, |(_, numbers)| numbers))
}

/// Reads a subject, its parts in the order in which they stand there.
pub(crate) fn parse(text: &str) -> Result<Vec<Part>, String> {
    let text = text.trim();
    let (separator, text) = text
        .strip_prefix('/')
        .map_or((',', text), |rest| ('/', rest));
    let mut parts = Vec::new();
    for part in split(text, separator)? {
        let wrong = || {
            format!(
                "`{}` is no part of a name: write it as 'C=SE, O=Example, CN=Example Root', and a comma within a value \
                 as `\\,`",
                part.trim()
            )
        };
        let (name, value) = part.split_once('=').ok_or_else(wrong)?;
        let name = name.trim();
        let oid = part_type(name).ok_or_else(|| {
            format!("`{name}` is no type of a name: write C, O, CN, … or numbers such as 2.5.4.15")
        })?;
        parts.push((oid, value.trim().to_owned()));
    }
    Ok(parts)
}

/// What may stand behind a backslash as itself (RFC 4514 2.4), and the slash that OpenSSL's way of writing needs.
const ESCAPED: &str = r#"\"+,;<>=# /"#;
/// What has to (RFC 4514 2.4), where commas part.
const NEVER_BARE: &str = r#"";<>"#;

/// Behind a backslash a sign that means something is a part of the value, and two hexadecimal digits are a byte of it
/// (RFC 4514 2.4), as names are shown.
fn split(text: &str, separator: char) -> Result<Vec<String>, String> {
    let mut parts = Vec::new();
    let mut part = Vec::new();
    let mut buffer = [0; 4];
    let mut rest = text.chars();
    while let Some(char) = rest.next() {
        match char {
            '\\' => {
                if let Some(byte) = hex_byte(rest.as_str()) {
                    part.push(byte);
                    rest = rest.as_str().get(2..).unwrap_or_default().chars();
                } else {
                    let next = rest.next().filter(|next| ESCAPED.contains(*next));
                    let next = next.ok_or_else(wrong_backslash)?;
                    part.extend_from_slice(next.encode_utf8(&mut buffer).as_bytes());
                }
            }
            _ if char == separator => parts.push(std::mem::take(&mut part)),
            _ => {
                check_bare(char, separator, &part)?;
                part.extend_from_slice(char.encode_utf8(&mut buffer).as_bytes());
            }
        }
    }
    parts.push(part);
    let parts = parts.into_iter().map(String::from_utf8);
    let parts: Result<Vec<String>, _> = parts.collect();
    parts.map_err(|_| "it is not UTF-8, with the bytes behind its backslashes".to_owned())
}

/// The byte that two digits are. Not as numbers are read, which may have a sign.
fn hex_byte(text: &str) -> Option<u8> {
    let digits = text.get(..2)?;
    let are_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u8::from_str_radix(digits, 16).ok().filter(|_| are_digits)
}

fn wrong_backslash() -> String {
    "a backslash stands before a sign that means something, or two hexadecimal digits; itself it is written as `\\\\`"
        .to_owned()
}

/// What means something in a name and has no backslash before it. `part` is what stands before it.
fn check_bare(char: char, separator: char, part: &[u8]) -> Result<(), String> {
    if char == '+' {
        return Err(
            "a `+` within a value is written as `\\+`; parts of several values are not made here"
                .to_owned(),
        );
    }
    let begins = part.trim_ascii_end().split_last();
    let begins = begins.is_some_and(|(last, before)| *last == b'=' && !before.contains(&b'='));
    if separator == ',' && (NEVER_BARE.contains(char) || char == '#' && begins) {
        return Err(format!(
            "a `{char}` within a value is written as `\\{char}`: quotes and values in hexadecimal are not read here"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_people_write_them() {
        let read = |text| {
            let parts = parse(text).expect(text).into_iter();
            parts
                .map(|(oid, value)| format!("{oid}={value}"))
                .collect::<Vec<_>>()
                .join("|")
        };
        let all = "2.5.4.6=US|2.5.4.10=A, Inc.|2.5.4.3=Root CA";
        assert_eq!(read(r"C=US, O=A\, Inc., CN=Root CA"), all);
        assert_eq!(read("/C=US/O=A, Inc./CN=Root CA"), all);
        assert_eq!(
            read("countryname=US,2.5.4.10=A\\, Inc.,commonName= Root CA "),
            all
        );
        assert_eq!(read(r"CN=A\+B \E2\80\8B\\"), "2.5.4.3=A+B \u{200b}\\");
        assert_eq!(read(r#"CN=\#A#\=\"B\""#), "2.5.4.3=#A#=\"B\"");
        assert_eq!(read(r#"/CN=A\/"B""#), "2.5.4.3=A/\"B\"");
        for wrong in [
            "",
            "C",
            "C=US,",
            "X=1",
            "C=US, Example",
            "CN=a + UID=b",
            r"CN=\FF",
            r"CN=a\zz",
            r"CN=a\",
            r#"CN="q, O=z""#,
            "CN=#0C0161",
            "CN=a;O=b",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
