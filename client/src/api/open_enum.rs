//! Values that the API names some of: those it does not name are kept.

/// A text with known values.
macro_rules! open_enum {
    (
        $(#[$about:meta])*
        pub enum $name:ident { $( $variant:ident = $text:literal, )* }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $( #[doc = concat!("`", $text, "`")] $variant, )*
            /// Another, as it came.
            Other(String),
        }

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$variant, )*
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::api::json::Json for $name {
            fn read(value: serde_json::Value) -> Result<Self, String> {
                let text: String = $crate::api::json::Json::read(value)?;
                Ok(Self::from(text.as_str()))
            }

            fn write(&self) -> serde_json::Value {
                self.as_str().into()
            }
        }
    };
}

/// A number whose values the API lists without saying what they mean.
macro_rules! open_number {
    ( $(#[$about:meta])* pub struct $name:ident; ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub i32);

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl $crate::api::json::Json for $name {
            fn read(value: serde_json::Value) -> Result<Self, String> {
                $crate::api::json::Json::read(value).map(Self)
            }

            fn write(&self) -> serde_json::Value {
                self.0.into()
            }
        }
    };
}

pub(crate) use {open_enum, open_number};
