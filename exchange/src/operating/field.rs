//! How one setting is read and printed.

use core::ops::RangeInclusive;

use toml::Value;

/// A setting of `S`: its name, and where it lies.
pub(super) struct Field<S> {
    /// `section.key`.
    pub(super) name: &'static str,
    /// Of what there is a number; empty for what is none.
    pub(super) unit: &'static str,
    /// Why it is what it is.
    pub(super) reason: &'static str,
    pub(super) place: Place<S>,
}

/// Where a setting lies.
pub(super) enum Place<S> {
    Text(fn(&mut S) -> &mut String),
    Flag(fn(&mut S) -> &mut bool),
    Number(fn(&mut S) -> &mut u64, RangeInclusive<u64>),
}

impl<S> Field<S> {
    /// Takes the value of a file.
    ///
    /// # Errors
    /// What is expected in its place.
    pub(super) fn take(&self, settings: &mut S, value: &Value) -> Result<(), String> {
        match (&self.place, value) {
            (Place::Text(place), Value::String(text)) if !text.is_empty() => {
                place(settings).clone_from(text);
            }
            (Place::Flag(place), Value::Boolean(flag)) => *place(settings) = *flag,
            (Place::Number(place, range), Value::Integer(number)) => {
                let number = u64::try_from(*number).ok();
                let number = number.filter(|number| range.contains(number));
                *place(settings) = number.ok_or_else(|| self.expected())?;
            }
            _ => return Err(self.expected()),
        }
        Ok(())
    }

    fn expected(&self) -> String {
        match &self.place {
            Place::Text(_) => "a text in quotes, which is not empty".to_owned(),
            Place::Flag(_) => "true or false".to_owned(),
            Place::Number(_, range) => format!(
                "a number of {} from {} to {}",
                self.unit,
                range.start(),
                range.end()
            ),
        }
    }

    /// The value as it stands in a file.
    pub(super) fn value(&self, settings: &mut S) -> String {
        match &self.place {
            Place::Text(place) => Value::String(place(settings).clone()).to_string(),
            Place::Flag(place) => place(settings).to_string(),
            Place::Number(place, _) => place(settings).to_string(),
        }
    }

    /// Section and key.
    pub(super) fn path(&self) -> (&'static str, &'static str) {
        self.name.split_once('.').unwrap_or(("", self.name))
    }
}
