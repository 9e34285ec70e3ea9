//! Tokens: what their bearer may be, under a key of their own (X-TOKEN).
//!
//! A token is text that only the exchange reads: version, credential, instance, expiry and random bytes, then
//! HMAC-SHA-256 over them, in base64 for URLs. It has one length and one form.

use core::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use daxsign_core::Timestamp;
use ring::hmac;
use uuid::Uuid;

use crate::party::Party;

/// How long a token holds, in seconds.
pub const TOKEN_SECONDS: i64 = 900;

const VERSION: u8 = 1;
const NONCE_LEN: usize = 16;
const CLAIMS_LEN: usize = 1 + 16 + Party::LEN + 8 + NONCE_LEN;
const TAG_LEN: usize = 32;
const TOKEN_LEN: usize = CLAIMS_LEN + TAG_LEN;

/// The key of tokens, which is no other key.
pub struct TokenKey(hmac::Key);

/// What a token says of its bearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    /// By which credential it was got.
    pub credential: Uuid,
    /// Whose it is.
    pub party: Party,
    /// The second since 1970 at which it no longer holds.
    pub expires: i64,
}

/// Why a token does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenProblem {
    /// It is none of this exchange's.
    Foreign,
    /// It has expired.
    Expired,
}

impl TokenKey {
    /// Of 32 random bytes.
    #[must_use]
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// A token for this credential, from now on, with fresh random bytes.
    #[must_use]
    pub fn issue(
        &self,
        credential: Uuid,
        party: Party,
        now: Timestamp,
        nonce: [u8; NONCE_LEN],
    ) -> String {
        let expires = now.seconds().saturating_add(TOKEN_SECONDS);
        let mut token = Vec::with_capacity(TOKEN_LEN);
        token.push(VERSION);
        token.extend_from_slice(credential.as_bytes());
        token.extend_from_slice(&party.to_bytes());
        token.extend_from_slice(&expires.to_be_bytes());
        token.extend_from_slice(&nonce);
        let tag = hmac::sign(&self.0, &token);
        token.extend_from_slice(tag.as_ref());
        BASE64_URL_SAFE_NO_PAD.encode(token)
    }

    /// What a token says. Nothing of it is looked at before its tag holds, which is compared in constant time.
    ///
    /// # Errors
    /// [`TokenProblem`].
    pub fn open(&self, token: &str, now: Timestamp) -> Result<Claims, TokenProblem> {
        let mut bytes = [0; TOKEN_LEN];
        let decoded = BASE64_URL_SAFE_NO_PAD.decode_slice(token, &mut bytes);
        if decoded != Ok(TOKEN_LEN) {
            return Err(TokenProblem::Foreign);
        }
        let (claims, tag) = bytes.split_at(CLAIMS_LEN);
        hmac::verify(&self.0, claims, tag).map_err(|_| TokenProblem::Foreign)?;
        let claims = read(claims).ok_or(TokenProblem::Foreign)?;
        if now.seconds() >= claims.expires {
            return Err(TokenProblem::Expired);
        }
        Ok(claims)
    }
}

fn read(claims: &[u8]) -> Option<Claims> {
    let (version, rest) = claims.split_first()?;
    let (credential, rest) = rest.split_first_chunk()?;
    let (party, rest) = rest.split_first_chunk()?;
    let (expires, _nonce) = rest.split_first_chunk()?;
    (*version == VERSION).then_some(Claims {
        credential: Uuid::from_bytes(*credential),
        party: Party::from_bytes(*party),
        expires: i64::from_be_bytes(*expires),
    })
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenKey(…)")
    }
}

impl fmt::Display for TokenProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Foreign => "the token is none of this exchange's",
            Self::Expired => "the token has expired: get another",
        })
    }
}

impl std::error::Error for TokenProblem {}
