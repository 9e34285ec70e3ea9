//! Numbers as C passes them: of enums, and of lengths.

/// Adds to enums without fields a function `number`. The numbers stand in the enums alone.
macro_rules! numbers {
    ($($name:ident: $number:ident),+ $(,)?) => {$(
        impl $name {
            /// The number.
            #[must_use]
            #[allow(clippy::as_conversions)] // The only way from such an enum to its number.
            pub const fn number(self) -> $number {
                self as $number
            }
        }
    )+};
}

pub(crate) use numbers;

/// A length as a number of the detail.
pub(crate) fn to_u64(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
