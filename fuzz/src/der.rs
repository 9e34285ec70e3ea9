//! DER (X.690): a naive reader to compare with, and changes that keep the shape: a mutated element
//! gets its own and all outer lengths right again, so that what is wrong is what was changed.

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const CONSTRUCTED: u8 = 0x20;
/// Nesting deeper than any key file's is not looked into.
const MAX_DEPTH: u32 = 8;

/// The first element: its tag, its contents, and what follows it. Lengths as DER wants them.
#[must_use]
pub fn split(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (len, rest) = match first {
        0..=0x7F => (usize::from(first), rest),
        0x81 | 0x82 => {
            let (len, rest) = rest.split_at_checked(usize::from(first - 0x80))?;
            let len = len
                .iter()
                .fold(0, |len, byte| len << 8 | usize::from(*byte));
            (len, rest)
        }
        _ => return None,
    };
    let (contents, rest) = rest.split_at_checked(len)?;
    let is_minimal = element(tag, contents).len() == bytes.len() - rest.len();
    is_minimal.then_some((tag, contents, rest))
}

/// The contents of the first element, which must have this tag; moves behind it.
#[must_use]
pub fn take<'a>(bytes: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
    let (found, contents, rest) = split(bytes)?;
    *bytes = rest;
    (found == tag).then_some(contents)
}

/// An element with the shortest length.
#[must_use]
pub fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let len = contents.len();
    let mut out = vec![tag];
    match len {
        0..=0x7F => out.extend(u8::try_from(len)),
        0x80..=0xFF => {
            out.push(0x81);
            out.extend(u8::try_from(len));
        }
        _ => {
            out.push(0x82);
            out.extend(u16::try_from(len).unwrap_or(u16::MAX).to_be_bytes());
        }
    }
    out.extend_from_slice(contents);
    out
}

/// An INTEGER of a magnitude without leading zeros.
#[must_use]
pub fn integer(magnitude: &[u8]) -> Vec<u8> {
    match magnitude.first() {
        Some(0..=0x7F) => element(INTEGER, magnitude),
        _ => element(INTEGER, &[&[0], magnitude].concat()),
    }
}

/// An element as it can be changed.
#[derive(Clone, Debug)]
struct Node {
    tag: u8,
    /// A BIT STRING's first byte.
    before: Vec<u8>,
    contents: Contents,
}

#[derive(Clone, Debug)]
enum Contents {
    Bytes(Vec<u8>),
    Nodes(Vec<Node>),
}

/// All elements, if there is nothing else.
fn parse(mut bytes: &[u8], depth: u32) -> Option<Vec<Node>> {
    let mut nodes = Vec::new();
    while !bytes.is_empty() {
        let (tag, contents, rest) = split(bytes)?;
        bytes = rest;
        nodes.push(node(tag, contents, depth));
    }
    (!nodes.is_empty()).then_some(nodes)
}

fn node(tag: u8, contents: &[u8], depth: u32) -> Node {
    let unused_bits = usize::from(tag == BIT_STRING && contents.first() == Some(&0));
    let (before, inner) = contents.split_at(unused_bits);
    let can_nest = tag & CONSTRUCTED != 0 || tag == OCTET_STRING || unused_bits == 1;
    let nodes = (can_nest && depth < MAX_DEPTH).then(|| parse(inner, depth + 1));
    Node {
        tag,
        before: before.to_vec(),
        contents: match nodes.flatten() {
            Some(nodes) => Contents::Nodes(nodes),
            None => Contents::Bytes(inner.to_vec()),
        },
    }
}

fn write(nodes: &[Node]) -> Vec<u8> {
    let one = |node: &Node| {
        let inner = match &node.contents {
            Contents::Bytes(bytes) => bytes.clone(),
            Contents::Nodes(nodes) => write(nodes),
        };
        element(node.tag, &[&*node.before, &inner].concat())
    };
    nodes.iter().flat_map(one).collect()
}

/// How many elements, inner ones included.
fn count(nodes: &[Node]) -> usize {
    let one = |node: &Node| match &node.contents {
        Contents::Bytes(_) => 1,
        Contents::Nodes(nodes) => 1 + count(nodes),
    };
    nodes.iter().map(one).sum()
}

/// Calls `edit` with the siblings and the place of the element of this number, outer ones before
/// inner ones.
fn edit_one(
    nodes: &mut Vec<Node>,
    number: &mut usize,
    edit: &mut dyn FnMut(&mut Vec<Node>, usize),
) -> bool {
    for place in 0..nodes.len() {
        if *number == 0 {
            edit(nodes, place);
            return true;
        }
        *number -= 1;
        if let Contents::Nodes(inner) = &mut nodes[place].contents
            && edit_one(inner, number, edit)
        {
            return true;
        }
    }
    false
}

/// Changes one element of a DER structure; bytes that are none are changed anywhere. `seed` decides
/// what is done; `change` mutates bytes in place up to a capacity and returns their new length.
#[must_use]
pub fn mutate(bytes: &[u8], seed: u32, change: &mut dyn FnMut(&mut Vec<u8>)) -> Vec<u8> {
    let mut choices = Choices::new(seed);
    // Broken shapes are wanted, too.
    let nodes = (choices.below(8) > 0).then(|| parse(bytes, 0)).flatten();
    let Some(mut nodes) = nodes else {
        let mut bytes = bytes.to_vec();
        change(&mut bytes);
        return bytes;
    };
    let mut number = choices.below(count(&nodes));
    edit_one(&mut nodes, &mut number, &mut |siblings, place| {
        edit(siblings, place, &mut choices, change);
    });
    write(&nodes)
}

/// Tags of key files and certificates.
const TAGS: [u8; 13] = [
    0x02, 0x03, 0x04, 0x05, 0x06, 0x0C, 0x13, 0x17, 0x18, 0x30, 0x31, 0xA0, 0xA3,
];

/// Numbers that readers get wrong: none, 0, 1, -1, a leading zero, 2, 3, 65537, 2^32 - 1, 2^32.
const NUMBERS: [&[u8]; 10] = [
    &[],
    &[0],
    &[1],
    &[0xFF],
    &[0, 1],
    &[2],
    &[3],
    &[1, 0, 1],
    &[0, 0xFF, 0xFF, 0xFF, 0xFF],
    &[1, 0, 0, 0, 0],
];

fn edit(
    siblings: &mut Vec<Node>,
    place: usize,
    choices: &mut Choices,
    change: &mut dyn FnMut(&mut Vec<u8>),
) {
    let other = choices.below(siblings.len());
    match choices.below(10) {
        0 => drop(siblings.remove(place)),
        1 => siblings.insert(other, siblings[place].clone()),
        2 => siblings.swap(place, other),
        3 => siblings[place].tag = TAGS[choices.below(TAGS.len())],
        4 => siblings[place].contents = siblings[other].contents.clone(),
        5 => siblings[place].contents = Contents::Bytes(NUMBERS[choices.below(10)].to_vec()),
        6 => {
            // A new sibling, of a tag that means something here.
            let node = Node {
                tag: TAGS[choices.below(TAGS.len())],
                before: Vec::new(),
                contents: Contents::Bytes(NUMBERS[choices.below(10)].to_vec()),
            };
            siblings.insert(place, node);
        }
        _ => {
            let node = &mut siblings[place];
            let mut bytes = match &node.contents {
                Contents::Bytes(bytes) => bytes.clone(),
                Contents::Nodes(nodes) => write(nodes),
            };
            change(&mut bytes);
            node.contents = Contents::Bytes(bytes);
        }
    }
}

/// Numbers out of a seed (xorshift).
pub struct Choices(u32);

impl Choices {
    /// From libFuzzer's seed.
    #[must_use]
    pub const fn new(seed: u32) -> Self {
        // 0 would stay 0.
        Self(seed | 1)
    }

    /// A number below `end`, or 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        usize::try_from(self.0 >> 8).unwrap_or(0) % end.max(1)
    }
}
