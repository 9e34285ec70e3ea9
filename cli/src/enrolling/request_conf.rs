//! The `request.conf` of DAX's text: what OpenSSL would make a request of, taken as names for one.

use crate::enrolling::config::{Config, DEFAULT, Problem};
use crate::enrolling::field::{Field, Fields};
use crate::failure::Failure;
use crate::input::Input;
use crate::mistaken;

/// Not more of what is ignored is named.
const MAX_IGNORED: usize = 8;
const DOMAIN: &str = ".dax.amido.io";
const INSTANCE: &str = ".instance.";
const PARTNER: &str = ".partner.";

/// The variables of the text's file, for those who have no more than them.
const VARIABLES: [(&str, Field); 6] = [
    ("PARTNERID", Field::Partner),
    ("INSTANCEID", Field::Instance),
    ("COUNTRY", Field::Country),
    ("LOCALIZATION", Field::Locality),
    ("PARTNERNAME", Field::Organization),
    ("SECTION", Field::Unit),
];

/// The names that a subject's parts have for OpenSSL.
const PARTS: [(&str, &str, Field); 4] = [
    ("C", "countryName", Field::Country),
    ("L", "localityName", Field::Locality),
    ("O", "organizationName", Field::Organization),
    ("OU", "organizationalUnitName", Field::Unit),
];

/// What the file says of the fields, and what is to be said of the file.
pub(super) fn read(input: &Input) -> Result<(Fields, Vec<String>), Failure> {
    let (text, latin1) = decode(input)?;
    let fault =
        |(line, problem): Problem| Failure::Unusable(format!("{}:{line}: {problem}", input.name));
    let mut file = File {
        config: Config::parse(&text).map_err(fault)?,
        name: &input.name,
        fields: Fields::default(),
        other_text: None,
    };
    file.take_all().map_err(fault)?;
    let unlike = file.unlike_openssl().filter(|_| latin1.is_none());
    let notes = [latin1, unlike, file.ignored()];
    Ok((file.fields, notes.into_iter().flatten().collect()))
}

/// The text of the file, and whether it is none in UTF-8.
pub(crate) fn decode(input: &Input) -> Result<(String, Option<String>), Failure> {
    if mistaken::is_utf16(&input.bytes) {
        return Err(Failure::Unusable(format!(
            "{}: the file is UTF-16, as PowerShell's > writes it: save it as UTF-8",
            input.name
        )));
    }
    let bytes = input.bytes.strip_prefix(b"\xEF\xBB\xBF");
    let bytes = bytes.unwrap_or(&input.bytes);
    Ok(match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), None),
        Err(_) => (
            bytes.iter().copied().map(char::from).collect(),
            Some(format!(
                "{} is not UTF-8, so it is read as Latin-1, as OpenSSL does",
                input.name
            )),
        ),
    })
}

struct File<'f> {
    config: Config,
    name: &'f str,
    fields: Fields,
    /// A value that `openssl req` would write in other characters.
    other_text: Option<String>,
}

impl File<'_> {
    fn take_all(&mut self) -> Result<(), Problem> {
        let req = self.config.section("req");
        if let Some((_, first)) = req.first() {
            let line = first.line;
            self.take_request(line)?;
        }
        for (name, field) in VARIABLES {
            if self.fields.value(field).is_none() {
                self.give(field, DEFAULT, name);
            }
        }
        Ok(())
    }

    /// What `[req]` leads to.
    fn take_request(&mut self, line: usize) -> Result<(), Problem> {
        let prompt = self.config.take("req", "prompt");
        if prompt.is_none_or(|setting| setting.value != "no") {
            return Err((
                line,
                "without `prompt = no` in [req], its names are questions and no values: write it"
                    .to_owned(),
            ));
        }
        for (name, value) in [
            ("string_mask", "utf8only"),
            ("default_md", "sha256"),
            ("utf8", "yes"),
        ] {
            // Other values say what is not done here, and are told as ignored.
            let own = self.config.section("req").into_iter();
            let same = own.filter(|(_, own)| own.name == name && own.value == value);
            if let Some(place) = same.map(|(place, _)| place).next_back() {
                self.config.mark(place);
            }
        }
        if let Some(subject) = self.value("req", "distinguished_name") {
            self.take_subject(&subject)?;
        }
        if let Some(extensions) = self.value("req", "req_extensions") {
            self.take_alternative_names(&extensions)?;
        }
        Ok(())
    }

    fn value(&mut self, section: &str, name: &str) -> Option<String> {
        let setting = self.config.take(section, name)?;
        Some(setting.value.clone())
    }

    fn give(&mut self, field: Field, section: &str, name: &str) {
        let Some(setting) = self.config.take_own(section, name) else {
            return;
        };
        let place = format!("{}:{}", self.name, setting.line);
        self.fields.give(field, &setting.value, &place);
        if !setting.value.is_ascii() {
            self.other_text.get_or_insert_with(|| setting.value.clone());
        }
    }

    fn take_subject(&mut self, section: &str) -> Result<(), Problem> {
        let own = self.config.section(section);
        let named: Vec<(String, usize)> = own
            .iter()
            .map(|(_, setting)| (setting.name.clone(), setting.line))
            .collect();
        let mut taken = Vec::new();
        for (name, line) in named {
            let part = part_name(&name);
            let known = PARTS
                .iter()
                .find(|(short, long, _)| [*short, *long].contains(&part));
            if let Some((_, _, field)) = known.filter(|(_, _, field)| !taken.contains(field)) {
                taken.push(*field);
                self.give(*field, section, &name);
            } else if ["CN", "commonName"].contains(&part)
                && let Some(value) = self.value(section, &name)
            {
                self.take_host(&value, line, INSTANCE)?;
            }
        }
        Ok(())
    }

    /// `<id>.instance.<environment>.dax.amido.io`, or the partner's.
    fn take_host(&mut self, host: &str, line: usize, role: &str) -> Result<(), Problem> {
        let place = format!("{}:{line}", self.name);
        let Some((id, environment)) = host_parts(host, role) else {
            return Err((
                line,
                format!("`{host}` is not DAX's name, which is <id>{role}prod{DOMAIN}"),
            ));
        };
        let field = if role == INSTANCE {
            Field::Instance
        } else {
            Field::Partner
        };
        if id.is_empty() || environment.is_empty() {
            return Err((line, format!("`{host}` lacks its id or its environment")));
        }
        for (field, value) in [(field, id), (Field::Environment, environment)] {
            let before = self.fields.value(field);
            if let Some(before) = before.filter(|before| !before.eq_ignore_ascii_case(value)) {
                let problem = format!(
                    "`{host}` does not go with `{before}`, which stands in another name of the file: \
                     a request has one instance, one partner and one environment"
                );
                return Err((line, problem));
            }
            self.fields.give(field, value, &place);
        }
        Ok(())
    }

    /// `DNS:…, DNS:…`, or a section of them.
    fn take_alternative_names(&mut self, section: &str) -> Result<(), Problem> {
        let Some(setting) = self.config.take_own(section, "subjectAltName") else {
            return Ok(());
        };
        let (value, line) = (setting.value.clone(), setting.line);
        let entries: Vec<(String, usize)> = match value.trim().strip_prefix('@') {
            None => {
                let entries = value.split(',').map(|entry| entry.trim().to_owned());
                entries.map(|entry| (entry, line)).collect()
            }
            Some(other) => {
                let own = self.config.section(other.trim());
                let places: Vec<usize> = own.iter().map(|(place, _)| *place).collect();
                let entries = own.iter().map(|(_, setting)| {
                    let kind = part_prefix(&setting.name);
                    (format!("{kind}:{}", setting.value.trim()), setting.line)
                });
                let entries = entries.collect();
                for place in places {
                    self.config.mark(place);
                }
                entries
            }
        };
        for (entry, line) in entries {
            let host = entry.strip_prefix("DNS:").map(str::trim);
            match host {
                Some(host) if host_parts(host, INSTANCE).is_some() => {
                    self.take_host(host, line, INSTANCE)?;
                }
                Some(host) => self.take_host(host, line, PARTNER)?,
                None => {
                    return Err((
                        line,
                        format!("`{entry}` is no name of DAX's request, which has DNS names only"),
                    ));
                }
            }
        }
        Ok(())
    }

    /// OpenSSL takes the bytes of a file for Latin-1 unless it is told otherwise.
    fn unlike_openssl(&mut self) -> Option<String> {
        let said = self.config.take_own("req", "utf8");
        if said.is_some_and(|setting| setting.value == "yes") {
            return None;
        }
        let text = self.other_text.take()?;
        let bytes = text.bytes().map(char::from);
        let wrong: String = bytes.collect();
        Some(format!(
            "{}: `{text}` is written as it stands there; `openssl req` would make `{wrong}` of it, \
             unless it is called with -utf8",
            self.name
        ))
    }

    fn ignored(&self) -> Option<String> {
        let unused: Vec<String> = self
            .config
            .unused()
            .map(|setting| format!("`{}` on line {}", setting.name, setting.line))
            .collect();
        let named = unused.get(..MAX_IGNORED).unwrap_or(&unused).join(", ");
        let more = if unused.len() > MAX_IGNORED {
            ", …"
        } else {
            ""
        };
        (!unused.is_empty()).then(|| {
            format!(
                "{}: ignored, since nothing of DAX's request comes from it: {named}{more}",
                self.name
            )
        })
    }
}

/// Behind `1.` and the like, which tell parts of one type apart.
pub(crate) fn part_name(name: &str) -> &str {
    match name.split_once(['.', ':', ',']) {
        Some((_, part)) if !part.is_empty() => part,
        _ => name,
    }
}

/// `DNS` of `DNS.1`.
pub(crate) fn part_prefix(name: &str) -> &str {
    name.split_once('.').map_or(name, |(kind, _)| kind)
}

/// The id and the environment in a name of DAX.
fn host_parts<'h>(host: &'h str, role: &str) -> Option<(&'h str, &'h str)> {
    let (id, rest) = host.split_once(role)?;
    Some((id, rest.strip_suffix(DOMAIN)?))
}
