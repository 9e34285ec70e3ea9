//! The first line of a request (RFC 9112 3).

/// Method, target and version: what stands before the first ` /` (or else the first space), between it
/// and the last space, and behind that.
pub(super) fn split(line: &[u8]) -> Option<[&[u8]; 3]> {
    let last = line.iter().rposition(|&byte| byte == b' ')?;
    let (before, version) = split_at_space(line, last)?;
    let slash = before.windows(2).position(|pair| pair == b" /");
    let first = slash.or_else(|| before.iter().position(|&byte| byte == b' '))?;
    let (method, target) = split_at_space(before, first)?;
    Some([method, target, version])
}

fn split_at_space(text: &[u8], place: usize) -> Option<(&[u8], &[u8])> {
    match text.split_at_checked(place)? {
        (before, [_, after @ ..]) => Some((before, after)),
        _ => None,
    }
}
