//! Changes to an entity: the paths that it allows, and no other.

use serde_json::{Value, json};

use crate::api::json::Json;
use crate::error::Error;

/// Items of a patch.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Items(Vec<(&'static str, Value)>);

impl Items {
    /// Replaces what `path` names, in any case.
    pub(crate) fn replace(
        &mut self,
        paths: &[&'static str],
        path: &str,
        value: Value,
    ) -> Result<(), Error> {
        let Some(known) = paths.iter().find(|known| known.eq_ignore_ascii_case(path)) else {
            return Err(Error::invalid(format!(
                "\"{path}\" cannot be patched here, but {}",
                paths.join(", ")
            )));
        };
        self.0.retain(|(other, _)| other != known);
        self.0.push((known, value));
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Json for Items {
    fn read(_: Value) -> Result<Self, String> {
        Err("a patch is only sent".into())
    }

    fn write(&self) -> Value {
        let item =
            |(path, value): &(&str, Value)| json!({"op": "replace", "path": path, "value": value});
        self.0.iter().map(item).collect()
    }
}

impl core::fmt::Debug for Items {
    /// The paths alone: values may be PINs.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(path, _)| path))
            .finish()
    }
}

/// The changes that an entity allows.
macro_rules! patch {
    (
        $(#[$about:meta])*
        pub struct $name:ident { $( $method:ident: $type:ty = $path:literal, )* }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name(pub(crate) $crate::api::patch::Items);

        impl $name {
            /// All that can be changed.
            pub const PATHS: &'static [&'static str] = &[$( $path, )*];

            /// No change yet.
            #[must_use]
            pub fn new() -> Self {
                Self::default()
            }

            $(
                #[doc = concat!("Replaces `", $path, "`.")]
                #[must_use]
                pub fn $method(mut self, value: impl Into<$type>) -> Self {
                    let value: $type = value.into();
                    let value = $crate::api::json::Json::write(&value);
                    // One of the paths.
                    let _ = self.0.replace(Self::PATHS, $path, value);
                    self
                }
            )*

            /// Replaces what `path` names, in any case.
            ///
            /// # Errors
            /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for another path than
            /// [`PATHS`](Self::PATHS).
            pub fn replace(mut self, path: &str, value: serde_json::Value) -> Result<Self, $crate::error::Error> {
                self.0.replace(Self::PATHS, path, value)?;
                Ok(self)
            }
        }
    };
}

pub(crate) use patch;
