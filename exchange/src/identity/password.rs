//! Passwords, hashed with argon2id (RFC 9106).

use core::fmt;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// Memory, in KiB, and passes: 19 MiB and two, the first choice of OWASP's Password Storage Cheat Sheet.
const MEMORY_KIB: u32 = 19 << 10;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// The C library of Linux (glibc) keeps what was freed, for each thread that hashed, but for pieces of 32 MiB and more
/// (`M_MMAP_THRESHOLD` in mallopt(3)).
const GIVEN_BACK: usize = 33 << 20;
const SALT_LEN: usize = 16;
const HASH_LEN: usize = 32;

/// The shortest password that is set, and the longest that is looked at.
const MIN_LEN: usize = 12;
const MAX_LEN: usize = 1024;

/// What stands before salt and hash. With other costs it is another text, and no hash of ours.
const START: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// A password in memory; wiped when it is dropped.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

/// The hash of a password, as it is kept:
/// `$argon2id$v=19$m=19456,t=2,p=1$` with salt and hash in base64.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash {
    salt: [u8; SALT_LEN],
    hash: [u8; HASH_LEN],
}

/// Why a password is not hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    /// It is shorter than 12 bytes or longer than 1024.
    Length,
    /// The text is no hash that this program made.
    NotAHash,
    /// There is no memory for it.
    Memory,
}

impl Password {
    /// A password as it was sent, of any length.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl PasswordHash {
    /// The hash of a password that is to be set, with a fresh salt.
    ///
    /// # Errors
    /// [`PasswordProblem::Length`], [`PasswordProblem::Memory`].
    pub fn of(password: &Password, salt: [u8; SALT_LEN]) -> Result<Self, PasswordProblem> {
        if !(MIN_LEN..=MAX_LEN).contains(&password.0.len()) {
            return Err(PasswordProblem::Length);
        }
        let hash = hashed(password, &salt)?;
        Ok(Self { salt, hash })
    }

    /// The hash of nobody's password: what is compared with where there is no such name, so that this costs the same.
    /// No password has it but by a chance of 2^-256.
    #[must_use]
    pub const fn of_nobody() -> Self {
        Self {
            salt: [0x4E; SALT_LEN],
            hash: [0; HASH_LEN],
        }
    }

    /// Reads what [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    /// [`PasswordProblem::NotAHash`].
    pub fn parse(text: &str) -> Result<Self, PasswordProblem> {
        let rest = text.strip_prefix(START);
        let parts = rest.and_then(|rest| rest.split_once('$'));
        let (salt, hash) = parts.ok_or(PasswordProblem::NotAHash)?;
        Ok(Self {
            salt: decoded(salt)?,
            hash: decoded(hash)?,
        })
    }

    /// Whether this is the password. It takes as long whether it is or not.
    ///
    /// # Errors
    /// [`PasswordProblem::Memory`].
    pub fn is_of(&self, password: &Password) -> Result<bool, PasswordProblem> {
        let fits = password.0.len() <= MAX_LEN;
        let looked_at = if fits {
            password.clone()
        } else {
            Password::new(String::new())
        };
        let hash = hashed(&looked_at, &self.salt)?;
        Ok(bool::from(self.hash.ct_eq(&hash)) && fits)
    }
}

fn hashed(password: &Password, salt: &[u8]) -> Result<[u8; HASH_LEN], PasswordProblem> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH_LEN));
    let params = params.map_err(|_| PasswordProblem::Memory)?;
    let mut blocks = blocks(params.block_count())?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut hash = [0; HASH_LEN];
    let password = password.0.as_bytes();
    let made = argon2.hash_password_into_with_memory(password, salt, &mut hash, &mut blocks[..]);
    made.map_err(|_| PasswordProblem::Memory)?;
    Ok(hash)
}

/// Memory that the system has back as soon as it is dropped. What is behind its end is never touched, so it takes none.
fn blocks(count: usize) -> Result<Vec<Block>, PasswordProblem> {
    let mut blocks = Vec::new();
    let room = count.max(GIVEN_BACK / Block::SIZE);
    let taken = blocks.try_reserve_exact(room);
    taken.map_err(|_| PasswordProblem::Memory)?;
    blocks.resize(count, Block::new());
    Ok(blocks)
}

fn decoded<const N: usize>(text: &str) -> Result<[u8; N], PasswordProblem> {
    let bytes = BASE64_STANDARD_NO_PAD.decode(text).ok();
    let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or(PasswordProblem::NotAHash)
}

impl fmt::Display for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |bytes: &[u8]| BASE64_STANDARD_NO_PAD.encode(bytes);
        write!(
            formatter,
            "{START}{}${}",
            text(&self.salt),
            text(&self.hash)
        )
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PasswordHash(…)")
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(…)")
    }
}

impl fmt::Display for PasswordProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Length => "a password has 12 to 1024 bytes",
            Self::NotAHash => "the text is no argon2id hash of this program",
            Self::Memory => "there is no memory to hash a password in",
        })
    }
}

impl std::error::Error for PasswordProblem {}
