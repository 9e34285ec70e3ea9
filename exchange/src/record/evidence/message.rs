//! One signed message: taken apart, verified, and what its signature covers.

use daxsign_core::{
    HeaderField, Options, Policy, Profile, PublicKey, Request, SIGNATURE_FIELD, Sha256,
    SignatureHeader, TargetForm, Timestamp, Verifier,
};

use crate::message::{Message, MessageName};
use crate::record::evidence::statement::{hex, plain, time};
use crate::record::leaf::leaf::HASH_LEN;

/// What a verified message says.
#[derive(Debug)]
pub(super) struct Signed {
    pub(super) method: Vec<u8>,
    pub(super) target: Vec<u8>,
    pub(super) body_len: usize,
    pub(super) body_hash: [u8; HASH_LEN],
    pub(super) date: Timestamp,
    /// The list, as it was signed.
    pub(super) list: Vec<u8>,
    /// Which part of the target is signed.
    pub(super) form: TargetForm,
    /// What answers name it by.
    pub(super) name: MessageName,
    /// Names of fields that stand in it and are not signed.
    pub(super) unsigned: Vec<String>,
    /// Whether the signature says where the body begins (S-BIND).
    pub(super) is_bound: bool,
    /// The value of its `Signature` field.
    pub(super) signature: Vec<u8>,
}

/// The ways in which DAX's parties sign, the narrower first.
const WAYS: [(Profile, TargetForm); 4] = [
    (Profile::Documented, TargetForm::Full),
    (Profile::VendorSdk, TargetForm::Full),
    (Profile::Documented, TargetForm::Path),
    (Profile::VendorSdk, TargetForm::Path),
];

impl Signed {
    /// Verifies a message as it was recorded. `None` where it is none, where two readers would take it
    /// differently, or where the signature does not hold.
    pub(super) fn read(message: &[u8], key: &PublicKey) -> Option<Self> {
        let message = Message::read(message).ok()?;
        let request = message.request();
        WAYS.iter()
            .find_map(|way| Self::verified(&request, &message.fields, key, *way))
    }

    fn verified(
        request: &Request<'_>,
        fields: &[HeaderField<'_>],
        key: &PublicKey,
        (profile, form): (Profile, TargetForm),
    ) -> Option<Self> {
        let options = Options {
            target: form,
            ..Options::DAX
        };
        // Whether the date was fresh, the exchange has judged; here any date is read.
        let verifier = Verifier::new(key, profile)
            .policy(Policy::Interop)
            .options(options)
            .window(u32::MAX);
        let epoch = Timestamp::from_unix(0, 0).ok()?;
        let found = verifier.verify(request, epoch).ok()?;
        let is_unsigned = |field: &&HeaderField<'_>| {
            let name = core::str::from_utf8(field.name).unwrap_or_default();
            !found.components.contains(name) && !name.eq_ignore_ascii_case(SIGNATURE_FIELD)
        };
        let header = SignatureHeader::from_request(request).ok()?;
        Some(Self {
            method: request.method.to_vec(),
            target: request.target.to_vec(),
            body_len: request.body.len(),
            body_hash: Sha256::digest(request.body),
            date: found.date,
            list: header.headers_parameter().to_vec(),
            form,
            name: MessageName(found.string_hash),
            unsigned: fields
                .iter()
                .filter(is_unsigned)
                .map(|field| plain(field.name))
                .collect(),
            is_bound: verifier
                .policy(Policy::Strict)
                .verify(request, epoch)
                .is_ok(),
            signature: signature_of(request)?.to_vec(),
        })
    }

    /// The query, where it is not signed.
    pub(super) fn unsigned_query(&self) -> Option<&[u8]> {
        let start = self.target.iter().position(|byte| *byte == b'?')?;
        self.target
            .get(start..)
            .filter(|_| self.form == TargetForm::Path)
    }

    /// What the signature covers: `POST /api/v2.0/cards, dated …, with a body of 5 bytes (SHA-256 …)`.
    pub(super) fn describe(&self) -> String {
        let unsigned = self.unsigned_query().map_or(0, <[u8]>::len);
        let signed = self
            .target
            .get(..self.target.len().saturating_sub(unsigned))
            .unwrap_or_default();
        let body = match self.body_len {
            0 => "without a body".to_owned(),
            len => format!(
                "with a body of {len} bytes (SHA-256 {})",
                hex(&self.body_hash)
            ),
        };
        format!(
            "{} {}, dated {}, {body}; signed: {}",
            plain(&self.method),
            plain(signed),
            time(self.date),
            plain(&self.list),
        )
    }

    /// What it holds beside.
    pub(super) fn not_signed(&self) -> Option<String> {
        let query = self
            .unsigned_query()
            .map(|query| format!("the query {}", plain(query)));
        let fields =
            (!self.unsigned.is_empty()).then(|| format!("the fields {}", self.unsigned.join(", ")));
        let bound = (!self.is_bound).then(|| "where its body begins".to_owned());
        let parts: Vec<String> = query.into_iter().chain(fields).chain(bound).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

fn signature_of<'r>(request: &Request<'r>) -> Option<&'r [u8]> {
    let value = request.field(SIGNATURE_FIELD).next()?;
    Some(value.trim_ascii())
}
