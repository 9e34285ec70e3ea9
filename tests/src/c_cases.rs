//! The cases of the vectors as C data, for programs that cannot read JSON.

use std::fmt::Write;

use crate::cases::{Case, GOOD, Outcome, REFUSED, SIGNATURES, load};

/// A header with an array `CASES` of all cases; what its members mean stands in `c/case.h`.
#[must_use]
pub fn cases_header() -> String {
    header(Data::default())
}

/// The same for a microcontroller's flash: `string`, `sha256` and the signatures' `bytes` are empty.
#[must_use]
pub fn small_cases_header() -> String {
    header(Data {
        small: true,
        ..Data::default()
    })
}

fn header(mut data: Data) -> String {
    let rows: Vec<String> = load().iter().map(|case| data.case(case)).collect();
    format!(
        "#include \"case.h\"\n\n#define GOOD_CASES {GOOD}\n#define REFUSED_CASES {REFUSED}\n\
         #define SIGNATURES {SIGNATURES}\n\n{}\nstatic const Case CASES[] = {{\n{}}};\n",
        data.arrays,
        rows.concat()
    )
}

/// The component list as the `headers` parameter has it. A name with a space cannot be written so:
/// it has a tab instead, which is no part of a name either.
fn list(case: &Case) -> String {
    let name = |name: &String| name.replace(' ', "\t");
    case.components
        .iter()
        .map(name)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The arrays written so far.
#[derive(Default)]
struct Data {
    arrays: String,
    count: usize,
    /// Without what can be worked out of the rest.
    small: bool,
}

impl Data {
    /// A `DaxsignBytes` initialiser for some bytes.
    fn bytes(&mut self, bytes: &[u8]) -> String {
        if bytes.is_empty() {
            return "{ NULL, 0 }".into();
        }
        let name = format!("bytes_{}", self.next());
        write!(self.arrays, "static const unsigned char {name}[] = {{").unwrap();
        for byte in bytes {
            write!(self.arrays, "{byte},").unwrap();
        }
        self.arrays.push_str("};\n");
        format!("{{ {name}, sizeof {name} }}")
    }

    /// The same for what a small header leaves out.
    fn derived(&mut self, bytes: &[u8]) -> String {
        self.bytes(if self.small { &[] } else { bytes })
    }

    /// An array of structs: its name and length as two initialisers.
    fn array(&mut self, kind: &str, rows: &[String]) -> String {
        if rows.is_empty() {
            return "NULL, 0".into();
        }
        let name = format!("array_{}", self.next());
        let rows = rows.join(", ");
        writeln!(self.arrays, "static const {kind} {name}[] = {{ {rows} }};").unwrap();
        format!("{name}, sizeof {name} / sizeof {name}[0]")
    }

    fn next(&mut self) -> usize {
        self.count += 1;
        self.count
    }

    fn case(&mut self, case: &Case) -> String {
        let request = &case.request;
        let fields: Vec<String> = request
            .headers
            .iter()
            .map(|(name, value)| {
                format!(
                    "{{ {}, {} }}",
                    self.bytes(name.as_bytes()),
                    self.bytes(value)
                )
            })
            .collect();
        let outcome = self.outcome(&case.outcome);
        format!(
            "    {{ \"{}\", {}, {}, {}, {}, {}, {outcome} }},\n",
            case.name,
            self.bytes(request.method.as_bytes()),
            self.bytes(request.target.as_bytes()),
            self.array("DaxsignField", &fields),
            self.bytes(&request.body),
            self.bytes(list(case).as_bytes()),
        )
    }

    fn outcome(&mut self, outcome: &Outcome) -> String {
        let good = match outcome {
            Outcome::Good(good) => good,
            Outcome::Refused(name) => {
                return format!("\"{name}\", {{ NULL, 0 }}, {{ NULL, 0 }}, {{ NULL, 0 }}, NULL, 0");
            }
        };
        let known: Vec<String> = good
            .signatures
            .iter()
            .map(|known| {
                format!(
                    "{{ \"{}\", {}, {}, {} }}",
                    known.key,
                    match known.profile.name() {
                        "documented" => "DAXSIGN_PROFILE_DOCUMENTED",
                        _ => "DAXSIGN_PROFILE_VENDOR_SDK",
                    },
                    self.bytes(known.base64.as_bytes()),
                    self.derived(&known.bytes())
                )
            })
            .collect();
        format!(
            "\"ok\", {}, {}, {}, {}",
            self.derived(&good.signing_string),
            self.derived(&good.sha256),
            self.bytes(good.headers_parameter.as_bytes()),
            self.array("KnownSignature", &known)
        )
    }
}
