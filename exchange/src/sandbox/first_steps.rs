//! Commands to begin with, each as it is pasted.

use core::fmt::Write as _;

use super::facts::{Facts, shown};
use super::quoted::quoted;
use super::told::ENVIRONMENT_FILE;
use crate::operating::Part as File;

/// Commands of a POSIX shell, with what each part is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstSteps(pub Vec<Part>);

/// Some commands that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What they are for.
    pub title: &'static str,
    /// One a line, but for those that end with a backslash.
    pub commands: Vec<String>,
}

impl FirstSteps {
    pub(super) fn of(facts: &Facts) -> Self {
        let environment = shown(&facts.folder.join(ENVIRONMENT_FILE));
        let environment = Part {
            title: "In another terminal, first of all",
            commands: vec![format!(". {}", quoted(&environment))],
        };
        Self(vec![
            environment,
            Part {
                title: "The tool: card owners, and a door that opens",
                commands: tool(facts),
            },
            Part {
                title: "curl, with a signature of the tool",
                commands: curl(facts),
            },
            Part {
                title: "What an operator sees, a fault to order, and a clock that can be moved",
                commands: operator(facts),
            },
        ])
    }
}

fn tool(facts: &Facts) -> Vec<String> {
    let (client, target) = (facts.client(), facts.office().party());
    let mut setup = vec![
        ("--base", facts.base.clone()),
        ("--client-id", client.party().instance.to_string()),
        ("--partner", target.partner.to_string()),
        ("--instance", target.instance.to_string()),
        ("--user", client.user().to_owned()),
        ("--password-file", shown(&client.password_file())),
        ("--key", shown(&client.key_file())),
        ("--signing", "observed".to_owned()),
        ("--ca", shown(&facts.file(File::Authority))),
        (
            "--exchange-certificate",
            shown(&facts.file(File::Certificate)),
        ),
    ];
    if facts.client_certificates {
        setup.push(("--client-certificate", shown(&client.certificate_file())));
        setup.push(("--client-key", shown(&client.key_file())));
    }
    let mut command = String::new();
    // Made at an earlier start it is never overwritten, and still right: ports and ids stay.
    if !facts.tool_settings().join("default.toml").exists() {
        command.push_str("daxsign setup");
        for (name, value) in setup {
            // Writing to a string cannot fail.
            let _ = write!(command, " \\\n    {name} {}", quoted(&value));
        }
    }
    let mut commands: Vec<String> = command.lines().map(str::to_owned).collect();
    commands.push("daxsign cardowners list".to_owned());
    commands.push("daxsign accessgroups list-published".to_owned());
    if let Some(door) = &facts.door {
        let (owner, door) = (&door.card_owner, &door.door);
        commands.push(format!("daxsign cardowners open-door {owner} {door} --yes"));
    }
    commands
}

fn curl(facts: &Facts) -> Vec<String> {
    let target = facts.office().party();
    let path = format!(
        "/api/v2.0/partners/{}/instances/{}/cardowners",
        target.partner.hyphenated(),
        target.instance.hyphenated()
    );
    let shows = if facts.client_certificates {
        r#" --cert "$DAX_CERTIFICATE" --key "$DAX_KEY""#
    } else {
        ""
    };
    let curl = format!(r#"curl --silent --show-error --cacert "$DAX_CA"{shows}"#);
    [
        format!(r"token=$({curl} $DAX_BASE/oauth/token --data grant_type=password \"),
        r#"    --data client_id=$DAX_CLIENT_ID --data username=$DAX_USER --data-urlencode "password=$DAX_PASSWORD" \"#.to_owned(),
        r#"    | sed 's/.*"access_token" *: *"\([^"]*\)".*/\1/')"#.to_owned(),
        format!(r"printf 'GET {path} HTTP/1.1\nContent-Type: application/json\n\n{{}}' \"),
        r#"    | daxsign sign --key "$DAX_KEY" --profile vendor-sdk --headers '(request-target) date' --complete - \"#.to_owned(),
        r"    | sed -e 1d -e '/^.\{0,1\}$/,$d' \".to_owned(),
        format!(r#"    | {curl} --request GET --header "Authorization: Bearer $token" \"#),
        format!(r"    --header @- --data-binary '{{}}' $DAX_BASE{path}"),
    ]
    .to_vec()
}

fn operator(facts: &Facts) -> Vec<String> {
    let mut commands = vec![
        "daxsign-exchange contract list".to_owned(),
        "daxsign-exchange receivers".to_owned(),
    ];
    let (sender, receiver) = (facts.client().party(), facts.estates().party());
    commands.push(format!(
        "daxsign-exchange would-allow {sender} {receiver} create_card"
    ));
    commands.push("daxsign-exchange fault order short-page".to_owned());
    commands.push("daxsign cardowners list".to_owned());
    commands.push("daxsign-exchange fault list".to_owned());
    commands.push("daxsign-exchange clock +2h".to_owned());
    commands.push("daxsign-exchange clock real".to_owned());
    commands
}

impl core::fmt::Display for FirstSteps {
    /// As it is shown on a terminal.
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for part in &self.0 {
            writeln!(formatter, "\n{}:", part.title)?;
            for command in &part.commands {
                writeln!(formatter, "  {command}")?;
            }
        }
        Ok(())
    }
}
