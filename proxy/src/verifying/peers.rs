//! Who may send: names, and the keys that are known of each.

use std::fmt::Write;
use std::sync::Arc;

use daxsign_core::{
    CertificateFile, KeyEncoding, KeyKind, PublicKey, Sha256, SliceSink, Timestamp, identify_key,
};

/// What starts each block of a PEM file (RFC 7468 2).
const BEGIN: &str = "-----BEGIN ";
/// Room for a public key in DER: a modulus of 4096 bits and some 40 bytes around it.
const MAX_SPKI_LEN: usize = 1024;
/// A name goes into a field, a log and a metric.
const MAX_NAME_LEN: usize = 64;

/// A key of a peer.
#[derive(Clone, Debug)]
pub struct PeerKey {
    /// Whose it is.
    pub peer: Arc<str>,
    /// The key.
    pub key: PublicKey,
    /// The SHA-256 of the public key's DER (SPKI), in lowercase hexadecimal digits.
    pub thumbprint: String,
    /// From when until when a certificate holds; `None` of a bare key.
    pub validity: Option<(Timestamp, Timestamp)>,
}

/// All keys that are known, at least one.
#[derive(Clone, Debug)]
pub struct Peers(Vec<PeerKey>);

impl Peers {
    /// Reads peers: names, and for each a file with its public key or its certificates, PEM or DER. A name may come
    /// several times, and a file hold several certificates, so that a new one is known before the old one goes.
    ///
    /// # Errors
    /// What is wrong with which file, in words.
    pub fn read<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Result<Self, String> {
        let mut keys: Vec<PeerKey> = Vec::new();
        for (name, file) in files {
            check_name(name)?;
            let peer: Arc<str> = name.into();
            let found = read_file(&peer, file).map_err(|problem| format!("{name}: {problem}"))?;
            for key in found {
                match keys.iter().find(|known| known.thumbprint == key.thumbprint) {
                    Some(known) if known.peer != key.peer => {
                        return Err(format!(
                            "{name} and {} have the same key {}: nobody could tell who sent a request",
                            known.peer, key.thumbprint
                        ));
                    }
                    // A certificate renewed for the same key: what lasts longer counts.
                    Some(_) => extend(&mut keys, &key),
                    None => keys.push(key),
                }
            }
        }
        if keys.is_empty() {
            return Err("no peer is known: whose requests are to pass?".into());
        }
        Ok(Self(keys))
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &[PeerKey] {
        &self.0
    }
}

/// Of two certificates for one key, from the earlier beginning to the later end.
fn extend(keys: &mut [PeerKey], other: &PeerKey) {
    let same = keys
        .iter_mut()
        .find(|key| key.thumbprint == other.thumbprint);
    let Some(key) = same else { return };
    key.validity = match (key.validity, other.validity) {
        (Some(one), Some(other)) => Some((one.0.min(other.0), one.1.max(other.1))),
        _ => None,
    };
}

fn check_name(name: &str) -> Result<(), String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:@".contains(&byte);
    if name.is_empty() || name.len() > MAX_NAME_LEN || !name.bytes().all(fits) {
        return Err(format!(
            "\"{}\" is no name for a peer: 1 to {MAX_NAME_LEN} letters, digits and -_.:@",
            name.escape_default()
        ));
    }
    Ok(())
}

/// The keys of a file.
fn read_file(peer: &Arc<str>, file: &[u8]) -> Result<Vec<PeerKey>, String> {
    let text = std::str::from_utf8(file)
        .ok()
        .filter(|text| text.contains(BEGIN));
    let Some(text) = text else {
        return Ok(vec![read_block(peer, file)?.0]);
    };
    let starts: Vec<usize> = text.match_indices(BEGIN).map(|(start, _)| start).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let mut found = Vec::new();
    for (start, end) in starts.iter().zip(ends) {
        let block = text.get(*start..end).unwrap_or_default();
        found.push(read_block(peer, block.as_bytes())?);
    }
    if found.len() > 1 {
        // A chain: what signed the certificate is no key that signs requests.
        found.retain(|(_, is_authority)| !is_authority);
        if found.is_empty() {
            return Err(
                "all certificates in the file are authorities': give each in a file of its own, \
                        if they are meant"
                    .into(),
            );
        }
    }
    Ok(found.into_iter().map(|(key, _)| key).collect())
}

/// One key, and whether it is an authority's.
fn read_block(peer: &Arc<str>, block: &[u8]) -> Result<(PeerKey, bool), String> {
    let (kind, _) = identify_key(block).map_err(|error| error.to_string())?;
    if kind.is_private() {
        return Err("a private key: a peer is known by its public key or certificate".into());
    }
    let (key, validity, is_authority) = if kind == KeyKind::Certificate {
        let read = CertificateFile::from_bytes(block).map_err(|error| error.to_string())?;
        let key = read.public_key().map_err(|error| error.to_string())?;
        let constraints = read.extensions().basic_constraints();
        let is_authority = constraints.is_some_and(|constraints| constraints.is_authority);
        (
            key,
            Some((read.not_before(), read.not_after())),
            is_authority,
        )
    } else {
        let key = PublicKey::from_bytes(block).map_err(|error| error.to_string())?;
        (key, None, false)
    };
    let thumbprint = thumbprint(&key)?;
    let peer = Arc::clone(peer);
    let key = PeerKey {
        peer,
        key,
        thumbprint,
        validity,
    };
    Ok((key, is_authority))
}

/// The SHA-256 over the key's SPKI.
fn thumbprint(key: &PublicKey) -> Result<String, String> {
    let mut out = [0; MAX_SPKI_LEN];
    let mut sink = SliceSink::new(&mut out);
    key.write_spki(KeyEncoding::Der, &mut sink)
        .map_err(|error| error.to_string())?;
    let der = sink.finish().map_err(|error| error.to_string())?;
    let mut digits = String::new();
    for byte in Sha256::digest(der) {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    Ok(digits)
}
