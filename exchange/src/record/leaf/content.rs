//! What lies beside a leaf: the message, its signature, and what the exchange says of it.

use core::fmt;

/// The longest message that is kept, in bytes, head and body together. The doors take less.
pub const MAX_MESSAGE_LEN: usize = 16 << 20;
/// The longest signature that is kept: a `Signature` field with a long list.
pub const MAX_SIGNATURE_FIELD_LEN: usize = 8 << 10;
/// The longest statement of the exchange.
pub const MAX_STATEMENT_LEN: usize = 4 << 10;

/// Never kept (X-ERASE), whatever its case.
const CREDENTIALS: [&[u8]; 2] = [b"authorization", b"proxy-authorization"];

/// What was said, as bytes.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// The message as it came, head and body, without `Authorization`; empty where there was none.
    pub message: Vec<u8>,
    /// The value of its `Signature` field; of the log's first leaf the signature's bytes.
    pub signature: Vec<u8>,
    /// What the exchange states: which clause allowed it, which check refused it, which status it gave.
    pub statement: Vec<u8>,
}

/// Why content is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The message is longer than [`MAX_MESSAGE_LEN`].
    LongMessage(usize),
    /// The signature is longer than [`MAX_SIGNATURE_FIELD_LEN`].
    LongSignature(usize),
    /// The statement is longer than [`MAX_STATEMENT_LEN`].
    LongStatement(usize),
    /// The head of what was sent is longer than what is kept.
    LongHead(usize),
    /// An attempt that is not counted from 1 to the most.
    Attempt(u32),
    /// The message holds credentials.
    Credentials,
    /// The signature's list names credentials.
    ListsCredentials,
    /// A time outside the years 1678 to 2261.
    Time,
    /// An idempotency key that is empty, longer than 64 characters, or has others than visible ASCII.
    IdempotencyKey,
}

impl Content {
    /// Refuses what must not be kept.
    ///
    /// # Errors
    /// The first reason.
    pub fn check(&self) -> Result<(), Unfit> {
        let within = |len: usize, max: usize, unfit: fn(usize) -> Unfit| {
            if len > max { Err(unfit(len)) } else { Ok(()) }
        };
        within(self.message.len(), MAX_MESSAGE_LEN, Unfit::LongMessage)?;
        within(
            self.signature.len(),
            MAX_SIGNATURE_FIELD_LEN,
            Unfit::LongSignature,
        )?;
        within(
            self.statement.len(),
            MAX_STATEMENT_LEN,
            Unfit::LongStatement,
        )?;
        refuse_credentials(&self.message)?;
        if names_credentials(&self.signature) {
            return Err(Unfit::ListsCredentials);
        }
        Ok(())
    }

    /// The three parts, each behind its length in eight bytes: no two contents have the same bytes.
    pub(crate) fn framed(&self) -> impl Iterator<Item = ([u8; 8], &[u8])> {
        [&self.message, &self.signature, &self.statement]
            .into_iter()
            .map(|part| {
                (
                    u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes(),
                    part.as_slice(),
                )
            })
    }
}

/// Refuses a head with credentials, a message's or a sent one's. Lines end where any reader might think so.
pub(crate) fn refuse_credentials(message: &[u8]) -> Result<(), Unfit> {
    let lines = message
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii_end);
    let head = lines
        .skip_while(|line| line.is_empty())
        .take_while(|line| !line.is_empty());
    let mut fields = head.flat_map(|line| line.split(|byte| *byte == b'\r'));
    if fields.any(is_credentials) {
        return Err(Unfit::Credentials);
    }
    Ok(())
}

fn is_credentials(line: &[u8]) -> bool {
    let name = line
        .split(|byte| *byte == b':')
        .next()
        .unwrap_or_default()
        .trim_ascii();
    CREDENTIALS
        .iter()
        .any(|credentials| name.eq_ignore_ascii_case(credentials))
}

/// In its list, that is: base64 has no such word by chance.
fn names_credentials(signature: &[u8]) -> bool {
    let [word, _] = CREDENTIALS;
    signature
        .windows(word.len())
        .any(|part| part.eq_ignore_ascii_case(word))
}

impl fmt::Debug for Content {
    /// Lengths only: messages hold PINs.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Content")
            .field("message_len", &self.message.len())
            .field("signature_len", &self.signature.len())
            .field("statement_len", &self.statement.len())
            .finish()
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LongMessage(len) => write!(formatter, "the message has {len} bytes; at most {MAX_MESSAGE_LEN} are recorded"),
            Self::LongSignature(len) => write!(formatter, "the Signature field has {len} bytes; at most {MAX_SIGNATURE_FIELD_LEN} are recorded"),
            Self::LongStatement(len) => write!(formatter, "the statement has {len} bytes; at most {MAX_STATEMENT_LEN} are recorded"),
            Self::LongHead(len) => write!(formatter, "the head has {len} bytes, which is more than is recorded"),
            Self::Attempt(attempt) => write!(formatter, "there is no attempt {attempt}"),
            Self::Credentials => formatter.write_str("the message holds Authorization, which is never recorded: take it out before"),
            Self::ListsCredentials => formatter.write_str("the signature's list names authorization, which is never recorded: the message cannot be shown later as it was signed"),
            Self::Time => formatter.write_str("the time lies outside the years 1678 to 2261"),
            Self::IdempotencyKey => formatter.write_str("an idempotency key has 1 to 64 visible ASCII characters"),
        }
    }
}

impl std::error::Error for Unfit {}
