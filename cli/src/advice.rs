//! What to change, and on which side, for each finding of `daxsign explain`.

use daxsign_core::{Finding, Profile, Variation};

/// What the command lines in the advice are made of.
pub(crate) struct Names<'a> {
    pub(crate) key_file: &'a str,
    pub(crate) request_file: &'a str,
    /// The component list of the request.
    pub(crate) list: &'a str,
    /// Whether the full target is signed.
    pub(crate) full_target: bool,
}

/// The advice, most useful first.
pub(crate) fn for_finding(finding: &Finding, names: &Names<'_>) -> Vec<String> {
    let string_command = names.string_command();
    let key_file = names.key_file;
    match finding {
        Finding::Verifies { profile } => for_verifies(*profile, names),
        Finding::Mistake { variation, profile } => {
            let mistakes = variation_name(*variation);
            let known = mistakes.split('+').filter_map(for_mistake);
            let mut advice: Vec<String> = known.map(str::to_owned).collect();
            advice.push(format!(
                "sender: sign exactly the bytes that {string_command} prints, with the profile \
                 {profile}"
            ));
            advice
        }
        Finding::OtherHash { .. } => {
            vec!["sender: use SHA256withRSA as the RSA library offers it (RSASSA-PKCS1-v1_5 with SHA-256), \
             not its raw RSA operation and no other hash".to_owned()]
        }
        Finding::WrongKey => vec![
            format!(
                "receiver: compare the SPKI SHA-256 that `daxsign key {key_file}` shows with that \
                 of the sender's key"
            ),
            "sender: RSASSA-PKCS1-v1_5 is expected; a PSS signature does not open either"
                .to_owned(),
        ],
        // Of a finding that is not known here the strings still tell most.
        _ => vec![
            format!(
                "sender: log the exact bytes before signing and compare them with those that \
                 {string_command} prints"
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

impl Names<'_> {
    /// The command that prints the signing string. The list comes with the request: what a shell
    /// could take for more than a list is not put into a command to copy.
    fn string_command(&self) -> String {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b" ()-_.".contains(&byte);
        let list = if !self.list.is_empty() && self.list.bytes().all(is_plain) {
            format!("'{}'", self.list)
        } else {
            "LIST".to_owned()
        };
        let option = self.target_option();
        format!(
            "`daxsign string --headers {list}{option} {}`",
            self.request_file
        )
    }

    const fn target_option(&self) -> &'static str {
        if self.full_target {
            " --full-target"
        } else {
            ""
        }
    }
}

fn for_verifies(profile: Profile, names: &Names<'_>) -> Vec<String> {
    let mut advice = Vec::new();
    if profile == Profile::VendorSdk {
        advice.push(
            "the sender signs as the vendor's SDK does: pass --profile vendor-sdk to `daxsign \
             verify`, and to `daxsign sign` for requests to this peer"
                .to_owned(),
        );
    }
    advice.push(format!(
        "the date and the policy were not judged here: `daxsign verify --key {} --profile \
         {profile}{} {}` does",
        names.key_file,
        names.target_option(),
        names.request_file
    ));
    advice
}

/// The stable name of a mistake.
pub(crate) fn variation_name(variation: Variation) -> String {
    let mut name = Vec::new();
    let mut sink = |bytes: &[u8]| name.extend_from_slice(bytes);
    variation.write_name(&mut sink);
    String::from_utf8_lossy(&name).into_owned()
}

/// What to do about one mistake, by its stable name; nothing more for one that is not known here.
fn for_mistake(name: &str) -> Option<&'static str> {
    for_line_mistake(name)
        .or_else(|| for_body_mistake(name))
        .or_else(|| for_value_mistake(name))
}

fn for_line_mistake(name: &str) -> Option<&'static str> {
    Some(match name {
        "crlf-line-ends" => {
            "sender: end each line of the signing string with \\n alone, whatever the platform's or \
             HTTP's line end is"
        }
        "no-last-newline" => {
            "sender: end the last line with \\n too: do not join the lines, end each of them"
        }
        "names-not-lowercased" => "sender: lowercase the field names in the signing string",
        "no-space-after-colon" => "sender: write a colon and one space behind each name",
        "content-length-omitted" => {
            "sender: every listed field has its line: sign content-length too, or do not list it"
        }
        "content-length-before-date" | "content-length-last" => {
            "sender: every signed line must be listed, in its order: add content-length to the list"
        }
        _ => return None,
    })
}

fn for_body_mistake(name: &str) -> Option<&'static str> {
    Some(match name {
        "body-left-out" => {
            "sender: the body follows the last line of the signing string, for every method; read \
             it before signing, not after"
        }
        "body-with-newline" | "body-with-crlf" => {
            "sender: nothing follows the body; sign exactly the bytes that are sent. receiver: was \
             a line end at the end of the body lost on the way?"
        }
        "body-without-last-newline" => {
            "sender: sign exactly the bytes that are sent. receiver: was a line end added to the \
             body, by an editor or `echo`, say?"
        }
        "body-lf-only" => {
            "both: look for what turns \\n into \\r\\n in the body on its way (text mode, git, an \
             editor)"
        }
        "empty-line-before-body" => {
            "sender: the body follows the last line at once; the blank line of HTTP is not signed"
        }
        _ => return None,
    })
}

fn for_value_mistake(name: &str) -> Option<&'static str> {
    Some(match name {
        "full-target" => {
            "sender: sign the path only, without ? and the query. receiver: --full-target accepts \
             such signatures, if both sides agree on it"
        }
        "https-url" | "http-url" | "host-and-path" => {
            "sender: sign the path only: no scheme, no host, no query"
        }
        "lowercase-path" => "sender: only the method is lowercased; sign the path as it is sent",
        "method-not-lowercased" => "sender: lowercase the method in the signing string",
        "date-utc-seconds" | "date-utc-fraction" => {
            "sender: format the date once, and put the same text into the Date field and the \
             signing string"
        }
        "date-rfc1123" => {
            "sender: sign the text of the Date field as it is sent; HTTP libraries tend to format a \
             date on their own"
        }
        "joined-with-space" => "sender: join fields of one name with a comma and no space",
        "first-instance-only" | "last-instance-only" => {
            "sender: join all fields of one name, in their order, with a comma; or send one field"
        }
        "values-not-trimmed" => {
            "sender: trim spaces and tabs off both ends of each value, and make each fold one space"
        }
        _ => return None,
    })
}
