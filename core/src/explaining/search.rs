//! The search for the string that a signature covers: all combinations of deviations, the fewest at
//! once first, as far as a budget of bytes goes.

use super::held::{Fit, Held};
use crate::bytes::other_hash::{Algorithm, AnyHash, Hash};
use crate::bytes::sink::{Counter, length};
use crate::explaining::variation::Variation;
use crate::explaining::variation::deviation::Deviation;
use crate::explaining::variation::kind::{Kind, MAX_BODIES};
use crate::explaining::variation::part::Part;
use crate::explaining::variation::plan::{Plan, is_of_body};
use crate::explaining::variation::string::Writer;
use crate::signing::profile::Profile;

/// How many deviations at once are tried, as far as the budget goes.
const MAX_DEPTH: usize = 4;
/// Up to here all are tried in a [complete](Searched::complete) search.
const COMPLETE_DEPTH: u8 = 3;
/// Room for the deviations that make a difference to a request.
const MAX_CANDIDATES: usize = 256;
/// What a string costs beside its bytes.
const STRING_COST: u64 = 64;
/// Servers take no longer lines of a head (Apache's LimitRequestFieldSize is 8 190).
const LARGE_VALUE: usize = 8 << 10;
/// A string that costs more than this part of the budget is a large one.
const LARGE_SHARE: u64 = 64;

/// How far a search went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Searched {
    /// How many strings were tried.
    pub strings: u64,
    /// About how many bytes were written for them.
    pub bytes: u64,
    /// Whether all combinations of up to three deviations were tried.
    pub complete: bool,
    /// Whether strings were left out because the budget did not allow for the body in them.
    pub too_large: bool,
    /// All combinations of up to so many deviations were tried.
    pub deepest: u8,
}

/// Told how many bytes were written, of the budget.
pub(crate) type Progress<'a> = &'a dyn Fn(u64, u64);

/// How often progress is told, in bytes.
const PROGRESS_STEP: u64 = 1 << 20;

/// A search under way.
pub(crate) struct Search<'a> {
    pub(crate) writer: Writer<'a>,
    pub(crate) held: &'a Held,
    pub(crate) budget: u64,
    pub(crate) progress: Option<Progress<'a>>,
    pub(crate) searched: Searched,
    /// What lines without deviations take, their look-up included.
    lines_cost: u64,
    /// The lengths of the caller's bodies.
    other_lengths: [u64; MAX_BODIES],
    told: u64,
}

/// The lines of a variation, hashed.
struct Lines {
    variation: Variation,
    hash: AnyHash,
}

/// The deviations that make a difference to this request.
struct Candidates {
    all: [Option<Deviation>; MAX_CANDIDATES],
    count: usize,
}

/// A string that fits.
pub(crate) type Found = (Variation, Profile);

impl<'a> Search<'a> {
    pub(crate) fn new(
        writer: Writer<'a>,
        held: &'a Held,
        budget: u64,
        progress: Option<Progress<'a>>,
    ) -> Self {
        Self {
            writer,
            held,
            budget,
            progress,
            searched: Searched::default(),
            lines_cost: 0,
            other_lengths: [0; MAX_BODIES],
            told: 0,
        }
    }

    /// The first string that fits, with the deviations that its signer has.
    pub(crate) fn run(&mut self) -> Option<Found> {
        self.measure();
        let [first, others @ ..] = self.held.algorithms() else {
            return None;
        };
        let found = self.with_algorithm(*first, 1);
        // Signers who hash otherwise before they sign depart in one more way at most.
        let mut others = others.iter();
        let found = found.or_else(|| others.find_map(|other| self.with_algorithm(*other, 1)));
        let found = found.or_else(|| self.with_algorithm(*first, MAX_DEPTH));
        self.searched.complete =
            self.searched.deepest >= COMPLETE_DEPTH && !self.searched.too_large;
        found
    }

    fn measure(&mut self) {
        let fields = u64::try_from(self.writer.request.headers.iter().count()).unwrap_or(u64::MAX);
        let names = u64::try_from(self.writer.components.iter().count()).unwrap_or(u64::MAX);
        let mut counter = Counter::default();
        // What a signer writes who leaves empty what is missing; else it ends at the first of them.
        let all = Variation::NONE.and(Kind::MissingEmpty).plan();
        let _ = self.writer.write_lines(&all, &mut counter);
        let written = u64::try_from(counter.count()).unwrap_or(u64::MAX);
        self.lines_cost = fields
            .saturating_mul(names)
            .saturating_add(written.max(self.values()))
            .saturating_add(STRING_COST);
        for (slot, other) in self.other_lengths.iter_mut().zip(self.writer.bodies) {
            let mut counter = Counter::default();
            (other.write)(&mut counter);
            *slot = u64::try_from(counter.count()).unwrap_or(u64::MAX);
        }
    }

    /// What is read for the lines, white space included that is not written: the values of the list,
    /// and those that are large, since a mistake may be to take them.
    fn values(&self) -> u64 {
        let request = self.writer.request;
        let is_listed = |name: &[u8]| {
            let mut components = self.writer.components.iter();
            components.any(|component| component.name().eq_ignore_ascii_case(name))
        };
        let read = request
            .headers
            .iter()
            .filter(|field| field.value.len() > LARGE_VALUE || is_listed(field.name));
        read.fold(0, |sum, field| sum.saturating_add(length(field.value)))
    }

    /// The strings under one hash function, up to so many deviations at once.
    fn with_algorithm(&mut self, algorithm: Algorithm, depth: usize) -> Option<Found> {
        if self.is_writable(&Variation::NONE) {
            return self.around(Variation::NONE, algorithm, depth);
        }
        // A listed field is missing: what the signer may have had in its place comes first.
        let mut found = None;
        for base in substitutes() {
            if found.is_some() || self.is_spent() {
                break;
            }
            // Looked up, as far as there is something to write.
            self.spend(self.lines_cost);
            if self.is_writable(&base) {
                found = self.around(base, algorithm, depth.min(2));
            }
        }
        found
    }

    fn is_writable(&self, variation: &Variation) -> bool {
        let plan = variation.plan();
        let lines = self.writer.write_lines(&plan, &mut Counter::default());
        lines.is_ok()
    }

    /// The strings of a variation with up to `depth` more deviations.
    fn around(&mut self, base: Variation, algorithm: Algorithm, depth: usize) -> Option<Found> {
        let (found, tags) = self.first(base, algorithm);
        if found.is_some() || depth == 0 {
            return found;
        }
        let mut candidates = Candidates {
            all: [None; MAX_CANDIDATES],
            count: 0,
        };
        let found = self.singles(base, algorithm, tags, &mut candidates);
        if found.is_some() {
            return found;
        }
        self.reached(1, true);
        candidates.sort();
        for size in 2..=depth {
            let (found, is_whole) = self.combinations(base, algorithm, &candidates, size);
            if found.is_some() {
                return found;
            }
            self.reached(size, is_whole);
            if self.is_spent() {
                return None;
            }
        }
        None
    }

    /// Notes that all combinations of `depth` deviations were tried; or not all of them.
    fn reached(&mut self, depth: usize, is_whole: bool) {
        if is_whole && !self.searched.too_large {
            let depth = u8::try_from(depth).unwrap_or(u8::MAX);
            self.searched.deepest = self.searched.deepest.max(depth);
        }
    }

    /// The variation itself; and the tags of its lines and of the whole.
    fn first(&mut self, base: Variation, algorithm: Algorithm) -> (Option<Found>, Option<Tags>) {
        let Some(lines) = self.lines(&base, algorithm) else {
            return (None, None);
        };
        let lines_tag = tag(&lines.hash.clone().finish());
        let mut tags = Tags {
            lines: lines_tag,
            whole: None,
        };
        let cost = self.cost(&base);
        // The first string of all is tried whatever it takes.
        if !self.allows(cost) && self.searched.strings > 0 {
            self.spend(self.lines_cost);
            return (None, Some(tags));
        }
        let Some(hash) = self.whole(&lines, &base) else {
            return (None, None);
        };
        self.spend(cost);
        tags.whole = Some(tag(&hash));
        (self.judge(base, algorithm, &hash), Some(tags))
    }

    /// Each deviation alone. Those that change nothing here, or the same as another of their part,
    /// are not combined with others later.
    fn singles(
        &mut self,
        base: Variation,
        algorithm: Algorithm,
        base_tags: Option<Tags>,
        candidates: &mut Candidates,
    ) -> Option<Found> {
        let mut seen = [(Part::LineEnds, 0_u32); MAX_CANDIDATES];
        for deviation in self.deviations() {
            let Some(variation) = base.with(deviation) else {
                continue;
            };
            let cost = self.cost(&variation);
            let is_allowed = self.allows(cost);
            if !is_allowed && !self.allows(self.lines_cost) {
                continue;
            }
            let Some(lines) = self.lines(&variation, algorithm) else {
                self.spend(self.lines_cost);
                continue;
            };
            let by_whole = is_of_body(deviation) || deviation.part() == Part::Encoding;
            let mut found_tag = tag(&lines.hash.clone().finish());
            self.spend(if is_allowed { cost } else { self.lines_cost });
            if is_allowed {
                let Some(hash) = self.whole(&lines, &variation) else {
                    continue;
                };
                let found = self.judge(variation, algorithm, &hash);
                if found.is_some() {
                    return found;
                }
                if by_whole {
                    found_tag = tag(&hash);
                }
            } else if by_whole {
                continue;
            }
            let before = base_tags.and_then(|tags| {
                if by_whole {
                    tags.whole
                } else {
                    Some(tags.lines)
                }
            });
            let known = seen.iter().take(candidates.count);
            let mut known = known.filter(|(part, _)| *part == deviation.part());
            let is_new = before != Some(found_tag) && !known.any(|(_, tag)| *tag == found_tag);
            // The length of another body than the one that was sent differs only together with it.
            if (is_new || deviation.kind() == Kind::ContentLengthOfSigned)
                && let Some(slot) = seen.get_mut(candidates.count)
            {
                *slot = (deviation.part(), found_tag);
                candidates.push(deviation);
            }
        }
        None
    }

    /// What is tried: all deviations of the string, with as many bodies as the caller has.
    fn deviations(&self) -> impl Iterator<Item = Deviation> + use<> {
        let bodies = self.writer.bodies.len();
        Deviation::all().filter(move |deviation| match deviation.part() {
            // What is shown by the signature itself; and what a search starts from where the
            // request lacks a field.
            Part::Hash
            | Part::ByteOrder
            | Part::Padding
            | Part::Content
            | Part::DigestText
            | Part::Missing => false,
            _ => deviation
                .body_alternative()
                .is_none_or(|index| index < bodies),
        })
    }

    /// All combinations of `size` candidates; false if some were not tried.
    fn combinations(
        &mut self,
        base: Variation,
        algorithm: Algorithm,
        candidates: &Candidates,
        size: usize,
    ) -> (Option<Found>, bool) {
        let Some(mut picks) = Picks::first(candidates.count, size) else {
            return (None, true);
        };
        let mut is_whole = true;
        // Combinations that differ in the body alone have their lines in common.
        let mut lines: Option<Lines> = None;
        loop {
            if let Some(variation) = picks.variation(base, candidates) {
                let cost = self.cost(&variation);
                if self.allows(cost) {
                    let found = self.combination(&variation, algorithm, &mut lines);
                    self.spend(cost);
                    if found.is_some() {
                        return (found, is_whole);
                    }
                } else {
                    is_whole = false;
                    if self.is_spent() {
                        return (None, false);
                    }
                }
            }
            if !picks.advance(candidates.count) {
                return (None, is_whole);
            }
        }
    }

    fn combination(
        &mut self,
        variation: &Variation,
        algorithm: Algorithm,
        lines: &mut Option<Lines>,
    ) -> Option<Found> {
        let of_lines = lines_of(variation);
        if lines
            .as_ref()
            .is_none_or(|known| known.variation != of_lines)
        {
            *lines = self.lines(variation, algorithm);
        }
        let hash = self.whole(lines.as_ref()?, variation)?;
        self.judge(*variation, algorithm, &hash)
    }

    /// The lines of a variation, hashed; `None` if they cannot be written.
    fn lines(&self, variation: &Variation, algorithm: Algorithm) -> Option<Lines> {
        let mut hash = AnyHash::new(algorithm);
        let plan = variation.plan();
        self.writer.write_lines(&plan, &mut hash).ok()?;
        Some(Lines {
            variation: lines_of(variation),
            hash,
        })
    }

    fn whole(&self, lines: &Lines, variation: &Variation) -> Option<Hash> {
        let mut hash = lines.hash.clone();
        let plan = variation.plan();
        self.writer.write_body(&plan, &mut hash).ok()?;
        Some(hash.finish())
    }

    fn judge(&mut self, variation: Variation, algorithm: Algorithm, hash: &Hash) -> Option<Found> {
        self.searched.strings = self.searched.strings.saturating_add(1);
        let (profile, kind): Fit = self.held.fit(algorithm, hash)?;
        Some((kind.map_or(variation, |kind| variation.and(kind)), profile))
    }

    /// About what a string takes: its bytes, and the fields that are looked up for it.
    fn cost(&self, variation: &Variation) -> u64 {
        let plan = variation.plan();
        let body = length(self.writer.request.body);
        let mut cost = match Plan::numbered(plan.body) {
            Some((Kind::BodyLeftOut, _)) => 0,
            Some((Kind::OtherBody, number)) => {
                let index = usize::from(number.saturating_sub(1));
                self.other_lengths.get(index).copied().unwrap_or(body)
            }
            Some((Kind::BodyUtf16Le | Kind::BodyUtf16LeMark | Kind::BodyUtf16Be, _)) => {
                body.saturating_mul(2)
            }
            Some(_) | None => body,
        };
        if Plan::numbered(plan.body_digest)
            .is_some_and(|(kind, _)| kind == Kind::DigestFieldForBody)
        {
            cost = 0;
        }
        if plan.content_length == Some(Kind::ContentLengthOfSigned) && plan.body.is_some() {
            cost = cost.saturating_mul(2);
        }
        cost = cost.saturating_add(self.lines_cost);
        if plan.encoding.is_some() {
            cost = cost.saturating_mul(2);
        }
        cost
    }

    /// Whether the budget still allows for this. Large strings leave a quarter of it to small ones.
    fn allows(&mut self, cost: u64) -> bool {
        let is_large = cost > self.budget / LARGE_SHARE;
        let budget = if is_large {
            self.budget.saturating_sub(self.budget / 4)
        } else {
            self.budget
        };
        let allowed = self.searched.bytes.saturating_add(cost) <= budget;
        self.searched.too_large |= is_large && !allowed;
        if !allowed && !is_large {
            // Nothing that is left is small enough.
            self.searched.bytes = self.searched.bytes.max(self.budget);
        }
        allowed
    }

    const fn is_spent(&self) -> bool {
        self.searched.bytes >= self.budget
    }

    fn spend(&mut self, cost: u64) {
        self.searched.bytes = self.searched.bytes.saturating_add(cost);
        if let Some(progress) = self.progress
            && self.searched.bytes.saturating_sub(self.told) >= PROGRESS_STEP
        {
            self.told = self.searched.bytes;
            progress(self.searched.bytes, self.budget);
        }
    }
}

/// A few bits of hashes, by which equal ones are known.
#[derive(Clone, Copy)]
struct Tags {
    lines: u32,
    whole: Option<u32>,
}

fn tag(hash: &Hash) -> u32 {
    let bytes = hash.as_bytes().first_chunk().copied();
    u32::from_le_bytes(bytes.unwrap_or_default())
}

/// A variation less what it does to the body. Where the lines depend on the body, all of it.
fn lines_of(variation: &Variation) -> Variation {
    let mut all = variation.deviations();
    if all.any(|each| each.kind() == Kind::ContentLengthOfSigned) {
        return *variation;
    }
    variation
        .deviations()
        .filter(|each| !is_of_body(*each))
        .fold(Variation::NONE, |all, each| all.with(each).unwrap_or(all))
}

/// What a signer may have had where the request lacks a listed field, the likeliest first.
fn substitutes() -> impl Iterator<Item = Variation> {
    let twins =
        || Deviation::all().filter(|each| matches!(each.part(), Part::HostTwin | Part::Twin));
    let missing = || [Kind::MissingOmitted, Kind::MissingEmpty].map(Deviation::from_kind);
    let length = Variation::NONE.and(Kind::ContentLengthOfSigned);
    let singles = twins().chain(missing());
    let pairs = twins().chain(missing());
    core::iter::once(length)
        .chain(singles.filter_map(|each| Variation::NONE.with(each)))
        .chain(pairs.filter_map(move |each| length.with(each)))
}

impl Candidates {
    fn push(&mut self, deviation: Deviation) {
        if let Some(slot) = self.all.get_mut(self.count) {
            *slot = Some(deviation);
            self.count = self.count.saturating_add(1);
        }
    }

    /// Those of the body last, so that combinations that differ in it alone follow each other.
    fn sort(&mut self) {
        let all = self.all;
        let of = |of_body| {
            let used = all.iter().flatten().copied();
            used.filter(move |each| is_of_body(*each) == of_body)
        };
        for (slot, each) in self.all.iter_mut().zip(of(false).chain(of(true))) {
            *slot = Some(each);
        }
    }

    fn get(&self, index: usize) -> Option<Deviation> {
        self.all.get(index).copied().flatten()
    }
}

/// Which candidates are combined: rising numbers, the last of which rises fastest.
struct Picks {
    picks: [usize; MAX_DEPTH],
    size: usize,
}

impl Picks {
    /// The first `size` of `count`; `None` if there are fewer.
    fn first(count: usize, size: usize) -> Option<Self> {
        let mut picks = [0; MAX_DEPTH];
        for (index, pick) in picks.iter_mut().enumerate() {
            *pick = index;
        }
        (size <= count && size <= MAX_DEPTH).then_some(Self { picks, size })
    }

    /// The variation that these candidates make; `None` if two are of one part.
    fn variation(&self, base: Variation, candidates: &Candidates) -> Option<Variation> {
        let mut picks = self.picks.iter().take(self.size);
        picks.try_fold(base, |all, pick| all.with(candidates.get(*pick)?))
    }

    /// The next combination; false behind the last.
    fn advance(&mut self, count: usize) -> bool {
        for place in (0..self.size).rev() {
            let behind = self.size.saturating_sub(place);
            let Some(pick) = self.picks.get_mut(place) else {
                return false;
            };
            let next = pick.saturating_add(1);
            if next.saturating_add(behind) <= count {
                for (slot, value) in self.picks.iter_mut().skip(place).zip(next..) {
                    *slot = value;
                }
                return true;
            }
        }
        false
    }
}
