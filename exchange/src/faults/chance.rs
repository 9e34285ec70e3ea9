//! Random, and the same each time: numbers of a seed (SplitMix64, Steele, Lea and Flood, 2014). No secret depends on them.

/// Numbers of a seed.
#[derive(Debug)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Whether it is one of so many of a hundred.
    pub(super) fn hits(&mut self, percent: u8) -> bool {
        // What does not divide evenly is out by less than one of 2^57.
        self.next()
            .checked_rem(100)
            .is_some_and(|number| number < u64::from(percent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of the algorithm's authors for the seed 1234567.
    #[test]
    fn the_numbers_are_the_algorithms() {
        let mut chance = Chance::new(1_234_567);
        let numbers = [(); 3].map(|()| chance.next());
        assert_eq!(
            numbers,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn all_none_and_about_half() {
        let mut chance = Chance::new(1);
        let mut hits = |percent| (0..1000).filter(|_| chance.hits(percent)).count();
        assert_eq!((hits(100), hits(0)), (1000, 0));
        assert!((430..570).contains(&hits(50)));
    }
}
