//! What clients would refuse of a server's own certificate.

use daxsign_core::{CertificateFile, Timestamp};

use crate::input::Input;
use crate::key_file::Validity;
use crate::output;

/// serverAuth and anyExtendedKeyUsage (RFC 5280 4.2.1.12).
const FOR_SERVERS: [&str; 2] = ["1.3.6.1.5.5.7.3.1", "2.5.29.37.0"];

/// Tells it, before a client does.
pub(super) fn warn(chain: &Input, now: Timestamp) {
    // One that cannot be read here, such as for another kind of key, may be as good.
    let Ok(own) = CertificateFile::from_bytes(&chain.bytes) else {
        return;
    };
    for problem in problems(&own, now) {
        output::labelled("warning", &format!("{}: {problem}", chain.name));
    }
}

fn problems(own: &CertificateFile<'_>, now: Timestamp) -> Vec<String> {
    let validity = Validity {
        not_before: own.not_before(),
        not_after: own.not_after(),
    };
    let mut problems = Vec::new();
    problems.extend(validity.problem(now));
    let extensions = own.extensions();
    let purposes = extensions.extended_key_usage();
    if purposes.is_some_and(|mut purposes| {
        !purposes.any(|oid| FOR_SERVERS.contains(&oid.to_string().as_str()))
    }) {
        problems.push("not for servers: serverAuth is missing".to_owned());
    }
    if extensions.alternative_names().next().is_none() {
        problems.push("without a name that clients look for (subjectAltName)".to_owned());
    }
    problems
}
