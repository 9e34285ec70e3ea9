//! What to change, and on which side, for each finding of `daxsign explain`.

use daxsign_core::{Finding, Profile};

use crate::explain::variation_name;

/// The advice, most useful first.
pub(crate) fn for_finding(finding: &Finding, key_file: &str, request_file: &str) -> Vec<String> {
    match finding {
        Finding::Verifies { profile } => for_verifies(*profile, key_file, request_file),
        Finding::Mistake { variation, profile } => {
            let mut advice: Vec<String> = variation_name(*variation)
                .split('+')
                .filter_map(for_mistake)
                .map(str::to_owned)
                .collect();
            advice.push(format!(
                "sender: sign exactly the bytes that `daxsign string --headers LIST {request_file}` \
                 prints, with the profile {profile}"
            ));
            advice
        }
        Finding::OtherHash { .. } => {
            vec!["sender: sign with SHA-256 (SHA256withRSA, RSASSA-PKCS1-v1_5)".to_owned()]
        }
        Finding::WrongKey => vec![
            format!(
                "receiver: compare the SPKI SHA-256 that `daxsign key {key_file}` shows with that \
                 of the sender's key"
            ),
            "sender: RSASSA-PKCS1-v1_5 is expected; a PSS signature does not open either"
                .to_owned(),
        ],
        Finding::Unexplained { .. } => vec![
            format!(
                "sender: log the exact bytes before signing and compare them with `daxsign string \
                 --headers LIST {request_file}`"
            ),
            "the SHA-256 above is of those bytes (profile documented), or the SHA-256 of their \
             SHA-256 (profile vendor-sdk)"
                .to_owned(),
            "both: look for a proxy or library that changes the body, the target or a listed field \
             after signing"
                .to_owned(),
        ],
    }
}

fn for_verifies(profile: Profile, key_file: &str, request_file: &str) -> Vec<String> {
    let mut advice = Vec::new();
    if profile == Profile::VendorSdk {
        advice.push(
            "the sender signs as the vendor's SDK does: pass --profile vendor-sdk to `daxsign \
             verify`, and to `daxsign sign` for requests to this peer"
                .to_owned(),
        );
    }
    advice.push(format!(
        "the date and the policy were not judged here: `daxsign verify --key {key_file} --profile \
         {profile} {request_file}` does"
    ));
    advice
}

/// What the sender does about one mistake.
fn for_mistake(name: &str) -> Option<&'static str> {
    Some(match name {
        "crlf-line-ends" => "sender: end each line of the signing string with \\n alone",
        _ => return None,
    })
}
