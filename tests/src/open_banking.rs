//! What the Open Banking text sets up, by its own commands and `.cnf` files.

use crate::openssl::OpenSsl;

/// The subject of the text's root. (OpenSSL's arguments are separated by spaces here, so its name has none.)
pub const ROOT_SUBJECT: &str = "/C=US/ST=Arizona/L=Phoenix/O=Axway/CN=Axway_Root_CA";

/// `tpp1.cnf` and `tpp2.cnf` of the text.
#[must_use]
pub fn configuration(number: u8) -> String {
    format!(
        "[req]
default_bits = 2048
default_md = sha256
encrypt_key = yes
prompt = no
string_mask = utf8only
distinguished_name = client_distinguished_name
req_extensions = req_cert_extensions
 
[client_distinguished_name]
businessCategory = Third Party Provider {number}
jurisdictionCountryName = US
serialNumber = 18505934000140
countryName = US
organizationName = AXWAY
stateOrProvinceName = Arizona
localityName = Phoenix
organizationalUnitName = 00000000-0000-0000-0000-000000000002
UID = 00000000-0000-0000-0000-000000000002
commonName = tpp{number}.demo.axway.com
 
[req_cert_extensions]
basicConstraints = CA:FALSE
subjectAltName = @alt_name
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = clientAuth
 
[alt_name]
DNS = tpp{number}.demo.axway.com
"
    )
}

/// Makes `ca1.key` and `ca1.crt`.
///
/// # Panics
/// If OpenSSL fails.
pub fn root(openssl: &OpenSsl) {
    openssl.run("genrsa -out ca1.key 2048");
    openssl.run(&format!(
        "req -new -x509 -days 3650 -key ca1.key -subj {ROOT_SUBJECT} -out ca1.crt"
    ));
}

/// Makes `tppN.cnf`, `tppN.key` and `tppN.csr`.
///
/// # Panics
/// If OpenSSL fails.
pub fn request(openssl: &OpenSsl, number: u8) {
    openssl.write(&format!("tpp{number}.cnf"), configuration(number));
    openssl.run(&format!(
        "req -new -newkey rsa:2048 -nodes -out tpp{number}.csr -keyout tpp{number}.key -config tpp{number}.cnf"
    ));
}
