//! A list of revoked certificates that no program would issue.

use daxsign_core::{Digest, PrivateKey, Sha256, Signer};
use der::{Decode, Encode};
use x509_cert::crl::CertificateList;

use crate::made_certificate::element;
use crate::rsa_keys::sequence;

/// The same list in DER without its nextUpdate, signed again.
#[must_use]
pub fn without_end(list: &[u8], key: &PrivateKey) -> Vec<u8> {
    let mut list: CertificateList = CertificateList::from_der(list).expect("a list");
    list.tbs_cert_list.next_update = None;
    let content = list.tbs_cert_list.to_der().expect("its content");
    let algorithm = list.signature_algorithm.to_der().expect("an algorithm");
    let mut signature = vec![0; key.modulus_len()];
    let digest = Digest(Sha256::digest(&content));
    let signed = key.sign_digest(&digest, &mut signature);
    signed.expect("a signature");
    let bits = element(3, &[&[0], &signature[..]].concat());
    sequence(&[content, algorithm, bits])
}
