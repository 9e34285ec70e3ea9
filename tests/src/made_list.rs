//! Lists of revoked certificates that no program would issue, or an old one alone.

use daxsign_core::{Digest, PrivateKey, Sha256, Signer};
use der::asn1::OctetString;
use der::{Decode, Encode};
use x509_cert::crl::{CertificateList, TbsCertList};
use x509_cert::ext::Extension;

use crate::made_certificate::element;
use crate::rsa_keys::sequence;

/// cRLNumber.
const NUMBER: &str = "2.5.29.20";

/// The same list in DER without its nextUpdate, signed again.
#[must_use]
pub fn without_end(list: &[u8], key: &PrivateKey) -> Vec<u8> {
    changed(list, key, |content| content.next_update = None)
}

/// The same list with this number, in the bytes of an INTEGER, or none.
#[must_use]
pub fn numbered(list: &[u8], key: &PrivateKey, number: Option<&[u8]>) -> Vec<u8> {
    changed(list, key, |content| {
        let all = content.crl_extensions.get_or_insert_default();
        all.retain(|extension| extension.extn_id.to_string() != NUMBER);
        all.extend(number.map(|digits| Extension {
            extn_id: NUMBER.parse().expect("an identifier"),
            critical: false,
            extn_value: OctetString::new(element(2, digits)).expect("a value"),
        }));
    })
}

/// The same list with nobody in it.
#[must_use]
pub fn emptied(list: &[u8], key: &PrivateKey) -> Vec<u8> {
    changed(list, key, |content| content.revoked_certificates = None)
}

fn changed(list: &[u8], key: &PrivateKey, change: impl FnOnce(&mut TbsCertList)) -> Vec<u8> {
    let mut list: CertificateList = CertificateList::from_der(list).expect("a list");
    change(&mut list.tbs_cert_list);
    let content = list.tbs_cert_list.to_der().expect("its content");
    let algorithm = list.signature_algorithm.to_der().expect("an algorithm");
    let mut signature = vec![0; key.modulus_len()];
    let digest = Digest(Sha256::digest(&content));
    let signed = key.sign_digest(&digest, &mut signature);
    signed.expect("a signature");
    let bits = element(3, &[&[0], &signature[..]].concat());
    sequence(&[content, algorithm, bits])
}
