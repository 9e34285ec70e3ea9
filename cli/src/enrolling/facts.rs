//! What is told of a certificate or a request, for eyes and for scripts.

use daxsign_core::{
    CertificateFile, Error, Extensions, Name, ObjectIdentifier, PublicKey, RequestFile,
    ThumbprintKind, Timestamp,
};
use serde_json::{Map, Value, json};

use crate::clock::date_text;
use crate::enrolling::validity;
use crate::key_file::Validity;
use crate::terminal::{Paint, visible};

/// Columns of the labels.
const LABEL: usize = 12;

/// Purposes by their names in RFC 5280 4.2.1.12.
const PURPOSES: [(&str, &str); 7] = [
    ("1.3.6.1.5.5.7.3.1", "serverAuth"),
    ("1.3.6.1.5.5.7.3.2", "clientAuth"),
    ("1.3.6.1.5.5.7.3.3", "codeSigning"),
    ("1.3.6.1.5.5.7.3.4", "emailProtection"),
    ("1.3.6.1.5.5.7.3.8", "timeStamping"),
    ("1.3.6.1.5.5.7.3.9", "OCSPSigning"),
    ("2.5.29.37.0", "anyExtendedKeyUsage"),
];

/// How a fact is shown.
#[derive(Clone, Copy)]
enum Mood {
    Plain,
    Good,
    Bad,
}

/// Facts in the order in which they are told.
#[derive(Default)]
pub(super) struct Facts {
    rows: Vec<(&'static str, Mood, String)>,
    json: Map<String, Value>,
}

impl Facts {
    /// All that a certificate says, at this time.
    pub(super) fn of_certificate(certificate: &CertificateFile<'_>, now: Timestamp) -> Self {
        let mut facts = Self::default();
        facts.name("subject", certificate.subject());
        facts.name("issuer", certificate.issuer());
        facts.add("serial", "serial", certificate.serial().to_string());
        facts
            .json
            .insert("version".into(), certificate.version().into());
        facts.validity(validity::of(certificate), now);
        facts.extensions(certificate.extensions());
        facts.key(&certificate.public_key());
        for (label, name, kind, why) in [
            (
                "SHA-1",
                "thumbprint_sha1",
                ThumbprintKind::Sha1,
                " (thumbprint, as DAX names it)",
            ),
            (
                "SHA-256",
                "thumbprint_sha256",
                ThumbprintKind::Sha256,
                " (thumbprint)",
            ),
        ] {
            let thumbprint = certificate.thumbprint(kind).to_string();
            facts.row(label, format!("{thumbprint}{why}"));
            facts.json.insert(name.into(), thumbprint.into());
        }
        facts
    }

    /// All that a request says. Whether its signature is that of its key, where that can be told.
    pub(super) fn of_request(request: &RequestFile<'_>, signed: Option<bool>) -> Self {
        let mut facts = Self::default();
        facts.name("subject", request.subject());
        facts.extensions(request.extensions());
        facts.key(&request.public_key());
        match signed {
            Some(signed) => facts.verdict(
                "signature",
                "signature_holds",
                signed,
                if signed {
                    "that of its own key"
                } else {
                    "not that of its own key"
                },
            ),
            None => facts.row("signature", "not checked: its key is not taken".to_owned()),
        }
        facts
    }

    fn row(&mut self, label: &'static str, text: String) {
        self.rows.push((label, Mood::Plain, text));
    }

    fn add(&mut self, label: &'static str, name: &str, text: String) {
        self.json.insert(name.into(), text.clone().into());
        self.row(label, text);
    }

    /// What was asked about, and the answer.
    pub(super) fn verdict(&mut self, label: &'static str, name: &str, good: bool, text: &str) {
        self.json.insert(name.into(), good.into());
        let mood = if good { Mood::Good } else { Mood::Bad };
        self.rows.push((label, mood, text.to_owned()));
    }

    /// In the order of the file.
    fn name(&mut self, label: &'static str, name: &Name<'_>) {
        let parts = name.parts().map(|part| {
            let value = part.text().map(Iterator::collect::<String>);
            json!({ "type": part.short_name(), "oid": part.oid().to_string(), "value": value })
        });
        self.json.insert(format!("{label}_parts"), parts.collect());
        let text = name.to_string();
        self.json.insert(label.into(), text.clone().into());
        let text = if text.is_empty() {
            "(empty)".to_owned()
        } else {
            text
        };
        self.row(label, text);
    }

    fn validity(&mut self, validity: Validity, now: Timestamp) {
        self.add("valid from", "not_before", date_text(validity.not_before));
        self.add("valid until", "not_after", date_text(validity.not_after));
        let left = validity::days_left(validity, now);
        self.json.insert("days_left".into(), left.into());
        let problem = validity.problem(now);
        self.verdict(
            "at present",
            "valid",
            problem.is_none(),
            &problem.unwrap_or_else(|| format!("valid, {}", validity::left_text(left))),
        );
    }

    fn extensions(&mut self, extensions: &Extensions<'_>) {
        let names: Vec<String> = extensions
            .alternative_names()
            .map(|name| name.to_string())
            .collect();
        if !names.is_empty() {
            self.row("names", names.join(", "));
        }
        self.json.insert("names".into(), names.into());
        let usage = extensions
            .key_usage()
            .map(|usage| usage.names().map(str::to_owned).collect());
        self.list("key usage", "key_usage", usage);
        let purposes = extensions.extended_key_usage();
        let purposes = purposes.map(|purposes| purposes.map(|oid| purpose(&oid)).collect());
        self.list("purposes", "extended_key_usage", purposes);
        if let Some(constraints) = extensions.basic_constraints() {
            let text = match (constraints.is_authority, constraints.path_len) {
                (false, _) => "no".to_owned(),
                (true, None) => "yes".to_owned(),
                (true, Some(len)) => format!("yes, with at most {len} below it"),
            };
            self.row("authority", text);
            self.json
                .insert("path_length".into(), constraints.path_len.into());
        }
        let authority = extensions.basic_constraints();
        let is_authority = authority.is_some_and(|constraints| constraints.is_authority);
        self.json.insert("authority".into(), is_authority.into());
        if let Some(oid) = extensions.unknown_critical() {
            self.row("critical", format!("{oid}, which is not known here"));
        }
    }

    fn list(&mut self, label: &'static str, name: &str, list: Option<Vec<String>>) {
        if let Some(list) = &list {
            self.row(label, list.join(", "));
        }
        self.json.insert(name.into(), list.into());
    }

    fn key(&mut self, key: &Result<PublicKey, Error>) {
        let bits = key.as_ref().ok().map(PublicKey::modulus_bits);
        self.json.insert("key_bits".into(), bits.into());
        self.row(
            "key",
            match key {
                Ok(key) => format!("RSA, {} bits", key.modulus_bits()),
                Err(error) => error.to_string(),
            },
        );
    }

    /// As rows.
    pub(super) fn to_text(&self, paint: Paint) -> String {
        let rows = self.rows.iter().map(|(label, mood, text)| {
            let label = paint.strong(&format!("{label:<LABEL$}"));
            let text = visible(text.as_bytes());
            let text = match mood {
                Mood::Plain => text,
                Mood::Good => paint.good(&text),
                Mood::Bad => paint.bad(&text),
            };
            format!("{label} {text}\n")
        });
        rows.collect()
    }

    /// As an object.
    pub(super) fn into_json(self) -> Map<String, Value> {
        self.json
    }
}

/// Its name, or else its numbers.
fn purpose(oid: &ObjectIdentifier) -> String {
    let number = oid.to_string();
    let known = PURPOSES.iter().find(|(oid, _)| *oid == number);
    known.map_or(number, |(_, name)| (*name).to_owned())
}
