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
    for part in split(text, separator) {
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

/// Behind a backslash any sign is a part of the value.
fn split(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        let last = parts.last_mut();
        match (char, last) {
            (_, Some(last)) if char == '\\' => last.extend(chars.next()),
            (_, _) if char == separator => parts.push(String::new()),
            (_, Some(last)) => last.push(char),
            (_, None) => {}
        }
    }
    parts
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
        for wrong in ["", "C", "C=US,", "X=1", "C=US, Example"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
