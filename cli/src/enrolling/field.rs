//! What a request to DAX is made of, as people give it.

use daxsign_core::{
    CertificateRequest, DaxNames, EnrolError, FieldProblem, PublicKey, RequestField,
};

use crate::ask;
use crate::failure::Failure;

/// A part of the request's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Instance,
    Partner,
    Country,
    Locality,
    Organization,
    Unit,
    Environment,
}

impl Field {
    /// In the order in which they are asked for, but the last, which has a value anyway.
    pub(super) const ALL: [Self; 7] = [
        Self::Instance,
        Self::Partner,
        Self::Country,
        Self::Locality,
        Self::Organization,
        Self::Unit,
        Self::Environment,
    ];

    /// Its option on the command line.
    pub(super) const fn option(self) -> &'static str {
        match self {
            Self::Instance => "--instance",
            Self::Partner => "--partner",
            Self::Country => "--country",
            Self::Locality => "--locality",
            Self::Organization => "--organization",
            Self::Unit => "--unit",
            Self::Environment => "--environment",
        }
    }

    const fn question(self) -> &'static str {
        match self {
            Self::Instance => "Instance id, as Amido gave it: ",
            Self::Partner => "Partner id, as Amido gave it: ",
            Self::Country => "Country, two letters such as SE: ",
            Self::Locality => "City or place: ",
            Self::Organization => "Partner's name, as Amido has it: ",
            Self::Unit => "Part of the organization that owns the certificate: ",
            Self::Environment => "Environment: ",
        }
    }

    /// The one that an error of the core is about: a common name is too long by its environment.
    pub(super) fn of(error: &EnrolError) -> Option<Self> {
        let EnrolError::InvalidField { field, .. } = error else {
            return None;
        };
        Some(match field {
            RequestField::InstanceId => Self::Instance,
            RequestField::PartnerId => Self::Partner,
            RequestField::Country => Self::Country,
            RequestField::Locality => Self::Locality,
            RequestField::Organization => Self::Organization,
            RequestField::Unit => Self::Unit,
            RequestField::Environment | RequestField::CommonName => Self::Environment,
            _ => return None,
        })
    }
}

/// A value, and where it was given: an option, or a file and its line.
struct Given {
    value: String,
    place: String,
}

/// The names of a request, as far as they are known.
#[derive(Default)]
pub(super) struct Fields([Option<Given>; Field::ALL.len()]);

impl Fields {
    /// Gives a value to a field that has none. One without any text gives nothing.
    pub(super) fn give(&mut self, field: Field, value: &str, place: &str) {
        if let Some(slot @ None) = self.0.get_mut(field as usize)
            && !value.trim().is_empty()
        {
            *slot = Some(Given {
                value: value.to_owned(),
                place: place.to_owned(),
            });
        }
    }

    /// Takes the other's values for fields that have none.
    pub(super) fn fill_from(&mut self, other: Self) {
        for (slot, given) in self.0.iter_mut().zip(other.0) {
            if slot.is_none() {
                *slot = given;
            }
        }
    }

    fn given(&self, field: Field) -> Option<&Given> {
        self.0.get(field as usize)?.as_ref()
    }

    /// The value of a field that has one.
    pub(super) fn value(&self, field: Field) -> Option<&str> {
        self.given(field).map(|given| given.value.as_str())
    }

    /// Asks for what is missing, or says all that is.
    pub(super) fn complete(&mut self, key: &PublicKey) -> Result<(), Failure> {
        let is_missing =
            |field: &&Field| **field != Field::Environment && self.value(**field).is_none();
        let missing: Vec<Field> = Field::ALL.iter().filter(is_missing).copied().collect();
        if missing.is_empty() {
            return Ok(());
        }
        if !ask::somebody_is_there() {
            let options: Vec<&str> = missing.iter().map(|field| field.option()).collect();
            let are = if options.len() == 1 { "is" } else { "are" };
            return Err(Failure::Unusable(format!(
                "{} {are} missing, and nobody can be asked here: `daxsign help csr` tells what each is",
                options.join(", ")
            )));
        }
        for field in missing {
            let answer = ask::until(field.question(), |text| {
                check(key, field, text).map(|()| text.to_owned())
            })?;
            self.give(field, &answer, field.option());
        }
        Ok(())
    }

    /// The names for the core; what is missing is empty.
    pub(super) fn names(&self) -> DaxNames<'_> {
        let value = |field| self.value(field).unwrap_or_default();
        DaxNames {
            instance_id: value(Field::Instance),
            partner_id: value(Field::Partner),
            environment: self
                .value(Field::Environment)
                .unwrap_or(DaxNames::PRODUCTION),
            country: value(Field::Country),
            locality: value(Field::Locality),
            organization: value(Field::Organization),
            unit: value(Field::Unit),
        }
    }

    /// Where the field that an error is about was given.
    pub(super) fn place(&self, error: &EnrolError) -> Option<&str> {
        let given = self.given(Field::of(error)?)?;
        Some(&given.place)
    }
}

/// Whether the core takes this text for the field, whatever the others are.
fn check(key: &PublicKey, field: Field, text: &str) -> Result<(), String> {
    let mut names = DaxNames {
        instance_id: "00000000-0000-0000-0000-000000000000",
        partner_id: "00000000-0000-0000-0000-000000000000",
        environment: DaxNames::PRODUCTION,
        country: "SE",
        locality: "-",
        organization: "-",
        unit: "-",
    };
    *match field {
        Field::Instance => &mut names.instance_id,
        Field::Partner => &mut names.partner_id,
        Field::Country => &mut names.country,
        Field::Locality => &mut names.locality,
        Field::Organization => &mut names.organization,
        Field::Unit => &mut names.unit,
        Field::Environment => &mut names.environment,
    } = text;
    match CertificateRequest::dax(key, &names) {
        Ok(_) => Ok(()),
        Err(EnrolError::InvalidField {
            problem: FieldProblem::Empty,
            ..
        }) => Err("this is needed".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
