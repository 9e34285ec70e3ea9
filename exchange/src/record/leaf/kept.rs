//! Content as bytes, as they are encrypted.

use crate::record::leaf::content::Content;

impl Content {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (len, part) in self.framed() {
            bytes.extend(len);
            bytes.extend(part);
        }
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (message, rest) = part(bytes)?;
        let (signature, rest) = part(rest)?;
        let (statement, rest) = part(rest)?;
        rest.is_empty().then(|| Self {
            message: message.to_vec(),
            signature: signature.to_vec(),
            statement: statement.to_vec(),
        })
    }
}

fn part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::try_from(u64::from_be_bytes(*len)).ok()?)
}
