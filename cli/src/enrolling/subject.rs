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

/// Behind a backslash any sign is a part of the value, and two hexadecimal digits are a byte of it (RFC 4514 2.4), as
/// names are shown.
fn split(text: &str, separator: char) -> Result<Vec<String>, String> {
    let mut parts = vec![Vec::new()];
    let mut rest = text;
    let mut buffer = [0; 4];
    while let Some(char) = rest.chars().next() {
        rest = rest.strip_prefix(char).unwrap_or_default();
        let (char, escaped) = match (char, rest.chars().next()) {
            ('\\', Some(next)) => (next, true),
            _ => (char, false),
        };
        let byte = rest.get(..2).filter(|_| escaped);
        let byte = byte.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let last = parts.last_mut();
        match (byte, last) {
            (Some(byte), Some(last)) => {
                last.push(byte);
                rest = rest.get(2..).unwrap_or_default();
            }
            (None, _) if !escaped && char == separator => parts.push(Vec::new()),
            (None, _) if !escaped && char == '+' => {
                return Err(
                    "a `+` within a value is written as `\\+`; parts of several values are not made here".to_owned(),
                );
            }
            (None, Some(last)) => {
                last.extend_from_slice(char.encode_utf8(&mut buffer).as_bytes());
                if escaped {
                    rest = rest.strip_prefix(char).unwrap_or_default();
                }
            }
            (_, None) => {}
        }
    }
    let parts = parts.into_iter().map(String::from_utf8);
    let parts: Result<Vec<String>, _> = parts.collect();
    parts.map_err(|_| "it is not UTF-8, with the bytes behind its backslashes".to_owned())
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
        for wrong in [
            "",
            "C",
            "C=US,",
            "X=1",
            "C=US, Example",
            "CN=a + UID=b",
            r"CN=\FF",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
