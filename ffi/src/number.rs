//! Enums of the interface as the numbers that C passes.

/// Gives enums without fields a function `number`. The numbers stand in the enums alone.
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
