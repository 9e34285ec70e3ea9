//! The check for UTF-8 that microcontrollers have, against the standard library's.
//!
//! It is reached in a build of the core with `--cfg daxsign_inner`. Without that, this program builds
//! itself with it.

#[cfg(not(daxsign_inner))]
mod builds {
    #[test]
    fn in_a_build_with_its_inside_open() {
        daxsign_tests::inner::run_cases("utf8", 1);
    }
}

#[cfg(daxsign_inner)]
mod cases {
    use daxsign_core::inner::utf8_up_to;

    /// All texts of three bytes; those that start as a character of four may, with a fourth that goes on
    /// and one that does not; and each cut off.
    #[test]
    fn stops_where_the_standard_library_stops() {
        let mut compared = 0_u32;
        let mut compare = |bytes: &[u8]| {
            let expected = std::str::from_utf8(bytes).map(|_| ());
            let expected = expected.map_err(|error| error.valid_up_to());
            assert_eq!(utf8_up_to(bytes), expected, "{bytes:x?}");
            compared += 1;
        };
        for number in 0..1_u32 << 24 {
            let [_, a, b, c] = number.to_be_bytes();
            compare(&[a, b, c]);
            if a >= 0xEF {
                compare(&[a, b, c, 0x80]);
                compare(&[a, b, c, 0xC0]);
            }
            if c == 0 {
                compare(&[a, b]);
            }
        }
        assert_eq!(compared, (1 << 24) + 2 * 17 * (1 << 16) + (1 << 16));
    }
}
