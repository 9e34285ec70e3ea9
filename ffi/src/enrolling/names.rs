//! Who asks for a certificate, as a C program has it.

use daxsign_core::{
    CertificateRequest, DaxNames, FieldProblem, ObjectIdentifier, PublicKey, RequestField,
};

use crate::call_error::CallError;
use crate::memory::inputs::Inputs;
use crate::memory::plain::{Plain, Versioned};
use crate::request::DaxsignBytes;

use super::refusal::Refusal;

/// How many further names a request may have.
pub const DAXSIGN_MAX_OTHER_NAMES: usize = 11;
/// How many further DNS names a request may have.
pub const DAXSIGN_MAX_DNS_NAMES: usize = 6;

/// A further name of the subject: its type, and its value.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct DaxsignOtherName {
    /// The type's object identifier, numbers with points between: `2.5.4.5` for a serial number.
    pub oid: DaxsignBytes,
    /// The value in UTF-8.
    pub value: DaxsignBytes,
}

/// Who asks DAX for a certificate: what stands in `request.conf` of its documentation. Initialise it with
/// `DAXSIGN_NAMES_INIT`, then fill in. All texts are UTF-8.
///
/// The subject is C, L, O, OU, then `<instance id>.instance.<environment>.dax.amido.io` as CN, then
/// `others`; the subjectAltName that common name, `<partner id>.partner.<environment>.dax.amido.io`, and
/// `dns_names`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct DaxsignNames {
    /// `sizeof(DaxsignNames)`.
    pub struct_size: u32,
    /// The instance id that you were given, a GUID in any case.
    pub instance_id: DaxsignBytes,
    /// The partner id that you were given, a GUID in any case.
    pub partner_id: DaxsignBytes,
    /// The environment: `prod`, as `DAXSIGN_NAMES_INIT` has it, unless you were told another.
    pub environment: DaxsignBytes,
    /// The country (C), two capital letters: `SE`.
    pub country: DaxsignBytes,
    /// The city or place (L).
    pub locality: DaxsignBytes,
    /// The partner's name (O).
    pub organization: DaxsignBytes,
    /// The part of it that is to own the certificate (OU).
    pub unit: DaxsignBytes,
    /// Further names, behind these. NULL where `other_count` is 0.
    pub others: *const DaxsignOtherName,
    /// How many: up to `DAXSIGN_MAX_OTHER_NAMES`.
    pub other_count: usize,
    /// Further DNS names. NULL where `dns_name_count` is 0.
    pub dns_names: *const DaxsignBytes,
    /// How many: up to `DAXSIGN_MAX_DNS_NAMES`.
    pub dns_name_count: usize,
}

// SAFETY: two structs of which any bytes are a value.
unsafe impl Plain for DaxsignOtherName {}
// SAFETY: integers and raw pointers.
unsafe impl Plain for DaxsignNames {}
// SAFETY: repr(C), starts with a u32.
unsafe impl Versioned for DaxsignNames {
    const NAME: &'static str = "names";
}

/// Names all of whose pointers were checked; what is in them is judged by [`Names::with_request`].
pub(super) struct Names<'c, 'f> {
    /// In the order of [`FIELDS`].
    texts: [&'c [u8]; FIELDS.len()],
    others: &'c [DaxsignOtherName],
    hosts: &'c [DaxsignBytes],
    inputs: Inputs<'c, 'f>,
}

/// As the arguments are called when their pointers are refused.
const OID: &str = "names.others[].oid";
const VALUE: &str = "names.others[].value";
const DNS_NAMES: &str = "names.dns_names";

const FIELDS: [RequestField; 7] = [
    RequestField::InstanceId,
    RequestField::PartnerId,
    RequestField::Environment,
    RequestField::Country,
    RequestField::Locality,
    RequestField::Organization,
    RequestField::Unit,
];

impl<'c, 'f> Names<'c, 'f> {
    pub(super) fn read(
        inputs: Inputs<'c, 'f>,
        pointer: *const DaxsignNames,
    ) -> Result<Self, CallError> {
        let raw = inputs.versioned(pointer)?;
        let texts = [
            inputs.text("names.instance_id", &raw.instance_id)?,
            inputs.text("names.partner_id", &raw.partner_id)?,
            inputs.text("names.environment", &raw.environment)?,
            inputs.text("names.country", &raw.country)?,
            inputs.text("names.locality", &raw.locality)?,
            inputs.text("names.organization", &raw.organization)?,
            inputs.text("names.unit", &raw.unit)?,
        ];
        let others = inputs.array("names.others", raw.others, raw.other_count)?;
        for name in others {
            inputs.text(OID, &name.oid)?;
            inputs.text(VALUE, &name.value)?;
        }
        let hosts = inputs.array(DNS_NAMES, raw.dns_names, raw.dns_name_count)?;
        for name in hosts {
            inputs.text(DNS_NAMES, name)?;
        }
        Ok(Self {
            texts,
            others,
            hosts,
            inputs,
        })
    }

    /// Makes the request for the owner of this key.
    pub(super) fn with_request<T>(
        &self,
        public_key: &PublicKey,
        refusal: &Refusal,
        then: impl FnOnce(&CertificateRequest<'_>) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        self.check_counts(refusal)?;
        let names = self.dax_names(refusal)?;
        let types = self.types(refusal)?;
        let request = CertificateRequest::dax(public_key, &names);
        let mut request = request.map_err(|error| refusal.because(error, 0))?;
        for ((oid, name), at) in types.iter().flatten().zip(self.others).zip(1..) {
            let value = self.text(VALUE, &name.value, RequestField::OtherName, refusal, at)?;
            let added = request.add_name(oid, value);
            added.map_err(|error| refusal.entry(RequestField::OtherName, error, at))?;
        }
        for (name, at) in self.hosts.iter().zip(1..) {
            let name = self.text(DNS_NAMES, name, RequestField::DnsName, refusal, at)?;
            let added = request.add_dns_name(name);
            added.map_err(|error| refusal.entry(RequestField::DnsName, error, at))?;
        }
        then(&request)
    }

    fn check_counts(&self, refusal: &Refusal) -> Result<(), CallError> {
        for (field, count, max) in [
            (
                RequestField::OtherName,
                self.others.len(),
                DAXSIGN_MAX_OTHER_NAMES,
            ),
            (
                RequestField::DnsName,
                self.hosts.len(),
                DAXSIGN_MAX_DNS_NAMES,
            ),
        ] {
            if count > max {
                return Err(refusal.field(field, FieldProblem::TooMany { max }, 0));
            }
        }
        Ok(())
    }

    fn dax_names(&self, refusal: &Refusal) -> Result<DaxNames<'c>, CallError> {
        let mut texts = [""; FIELDS.len()];
        for ((slot, bytes), field) in texts.iter_mut().zip(self.texts).zip(FIELDS) {
            *slot = utf8(bytes).map_err(|problem| refusal.field(field, problem, 0))?;
        }
        let [
            instance_id,
            partner_id,
            environment,
            country,
            locality,
            organization,
            unit,
        ] = texts;
        Ok(DaxNames {
            instance_id,
            partner_id,
            environment,
            country,
            locality,
            organization,
            unit,
        })
    }

    /// The types of the other names.
    fn types(
        &self,
        refusal: &Refusal,
    ) -> Result<[Option<ObjectIdentifier>; DAXSIGN_MAX_OTHER_NAMES], CallError> {
        let mut types = [None; DAXSIGN_MAX_OTHER_NAMES];
        for ((slot, name), at) in types.iter_mut().zip(self.others).zip(1..) {
            let field = RequestField::ObjectIdentifier;
            let oid = self.text(OID, &name.oid, field, refusal, at)?;
            let problem = FieldProblem::NotAnObjectIdentifier;
            let oid =
                ObjectIdentifier::parse(oid).ok_or_else(|| refusal.field(field, problem, at))?;
            *slot = Some(oid);
        }
        Ok(types)
    }

    /// A text in a list.
    fn text(
        &self,
        argument: &'static str,
        bytes: &DaxsignBytes,
        field: RequestField,
        refusal: &Refusal,
        position: usize,
    ) -> Result<&'c str, CallError> {
        let bytes = self.inputs.text(argument, bytes)?;
        utf8(bytes).map_err(|problem| refusal.field(field, problem, position))
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, FieldProblem> {
    core::str::from_utf8(bytes).map_err(|error| FieldProblem::NotUtf8 {
        offset: error.valid_up_to(),
    })
}
