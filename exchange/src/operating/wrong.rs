//! What is said of settings that are not taken.

use core::fmt;

/// Settings that are not taken: the text says which, why, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongSettings(pub(super) String);

impl fmt::Display for WrongSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for WrongSettings {}

/// How many letters may differ between a name that is wrong and the one that is meant.
const MAX_DISTANCE: usize = 4;

/// The known name that is nearest to a wrong one, if one is near.
pub(super) fn nearest<'k>(wrong: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let all = known.map(|name| (distance(wrong, name), name));
    let nearest = all.min_by_key(|(distance, _)| *distance)?;
    (nearest.0 <= MAX_DISTANCE).then_some(nearest.1)
}

/// How many letters must be put in, taken out or changed (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut diagonal = index;
        let mut left = index.saturating_add(1);
        let mut next = vec![left];
        for (known, above) in other.iter().zip(row.iter().skip(1)) {
            let changed = diagonal.saturating_add(usize::from(*known != letter));
            left = changed
                .min(left.saturating_add(1))
                .min(above.saturating_add(1));
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_none_that_is_far() {
        let known = ["rest.listen", "rest.connections", "management.listen"];
        let nearest = |wrong| nearest(wrong, known.into_iter());
        assert_eq!(nearest("rest.lisen"), Some("rest.listen"));
        assert_eq!(nearest("rest.conections"), Some("rest.connections"));
        assert_eq!(nearest("mangement.listen"), Some("management.listen"));
        assert_eq!(nearest("bananas"), None);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
    }
}
